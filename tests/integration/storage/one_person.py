"""A person with a row in every table that is theirs, and the catalogue's word on which these are.

Every text of theirs begins with a word that stands nowhere else, and says which column it is in.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import psycopg

from jupyter_tutor.domain.consents import Consent
from jupyter_tutor.domain.conversations import Message, Speaker
from jupyter_tutor.domain.criterion_grades import CriterionGrade
from jupyter_tutor.domain.evaluations import Evaluation, Evaluator, Outcome, TestResult, Verdict
from jupyter_tutor.domain.exercises import HintLevel, Revision, Visibility
from jupyter_tutor.domain.hint_feedback import FeedbackMark, HintFeedback, SelfExplanation
from jupyter_tutor.domain.hint_settings import HintSettings
from jupyter_tutor.domain.hints import Hint, HintSource
from jupyter_tutor.domain.memory import Episode, LearnerMemory, TopicState
from jupyter_tutor.domain.model_calls import (
    CallOutcome,
    ModelCall,
    Purpose,
    Tier,
    TokenUsage,
    UsageRecord,
)
from jupyter_tutor.domain.observations import CellSource, Frame, RaisedError
from jupyter_tutor.domain.people import Identity, LearningStyle, Profile, Role, SkillLevel
from jupyter_tutor.domain.personal_documents import plain
from jupyter_tutor.domain.reading_batches import BatchState, ReadingBatch
from jupyter_tutor.domain.reviews import Provenance, Review, ReviewStatus
from jupyter_tutor.domain.rubric_readings import CriterionDraft, Doubt, DraftGrade, Evidence
from jupyter_tutor.domain.submissions import Answer, GradingStatus
from jupyter_tutor.services.identifiers import uuid7
from jupyter_tutor.services.ports import UnitOfWork
from jupyter_tutor.storage.connections import conninfo
from jupyter_tutor.storage.database import Database
from tests.contract import samples
from tests.contract.samples import COURSE
from tests.review_desk import RUBRIC

SEALED = "sealed"
"""What a learner must never be told stands in texts with this word."""

_FOREIGN_KEYS = """
SELECT conrelid::regclass::text, confrelid::regclass::text, confdeltype::text,
    ARRAY(SELECT attname::text FROM unnest(conkey) WITH ORDINALITY AS k(n, i)
        JOIN pg_attribute ON attrelid = conrelid AND attnum = n ORDER BY i),
    ARRAY(SELECT attname::text FROM unnest(confkey) WITH ORDINALITY AS k(n, i)
        JOIN pg_attribute ON attrelid = confrelid AND attnum = n ORDER BY i)
FROM pg_constraint WHERE contype = 'f' AND connamespace = 'public'::regnamespace
"""


@dataclass(frozen=True)
class ForeignKey:
    """A foreign key of the catalogue; `deletes`: what refers goes with what is referred to."""

    table: str
    target: str
    deletes: bool
    columns: tuple[str, ...]
    target_columns: tuple[str, ...]


def foreign_keys(database: Database) -> list[ForeignKey]:
    """Return every foreign key there is."""
    with psycopg.connect(conninfo(database.url)) as connection:
        rows = connection.execute(_FOREIGN_KEYS).fetchall()
    return [ForeignKey(a, b, c == "c", tuple(d), tuple(e)) for a, b, c, d, e in rows]


def tables_of_people(keys: list[ForeignKey]) -> set[str]:
    """Return the tables from which any path of foreign keys leads to people."""
    found = {"people"}
    while more := {key.table for key in keys if key.target in found} - found:
        found |= more
    return found


def conditions(keys: list[ForeignKey]) -> Mapping[str, str]:
    """Return per table which rows are a person's (`%(person)s`), as SQL.

    Those that would be deleted with the person, and those that refer to the person directly.
    """
    found = {"people": "people.id = %(person)s"}
    direct = [key for key in keys if key.target == "people"]
    while True:
        steps = [key for key in keys if key.deletes and key.target in found]
        parts: dict[str, list[str]] = {"people": [found["people"]]}
        for key in [*direct, *(step for step in steps if step.target != "people")]:
            columns = ", ".join(f"{key.table}.{each}" for each in key.columns)
            targets = ", ".join(f"{key.target}.{each}" for each in key.target_columns)
            parts.setdefault(key.table, []).append(
                f"({columns}) IN (SELECT {targets} FROM {key.target} WHERE {found[key.target]})"
            )
        now = {table: " OR ".join(sorted(set(each))) for table, each in parts.items()}
        if now == found:
            return found
        found = now


Row = Mapping[str, object]


def rows_of(database: Database, person: UUID) -> Mapping[str, list[Row]]:
    """Return a person's rows in every table that has some."""
    found: dict[str, list[Row]] = {}
    with psycopg.connect(conninfo(database.url)) as connection:
        for table, condition in conditions(foreign_keys(database)).items():
            cursor = connection.execute(
                f"SELECT * FROM {table} WHERE {condition} ORDER BY 1, 2".encode(),
                {"person": person},
            )
            names = [each.name for each in cursor.description or ()]
            rows: list[Row] = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
            if rows:
                found[table] = rows
    return found


def texts_of(value: object) -> Iterator[str]:
    """Return what of a value has to be found again in documents; keys are nested there instead."""
    match value:
        case None | bool() | int() | float() | UUID() | memoryview() | bytes():
            return
        case Mapping():
            for key, each in value.items():
                yield str(key)
                yield from texts_of(each)
        case list() | tuple():
            for each in value:
                yield from texts_of(each)
        case datetime():
            yield str(plain(value))
        case Decimal():
            yield str(value)
        case _:
            yield json.dumps(str(value), ensure_ascii=False)[1:-1]


def publish(uow: UnitOfWork) -> Revision:
    """Publish an exercise with a rubric."""
    uow.courses.save(samples.course())
    content = replace(samples.exercise(), rubric=RUBRIC, due_at=None)
    uow.courses.publish_lesson(COURSE, samples.lesson(exercises=(content,)), 0)
    return uow.courses.latest_revision(COURSE, content.slug)


class Planting:
    """Plants a row in every table that is somebody's; times are theirs alone."""

    def __init__(self, uow: UnitOfWork, word: str, revision: Revision, day: int) -> None:
        self._uow = uow
        self.word = word
        self._revision = revision
        self._at = datetime(2031, 1, day, 1, 0, 0, 17, tzinfo=UTC)
        identity = Identity(self._text("provider"), self._text("subject"), self._text("name"))
        self.person = uow.people.identify(identity)
        self.key = self.person.id

    def _text(self, what: str) -> str:
        return f"{self.word}-{what}"

    def _time(self) -> datetime:
        self._at += timedelta(minutes=1, seconds=1)
        return self._at

    def as_learner(self) -> None:
        """Plant what a learner has."""
        self._uow.people.enroll(self.key, COURSE, Role.LEARNER)
        self._say_of_oneself()
        self._work()
        self._be_helped()
        self._talk()
        self._spend()
        self._be_remembered()
        self._uow.idempotency.claim(self.key, self._text("key"), self._text("operation"), "d")
        for actor in (self.key, None):
            about = f"person:{self.key}"
            self._uow.audit.add(actor, self._text("action"), about, self._text("details"))
        # What somebody did is noted in our words, and stays under no name.
        self._uow.audit.add(self.key, "consent.given", f"course:{COURSE}", "text 1")

    def as_instructor(self, of: UUID, evaluation: UUID) -> None:
        """Plant what an instructor of somebody has who has handed in."""
        self._uow.people.enroll(self.key, COURSE, Role.INSTRUCTOR)
        self._uow.reviews.note_release(evaluation, self.key)
        batch = ReadingBatch(
            uuid7(),
            COURSE,
            "collatz",
            BatchState.RUNNING,
            "home",
            "m",
            (of,),
            Decimal(1),
            self.key,
            self._time(),
            name="batch-1",
        )
        self._uow.reviews.add_batch(batch)
        details = f"what {of} handed in"
        self._uow.audit.add(self.key, self._text("looked"), f"person:{of}", details)

    def _say_of_oneself(self) -> None:
        self._uow.people.save_profile(
            self.key,
            Profile(
                language="bn",
                skill_level=SkillLevel.ADVANCED,
                learning_style=LearningStyle.READING,
                goals=(self._text("goal"),),
                interests=(self._text("interest"),),
                hours_per_week=2.5,
                time_zone=self._text("zone"),
                preferences={self._text("preference"): self._text("preferred")},
            ),
        )
        for given in (True, False):
            said = Consent(given=given, version=1, at=self._time())
            self._uow.consents.add(self.key, COURSE, said)

    def _answer(self, of: str) -> Answer:
        cells = (CellSource("answer", f"# {self._text(of)}\nx = '\"'"),)
        return Answer(cells, {self._text(f"{of}-question"): self._text(f"{of}-response")})

    def _verdict(self, of: str) -> Verdict:
        def result(name: str, word: str, visibility: Visibility) -> TestResult:
            error = RaisedError(
                self._text(f"{word}-type"),
                self._text(f"{word}-said"),
                ("Exception",),
                (Frame("answer", 2, self._text(f"{word}-function"), self._text(f"{word}-line")),),
            )
            return TestResult(
                name,
                visibility,
                Outcome.ERROR,
                2.0,
                0.0,
                called=self._text(f"{word}-called"),
                expected=self._text(f"{word}-expected"),
                got=self._text(f"{word}-got"),
                difference=self._text(f"{word}-difference"),
                error=error,
                stdout=self._text(f"{word}-printed"),
                seconds=0.25,
                memory_mb=8.5,
            )

        # As the exercise has them: told anew, they are told by name.
        tests = (
            result("seven", of, Visibility.PUBLIC),
            result("refuses zero", f"{of}-{SEALED}", Visibility.SECRET),
        )
        return Verdict(tests, (result("answer", f"{of}-cell", Visibility.PUBLIC),), 0.25)

    def _work(self) -> None:
        submissions, revision = self._uow.submissions, self._revision.id
        self.attempt = submissions.add_attempt(self.key, revision, self._answer("check")).id
        graded, digest = GradingStatus.GRADED, self.key.hex * 2
        verdict = self._verdict("check")
        submissions.settle_attempt(
            self.attempt, graded, verdict, source=uuid7(), answer_digest=digest
        )
        self.submission = submissions.add_submission(self.key, revision, self._answer("handed")).id
        for evaluator, run in zip(Evaluator, ("tests-1", "draft-1", "release-1"), strict=True):
            self.evaluation = uuid7()
            submissions.add_evaluation(self._evaluation(evaluator), run, digest)
        submissions.set_status(self.submission, graded)
        quoted = (Evidence(1, self._text(f"{SEALED}-evidence")),)
        draft = CriterionDraft("names", None, (Doubt.DISAGREEMENT,), quoted)
        made_by = Provenance("home", self._text(f"{SEALED}-model"), "p", "r")
        self._uow.reviews.save(
            Review(
                self.submission,
                ReviewStatus.DRAFTED,
                reading_id=uuid7(),
                read_source=self._text(f"{SEALED}-source"),
                draft=DraftGrade((draft,)),
                made_by=made_by,
            )
        )
        for job, row in (("grade_attempt", self.attempt), ("grade_submission", self.submission)):
            self._uow.jobs.defer(job, subject_id=row, priority=0, at=self._time())

    def _evaluation(self, evaluator: Evaluator) -> Evaluation:
        sealed = f"{SEALED}-" if evaluator is Evaluator.MODEL else ""
        tested = evaluator is Evaluator.TESTS
        evidence = (Evidence(1, self._text(f"{SEALED}-quoted")),)
        grade = CriterionGrade(
            "names",
            1,
            1.5,
            self._text(f"{sealed}criterion"),
            self._text(f"{SEALED}-reason"),
            evidence,
        )
        return Evaluation(
            self.evaluation,
            self.submission,
            evaluator,
            0.25,
            self._verdict("result") if tested else None,
            self._text(f"{sealed}feedback"),
            self._time(),
            source=uuid7() if tested else None,
            criteria=() if tested else (grade,),
        )

    def _be_helped(self) -> None:
        hint = Hint(
            uuid7(),
            self.key,
            self._revision.id,
            HintLevel.BOTTOM_OUT,
            HintSource.MODEL,
            self._text("hint"),
            "bn",
            self._time(),
            1.5,
        )
        self._uow.hints.add(hint)
        said = HintFeedback(hint.id, FeedbackMark.WRONG, self._text("opinion"), self._time())
        self._uow.hints.save_feedback(said)
        explained = SelfExplanation(hint.id, self._text("explanation"), self._time())
        self._uow.hints.save_explanation(explained)
        for exercise in (None, "collatz"):
            self._uow.hint_settings.save(
                COURSE,
                HintSettings(deepest=HintLevel.STEPS, costs={HintLevel.NUDGE: 1.5}),
                exercise=exercise,
                learner_id=self.key,
            )

    def _spend(self) -> None:
        used = TokenUsage(11, 22, 33, 44, 55)
        call = ModelCall(
            Purpose.CHAT,
            "home",
            "m",
            self._text("request"),
            used,
            Tier.BATCH,
            CallOutcome.CUT,
            1.5,
        )
        self.call = uuid7()
        self._uow.ledger.add(
            UsageRecord(
                self.call,
                call,
                self.key,
                COURSE,
                "collatz",
                "v1",
                Decimal("0.123456789012"),
                self._time(),
            )
        )
        later = self._uow.now() + timedelta(hours=self._at.day)
        self._uow.ledger.reserve(self.key, COURSE, Decimal("0.987654321"), later)
        reply = {"text": self._text("reply"), "language": "bn"}
        self._uow.model_replies.keep(COURSE, self.key.hex * 2, self.key, reply, later)

    def _talk(self) -> None:
        for speaker in Speaker:
            said = Message(
                uuid7(),
                speaker,
                self._text(f"{speaker.value}-said"),
                "bn",
                HintLevel.NUDGE,
                self._time(),
                None,
            )
            self._uow.conversations.append(self.key, COURSE, "collatz", said)
        self._uow.conversations.remember_told(self.key, COURSE, "collatz", [self.key.hex * 2])

    def _be_remembered(self) -> None:
        state = TopicState(0.125, 1.25, 3, 2, 1, 1, last_unaided=True, last_at=self._time())
        began = self._time()
        memory = LearnerMemory(
            0.375,
            1.375,
            4,
            {"values": state},
            {"collatz": Episode("collatz", "values", 4, 2, HintLevel.NUDGE, began)},
            {"collatz": self._time()},
            self._time(),
            frozenset({"collatz"}),
        )
        self._uow.memories.save(self.key, COURSE, memory)
