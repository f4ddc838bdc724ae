"""An exercise while its cells are read, and the rules that hold for it as a whole."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from jupyter_tutor.domain.constructs import SourceRule
from jupyter_tutor.domain.courses import Course
from jupyter_tutor.domain.exercises import (
    AnswerCell,
    ExerciseContent,
    ExerciseKind,
    ExerciseText,
    HintLevel,
    Question,
    TestCase,
    Visibility,
    WrongAnswer,
)
from jupyter_tutor.domain.rubrics import Rubric
from jupyter_tutor.domain.sources import ExerciseSource
from jupyter_tutor.notebook_format.problems import Problems, suggestion
from jupyter_tutor.notebook_format.rubrics import read_rubric
from jupyter_tutor.notebook_format.rules import read_rules

_HEADING = re.compile(r"^ {0,3}#{1,6}[ \t]+(.*?)[ \t]*#*[ \t]*$")
_FENCE = re.compile(r"^ {0,3}(```|~~~)")
_TESTS = "tests (`cases` or `tests`)"
_PARTS = ("answer", "cases", "tests", "question")


@dataclass(slots=True)
class Draft:
    """What was read of one exercise so far.

    Attributes:
        slug: Its slug.
        cell: Number of the cell it begins with.
        facts: Metadata of that cell, valid by the schema.
        course: Gives topics, languages and default limits.
        problems: Takes what is wrong.
        setup: Sources of shared and own set-up, in order.
        prompts: Markdown per language, a text per cell.
        hints: Per language and rung.
        answers: Answer cells in order.
        tests: In order.
        expected: Expression per test name.
        wrong: (cell number, answer cell id or None, known wrong answer).
        files: SHA-256 per path of the lesson's files.
        lacks: Roles of its cells that could not be read whole; "" for one of unknown role.
        broken: Whether its first cell is wrong; `facts` may be anything then.
    """

    slug: str
    cell: int
    facts: Mapping[str, Any]
    course: Course
    problems: Problems
    setup: list[str] = field(default_factory=list)
    prompts: dict[str, list[str]] = field(default_factory=dict)
    hints: dict[str, dict[HintLevel, str]] = field(default_factory=dict)
    answers: list[AnswerCell] = field(default_factory=list)
    tests: list[TestCase] = field(default_factory=list)
    expected: dict[str, str] = field(default_factory=dict)
    wrong: list[tuple[int, str | None, WrongAnswer]] = field(default_factory=list)
    files: Mapping[str, str] = field(default_factory=dict)
    lacks: set[str] = field(default_factory=set)
    broken: bool = False

    @property
    def kind(self) -> ExerciseKind:
        """What the learner does."""
        return ExerciseKind(self.facts["kind"])

    def _follows(self, *roles: str) -> Problems:
        """Take what may only follow from cells that could not be read, and is no mistake then."""
        lacking = self.lacks & {*roles, ""}
        return Problems(self.problems.file) if lacking else self.problems

    def add_test(self, test: TestCase, expression: str | None, cell: int) -> None:
        """Add a test that stands after the answers read so far; its name must be new."""
        if any(test.name == other.name for other in self.tests):
            self.problems.add(
                f"a second test is named '{test.name}' in exercise '{self.slug}'; "
                "names are unique in an exercise",
                cell=cell,
            )
            return
        self.tests.append(replace(test, position=len(self.answers)))
        if expression is not None:
            self.expected[test.name] = expression.strip()

    def finish(self) -> ExerciseSource | None:
        """Return the exercise as far as it was read; what is wrong went to `problems`.

        Returns:
            The exercise, or None where so little is there that nothing could be run.
        """
        self._check_topics()
        if self.broken:
            return None
        due_at = self._due_at()
        self._add_rules()
        rubric = self._rubric()
        self._place_tests()
        before = len(self.problems)
        texts = self._texts()
        self._check_parts()
        placed = [self._placed(*one) for one in self.wrong]
        wrong = tuple(one for one in placed if one is not None)
        whole = not self.lacks and len(self.problems) == before
        quiz = self.kind is ExerciseKind.QUIZ
        unusable = self.lacks & {"answer", "setup", ""}
        if unusable or not texts or not self.tests or quiz == bool(self.answers):
            return None
        content = ExerciseContent(
            slug=self.slug,
            kind=self.kind,
            topic=self.facts["topic"],
            difficulty=self.facts["difficulty"],
            texts=texts,
            tests=tuple(self.tests),
            answer_cells=tuple(self.answers),
            setup=() if quiz else tuple(self.setup),
            files={} if quiz else dict(self.files),
            wrong_answers=wrong,
            limits=replace(self.course.limits, **self.facts.get("limits", {})),
            prerequisites=tuple(self.facts.get("requires", ())),
            max_submissions=self.facts.get("max_submissions"),
            due_at=due_at,
            deepest_hint=HintLevel[self.facts.get("deepest_hint", "steps").upper()],
            random=self.facts.get("random", False),
            strategies=dict(self.facts.get("strategies", {})),
            twin=self.facts.get("twin"),
            hint_costs={
                HintLevel[name.upper()]: points
                for name, points in self.facts.get("hint_costs", {}).items()
            },
            rubric=rubric,
        )
        return ExerciseSource(content, dict(self.expected), self.cell, whole)

    def _add_rules(self) -> None:
        answers = [] if "answer" in self.lacks else [one.id for one in self.answers]
        rules = self.facts.get("rules", ())
        for test in read_rules(
            rules, self.course.languages, answers, self.cell, self._follows("answer")
        ):
            self.add_test(test, None, self.cell)

    def _rubric(self) -> Rubric | None:
        entries = self.facts.get("rubric", ())
        if entries and self.kind is ExerciseKind.QUIZ:
            self.problems.add(
                f"the quiz '{self.slug}' has a rubric, but no answer that could be read by it; "
                "take it out",
                cell=self.cell,
                key="rubric",
            )
            return None
        return read_rubric(entries, self.course.languages, self.cell, self.problems)

    def _place_tests(self) -> None:
        """Leave a position to tests that stand between answers; the others run after all."""
        self.tests = [
            test
            if 0 < (test.position or 0) < len(self.answers)
            and not isinstance(test.spec, SourceRule)
            else replace(test, position=None)
            for test in self.tests
        ]

    def _check_topics(self) -> None:
        topics = [topic.slug for topic in self.course.topics]
        required = self.facts.get("requires", ())
        named = [("topic", self.facts.get("topic"))]
        named += [("requires", one) for one in required if isinstance(required, list)]
        for key, slug in named:
            if isinstance(slug, str) and slug not in topics:
                self.problems.add(
                    f"'{slug}' is no topic of the course; {suggestion(slug, topics)}",
                    cell=self.cell,
                    key=key,
                )

    def _texts(self) -> dict[str, ExerciseText]:
        original = self.course.languages[0]
        if original not in self.prompts:
            self._follows("prompt", "hint").add(
                f"exercise '{self.slug}' has no prompt in the original language '{original}'",
                cell=self.cell,
            )
        for language, hints in self.hints.items():
            for level in hints:
                if level not in self.hints.get(original, {}):
                    self._follows("prompt", "hint").add(
                        f"exercise '{self.slug}' has a hint '{level.name.lower()}' in '{language}' "
                        f"but none in the original language '{original}'",
                        cell=self.cell,
                    )
            if language not in self.prompts:
                self._follows("prompt", "hint").add(
                    f"exercise '{self.slug}' has hints but no prompt in '{language}'; "
                    "translate the prompt too",
                    cell=self.cell,
                )
        texts: dict[str, ExerciseText] = {}
        for language in self.course.languages:
            if language in self.prompts:
                title, prompt = split_title("\n\n".join(self.prompts[language]))
                if not title:
                    self._follows("prompt", "hint").add(
                        f"the prompt of '{self.slug}' in '{language}' has no heading; "
                        "begin it with '## ' and the title",
                        cell=self.cell,
                    )
                hints = dict(sorted(self.hints.get(language, {}).items()))
                texts[language] = ExerciseText(title, prompt, hints)
        return texts

    def _due_at(self) -> datetime | None:
        given = self.facts.get("due_at")
        if given is None:
            return None
        try:
            due_at = datetime.fromisoformat(given)
        except ValueError:
            due_at = None
        if due_at is None or due_at.tzinfo is None:
            self.problems.add(
                f"'{given}' is no time with a zone; write it as 2027-03-01T18:00:00+06:00",
                cell=self.cell,
                key="due_at",
            )
        return due_at

    def _check_parts(self) -> None:
        questions = [test for test in self.tests if isinstance(test.spec, Question)]
        still = [test for test in self.tests if isinstance(test.spec, SourceRule)]
        if self.kind is ExerciseKind.QUIZ:
            wanted = "a question cell" if not questions else None
            alien = bool(self.answers) or len(questions) < len(self.tests)
        else:
            missing = [] if self.answers else ["an answer cell"]
            missing += [] if len(self.tests) > len(questions) + len(still) else [_TESTS]
            wanted = " and ".join(missing) or None
            alien = bool(questions)
        if wanted:
            self._follows(*_PARTS).add(
                f"the {self.kind} exercise '{self.slug}' needs {wanted}", cell=self.cell
            )
        if alien:
            self.problems.add(
                f"the {self.kind} exercise '{self.slug}' mixes questions with answer cells or "
                "tests; make two exercises of it",
                cell=self.cell,
            )
        withheld = [test.name for test in self.tests if test.visibility is Visibility.WITHHELD]
        if withheld and self.facts.get("due_at") is None:
            self.problems.add(
                f"the test '{withheld[0]}' of '{self.slug}' is withheld until the due date, but "
                "the exercise has none; add due_at to its first cell, or make the test secret",
                cell=self.cell,
                key="due_at",
            )
        if self.tests and sum(test.points for test in self.tests) <= 0:
            self._follows(*_PARTS).add(
                f"the tests of '{self.slug}' are worth 0 points together; give points",
                cell=self.cell,
            )

    def _placed(self, cell: int, answer: str | None, wrong: WrongAnswer) -> WrongAnswer | None:
        """Return a known wrong answer with its source under the id of its answer cell, if any."""
        before, unknown = len(self.problems), False
        if self.kind is ExerciseKind.QUIZ:
            ids = [test.spec.id for test in self.tests if isinstance(test.spec, Question)]
            for one in wrong.responses:
                if one not in ids:
                    unknown = True
                    self._follows(*_PARTS).add(
                        f"'{one}' is no question of '{self.slug}'; {suggestion(one, ids)}",
                        cell=cell,
                        key="responses",
                    )
            return None if unknown else wrong
        ids = [one.id for one in self.answers]
        if answer is None and len(ids) > 1:
            self.problems.add(
                f"'{self.slug}' has {len(ids)} answer cells; say which one this replaces: "
                + ", ".join(ids),
                cell=cell,
                key="answer",
            )
        elif answer is not None and answer not in ids:
            unknown = True
            self._follows(*_PARTS).add(
                f"'{answer}' is no answer cell of '{self.slug}'; {suggestion(answer, ids)}",
                cell=cell,
                key="answer",
            )
        if unknown or len(self.problems) != before:
            return None
        return replace(wrong, sources={answer or (ids or ["answer"])[0]: wrong.sources[""]})


def split_title(markdown: str) -> tuple[str, str]:
    """Return the text of the first heading, or "", and the Markdown without that heading."""
    fence = None
    lines = markdown.split("\n")
    for index, line in enumerate(lines):
        mark = _FENCE.match(line)
        if mark and fence in (None, mark[1]):
            fence = None if fence else mark[1]
        match = _HEADING.match(line) if fence is None else None
        if match and match[1]:
            return match[1], "\n".join([*lines[:index], *lines[index + 1 :]]).strip()
    return "", markdown.strip()
