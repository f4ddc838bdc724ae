"""The phrases in English, the language every other table is measured by."""

from collections.abc import Mapping
from typing import Final

ENGLISH: Final[Mapping[str, str]] = {
    # The hint ladder: what to do before the next rung opens.
    "ladder.passed": "Your last run passed every test, so there is nothing to hint at. Well done!",
    "ladder.run_first": "Run the tests first: a hint starts from what they show.",
    "ladder.time_or_run": (
        "Give the last hint a try. The next one opens when you run a changed answer, or in "
        "{seconds} seconds."
    ),
    "ladder.changed_run": (
        "Give the last hint a try. The next one opens when you run a changed answer."
    ),
    "ladder.more_runs_one": (
        "The next hint is a big one. It opens after one more run of your own."
    ),
    "ladder.more_runs": (
        "The next hint is a big one. It opens after {count} more runs of your own."
    ),
    "ladder.exam": "In an exam the tutor explains what a run shows and gives no further hints.",
    "ladder.all_given": (
        "You have seen every hint of this exercise. Read them again, or ask your instructor."
    ),
}
