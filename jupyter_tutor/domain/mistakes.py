"""Kinds of mistakes a beginner makes: those a run shows, and those an edit that mends them shows.

What a run shows from outside is told by `value_mistake` and `causes`; the last sixteen kinds are
known only of an answer that one edit was found for.
"""

import ast
import math
from collections.abc import Collection
from enum import StrEnum
from typing import TypeGuard


class Mistake(StrEnum):
    """What kind of mistake a failure looks like. Each has a concept hint."""

    NOT_WRITTEN = "not_written"
    NAME = "name"
    UNBOUND = "unbound"
    SYNTAX = "syntax"
    INDENTATION = "indentation"
    NO_RETURN = "no_return"
    PRINTED = "printed"
    NONE = "none"
    TYPES = "types"
    CALL = "call"
    INDEX = "index"
    KEY = "key"
    ZERO = "zero"
    ATTRIBUTE = "attribute"
    NUMBER_TEXT = "number_text"
    UNPACKING = "unpacking"
    RECURSION = "recursion"
    ENDLESS = "endless"
    INPUT = "input"
    FILES = "files"
    EXCEPTION = "exception"
    MUST_RAISE = "must_raise"
    CHANGED_ARGUMENTS = "changed_arguments"
    OFF_BY_ONE = "off_by_one"
    SIGN = "sign"
    ROUNDING = "rounding"
    OPPOSITE = "opposite"
    KIND = "kind"
    BLANKS = "blanks"
    CASE = "case"
    ORDER = "order"
    ITEM_MISSING = "item_missing"
    ITEM_EXTRA = "item_extra"
    VALUE = "value"
    EDGE_CASE = "edge_case"
    QUIZ = "quiz"
    BORDER = "border"
    LOOP_RANGE = "loop_range"
    OPERATOR = "operator"
    WRONG_NAME = "wrong_name"
    CONSTANT = "constant"
    START_VALUE = "start_value"
    EARLY_RETURN = "early_return"
    CONDITION = "condition"
    UPDATE = "update"
    LOST_RESULT = "lost_result"
    FUNCTION = "function"
    BLOCK = "block"
    WALK = "walk"
    LINE_ORDER = "line_order"
    MISSING_STEP = "missing_step"
    EXTRA_STEP = "extra_step"


_FLOATS_EXACT = 2**53
_UNREADABLE = (ValueError, TypeError, SyntaxError, MemoryError, RecursionError)


def value_mistake(expected: str, got: str) -> Mistake:
    """Tell what kind of wrong value this is, from how both are shown.

    Args:
        expected: The expected value as text; output where it is no literal.
        got: What was observed, likewise.
    """
    try:
        wanted, found = ast.literal_eval(expected), ast.literal_eval(got)
    except _UNREADABLE:
        return _text_mistake(expected, got) or Mistake.VALUE
    if isinstance(wanted, str) and isinstance(found, str):
        return _text_mistake(wanted, found) or Mistake.VALUE
    if isinstance(wanted, bool) and isinstance(found, bool):
        return Mistake.OPPOSITE
    if _is_number(wanted) and _is_number(found):
        return _number_mistake(wanted, found)
    if isinstance(wanted, list | tuple) and type(wanted) is type(found):
        return _items_mistake(wanted, found)
    if isinstance(wanted, set | dict) and type(wanted) is type(found):
        return _members_mistake(wanted, found)
    infinite = {type(wanted), type(found)} <= {int, float}
    return Mistake.VALUE if infinite or type(wanted) is type(found) else Mistake.KIND


def _is_number(value: object) -> TypeGuard[int | float]:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    # A whole number beyond the range of floats cannot be asked whether it is finite.
    return isinstance(value, int) or math.isfinite(value)


def _number_mistake(wanted: float, found: float) -> Mistake:
    if isinstance(wanted, int) and isinstance(found, float) and not found.is_integer():
        return Mistake.ROUNDING if wanted in (int(found), round(found)) else Mistake.VALUE
    whole = isinstance(wanted, int) and isinstance(found, int)
    if whole and abs(wanted - found) == 1:
        return Mistake.OFF_BY_ONE
    if found == -wanted:
        return Mistake.SIGN
    if whole or max(abs(wanted), abs(found)) > _FLOATS_EXACT:
        return Mistake.VALUE
    near = abs(wanted - found) <= 0.01 * max(abs(wanted), 1)
    return Mistake.ROUNDING if near or found in (int(wanted), round(wanted)) else Mistake.VALUE


def _text_mistake(wanted: str, found: str) -> Mistake | None:
    if wanted == found:
        return None
    if "".join(wanted.split()) == "".join(found.split()):
        return Mistake.BLANKS
    return Mistake.CASE if wanted.casefold() == found.casefold() else None


def _items_mistake(wanted: Collection[object], found: Collection[object]) -> Mistake:
    missing, extra = _unmatched(wanted, found), _unmatched(found, wanted)
    if not missing and not extra:
        return Mistake.ORDER
    if len(wanted) == len(found):
        pairs = [(one, other) for one, other in zip(wanted, found, strict=True) if one != other]
        kinds = {value_mistake(repr(one), repr(other)) for one, other in pairs}
        if len(kinds) == 1:
            return kinds.pop()
    return _lack(missing, extra)


def _members_mistake(wanted: Collection[object], found: Collection[object]) -> Mistake:
    missing = [each for each in wanted if each not in found]
    extra = [each for each in found if each not in wanted]
    return _lack(missing, extra)


def _lack(missing: Collection[object], extra: Collection[object]) -> Mistake:
    if missing and not extra:
        return Mistake.ITEM_MISSING
    return Mistake.ITEM_EXTRA if extra and not missing else Mistake.VALUE


def _unmatched(these: Collection[object], those: Collection[object]) -> list[object]:
    """Return the elements of one collection that have no equal partner of their own in another."""
    partners = list(those)
    left = []
    for each in these:
        if each in partners:
            partners.remove(each)
        else:
            left.append(each)
    return left
