"""Personal data as documents: what a person takes along, as JSON types.

A person takes along what they may see here. So of secret tests only the outcome is told, as in the
results of a run; of a review what was released, not a draft; and of an event what was done, not who
else did it. Times are UTC in ISO 8601, money is text of a decimal number in US dollars, keys are
UUIDs, and rungs of the hint ladder are numbers from 0 to 5.
"""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from decimal import Decimal
from enum import Enum
from uuid import UUID

from jupyter_tutor.domain.criterion_grades import CriterionGrade
from jupyter_tutor.domain.evaluations import Evaluation, Evaluator, TestResult, Verdict
from jupyter_tutor.domain.exercises import Revision
from jupyter_tutor.domain.languages import in_language
from jupyter_tutor.domain.memory import LearnerMemory
from jupyter_tutor.domain.observations import RaisedError
from jupyter_tutor.domain.personal_data import GivenHint, PersonalRecords
from jupyter_tutor.domain.rubrics import Rubric
from jupyter_tutor.domain.shown_verdicts import shown_verdict
from jupyter_tutor.domain.submissions import Answer, Attempt, GradingStatus, Submission

Json = dict[str, object]

_REVIEWED = (GradingStatus.GRADED, GradingStatus.NEEDS_REVIEW)


def plain(value: object) -> object:
    """Return a domain value as JSON types; the fields of a dataclass under their own names."""
    if is_dataclass(value) and not isinstance(value, type):
        return {each.name: plain(getattr(value, each.name)) for each in fields(value)}
    match value:
        case Enum():
            return value.value
        case datetime():
            return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
        case UUID() | Decimal():
            return str(value)
        case Mapping():
            return {str(plain(key)): plain(each) for key, each in value.items()}
        case tuple() | list():
            return [plain(each) for each in value]
        case frozenset():
            return sorted((plain(each) for each in value), key=str)
        case _:
            return value


def person(of: PersonalRecords) -> Json:
    """Return who somebody is here: name, accounts, profile."""
    return {
        "id": str(of.person.id),
        "name": of.person.display_name,
        "known_since": plain(of.person.created_at),
        "accounts": plain(of.accounts),
        "profile": plain(of.profile),
    }


def attempt(of: Attempt, revision: Revision, language: str) -> Json:
    """Return a run of the tests."""
    return {
        "id": str(of.id),
        **_place(revision),
        "asked_at": plain(of.created_at),
        "finished_at": plain(of.finished_at),
        "status": of.status.value,
        "answer": plain(of.answer),
        "same_as_before": of.source is not None,
        "results": _verdict(of.verdict, revision, of.answer, language),
    }


def submission(of: Submission, revision: Revision, language: str) -> Json:
    """Return what was handed in and what came of it; drafts of a review are not the learner's."""
    points = revision.content.points
    return {
        "id": str(of.id),
        **_place(revision),
        "number": of.number,
        "handed_in_at": plain(of.submitted_at),
        "status": of.status.value,
        "answer": plain(of.answer),
        "score": of.score,
        "points": of.earned(points),
        "points_possible": points,
        "points_lost_to_hints": of.points_lost,
        "evaluations": [
            _evaluation(each, revision, of.answer, language)
            for each in of.evaluations
            if each.evaluator is not Evaluator.MODEL
        ],
        "review": _review(of, revision),
    }


def _place(revision: Revision) -> Json:
    return {
        "course": revision.course_slug,
        "exercise": revision.content.slug,
        "revision": revision.number,
    }


def _review(of: Submission, revision: Revision) -> Json | None:
    rubric = revision.content.rubric
    if rubric is None or (of.released is None and of.status not in _REVIEWED):
        return None
    return {
        "state": "waiting" if of.released is None else "released",
        "points": of.rubric_points,
        "points_possible": rubric.points,
    }


def _evaluation(of: Evaluation, revision: Revision, answer: Answer, language: str) -> Json:
    rubric = revision.content.rubric
    return {
        "id": str(of.id),
        "by": of.evaluator.value,
        "at": plain(of.created_at),
        "score": of.score,
        "feedback": of.feedback,
        "same_as_before": of.source is not None,
        "results": _verdict(of.verdict, revision, answer, language),
        "criteria": [_criterion(each, rubric, language) for each in of.criteria],
    }


def _criterion(of: CriterionGrade, rubric: Rubric | None, language: str) -> Json:
    """Return a grade by a criterion; reasons and evidence are between instructors."""
    known = {each.slug: each for each in rubric.criteria} if rubric else {}
    criterion = known.get(of.slug)
    levels = criterion.levels if criterion else ()
    level = levels[of.level] if of.level < len(levels) else None
    return {
        "criterion": of.slug,
        "title": in_language(criterion.title, language) if criterion else "",
        "level": of.level,
        "description": in_language(level.description, language) if level else "",
        "points": of.points,
        "comment": of.comment,
    }


def _verdict(of: Verdict | None, revision: Revision, answer: Answer, language: str) -> Json | None:
    if of is None:
        return None
    shown = shown_verdict(of, revision, answer, language)
    return {
        "score": shown.counted.score,
        "passed": shown.counted.passed,
        "cells": [_result(each) for each in shown.shown.cells],
        "tests": [_result(each) for each in shown.shown.results],
    }


def _result(of: TestResult) -> Json:
    names = (each.name for each in fields(of) if each.name != "error")
    told: Json = {name: plain(getattr(of, name)) for name in names}
    return {**told, "error": _error(of.error)}


def _error(of: RaisedError | None) -> Json | None:
    if of is None:
        return None
    return {"type": of.type, "message": of.message, "frames": plain(of.frames)}


def hint(of: GivenHint, revision: Revision) -> Json:
    """Return a hint, and what its learner said to it."""
    given = of.hint
    return {
        "id": str(given.id),
        **_place(revision),
        "level": given.level.value,
        "source": given.source.value,
        "text": given.text,
        "language": given.language,
        "given_at": plain(given.created_at),
        "points_paid": given.cost,
        "opinion": _said(of.feedback),
        "explanation": _said(of.explanation),
    }


def _said(of: object) -> Json | None:
    if of is None:
        return None
    said = plain(of)
    assert isinstance(said, dict)
    return {name: value for name, value in said.items() if name != "hint_id"}


def conversations(of: PersonalRecords) -> list[Json]:
    """Return what somebody and the tutor said."""
    return [
        {
            "course": each.course,
            "exercise": each.exercise,
            "messages": [
                {
                    "by": message.speaker.value,
                    "at": plain(message.created_at),
                    "text": message.text,
                    "language": message.language,
                }
                for message in each.messages
            ],
        }
        for each in of.conversations
    ]


def consents(of: PersonalRecords) -> list[Json]:
    """Return what somebody said of language models."""
    return [
        {
            "course": each.course,
            "given": each.consent.given,
            "text_version": each.consent.version,
            "at": plain(each.consent.at),
        }
        for each in of.consents
    ]


def memory(of: LearnerMemory, course: str) -> Json:
    """Return what the tutor knows of a learner in a course: all of it, as it is stored."""
    known = plain(of)
    assert isinstance(known, dict)
    return {"course": course, **known}


def calls(of: PersonalRecords) -> list[Json]:
    """Return the calls of a language model for somebody."""
    return [
        {
            "id": str(each.id),
            "course": each.course_slug,
            "exercise": each.exercise_slug or None,
            "at": plain(each.created_at),
            **{
                name: plain(getattr(each.call, name))
                for name in ("purpose", "endpoint", "model", "request_id", "tier", "outcome")
            },
            "tokens": plain(each.call.usage),
            "seconds": each.call.seconds,
            "cost": str(each.cost),
            "prices": each.price_version,
        }
        for each in of.calls
    ]


def records(of: PersonalRecords) -> Json:
    """Return what is kept beside the rest."""
    return {
        "events": plain(of.events),
        "writes": plain(of.keys),
        "kept_replies": plain(of.replies),
        "told_lines": plain(of.told),
        "set_aside": plain(of.held),
    }


def teaching(of: PersonalRecords) -> Json:
    """Return what somebody did as an instructor, beside the events."""
    return {"reading_batches": plain(of.batches), "released_grades": plain(of.released)}
