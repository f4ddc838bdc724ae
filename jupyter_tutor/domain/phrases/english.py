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
    # Practice: how a topic stands, and why an exercise comes next.
    "practice.new": "Not practised yet.",
    "practice.estimate": "You pass about {percent}% of exercises like these.",
    "practice.counts": "Passed {wins} of {n}, {unaided} without hints.",
    "practice.just_now": "Last practised less than a day ago.",
    "practice.day_ago": "Last practised a day ago.",
    "practice.days_ago": "Last practised {days} days ago.",
    "practice.shaky": "That is still uncertain: a few more exercises will tell.",
    "practice.locked": "It helps to practise {topics} first.",
    "practice.begun": "You have begun this one.",
    "practice.again": "You passed it a while ago: see whether it still goes well.",
    "practice.chance": "You pass about {percent}% of exercises like this.",
    "practice.first": "A good place to begin.",
    "practice.ready": "You know {topics} well enough for it.",
    "practice.and": "{first} and {last}",
}
