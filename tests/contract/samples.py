"""A small course to store: every kind of test, two languages, data files, odd characters."""

from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from uuid import UUID

from jupyter_tutor.domain.courses import Course, Topic
from jupyter_tutor.domain.evaluations import Evaluation, Evaluator, Outcome, TestResult, Verdict
from jupyter_tutor.domain.exercises import (
    AnswerCell,
    AssertCell,
    CallCase,
    Choice,
    DataFile,
    ExerciseContent,
    ExerciseKind,
    ExerciseText,
    ExpectedException,
    HintLevel,
    LessonContent,
    Limits,
    ProgramCase,
    Question,
    QuestionType,
    TestCase,
    Tolerance,
    Visibility,
    WrongAnswer,
)
from jupyter_tutor.domain.hints import Hint, HintSource
from jupyter_tutor.domain.observations import CellSource, Frame, RaisedError
from jupyter_tutor.domain.people import Identity
from jupyter_tutor.domain.submissions import Answer
from jupyter_tutor.services.identifiers import uuid7
from jupyter_tutor.services.ports import UnitOfWork

COURSE = "python-foundations"
ODD = "NUL \0, half a pair \ud800, reserved \ufdd0, and \U0001f600 বাংলা"
AUTHORED = ODD.replace("\ud800", "")
"""What an author may write: the hash of content has to be taken of whole characters."""

ADA = Identity("local", "ada", "Ada")
BOB = Identity("local", "bob", "Bob")

TABLE = DataFile("data/table.csv", b"a,b\n1,2\n\0\xff")


def course(slug: str = COURSE) -> Course:
    return Course(
        slug=slug,
        title={"en": "Python foundations", "bn": "পাইথন"},
        languages=("en", "bn"),
        topics=(
            Topic("values", {"en": "Values", "bn": "মান"}, {"en": "Numbers and text"}),
            Topic("lists", {"en": "Lists"}, requires=("values",)),
            Topic("functions", {"en": "Functions"}, requires=("lists", "values")),
        ),
        lessons=("01-values", "02-lists"),
        limits=Limits(wall_seconds=3, memory_mb=256),
    )


def exercise(
    slug: str = "collatz", *, topic: str = "values", files: tuple[DataFile, ...] = ()
) -> ExerciseContent:
    return ExerciseContent(
        slug=slug,
        kind=ExerciseKind.CODING,
        topic=topic,
        difficulty=4,
        texts={
            "en": ExerciseText(
                "Collatz", f"Write `collatz(n)`. {AUTHORED}", {HintLevel.NUDGE: "Look at n = 1."}
            ),
            "bn": ExerciseText("কোলাটজ", "`collatz(n)` লিখুন।"),
        },
        tests=(
            TestCase("seven", CallCase("collatz(7)", {"type": "int", "value": "16"}), 2),
            TestCase(
                "refuses zero",
                CallCase("collatz(0)", raises=ExpectedException("ValueError", "positive")),
                0.5,
                Visibility.SECRET,
            ),
            TestCase("prints", ProgramCase("7\n", "22\n", Tolerance(1e-300, 0.0)), 1.0),
            TestCase("asserts", AssertCell("assert collatz(1) == 4"), 1.0, Visibility.WITHHELD),
        ),
        answer_cells=(
            AnswerCell("answer", "def collatz(n): ...", "def collatz(n):\n    return 1"),
        ),
        setup=("import math",),
        files={file.path: sha256(file.content).hexdigest() for file in files},
        wrong_answers=(WrongAnswer("forgets zero", {"answer": "def collatz(n): return n"}),),
        prerequisites=("values",),
        max_submissions=5,
        due_at=datetime(2031, 5, 1, 18, 30, tzinfo=UTC),
        deepest_hint=HintLevel.STEPS,
    )


def quiz(slug: str = "quiz", *, topic: str = "values") -> ExerciseContent:
    question = Question(
        "q1",
        QuestionType.SINGLE,
        {"en": "Which is a list?"},
        (Choice("a", {"en": "`[1]`"}), Choice("b", {"en": "`(1,)`"}, {"en": "A tuple."})),
        ("a",),
        explanation={"en": "Brackets."},
    )
    number = Question(
        "q2", QuestionType.NUMBER, {"en": "1e300?"}, number=1e300, tolerance=Tolerance(0.1)
    )
    return ExerciseContent(
        slug=slug,
        kind=ExerciseKind.QUIZ,
        topic=topic,
        difficulty=1,
        texts={"en": ExerciseText("Quiz", "Choose.")},
        tests=(TestCase("q1", question), TestCase("q2", number)),
        wrong_answers=(WrongAnswer("a tuple", responses={"q1": "b", "q2": -0.0}),),
    )


def lesson(
    slug: str = "01-values",
    exercises: tuple[ExerciseContent, ...] | None = None,
    *,
    text: str = "Hello",
    files: tuple[DataFile, ...] = (TABLE,),
) -> LessonContent:
    return LessonContent(
        slug=slug,
        title={"en": f"Lesson {slug}", "bn": "পাঠ"},
        exercises=(exercise(files=files), quiz()) if exercises is None else exercises,
        learner_notebook={
            "cells": [{"cell_type": "markdown", "id": "a", "metadata": {}, "source": text}],
            "metadata": {"z": 1, "a": [1.5, None, True, ODD]},
            "nbformat": 4,
            "nbformat_minor": 5,
        },
        files=files,
    )


def publish(uow: UnitOfWork) -> None:
    """Publish the course with its two lessons."""
    uow.courses.save(course())
    uow.courses.publish_lesson(COURSE, lesson(), 0)
    uow.courses.publish_lesson(
        COURSE, lesson("02-lists", (exercise("slices", topic="lists"),), files=()), 1
    )


def answer(source: str = "def collatz(n): return 16", **responses: object) -> Answer:
    return Answer((CellSource("answer", source),), responses)


def result(name: str = "seven", *, earned: float = 2.0, points: float = 2.0) -> TestResult:
    return TestResult(
        name=name,
        visibility=Visibility.PUBLIC,
        outcome=Outcome.PASSED if earned == points else Outcome.FAILED,
        points=points,
        earned=earned,
        called="collatz(7)",
        expected="16",
        got=ODD,
        difference="expected 16, got 1",
        message="",
        stdout=ODD,
        seconds=0.125,
        memory_mb=12.5,
        weaker=True,
    )


def verdict(score: float = 1.0) -> Verdict:
    error = RaisedError(
        "NameError",
        f"name 'x' is not defined {ODD}",
        ("Exception", "BaseException"),
        (Frame("answer", 2, "collatz", "    return x"),),
    )
    broken = replace(result("answer", earned=0, points=0), outcome=Outcome.ERROR, error=error)
    return Verdict(
        results=(result(earned=2.0 * score), result("other", earned=score, points=1.0)),
        cells=() if score == 1 else (broken,),
        score=score,
    )


def evaluation(
    submission_id: UUID,
    at: datetime,
    score: float = 1.0,
    *,
    evaluator: Evaluator = Evaluator.TESTS,
    judged: bool = True,
) -> Evaluation:
    return Evaluation(
        id=uuid7(),
        submission_id=submission_id,
        evaluator=evaluator,
        score=score,
        verdict=verdict(score) if judged else None,
        feedback=ODD,
        created_at=at,
        seed=2**32 - 1,
    )


def hint(
    learner_id: UUID, revision_id: UUID, at: datetime, level: HintLevel = HintLevel.NUDGE
) -> Hint:
    return Hint(
        id=uuid7(),
        learner_id=learner_id,
        revision_id=revision_id,
        level=level,
        source=HintSource.AUTHOR,
        text=f"Look at n = 1. {ODD}",
        language="en",
        created_at=at,
    )
