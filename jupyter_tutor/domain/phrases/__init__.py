"""What the tutor says to learners by itself, per language: one table of templates each.

A template is a `str.format` text, by a key of the form `room.what`. Every language has every key
with the same fields. Code, values and names of exceptions stay as Python writes them.
"""

from collections.abc import Mapping
from typing import Final

from jupyter_tutor.domain.phrases.bengali import BENGALI
from jupyter_tutor.domain.phrases.english import ENGLISH

CATALOGUES: Final[Mapping[str, Mapping[str, str]]] = {"en": ENGLISH, "bn": BENGALI}

_DIGITS: Final = {"bn": str.maketrans("0123456789", "০১২৩৪৫৬৭৮৯")}


def spoken(language: str) -> str:
    """Return the language that the tutor uses for a wanted one: `bn` for `bn-BD`, else `en`."""
    base = language.split("-")[0].lower()
    return base if base in CATALOGUES else "en"


def say(key: str, language: str, /, **fields: object) -> str:
    """Return a phrase in a language, or in English where the language is not spoken.

    Fields that are whole numbers are written in the digits of the language; texts stay as they are.

    Raises:
        KeyError: There is no such phrase, or a field is missing.
    """
    language = spoken(language)
    digits = _DIGITS.get(language, {})
    shown = {
        name: str(value).translate(digits) if isinstance(value, int) else value
        for name, value in fields.items()
    }
    return CATALOGUES[language][key].format(**shown)


def number(value: float, language: str) -> str:
    """Return a number in the digits of a language, whole ones with separators: `10,000`, `1.5`."""
    whole = float(value).is_integer()
    text = f"{int(value):,}" if whole else f"{value:g}"
    return text.translate(_DIGITS.get(spoken(language), {}))


def note(key: str, /, **fields: object) -> str:
    """Return a phrase in English, in which facts are noted that are told in any language later."""
    return say(key, "en", **fields)
