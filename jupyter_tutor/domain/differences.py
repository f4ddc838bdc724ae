"""Saying the first difference of a result in any language.

A verdict notes a difference in English, by the phrases `difference.*`. That note is the fact that
is stored; it is told in another language by reading those phrases backwards.
"""

import re
from collections.abc import Callable, Mapping
from functools import cache
from string import Formatter
from typing import Final

from jupyter_tutor.domain.markdown import code
from jupyter_tutor.domain.phrases import say, spoken
from jupyter_tutor.domain.phrases.english import ENGLISH

_STEPS: Final = (
    "difference.index",
    "difference.key",
    "difference.field",
    "difference.argument",
    "difference.column",
    "difference.row",
    "difference.series_name",
    "difference.labels",
)
_NOTES: Final = (
    "difference.lengths",
    "difference.others",
    "difference.blanks",
    "difference.case",
    "difference.position",
)
# In the order they are tried: what fits two of them means the first.
_WHOLE: Final = (
    "difference.at",
    "difference.line_missing",
    "difference.line_extra",
    "difference.line",
    "difference.column_order",
    "difference.nothing_printed",
    "difference.argument_changed",
    "difference.cut",
    "difference.rows",
    "difference.missing_at",
    "difference.extra_at",
    "difference.missing_step",
    "difference.extra_step",
    "difference.shapes",
    "difference.kinds",
    "difference.values",
    "difference.incomparable",
    "difference.missing",
    "difference.extra",
)
_IN_ARRAY = r"\[[\d, ]+\]"
_KIND = r"(?:None|an? [^:]+?)"
# A text may hold whatever the phrases say, but not outside of its quotes.
_STRICT = r"(?:'(?:\\.|[^'\\])*'|\"(?:\\.|[^\"\\])*\"|[^'\"])+?"
_LOOSE = r".+?"
_FIELDS: Final[Mapping[str, str]] = {
    "n": r"-?\d+",
    "m": r"-?\d+",
    "kind": r".+",
    "kind_expected": _KIND,
    "kind_got": _KIND,
    "name": r"[^:,]+",
    "what": r".+",
    "note": r".+",
    "reason": r".+",
}
_INDEX_OR_KEY = re.compile(r"(?:at )?(?:index (\d+)|key ('[^']*'|\"[^\"]*\"|-?\d+))")

Quote = Callable[[str], str]


def say_difference(difference: str, language: str, quote: Quote = str) -> str:
    """Return a difference in a language, as it is where it is none that a verdict notes.

    Args:
        difference: As `TestResult.difference` has it, such as "at index 2: expected 3, got 4".
        language: Language code wanted.
        quote: Makes a value what it has to be in the text around it, such as code in Markdown.
    """
    if spoken(language) == "en" and quote is str:
        return difference
    return _Telling(language, quote).told(difference) or difference


def explain_difference(difference: str, language: str) -> str:
    """Return a difference as part of a Markdown sentence, or "" when it adds nothing to the values.

    Args:
        difference: As `TestResult.difference` has it.
        language: Language code wanted.
    """
    bare = _without_note(difference)
    if not bare or _read("difference.values", bare) is not None:
        return ""
    line = _read("difference.line", bare)
    if line is not None and (values := _read("difference.values", line["what"])) is not None:
        return _said("explain.line", language, values, int(line["n"]))
    place = _read("difference.at", bare)
    if place is not None and (values := _read("difference.values", place["what"])) is not None:
        steps = [index or key for index, key in _INDEX_OR_KEY.findall(place["path"])]
        if len(steps) == len(_split(place["path"])):
            if place["path"].startswith("index ") and len(steps) == 1:
                return _said("explain.item", language, values, int(steps[0]))
            # The way to a nested value is said as one would write it in Python.
            indexes = "".join(f"[{step}]" for step in steps)
            return _said("explain.part", language, values, code(indexes))
    told = _Telling(language, lambda value: code(value, 30)).told(difference)
    return told or (code(difference, 100) if spoken(language) == "en" else "")


def _said(key: str, language: str, values: Mapping[str, str], place: str | int) -> str:
    expected, got = code(values["expected"], 30), code(values["got"], 30)
    return say(key, language, place=place, expected=expected, got=got)


class _Telling:
    """Tells notes in one language."""

    def __init__(self, language: str, quote: Quote) -> None:
        self._language = language
        self._quote = quote

    def told(self, text: str) -> str | None:
        """Return what a note says, or None when it follows no phrase."""
        bare = _without_note(text)
        if bare != text:
            what, note = self.told(bare), self._first(text[len(bare) + 2 : -1], _NOTES)
            return what and note and say("difference.remark", self._language, what=what, note=note)
        return self._first(text, _WHOLE)

    def _first(self, text: str, keys: tuple[str, ...]) -> str | None:
        for key in keys:
            fields = _read(key, text)
            if fields is not None:
                shown = {name: self._field(name, field) for name, field in fields.items()}
                known = None not in shown.values()
                return say(key, self._language, **shown) if known else None
        return None

    def _field(self, name: str, text: str) -> str | int | None:
        match name:
            case "n" | "m":
                return int(text)
            case "path":
                return ", ".join(self._first(step, _STEPS) or step for step in _split(text))
            case "step":
                return self._first(text, _STEPS) or text
            case "what":
                return self.told(text)
            case "kind_expected" | "kind_got":
                return self._first(text, ("difference.an", "difference.a")) or text
            case "name" | "kind" | "reason":
                return text
            case _:
                return self._quote(text)


def _without_note(text: str) -> str:
    """Return a note without the remark in parentheses at its end."""
    found = _notes().fullmatch(text)
    return found["bare"] if found else text


def _read(key: str, text: str) -> dict[str, str] | None:
    """Return the fields of a phrase that a text follows, or None when it does not."""
    for value in (_STRICT, _LOOSE):
        found = _compiled(key, value).fullmatch(text)
        if found is not None:
            return found.groupdict()
    return None


def _split(path: str) -> list[str]:
    """Return the steps of a path."""
    steps = []
    step = re.compile(f"(?P<step>{_any_step(_STRICT)})(?:, (?P<rest>.+))?", re.DOTALL)
    while (found := step.fullmatch(path)) is not None:
        steps.append(found["step"])
        if found["rest"] is None:
            return steps
        path = found["rest"]
    return [*steps, path]


@cache
def _compiled(key: str, value: str) -> re.Pattern[str]:
    return re.compile(_pattern(key, value, named=True), re.DOTALL)


@cache
def _notes() -> re.Pattern[str]:
    notes = "|".join(_pattern(key, _LOOSE, named=False) for key in _NOTES)
    return re.compile(rf"(?P<bare>.+) \((?:{notes})\)", re.DOTALL)


@cache
def _any_step(value: str) -> str:
    steps = [_IN_ARRAY, *(_pattern(key, value, named=False) for key in _STEPS)]
    return f"(?:{'|'.join(steps)})"


def _pattern(key: str, value: str, *, named: bool) -> str:
    """Return the regular expression of what a phrase may have become."""
    pattern = ""
    for text, field, _, _ in Formatter().parse(ENGLISH[key]):
        pattern += re.escape(text)
        if field is None:
            continue
        if field in ("path", "step"):
            one = _any_step(value)
            inner = rf"{one}(?:, {one})*" if field == "path" else one
        else:
            inner = _FIELDS.get(field, value)
        pattern += f"(?P<{field}>{inner})" if named else f"(?:{inner})"
    return pattern
