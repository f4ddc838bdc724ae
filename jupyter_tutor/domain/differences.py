"""Saying the first difference of a result in any language, from how a verdict notes it."""

import re

from jupyter_tutor.domain.markdown import code
from jupyter_tutor.domain.phrases import say, spoken

_STEP = re.compile(r"item (\d+)|key ('[^']*'|\"[^\"]*\"|-?\d+)")
_STEPS = rf"(?:{_STEP.pattern})(?:, (?:{_STEP.pattern}))*"
_VALUES = (
    r": expected (?P<expected>.+?), got (?P<got>.+?)"
    r"(?: \((?:expected|only|the first) [^)]*\))?"
)
_LINE = re.compile(rf"line (?P<line>\d+){_VALUES}")
_PART = re.compile(rf"(?P<path>{_STEPS}){_VALUES}")
_ONLY_VALUES = re.compile(r"expected .+, got .+")


def say_difference(difference: str, language: str) -> str:
    """Return a difference as part of a sentence, or "" when it adds nothing to the values.

    Args:
        difference: As `TestResult.difference` has it, such as "item 2: expected 3, got 4".
        language: Language code wanted. What has no phrase is only told in English.
    """
    line = _LINE.fullmatch(difference)
    if line is not None:
        return _said("explain.line", language, line, place=int(line["line"]))
    part = _PART.fullmatch(difference)
    if part is not None:
        steps = [item or key for item, key in _STEP.findall(part["path"])]
        if len(steps) == 1 and part["path"].startswith("item "):
            return _said("explain.item", language, part, place=int(steps[0]))
        # The way to a nested value is said as one would write it in Python.
        indexes = "".join(f"[{step}]" for step in steps)
        return _said("explain.part", language, part, place=code(indexes))
    if spoken(language) != "en" or _ONLY_VALUES.fullmatch(difference):
        return ""
    return code(difference, 100) if difference else ""


def _said(key: str, language: str, found: re.Match[str], *, place: str | int) -> str:
    expected, got = code(found["expected"], 30), code(found["got"], 30)
    return say(key, language, place=place, expected=expected, got=got)
