"""Choosing among texts that exist in several languages: the one rule for all of them."""

from collections.abc import Mapping


def pick_language(texts: Mapping[str, object], wanted: str) -> str | None:
    """Return the language in which a text is shown, or None when there is no text at all.

    That is the language wanted, else the same one of any region (`bn` for `bn-BD`), else the
    original one, which is the first, else any.

    Args:
        texts: Per language code, the original first; an empty one counts as missing.
        wanted: Language code.
    """
    written = [language for language, text in texts.items() if text]
    if wanted in written:
        return wanted
    related = (language for language in written if base_of(language) == base_of(wanted))
    return next(related, written[0] if written else None)


def in_language(texts: Mapping[str, str], wanted: str) -> str:
    """Return a text in the language that `pick_language` chooses, or ""."""
    language = pick_language(texts, wanted)
    return "" if language is None else texts[language]


def base_of(language: str) -> str:
    """Return a language without its region: `bn` for `bn-BD`."""
    return language.split("-")[0].lower()
