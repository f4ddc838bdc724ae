"""Undoes what hides a text: signs that look alike, escapes, encodings, letters set apart or turned.

A decoding is tried where its alphabet stands, never asked for by what the message says about it.
Sizes are bounded, and so is how often the outcome is decoded again.
"""

import base64
import binascii
import html
import re
import unicodedata
from collections.abc import Callable, Collection, Iterator
from typing import Final
from urllib.parse import unquote

from jupyter_tutor.domain.guard.rewriting import rewritten, rules_of
from jupyter_tutor.domain.guard.translation import plain_symbols

LONGEST_TURNED: Final = 4_000
"""Characters of a message that are tried backwards and with shifted letters."""
_MOST_PARTS = 24
_DEEPEST = 2

_LOOKALIKES: Final = str.maketrans(
    "аеорсухіјѕһԁԛԝвкмнтАВЕКМНОРСТУХІЈЅαονρτυικχΑΒΕΖΗΙΚΜΝΟΡΤΥΧℓ∗∕⁄﹤﹥ᐸᐳ‹›ǃ：；，（）［］",
    "aeopcyxijshdqwbkmhtABEKMHOPCTYXIJSaovptuikxABEZHIKMNOPTYXl*//<><><>!:;,()[]",
)
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|U([0-9a-fA-F]{8}))")
_PERCENT = re.compile(r"(?:[^\s%]{0,80}%[0-9a-fA-F]{2}){2,}[^\s%]{0,80}")
_BASE64 = re.compile(
    r"(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{10,}={0,2}(?:\s+[A-Za-z0-9+/_-]{10,}={0,2})*"
)
_BASE32 = re.compile(r"(?<![A-Z2-7])[A-Z2-7]{12,}={0,6}")
_HEX = re.compile(r"(?:0x)?(?:[0-9a-fA-F]{2}[ ,:\n]?(?:0x|\\x)?){6,}")
_BINARY = re.compile(r"(?:[01]{7,8}[ ,\n]?){4,}")
_OCTAL = re.compile(r"(?:\\?[0-7]{3}[ ,\n]?){6,}")
_CODES = re.compile(r"(?:\d{2,3}[ ,;\n]+){4,}\d{2,3}")
_MORSE = re.compile(r"(?:[.\-]{1,6}[ /|]+){6,}[.\-]{1,6}")
_JOINED = re.compile(r"[\"']\s*(?:\+|,|\.\.?)?\s*[\"']")
_SQUASHED_AWAY = re.compile(r"[\s\-.,·•|_'\"`~\\]+")

_MORSE_SIGNS = (
    ".- -... -.-. -.. . ..-. --. .... .. .--- -.- .-.. -- -. --- .--. --.- .-. ... - ..- ...- .-- "
    "-..- -.-- --.. ----- .---- ..--- ...-- ....- ..... -.... --... ---.. ----. "
    "-...- .-.-. -....- -..-. -.--. -.--.- ..--.- ---... .-.-.- --..--"
)
_MORSE_LETTERS = dict(
    zip(
        _MORSE_SIGNS.split(),
        "abcdefghijklmnopqrstuvwxyz0123456789=+-/()_:.,",
        strict=True,
    )
)


_GROUP = r"\{((?:[^{}]|\{[^{}]*\})*)\}"
_LATEX: Final = rules_of(
    (r"\\_", "_"),
    (r"\\(?:text|mathrm|mathit|operatorname|texttt|mathtt)\{([^{}]*)\}", r"\1"),
    (rf"\\[dt]?frac{_GROUP}{_GROUP}", r"(\1) / (\2)"),
    (r"\\leq?\b", "<="),
    (r"\\geq?\b", ">="),
    (r"\\neq?\b", "!="),
    (r"\\(?:cdot|times)\b", "*"),
    (r"\\(?:bmod|mod|%)", "%"),
    (r"\\l?floor\b|\\rfloor\b|\\left\b|\\right\b", ""),
)


def clear(text: str) -> str:
    """Return a text without what only hides it from a reader: invisible signs, lookalikes."""
    text = html.unescape(html.unescape(text))
    text = _ESCAPE.sub(lambda found: _letter(int(found[1] or found[2] or found[3], 16)), text)
    text = unicodedata.normalize("NFKC", text)
    # Bengali needs the joiners between its letters; elsewhere they are there to hide something.
    text = "".join(
        letter
        for letter in text
        if unicodedata.category(letter) not in ("Cf", "Cc", "Co", "Mn")
        or letter in "\n\t"
        or _indic(letter)
    )
    if "\\" in text:
        text = rewritten(text, _LATEX)
    return plain_symbols(text.translate(_LOOKALIKES))


def _indic(letter: str) -> bool:
    return "\u0900" <= letter <= "\u0dff"


def _letter(code: int) -> str:
    return chr(code) if code < 0x110000 and not 0xD800 <= code < 0xE000 else " "


def decodings(text: str, depth: int = _DEEPEST) -> Iterator[tuple[str, str]]:
    """Yield what parts of a text say when they are decoded, and the name of the encoding."""
    for name, pattern, decode in _DECODERS:
        parts = []
        for number, found in enumerate(pattern.finditer(text)):
            if number >= _MOST_PARTS:
                break
            part = decode(found[0])
            if part is not None and len(part) >= 4 and _is_readable(part):
                parts.append(part)
        if not parts:
            continue
        whole = clear("\n".join(parts))
        yield whole, name
        if len(parts) > 1:
            yield clear("".join(parts)), name
        if depth > 1:
            for inner, again in decodings(whole, depth - 1):
                yield inner, f"{name}, {again}"


def _is_readable(text: str) -> bool:
    good = sum(32 <= ord(letter) < 127 or letter in "\n\t" for letter in text)
    return good >= 0.95 * len(text)


def _base64(text: str) -> str | None:
    flat = "".join(text.split()).rstrip("=").translate(str.maketrans("-_", "+/"))
    try:
        return base64.b64decode(flat + "=" * (-len(flat) % 4)).decode("utf-8")
    except (binascii.Error, ValueError):
        return None


def _base32(text: str) -> str | None:
    flat = text.rstrip("=")
    try:
        return base64.b32decode(flat + "=" * (-len(flat) % 8)).decode("utf-8")
    except (binascii.Error, ValueError):
        return None


def _hex(text: str) -> str | None:
    digits = re.sub(r"0x|\\x|[^0-9a-fA-F]", "", text)
    try:
        return bytes.fromhex(digits[: len(digits) // 2 * 2]).decode("utf-8")
    except ValueError:
        return None


def _numbers(base: int) -> Callable[[str], str | None]:
    def decode(text: str) -> str | None:
        codes = [int(part, base) for part in re.findall(r"\d+", text)]
        return "".join(map(chr, codes)) if all(9 <= code < 256 for code in codes) else None

    return decode


def _morse(text: str) -> str | None:
    words = [part.split() for part in re.split(r"\s*[/|]\s*|\s{3,}", text)]
    return " ".join("".join(_MORSE_LETTERS.get(sign, "?") for sign in word) for word in words)


_DECODERS: Final = (
    ("base64", _BASE64, _base64),
    ("base32", _BASE32, _base32),
    ("hex", _HEX, _hex),
    ("binary", _BINARY, _numbers(2)),
    ("octal", _OCTAL, _numbers(8)),
    ("character codes", _CODES, _numbers(10)),
    ("percent", _PERCENT, unquote),
    ("morse", _MORSE, _morse),
)


def squash(text: str) -> str:
    """Return a text in small letters without blanks and the signs that set letters apart."""
    return _SQUASHED_AWAY.sub("", text).lower()


def squashed(text: str, names: Collection[str]) -> Iterator[str]:
    """Yield a text squashed, then backwards and with its letters shifted, where that makes sense.

    Args:
        text: A cleared message.
        names: The names of the code it may be about.
    """
    yield squash(text)
    text = text[:LONGEST_TURNED]
    yield squash(_JOINED.sub("", text))
    yield squash(text[::-1])
    yield squash("\n".join(line[::-1] for line in text.split("\n")))
    yield squash(" ".join(word[::-1] for word in text.split()))
    yield squash(" ".join(reversed(text.split())))
    yield squash(text.translate(_ATBASH))
    flat = squash(text)
    wanted = [squash(name) for name in names if len(name) >= 3]
    for shift in range(1, 26):
        turned = flat.translate(_SHIFTS[shift])
        if any(name in turned for name in wanted):
            yield turned


def _shifted(shift: int) -> dict[int, int]:
    small = {97 + n: 97 + (n + shift) % 26 for n in range(26)}
    return small | {65 + n: 65 + (n + shift) % 26 for n in range(26)}


_SHIFTS: Final = {shift: _shifted(shift) for shift in range(1, 26)}
_ATBASH: Final = {97 + n: 122 - n for n in range(26)} | {65 + n: 90 - n for n in range(26)}
