"""How many tokens a text has at most, where no tokenizer is asked.

Three letters of English or of code are a token at least; other scripts have up to a token a letter.
"""

from typing import Final

_LETTERS: Final = 3


def most_tokens_of(text: str) -> int:
    """Return about how many tokens a text has, rather too many than too few."""
    plain = len(text.encode("ascii", "ignore"))
    return plain // _LETTERS + len(text) - plain
