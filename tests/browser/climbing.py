"""Climbing the ladder of hints of an exercise, as a learner does: run, ask, change, run, ask."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import expect

from tests.browser import courses
from tests.browser.lab import Lab
from tests.browser.pages import Card, JupyterLab, Notebook
from tests.browser.reference import wrong_answers

RUNGS = ("Result", "Nudge", "Concept", "Pointer", "Steps", "Code")


@dataclass(frozen=True)
class Climber:
    """A learner at an exercise whose answer is nearly right.

    Attributes:
        jupyter: Their JupyterLab.
        notebook: The lesson.
        card: The exercise.
        start: How the answer begins.
        wrong: What they answer.
    """

    jupyter: JupyterLab
    notebook: Notebook
    card: Card
    start: str
    wrong: str

    def run(self, mark: int = 0) -> None:
        """Run the wrong answer, changed by a statement that does nothing."""
        self.write(f"{self.wrong.rstrip()}\n\nmark = {mark}\n")

    def write(self, source: str) -> None:
        """Run an answer."""
        self.notebook.write(self.notebook.code(self.start), source)
        self.card.run_tests()

    def take(self, mark: int | None = None) -> str:
        """Take the next hint, at its price; return its rung. With a mark, after a changed run."""
        if mark is not None:
            self.run(mark)
        count = self.card.hints.count()
        self.card.expect_ready()
        priced = "costs" in self.card.hint_button.inner_text()
        self.card.hint_button.click()
        if priced:
            self.jupyter.accept("Take the hint")
        expect(self.card.hints).to_have_count(count + 1)
        self.card.expect_ready()
        return self.card.hints.first.locator(".jp-tutor-rung").inner_text()

    def climb(self) -> Iterator[str]:
        """Climb to the end, a changed run before each rung, and give the rungs' names."""
        for turn in range(len(RUNGS) + 2):
            self.run(turn)
            if turn and "the result" in self.card.hint_button.inner_text():
                # Nothing is left but what this run shows: go back to the one that was helped with.
                self.run(turn - 1)
            if self.card.hint_button.get_attribute("aria-disabled") == "true":
                return
            yield self.take()
        raise AssertionError("The ladder has no end.")


def at_the_race_clock(jupyter: JupyterLab) -> Climber:
    """Open an exercise of the sample course, whose author wrote hints."""
    notebook = jupyter.open_lesson("values", exercise="race-clock")
    return _ready(jupyter, notebook, "race-clock", "split_seconds", wrong_answers("race-clock")[0])


def at_the_exam(jupyter: JupyterLab, lab: Lab, folder: Path) -> Climber:
    """Open an exercise without hints of an author; its course is published where it is not yet."""
    if not lab.rows("SELECT slug FROM courses WHERE slug = %(slug)s", slug=courses.COUNTING):
        lab.tutor("publish", str(courses.write_counting(folder)), "--course", courses.COUNTING)
    notebook = jupyter.open_lesson("lesson", exercise="passed", course=courses.COUNTING)
    return _ready(jupyter, notebook, "passed", "count_passed", courses.COUNT_WRONG)


def _ready(
    jupyter: JupyterLab, notebook: Notebook, exercise: str, function: str, wrong: str
) -> Climber:
    notebook.expect_kernel()
    card = notebook.card(exercise)
    card.expect_ready()
    return Climber(jupyter, notebook, card, f"def {function}(", wrong)
