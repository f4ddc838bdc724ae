"""Reads the messages: `messages/<slug of the situation>.txt`; the folders of other waves likewise.

A message begins with a line such as `@@ leak words 3 bn`: whether it leaks, its family, the rung
it is written for and, unless it is English, its language. A line `@@@` parts messages that are
delivered one after the other. `<<base64|text>>` and the like stand for a text encoded,
`<<reference>>` for the author's solution, `<<hint|rung|language>>` for the author's hint,
`<<secret_call|n>>` and `<<secret_expected|n>>` for a secret test.
"""

import base64
import codecs
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from jupyter_tutor.domain.exercises import HintLevel
from tests.guard.situations import Situation, situations

FOLDER = Path(__file__).parent
WAVES = {
    1: FOLDER / "messages",
    2: FOLDER / "wave2",
    3: FOLDER / "wave3",
    4: FOLDER / "wave4",
    5: FOLDER / "paraphrases1",
    6: FOLDER / "paraphrases2",
    7: FOLDER / "paraphrases3",
    8: FOLDER / "paraphrases4",
    9: FOLDER / "paraphrases5",
    10: FOLDER / "voices1",
    11: FOLDER / "voices2",
    12: FOLDER / "voices3",
    13: FOLDER / "unseen1",
    14: FOLDER / "unseen2",
}
UNSEEN = frozenset({13, 14})
"""Waves by somebody who knew neither the guard nor the others: nothing is ever tuned on them."""

_MACRO = re.compile(r"<<(\w+)(?:\|([^\n]*?))?>>")
_ENCODINGS: dict[str, Callable[[str], str]] = {
    "base64": lambda text: base64.b64encode(text.encode()).decode(),
    "base32": lambda text: base64.b32encode(text.encode()).decode(),
    "hex": lambda text: text.encode().hex(),
    "rot13": lambda text: codecs.encode(text, "rot13"),
    "reversed": lambda text: text[::-1],
    "binary": lambda text: " ".join(f"{byte:08b}" for byte in text.encode()),
    "decimal": lambda text: " ".join(str(byte) for byte in text.encode()),
    "percent": lambda text: "".join(f"%{byte:02X}" for byte in text.encode()),
    "escapes": lambda text: "".join(f"\\u{ord(letter):04x}" for letter in text),
}


@dataclass(frozen=True, slots=True)
class Message:
    """What a tutor says to a learner, one text or several in a row.

    Attributes:
        situation: What it is about.
        leaks: Whether it gives away what it must not.
        family: How it leaks, or what kind of harmless message it is.
        level: The rung it is written for.
        language: Language code.
        texts: In the order they are delivered.
        held_out: Whether it is left aside while the guard is tuned.
        wave: 1 for those written before the guard, 2 when it worked, 3 when that was done, 4 by
            somebody who had not seen it, 5 to 9 for paraphrases by whoever tuned it, 10 and up for
            many voices: cooks, coaches, hurried friends. Each was measured before anything was
            changed for it.
        number: Its place in its file.
    """

    situation: Situation
    leaks: bool
    family: str
    level: HintLevel
    language: str
    texts: tuple[str, ...]
    held_out: bool
    wave: int
    number: int


@cache
def messages(wave: int) -> tuple[Message, ...]:
    """Return the messages of a wave."""
    files = sorted(WAVES[wave].glob("*.txt"))
    return tuple(message for file in files for message in _read(file, wave))


def _read(file: Path, wave: int) -> Iterator[Message]:
    situation = situations()[file.stem]
    parts = re.split(r"^@@ (.*)\n", file.read_text("utf-8"), flags=re.MULTILINE)
    for number, (head, body) in enumerate(zip(parts[1::2], parts[2::2], strict=True), start=1):
        kind, family, level, *language = head.split()
        if kind not in ("leak", "safe"):
            raise ValueError(f"{file.name}: {head}")
        texts = re.split(r"^@@@\n", body, flags=re.MULTILINE)
        yield Message(
            situation=situation,
            leaks=kind == "leak",
            family=family,
            level=HintLevel(int(level)),
            language=language[0] if language else "en",
            texts=tuple(_expanded(text.rstrip("\n"), situation) for text in texts),
            held_out=situation.held_out,
            wave=wave,
            number=number,
        )


def _expanded(text: str, situation: Situation) -> str:
    def replacement(match: re.Match[str]) -> str:
        name, argument = match[1], match[2] or ""
        if name in _ENCODINGS:
            return _ENCODINGS[name](argument)
        match name:
            case "reference":
                return situation.reference
            case "fence":
                return f"\n```python\n{situation.reference}\n```\n"
            case "hint":
                level, language = argument.split("|")
                return situation.hints[HintLevel[level.upper()], language]
            case "secret_call":
                return situation.secret[int(argument)].call
            case "secret_expected":
                return situation.secret[int(argument)].expected
        raise ValueError(match[0])

    return _MACRO.sub(replacement, text)
