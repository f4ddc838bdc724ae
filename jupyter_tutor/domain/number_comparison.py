"""When two numbers are equal for a teacher: exact where that can be asked, else by tolerance."""

import math
from decimal import Decimal
from fractions import Fraction

from jupyter_tutor.domain.exercises import Tolerance
from jupyter_tutor.domain.value_forms import Number

_EXACT_AS_FLOAT = 2**53

_Real = bool | int | float | Decimal | Fraction


def numbers_equal(expected: Number, got: Number, tolerance: Tolerance) -> bool:
    """Tell whether a number counts as the expected one.

    Two exact numbers (bool, int, Decimal, Fraction) have to be equal. A float on either side brings
    in the tolerance, except beside an integer beyond 2**53, which a float can't be trusted to
    hold. NaN equals NaN; an infinity equals itself; -0.0 equals 0.0.
    """
    if isinstance(expected, complex) or isinstance(got, complex):
        return _complex_equal(_as_complex(expected), _as_complex(got), tolerance)
    if _is_nan(expected) or _is_nan(got):
        return _is_nan(expected) and _is_nan(got)
    if not isinstance(expected, float) and not isinstance(got, float):
        return _exact(expected) == _exact(got)
    if _is_large_int(expected) or _is_large_int(got) or _is_infinite(expected, got):
        return expected == got
    return _close(expected, got, tolerance)


def _is_nan(value: _Real) -> bool:
    return value.is_nan() if isinstance(value, Decimal) else value != value


def _is_infinite(*values: _Real) -> bool:
    return any(isinstance(v, float | Decimal) and v in (math.inf, -math.inf) for v in values)


def _is_large_int(value: _Real) -> bool:
    return isinstance(value, int) and abs(value) > _EXACT_AS_FLOAT


def _exact(value: _Real) -> Decimal | Fraction | int | float:
    """Return a form in which Decimal and Fraction, too, can be told equal."""
    return Fraction(value) if isinstance(value, Decimal) and value.is_finite() else value


def _close(expected: _Real, got: _Real, tolerance: Tolerance) -> bool:
    if isinstance(expected, Decimal | Fraction) or isinstance(got, Decimal | Fraction):
        difference = abs(Fraction(expected) - Fraction(got))
        allowed = max(
            Fraction(tolerance.relative) * abs(Fraction(expected)), Fraction(tolerance.absolute)
        )
        return difference <= allowed
    allowance = max(tolerance.relative * abs(expected), tolerance.absolute)
    # 3.2 is within 3.1 ± 0.1, though the binary difference is a bit more than the binary 0.1
    rounding = 2 * math.ulp(max(abs(expected), abs(got))) if allowance > 0 else 0.0
    return abs(expected - got) <= allowance + rounding


def _as_complex(value: Number) -> complex:
    try:
        return complex(value)
    except OverflowError:
        return complex(math.inf if value > 0 else -math.inf)  # type: ignore[operator]


def _complex_equal(expected: complex, got: complex, tolerance: Tolerance) -> bool:
    parts = (expected.real, expected.imag, got.real, got.imag)
    if all(math.isfinite(part) for part in parts):
        try:
            size, distance = abs(expected), abs(expected - got)
        except OverflowError:
            return expected == got
        return distance <= max(tolerance.relative * size, tolerance.absolute)
    return numbers_equal(expected.real, got.real, tolerance) and numbers_equal(
        expected.imag, got.imag, tolerance
    )
