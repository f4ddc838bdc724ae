"""What the tutor says of help in English: its price, consent, money and conversations."""

from typing import Final

HELP: Final = {
    "refusal.explain_empty": "Write a sentence first: why does the code work?",
    "refusal.text_long": "The text is too long: {count} characters at most.",
    "refusal.not_shown": "This hint showed no code, so there is nothing to explain.",
    "ladder.shown": (
        "This is one way to write it. Type it yourself, and ask of each line what it is for."
    ),
}
