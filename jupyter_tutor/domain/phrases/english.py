"""The phrases in English, the language every other table is measured by."""

from collections.abc import Mapping
from typing import Final

from jupyter_tutor.domain.phrases.english_concepts import CONCEPTS
from jupyter_tutor.domain.phrases.english_errors import ERRORS
from jupyter_tutor.domain.phrases.english_help import HELP
from jupyter_tutor.domain.phrases.english_hints import HINTS
from jupyter_tutor.domain.phrases.english_reviews import REVIEWS
from jupyter_tutor.domain.phrases.english_rules import RULES
from jupyter_tutor.domain.phrases.english_verdicts import VERDICTS

_LADDER: Final = {
    "ladder.passed": "Your last run passed every test, so there is nothing to hint at. Well done!",
    "ladder.run_first": "Run the tests first: a hint starts from what they show.",
    "ladder.time_or_run": (
        "Give the last hint a try. The next one opens when you run a changed answer, or in "
        "{seconds} seconds."
    ),
    "ladder.changed_run": (
        "Give the last hint a try. The next one opens when you run a changed answer."
    ),
    "ladder.more_runs_one": "The next hint is a big one. It opens after one more run of your own.",
    "ladder.more_runs": "The next hint is a big one. It opens after {count} more runs of your own.",
    "ladder.exam": "In an exam the tutor explains what a run shows and gives no further hints.",
    "ladder.all_given": (
        "You have seen every hint of this exercise. Read them again, or ask your instructor."
    ),
    "ladder.capped": (
        "You have had as many hints as this exercise gives. Read them again, or ask your "
        "instructor."
    ),
    "ladder.not_made": (
        "The hint could not be made this time. It has cost nothing. Ask again in a moment."
    ),
    "ladder.price": "The next hint costs points: {points}. Take it only if you want to.",
    "ladder.explain": (
        "You have seen the code of this step. Say in a sentence of your own why it works."
    ),
    "ladder.twin": "Then try “{title}” without help: it asks for the same in another way.",
}

_PRACTICE: Final = {
    "practice.new": "Not practised yet.",
    "practice.estimate": "Estimate: you pass about {percent}% of exercises like these.",
    "practice.counts": "Passed {wins} of {n}, {unaided} without hints.",
    "practice.day_ago": "Last practised a day ago.",
    "practice.days_ago": "Last practised {days} days ago.",
    "practice.shaky": "That is still uncertain: a few more exercises will tell.",
    "practice.locked": "It helps to practise {topics} first.",
    "practice.begun": "You have begun this one.",
    "practice.again": "You passed it a while ago: see whether it still goes well.",
    "practice.chance": "Estimate: you pass about {percent}% of exercises like this.",
    "practice.first": "A good place to begin.",
    "practice.ready": "You know {topics} well enough for it.",
    "practice.and": "{first} and {last}",
    "practice.twin": "You saw how one like it is solved: see whether you can do it alone.",
}

_EXPLAIN: Final = {
    "explain.passed": "Every test passed. Well done!",
    "explain.visible_passed": "Every test that you can see passed.",
    "explain.value": "{called} should give {expected}. Your answer gives {got}.",
    "explain.difference": "The first difference: {difference}.",
    "explain.item": "at index {place} there should be {expected}, and there is {got}",
    "explain.line": "line {place} should be {expected}, and it is {got}",
    "explain.part": "at {place} there should be {expected}, and there is {got}",
    "explain.adds": "The test adds: {message}.",
    "explain.printed": (
        "{called} prints the right value and then gives back `None`. `print` shows a value to "
        "people; `return` hands it to the caller. Use `return` here."
    ),
    "explain.no_return": (
        "{called} should give {expected}. Your answer gives back `None`: on the way that this "
        "input takes, no `return` with a value is reached."
    ),
    "explain.must_raise": "{called} has to raise {expected}. Your answer gives back {got} instead.",
    "explain.other_exception": "{called} has to raise {expected}. It raises {got} instead.",
    "explain.changed_arguments": (
        "{called} changes the values it is given, and it has to leave them as they are. Work on a "
        "copy."
    ),
    "explain.output": "{called} should print:\n\n{expected}\n\nYour answer prints:\n\n{got}",
    "explain.output_nothing": (
        "{called} should print:\n\n{expected}\n\nYour answer prints nothing. Is `print` reached?"
    ),
    "explain.program": (
        "With this input:\n\n{called}\n\nthe program should print:\n\n{expected}\n\nIt prints:"
        "\n\n{got}"
    ),
    "explain.program_nothing": (
        "With this input:\n\n{called}\n\nthe program should print:\n\n{expected}\n\nIt prints "
        "nothing. Is `print` reached?"
    ),
    "explain.check": "In the test “{name}” this does not hold: {check}.",
    "explain.stopped": "{called} should give {expected}, but Python stopped with {error}.",
    "explain.program_stopped": "With this input:\n\n{called}\n\nPython stopped with {error}.",
    "explain.test_stopped": "In the test “{name}” Python stopped with {error}.",
    "explain.cell_stopped": "Your answer could not run to its end: Python stopped with {error}.",
    "explain.what_call": "{called}",
    "explain.what_program": "The program",
    "explain.what_test": "The test “{name}”",
    "explain.what_cell": "Your answer",
    "explain.timeout": (
        "{what} was still running when the time was up. Often a loop never ends: look at what "
        "decides when it stops, and whether the loop changes that."
    ),
    "explain.memory_limit": (
        "{what} needed more memory than there is. Does a list or a text grow without end?"
    ),
    "explain.output_limit": (
        "{what} printed more than is allowed. Often a loop that prints never ends."
    ),
    "explain.process_limit": "{what} started more processes or threads than are allowed.",
    "explain.died": "{what} ended the whole Python process, as `exit` or a crash does.",
    "explain.not_run": "{what} was not run, because something before it stopped.",
    "explain.secret": (
        "All public tests pass, and a secret test fails. It tries what the public tests do not: "
        "think about edge cases, such as something empty, a single element, zero, a negative "
        "number, or values that are equal."
    ),
    "explain.question": "Your answer to this question is not right yet: {question}",
    "explain.unanswered": "This question has no answer yet: {question}",
    "explain.failed": "The test “{name}” fails.",
}

_PLACES: Final = {
    "place.line": "line {line}",
    "place.cell": "line {line} of cell {cell}",
    "place.yours": "line {line} of your cell",
    "place.still": "It was still in {place}: {source}.",
    "place.still_bare": "It was still in {place}.",
    "place.shows": "It became visible in {place}: {source}.",
    "place.shows_bare": "It became visible in {place}.",
}

_NUDGES: Final = {
    "nudge.start": (
        "Take the smallest input that you can think of. Which steps lead you to its result on "
        "paper?"
    ),
    "nudge.passed": "Your answer passes. Could you explain to a friend why it works?",
    "nudge.not_written": (
        "Nothing is written in one place yet. If you had to do it by hand, what would be the very "
        "first step?"
    ),
    "nudge.syntax": (
        "Read your code aloud from the top, sign by sign. What do you open or begin that is never "
        "closed or finished?"
    ),
    "nudge.endless": (
        "Follow the first three rounds of your loop on paper. Which value comes closer to the end "
        "in each round?"
    ),
    "nudge.error": (
        "Think of {called}. What is the value and the type of each name just before Python stops?"
    ),
    "nudge.error_anywhere": (
        "Look at the place where Python stops. What is the value and the type of each name just "
        "before it?"
    ),
    "nudge.returned": (
        "Follow {called} through your function. What is the last line that runs, and what does it "
        "hand back?"
    ),
    "nudge.value": (
        "Walk through {called} on paper, one step at a time. At which step does your code do "
        "something other than you expect?"
    ),
    "nudge.program": (
        "Play the computer: take the first lines of the input and walk through your program. Which "
        "line of the output is the first to go wrong?"
    ),
    "nudge.check": (
        "Read the test “{name}” as a sentence. What does it promise that your code does not keep?"
    ),
    "nudge.secret": (
        "Write down five inputs that are as unlike each other as possible. For which of them are "
        "you least sure what your code does?"
    ),
    "nudge.quiz": (
        "Take the question that went wrong. How could you try your answer out in a cell of your "
        "own?"
    ),
}

ENGLISH: Final[Mapping[str, str]] = {
    **_LADDER,
    **_PRACTICE,
    **_EXPLAIN,
    **_PLACES,
    **_NUDGES,
    **HINTS,
    **ERRORS,
    **HELP,
    **CONCEPTS,
    **REVIEWS,
    **RULES,
    **VERDICTS,
}
