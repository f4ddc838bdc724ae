"""Whether words are in a language the guard can read: English, Bengali, or that of the exercise.

What is said in another language can't be judged by its words. A reply in it is no help to somebody
whose exercise is written in one of these, so it is safer not to show it.
"""

import re
from collections.abc import Sequence
from typing import Final

from jupyter_tutor.domain.guard.spans import without_code

_LEAST_WORDS = 5
_LEAST_COMMON = 0.12
_SHOWN = 0.5
_WORD: Final = re.compile(r"[^\W\d_]+")
_INLINE: Final = re.compile(r"`[^`\n]*`")
_BENGALI: Final = re.compile(r"[\u0980-\u09ff]")
_ENGLISH: Final = """
    a about above add after again all also although an and another any are as ask at back be
    because been before begin being below between both but by call can change check code come
    comes compare could did do does done don down each either else end enough every few first
    for from get give gives go goes good got had has have he help her here his how i if in
    instead into is it its just keep know last left less let like line list look loop make makes
    may me mean more most much must my name need needs never new next no not nothing now number
    numbers of off often on once one only or other our out over own part place point put read
    right run same say says see set she should show so some start stop take takes tell test text
    than that the their them then there they thing this those three through time to too try turn
    two under until up us use value very want was way we well were what when where which while
    who whole why will with without word write would yes yet you your yours
"""
_COMMON: Final = frozenset(_ENGLISH.split())


def is_readable(text: str, shown: str) -> bool:
    """Whether a message is in a language the guard reads.

    Args:
        text: The message, cleared.
        shown: What the learner has been shown, flat; its language is known.
    """
    words = [word.lower() for word in _WORD.findall(_INLINE.sub(" ", without_code(text)))]
    words = [word for word in words if len(word) < 20][:400]
    if len(words) < _LEAST_WORDS or len(_BENGALI.findall(text)) >= len(words):
        return True
    if _is_english(words):
        return True
    seen = _WORD.findall(shown.lower())
    # An exercise in another language is for learners who speak it.
    return not _is_english(seen) or sum(word in seen for word in words) >= _SHOWN * len(words)


def _is_english(words: Sequence[str]) -> bool:
    return sum(word in _COMMON for word in words) >= _LEAST_COMMON * len(words)
