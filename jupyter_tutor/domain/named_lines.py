"""Which lines of an answer a text names, however it says so, in English and in Bengali.

By number or word, before the noun or after it, alone, in lists and in ranges: "line 5", "lines two
to four", "the third line", "your last line", "৫ নম্বর লাইনে", "দ্বিতীয় লাইনটা". How many lines
something has is no name ("5 lines", "৫টি লাইন"), and lines of an output or a message are none of
the answer.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Final


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_UNITS: Final = _words("one two three four five six seven eight nine")
_TEENS: Final = _words(
    "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
)
_TENS: Final = _words("twenty thirty forty fifty sixty seventy eighty ninety")
_UNITH: Final = _words("first second third fourth fifth sixth seventh eighth ninth")
_TEENTH: Final = _words(
    "tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth "
    "nineteenth"
)
_TENTH: Final = _words(
    "twentieth thirtieth fortieth fiftieth sixtieth seventieth eightieth ninetieth"
)
_BENGALI: Final = _words(
    "এক দুই তিন চার পাঁচ ছয় সাত আট নয় দশ এগারো বারো তেরো চৌদ্দ পনেরো ষোলো সতেরো আঠারো উনিশ বিশ"
)
_BENGALI_TH: Final = _words(
    "প্রথম দ্বিতীয় তৃতীয় চতুর্থ পঞ্চম ষষ্ঠ সপ্তম অষ্টম নবম দশম একাদশ দ্বাদশ ত্রয়োদশ চতুর্দশ পঞ্চদশ ষোড়শ "
    "সপ্তদশ অষ্টাদশ ঊনবিংশ বিংশ"
)
_LASTS: Final = _words("last final শেষ সর্বশেষ শেষের লাস্ট")
_LAST: Final = -1
_WIDEST: Final = 200
"""Lines that a range may have: a longer one names its ends."""


def _plain(text: str) -> str:
    """Return a text in small letters, without marks around words and without invisible signs."""
    folded = unicodedata.normalize("NFKC", text).lower()
    shown = "".join(each for each in folded if unicodedata.category(each) != "Cf")
    return re.sub(r"[*_`'\"“”‘’()\[\]#:\s]+", " ", shown)


def _numbers() -> Mapping[str, int]:
    """Return the number that each word stands for, in the form that `_plain` gives it."""
    cardinal = {word: value for value, word in enumerate([*_UNITS, *_TEENS], 1)}
    ordinal = {word: value for value, word in enumerate([*_UNITH, *_TEENTH], 1)}
    for tens, (word, wordth) in enumerate(zip(_TENS, _TENTH, strict=True), 2):
        cardinal[word], ordinal[wordth] = 10 * tens, 10 * tens
        for unit, (one, oneth) in enumerate(zip(_UNITS, _UNITH, strict=True), 1):
            for joint in ("-", " "):
                cardinal[f"{word}{joint}{one}"] = 10 * tens + unit
                ordinal[f"{word}{joint}{oneth}"] = 10 * tens + unit
    words = {**cardinal, **ordinal, "কুড়ি": 20, "ফার্স্ট": 1, "সেকেন্ড": 2, "থার্ড": 3}
    for names in (_BENGALI, _BENGALI_TH):
        words |= {word: value for value, word in enumerate(names, 1)}
    words |= dict.fromkeys(_LASTS, _LAST)
    return {_plain(word): value for word, value in words.items()}


_VALUES: Final = _numbers()


def _one_of(words: Iterable[str]) -> str:
    """Return a pattern of any of these words, the longest first."""
    return "|".join(re.escape(_plain(word)) for word in sorted(words, key=len, reverse=True))


_B: Final = r"\u0980-\u09e5\u09f0-\u09ff"
"""Letters and signs of Bengali, without its digits."""
_ORDINALS: Final = _one_of([w for w in _VALUES if w.endswith(("th", "st", "nd", "rd", "eth"))])
_CARDINALS: Final = _one_of(
    [*_UNITS, *_TEENS, *_TENS, *(f"{t}{j}{u}" for t in _TENS for u in _UNITS for j in "- ")]
)
_LAST_EN: Final = "last|final"
_NUMBER: Final = rf"(?:\d+|(?:{_CARDINALS})\b)"
_NTH: Final = rf"(?:\d+(?:st|nd|rd|th)\b|(?:{_ORDINALS}|second|third|{_LAST_EN})\b)"
_JOINT: Final = r"\s*(?:,\s*and|,\s*or|,|&|\band|\bor|\bto|\bthrough|\buntil|-|–|—|\.\.+|…)\s*"
_ADJECTIVE: Final = (
    r"(?:(?:code|whole|full|own|indented|executed|actual|main|python|program|two|three)\s+)?"
)
_NOT_OURS: Final = (
    r"(?!\s+of\s+(?:(?:the|your|its|this|that)\s+)?(?:\w+\s+)?(?:output|input|message|traceback))"
    r"(?!\s+(?:that|which)\s+(?:runs|ran|is run|was run|is printed|was printed))"
)
_LIST: Final = rf"{_NUMBER}(?:{_JOINT}{_NUMBER})*"
_B_NOUN: Final = rf"(?:{_one_of(['লাইন', 'সারি', 'পঙ্ক্তি', 'পংক্তি'])})[{_B}]*"
_B_JOINT: Final = rf"\s*(?:{_one_of(['থেকে', 'হতে', 'ও', 'আর', 'এবং', 'বা'])}|,|-|–|—)\s*"
_B_NUMBER: Final = rf"(?:\d+|(?:{_one_of([*_BENGALI, 'কুড়ি'])})(?![{_B}]))"
_B_COUNT: Final = _one_of(["নম্বর", "নাম্বার", "নং"])
_B_NTH_SIGN: Final = _one_of(["তম", "ম", "য়", "র্থ", "ষ্ঠ", "শ"])
_B_NTH: Final = (
    rf"(?:\d+\s*-?\s*(?:{_B_NTH_SIGN})|"
    rf"(?:{_one_of([*_BENGALI_TH, 'ফার্স্ট', 'সেকেন্ড', 'থার্ড', 'সর্বশেষ', 'শেষের', 'শেষ', 'লাস্ট'])}))"
    rf"(?:{_one_of(['তম'])})?(?![{_B}])"
)
_B_LIST: Final = rf"{_B_NUMBER}(?:{_B_JOINT}{_B_NUMBER})*"
_B_FOREIGN: Final = re.compile(
    rf"(?:{_one_of(['আউটপুটের', 'ইনপুটের', 'বার্তার', 'মেসেজের'])})\s+(?:[{_B}]+\s+)?$"
)

_WAYS: Final = tuple(
    re.compile(each)
    for each in (
        rf"\blines?\b(?:\s*-?\s*(?:numbers?|no|nr|num)\b\.?)?\s*-?\s*({_LIST})",
        rf"\b({_NTH}(?:{_JOINT}{_NTH})*)\s+{_ADJECTIVE}lines?\b{_NOT_OURS}",
        rf"({_B_LIST})\s*-?\s*(?:{_B_COUNT})\s*-?\s*{_B_NOUN}",
        rf"(?<![{_B}])({_B_NTH}(?:{_B_JOINT}{_B_NTH})*)\s*-?\s*{_B_NOUN}",
        rf"{_B_NOUN}\s*-?\s*(?:{_B_COUNT})\s*-?\s*({_B_LIST})",
        rf"{_B_NOUN}\s*-?\s*(\d+(?:{_B_JOINT}\d+)*)(?![{_B}\d])",
        rf"{_B_NOUN}\s*-?\s*(\d+)(?:{_one_of(['এর', 'এ', 'তে', 'কে'])})(?![{_B}])",
    )
)
_NAMED: Final = re.compile(
    rf"(?P<number>\d+)|(?P<word>(?:{_one_of(list(_VALUES))})(?![a-z{_B}]))|"
    rf"(?P<range>\bto\b|\bthrough\b|\buntil\b|-|–|—|\.\.+|…|{_one_of(['থেকে', 'হতে'])})"
)


def lines_named(text: str, last: int = 0) -> set[int]:
    """Return the numbers of the lines that a text names.

    Args:
        text: What may name some.
        last: How many lines there are, which is what "the last line" names.
    """
    plain = _plain(text)
    named: set[int] = set()
    for way in _WAYS:
        for match in way.finditer(plain):
            if _B_FOREIGN.search(plain[: match.start(1)]) is None:
                named |= _listed(match.group(1), last)
    return named


def _listed(numbers: str, last: int) -> set[int]:
    """Return what a list of numbers, words and ranges names."""
    named: set[int] = set()
    before: int | None = None
    ranged = False
    for match in _NAMED.finditer(numbers):
        if match["range"]:
            ranged = True
            continue
        value = int(match["number"]) if match["number"] else _VALUES[match["word"]]
        value = last if value == _LAST else value
        if ranged and before is not None and 0 < value - before <= _WIDEST:
            named.update(range(before, value))
        named.add(value)
        before, ranged = value, False
    return named
