"""How easy a text is to read: words, questions, and the school grade it asks for.

A hint has 120 words at most, asks one question at most, and reads like grade 9 at most (Brown et
al. 2024: educators rate hints of 80 to 160 words at that grade best). Code is not read like prose:
blocks are left out, a piece of code in a line counts as one short word.

The grade is that of Flesch and Kincaid (1975): 0.39 words per sentence + 11.8 syllables per word
- 15.59. It is made for English; other languages are measured by words and questions alone.
"""

import re
from dataclasses import dataclass
from typing import Final

from jupyter_tutor.domain.exercises import HintLevel

MOST_WORDS: Final = 120
MOST_GRADE: Final = 9.0
MOST_QUESTIONS: Final = 1

_SCRIPTS: Final = {"en": ("English", "A", "\u024f"), "bn": ("Bengali", "\u0980", "\u09ff")}
"""By language: its name, and the first and the last letter of its script."""
_FEW_LETTERS: Final = 12
_OWN_SHARE: Final = 0.4
"""Words of programming are often said in English."""

_BLOCK: Final = re.compile(r"^(`{3,}|~{3,}).*?^\1`*\s*?$", re.MULTILINE | re.DOTALL)
_CODE: Final = re.compile(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)", re.DOTALL)
_LINK: Final = re.compile(r"\[([^\]]*)\]\([^)]*\)")
_STANDS_FOR_CODE: Final = " it "
_SIGN: Final = r"(?:[^\W_]|[\u0900-\u0963\u0966-\u0dff\u200c\u200d])"
"""A letter, or a vowel sign of an Indian script, which is none to `\\w`."""
_WORD: Final = re.compile(rf"{_SIGN}+(?:['’.,-]{_SIGN}+)*")
_LETTERS: Final = re.compile(r"[A-Za-z]+")
_SENTENCE: Final = re.compile(r"[.!?…।](?=[\s\"”’)*]|$)|\n\s*\n|\n\s*(?=[-*\d])")
_QUESTION: Final = re.compile(r"\?")
_STEP: Final = re.compile(r"^\s*(?:[-*+]|\d+[.)])\s+", re.MULTILINE)
_VOWELS: Final = re.compile(r"[aeiouy]+")
_EXCEPTIONS: Final = {
    "area": 3, "being": 2, "create": 2, "created": 3, "creates": 2, "does": 1, "doing": 2,
    "every": 2, "everything": 3, "everybody": 4, "goes": 1, "idea": 3, "ideas": 3, "people": 2,
    "quiet": 2, "science": 2, "sometimes": 2, "something": 2, "somebody": 3, "somewhere": 2,
    "seeing": 2, "whole": 1, "the": 1, "lines": 1, "evaluate": 4, "evaluates": 4, "data": 2,
    "once": 1, "python": 2, "million": 2, "variable": 4, "variables": 4, "radius": 3, "trial": 2,
    "poem": 2,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Readability:
    """What was measured of a text.

    Attributes:
        words: How many it has, without blocks of code.
        grade: The school grade it reads like, by Flesch and Kincaid; 0 for a text without words.
        questions: How many it asks.
        code_blocks: How many blocks of code it has.
        steps: How many items its lists have.
    """

    words: int
    grade: float
    questions: int
    code_blocks: int
    steps: int


def read(text: str) -> Readability:
    """Measure a text in Markdown."""
    bare = _BLOCK.sub("\n\n", text)
    prose = _LINK.sub(r"\1", _CODE.sub(_STANDS_FOR_CODE, bare))
    words = _WORD.findall(prose)
    syllables = sum(count_syllables(word) for word in words)
    sentences = max(sum(bool(_WORD.search(one)) for one in _SENTENCE.split(prose)), 1)
    grade = 0.39 * len(words) / sentences + 11.8 * syllables / len(words) - 15.59 if words else 0.0
    return Readability(
        words=len(words),
        grade=max(grade, 0.0),
        questions=len(_QUESTION.findall(prose)),
        code_blocks=len(_BLOCK.findall(text)),
        steps=len(_STEP.findall(bare)),
    )


def hint_problems(text: str, level: HintLevel, language: str) -> tuple[str, ...]:
    """Return in what a hint is not as it should be, in English; empty when it is.

    Args:
        text: Markdown.
        level: Its rung: blocks of code below the result stand for the step itself, and only the
            steps may be a list.
        language: Language code; the grade is only measured in English.
    """
    measured = read(text)
    found = []
    if measured.words > MOST_WORDS:
        found.append(f"{measured.words} words, more than {MOST_WORDS}")
    if measured.questions > MOST_QUESTIONS:
        found.append(f"{measured.questions} questions, more than {MOST_QUESTIONS}")
    if language.split("-")[0].lower() == "en" and measured.grade > MOST_GRADE:
        found.append(f"grade {measured.grade:.1f}, above {MOST_GRADE:g}")
    if measured.steps > 1 and level is not HintLevel.STEPS:
        found.append(f"{measured.steps} steps, more than one")
    shows_code = level in (HintLevel.RESULT, HintLevel.STEPS, HintLevel.BOTTOM_OUT)
    if measured.code_blocks and not shows_code:
        found.append("a block of code")
    return tuple(found)


def language_problem(text: str, language: str) -> str:
    """Return that a text is not in a language, by its script alone, in English; "" if it may be.

    Args:
        text: Markdown; code in it is in no language.
        language: Language code; what is known of are the scripts of English and Bengali.
    """
    wanted = _SCRIPTS.get(language.split("-")[0].lower())
    prose = _LINK.sub(r"\1", _CODE.sub(" ", _BLOCK.sub("\n\n", text)))
    letters = [each for each in prose if each.isalpha()]
    if wanted is None or len(letters) < _FEW_LETTERS:
        return ""
    name, first, last = wanted
    own = sum(first <= each <= last for each in letters)
    return "" if own >= _OWN_SHARE * len(letters) else f"not in {name}"


def count_syllables(word: str) -> int:
    """Return how many syllables an English word has, at least 1: groups of vowels, mostly.

    Silent endings (`loop-ed`, `lin-es`) are left out. Other scripts count a syllable a word.
    """
    plain = "".join(_LETTERS.findall(word.lower()))
    if not plain:
        return 1
    if plain in _EXCEPTIONS:
        return _EXCEPTIONS[plain]
    stem = plain
    if re.search(r"[^td]ed$", stem) and not re.search(r"[^aeiouyl]led$|[^aeiouyr]red$", stem):
        stem = stem[:-2]
    elif re.search(r"[^csxzgaeiouy]es$|[^s]les$", stem) and not re.search(r"(?:sh|ch)es$", stem):
        stem = stem[:-2] + ("e" if re.search(r"[^aeiouy]les$", stem) else "")
    elif re.search(r"[^aeiouyl]e$|[aeiouy]le$|lle$", stem):
        stem = stem[:-1]
    groups = len(_VOWELS.findall(stem))
    # Two vowels that are said apart: `i-o` in `period`, `e-o` in `video`, `u-a` in `usual`.
    groups += len(re.findall(r"(?<![tcsgx])i[ao]|eo(?=s?$)|[^qg]ua|ying", stem))
    return max(groups, 1)
