"""A class in the lab's database: learners who hand in, calls that cost, a course with a rubric."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

from jupyter_tutor.domain.consents import TEXT_VERSION, Consent
from jupyter_tutor.domain.conversations import Speaker
from jupyter_tutor.domain.exercises import HintLevel
from jupyter_tutor.domain.model_calls import (
    CallOutcome,
    ModelCall,
    Purpose,
    Tier,
    TokenUsage,
    UsageRecord,
)
from jupyter_tutor.domain.observations import CellSource
from jupyter_tutor.domain.people import Identity, Role
from jupyter_tutor.domain.submissions import Answer
from jupyter_tutor.services.access import Access
from jupyter_tutor.services.conversations import record
from jupyter_tutor.services.identifiers import uuid7
from jupyter_tutor.services.submissions import Request, SubmissionService
from jupyter_tutor.storage.database import Database
from tests.browser import courses
from tests.browser.lab import Lab
from tests.fake_api import Reply, Scenario

SAMPLE = "python-foundations"
COURSE = "reviewed"
TITLE = "Reviewed"
EXERCISE = "basket"
CLEAR = "def total(prices):\n    return sum(prices)\n"
VAGUE = (
    "def total(prices):\n    x = 0\n    while prices:\n        x += prices[-1]\n"
    "        prices = prices[:-1]\n    return x\n"
)

_WRONG = "def total(prices):\n    return max(prices, default=0)\n"


def _criterion(slug: str, title: str, question: str, *levels: str) -> dict[str, object]:
    return {
        "slug": slug,
        "title": {"en": title},
        "question": {"en": question},
        "levels": [
            {"points": points, "description": {"en": text}} for points, text in enumerate(levels)
        ],
        "anchor": {
            "level": 0,
            "example": "def f(a):\n    return a[0] + a[1]",
            "reason": {"en": "Nothing in it says what it is for."},
        },
    }


_RUBRIC = [
    _criterion(
        "names",
        "Names",
        "Do the names say what the values mean?",
        "Most names are single letters.",
        "Some names have to be looked up in the code.",
        "Every name says what its value is.",
    ),
    _criterion(
        "shape",
        "Shape",
        "Is there no more code than the task needs?",
        "Half of it could go.",
        "A line or two could go.",
        "Nothing could go.",
    ),
]


def publish(lab: Lab, folder: Path) -> None:
    """Publish a course whose one exercise is judged by a rubric too, unless it is there."""
    if lab.rows("SELECT slug FROM courses WHERE slug = %(slug)s", slug=COURSE):
        return
    facts = {
        "exercise": EXERCISE,
        "kind": "project",
        "topic": "numbers",
        "difficulty": 2,
        "rubric": _RUBRIC,
    }
    head, body = CLEAR.split("\n", 1)
    answer = f"{head}\n    ### BEGIN SOLUTION\n{body}    ### END SOLUTION\n"
    prompt = "## A full basket\n\nWrite `total(prices)`: what a basket costs."
    case = '[[case]]\nname = "two prices"\ncall = "total([1, 2])"\nexpected = "3"\n'
    cells = [
        courses.cell("markdown", "prompt", prompt, **facts),
        courses.cell("code", "answer", answer),
        courses.cell("raw", "cases", case),
        courses.cell("raw", "wrong", _WRONG, note="takes the dearest alone"),
    ]
    courses.write(folder, cells, COURSE, TITLE)
    lab.tutor("publish", str(folder), "--course", COURSE)


def reader(body: Mapping[str, Any]) -> Scenario:
    """Answer as a model does that reads by the rubric: unsure of loops, sure of all else."""
    question = body["messages"][0]["content"][0]["text"]
    criteria = [
        {
            "slug": slug,
            "evidence": [{"line": 1, "text": "def total(prices):"}],
            "level": 2,
            "confidence": 0.2 if slug == "shape" and "while prices" in question else 0.9,
        }
        for slug in ("names", "shape")
    ]
    return Reply(json.dumps({"criteria": criteria}))


class Classroom:
    """Others in a course, beside who uses the browser."""

    def __init__(self, database: Database, lab: Lab) -> None:
        self._open = database
        self._access = Access(database, open_enrollment=True)
        self._lab = lab

    def learner(self, name: str, course: str = COURSE) -> UUID:
        """Enrol somebody; returns their key."""
        person, _ = self._access.recognise(Identity("local", name.lower(), name))
        with self._open() as uow:
            uow.people.enroll(person.id, course, Role.LEARNER)
            uow.consents.add(
                person.id, course, Consent(given=True, version=TEXT_VERSION, at=uow.now())
            )
        return person.id

    def submit(self, name: str, source: str) -> UUID:
        """Have somebody hand in an answer, and wait until the tests have run; returns its key."""
        learner = self.learner(name)
        with self._open() as uow:
            revision = uow.courses.latest_revision(COURSE, EXERCISE)
        (cell,) = revision.content.answer_cells
        answer = Answer((CellSource(cell.id, source),))
        request = Request(learner, COURSE, EXERCISE, f"a-key-of-{name}")
        submission = SubmissionService(self._open, self._access).submit(request, answer, None)
        self._lab.wait(lambda: self._graded(submission.id), "a grade")
        return submission.id

    def _graded(self, submission_id: UUID) -> bool:
        with self._open() as uow:
            return uow.submissions.submission(submission_id).status.value in ("graded", "failed")

    def spend(
        self, learner: UUID, exercise: str, cost: str, *, failed: bool = False, days_ago: int = 0
    ) -> None:
        """Write a call into the ledger of the sample course."""
        outcome = CallOutcome.FAILED if failed else CallOutcome.COMPLETED
        with self._open() as uow:
            call = ModelCall(
                purpose=Purpose.HINT,
                endpoint="direct",
                model="claude-haiku-5-5",
                request_id="",
                usage=TokenUsage(input=100, cache_write_5m=200, cache_read=300, output=40),
                tier=Tier.STANDARD,
                outcome=outcome,
                seconds=0.5,
            )
            price, at = Decimal(cost), uow.now() - timedelta(days=days_ago)
            uow.ledger.add(
                UsageRecord(uuid7(), call, learner, SAMPLE, exercise, "test-1", price, at)
            )

    def talk(self, learner: UUID, exercise: str, question: str, reply: str) -> None:
        """Have somebody and the tutor talk about an exercise of the sample course."""
        with self._open() as uow:
            for speaker, text in ((Speaker.LEARNER, question), (Speaker.TUTOR, reply)):
                level = HintLevel.NUDGE
                record(uow, learner, SAMPLE, exercise, speaker, text, "en", hint_level=level)


@contextmanager
def classroom(lab: Lab) -> Iterator[Classroom]:
    """Open the lab's database beside its server."""
    with Database(lab.tutor("db", "url").strip()) as database:
        yield Classroom(database, lab)
