"""Writes the prompts as they are now: `python -m tests.unit.llm.golden_prompts`, then read the
difference before it is committed."""

from collections.abc import Iterator
from pathlib import Path

from jupyter_tutor.domain.exercises import HintLevel
from jupyter_tutor.llm.prompts import (
    Prompt,
    answer_validation_prompt,
    chat_prompt,
    hint_prompt,
    validation_prompt,
)
from jupyter_tutor.llm.rubrics import rubric_prompt
from tests.unit.llm.facts import ANSWER, FIX, REPLY, chat_facts, hint_facts, rubric_facts

FOLDER = Path(__file__).with_name("golden")
RUNGS = [level for level in HintLevel if level is not HintLevel.RESULT]


def prompts() -> Iterator[tuple[str, Prompt]]:
    """Give every prompt with its name."""
    for language in ("en", "bn"):
        for level in RUNGS:
            yield f"hint-{level.value}-{language}", hint_prompt(hint_facts(level, language))
        again = hint_prompt(hint_facts(HintLevel.NUDGE, language), "it names a line")
        yield f"hint-again-{language}", again
        yield f"chat-{language}", chat_prompt(chat_facts(language))
        checked = answer_validation_prompt(chat_facts(language), ANSWER, FIX)
        yield f"answer-validation-{language}", checked
        yield f"rubric-{language}", rubric_prompt(rubric_facts(language))
        for level in (HintLevel.NUDGE, HintLevel.POINTER):
            prompt = validation_prompt(hint_facts(level, language), REPLY, FIX)
            yield f"validation-{level.value}-{language}", prompt


def texts() -> dict[str, str]:
    """Return the text of every golden file by its name; policies have files of their own."""
    found = {}
    for name, prompt in prompts():
        kind = name.partition("-")[0] + ("-validation" if name.startswith("answer") else "")
        found[f"{kind}-policy.txt"] = prompt.policy + "\n"
        found[f"{name}.txt"] = f"{prompt.exercise}\n[stored up to here]\n{prompt.question}\n"
    return found


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for file, text in texts().items():
        (FOLDER / file).write_text(text, "utf-8")
