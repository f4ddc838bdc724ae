"""The phrases in English: verdicts, first differences, statuses and refusals."""

from collections.abc import Mapping
from typing import Final

_OUTCOMES: Final = {
    "verdict.what_cell": "Cell {cell}",
    "verdict.what_program": "The program",
    "verdict.what_test": "The test",
    "verdict.place_only": " (line {line} of your cell)",
    "verdict.place": " (line {line} of cell {cell})",
    "verdict.returned": "{what} returned {got}, not {expected}.",
    "verdict.returned_none": "{what} returned None. Is a `return` missing?",
    "verdict.printed": "{what} prints the right value but returns None: use `return`.",
    "verdict.unreadable": "The value of {what} could not be read.",
    "verdict.not_printed": "{what} did not print what was expected.",
    "verdict.changed_arguments": (
        "{what} changed its arguments; it has to leave them as they are."
    ),
    "verdict.must_raise": "{what} returned {got}, but it has to raise {expected}.",
    "verdict.other_message": "{what} raised {error}, but its message is not the expected one.",
    "verdict.expects_nothing": "This test expects nothing; tell your instructor.",
    "verdict.output": "For this input, the program did not print what was expected.",
    "verdict.check": "A check does not hold: {check}.",
    "verdict.raises_like": "{expected} with a message like {pattern}",
    "verdict.stopped": "{what} stopped with {error}{place}.",
    "verdict.not_written": "The answer is not written yet{place}.",
    "verdict.not_defined": "{name} is not defined{place}. Is the name spelt as asked?",
    "verdict.not_defined_because": "{name} is not defined, because {cause}.",
    "verdict.timeout": (
        "{what} was still running after {seconds} seconds{place}. Does a loop never end?"
    ),
    "verdict.cpu_limit": ("{what} kept the processor busy for more than {seconds} seconds{place}."),
    "verdict.memory_limit": "{what} needed more memory than {size} MiB{place}.",
    "verdict.output_limit": (
        "{what} printed more than {size} bytes{place}. Does a loop print without end?"
    ),
    "verdict.process_limit": "{what} started more than {count} processes or threads.",
    "verdict.died": "{what} ended the whole Python process, as `os._exit` or a crash does.",
    "verdict.not_run": "Not run.",
    "verdict.not_run_because": "Not run, because {cause}.",
    "verdict.out_of_time": "Not run, because {count} other tests ran out of time.",
    "verdict.cause_stopped": "cell {cell} stopped with {error}{place}",
    "verdict.cause_unfinished": "cell {cell} did not finish",
    "verdict.sealed": "This test is secret: what it tries is not shown.",
    "verdict.secret_name": "Secret test {number}",
    "verdict.withheld_name": "Withheld test {number}",
    "verdict.none_yet": "No test of this exercise runs before the due date.",
    "verdict.all_pass": "All tests pass.",
    "verdict.some_pass": "{passed} of {total} tests pass.",
    "verdict.stopped_early": "{count} tests ran out of time; the others were not run.",
    "verdict.no_answer_yet": "No question of this quiz is judged before the due date.",
    "verdict.one_right": "Your answer is right.",
    "verdict.one_wrong": "Your answer is not right yet.",
    "verdict.all_right": "All answers are right.",
    "verdict.some_right": "{passed} of {total} answers are right.",
}

# `domain.differences` also reads these backwards: a stored difference is found again by them.
_DIFFERENCES: Final = {
    "difference.at": "at {path}: {what}",
    "difference.index": "index {n}",
    "difference.key": "key {value}",
    "difference.field": "field {name}",
    "difference.argument": "argument {n}",
    "difference.column": "column {value}",
    "difference.row": "row {n}",
    "difference.series_name": "the name",
    "difference.labels": "the labels",
    "difference.a": "a {kind}",
    "difference.an": "an {kind}",
    "difference.values": "expected {expected}, got {got}",
    "difference.kinds": "expected {kind_expected}, got {kind_got}: {got}",
    "difference.shapes": "expected shape {expected}, got shape {got}",
    "difference.rows": "expected {n} as the number of rows, got {m}",
    "difference.missing_at": "{step} is missing: expected {expected}",
    "difference.extra_at": "{step} is not expected: got {got}",
    "difference.missing_step": "{step} is missing",
    "difference.extra_step": "{step} is not expected",
    "difference.missing": "{value} is missing",
    "difference.extra": "{value} is not expected",
    "difference.column_order": "the columns are in another order: {what}",
    "difference.incomparable": "{kind_got} can't be compared",
    "difference.cut": "the value can't be compared: {reason}",
    "difference.line": "line {n}: {what}",
    "difference.line_missing": "line {n} is missing: expected {expected}",
    "difference.line_extra": "line {n} is too much: {got}",
    "difference.nothing_printed": "nothing was printed; expected {expected}",
    "difference.argument_changed": "an argument was changed by the call",
    "difference.remark": "{what} ({note})",
    "difference.lengths": "expected length {n}, got length {m}",
    "difference.others": "and {n} more",
    "difference.blanks": "only the blanks differ",
    "difference.case": "only upper and lower case differ",
    "difference.position": "the first difference is at position {n}",
}

_STATUSES: Final = {
    "status.queued": "Waiting for a free place to run.",
    "status.running": "Running.",
    "status.failed": (
        "This could not be run, and that is our fault, not yours: it counts for nothing. Try "
        "again; if it stays, tell your instructor."
    ),
    "status.needs_review": "Your instructor will look at this.",
}

_QUIZ: Final = {
    "quiz.unanswered": "Not answered yet.",
    "quiz.choice": "That is not the right choice.",
    "quiz.number": "That is not the right number.",
    "quiz.text": "That is not the right answer.",
}

_REFUSALS: Final = {
    "refusal.past_due": (
        "Submissions closed on {when}. You can still run the tests; ask your instructor for an "
        "extension."
    ),
    "refusal.used_up": (
        "You have used all {count} submissions of this exercise. You can still run the tests."
    ),
    "refusal.pace": (
        "You have submitted {count} times within the last hour, and this exercise has secret "
        "tests. Take {minutes} min to think about what failed, then submit again."
    ),
    "refusal.pace_checks": (
        "You have run the tests {count} times within the last hour, and this exercise has secret "
        "tests. Take {minutes} min to think about what failed, then run them again."
    ),
    "status.ahead": "{count} before you, about {seconds} s.",
    "status.ahead_only": "{count} before you.",
    "refusal.waiting": "{count} of your runs are still waiting. Wait until one has finished.",
    "refusal.revision_changed": (
        "A newer version of this exercise has been published. Update the lesson to get it: your "
        "answers are kept."
    ),
    "refusal.cells": (
        "The exercise {exercise} takes the answer cells {wanted} in this order, once each; got "
        "{got}. Run it from the notebook that contains all of them."
    ),
    "refusal.no_question": "There is no question {question} here; the questions are {known}.",
    "refusal.one_choice": (
        "The response to question {question} has to be the id of one choice: {known}."
    ),
    "refusal.choices": (
        "The response to question {question} has to be a list of different ids of choices: {known}."
    ),
    "refusal.number": (
        "The response to question {question} has to be a number, such as `3` or `3.14`."
    ),
    "refusal.text": (
        "The response to question {question} has to be a text of at most {count} characters."
    ),
}

VERDICTS: Final[Mapping[str, str]] = {
    **_OUTCOMES,
    **_DIFFERENCES,
    **_STATUSES,
    **_QUIZ,
    **_REFUSALS,
}
