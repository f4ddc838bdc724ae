"""Readings of an answer by a rubric, and the draft of a grade that several of them agree on.

A reading is a guess of a model. It counts where it quotes what it is about, where readings that
saw the criteria in other orders say the same, and where a reading of the answer without its
comments and strings says so too: an answer may try to talk to who reads it. All else is for a
person to decide, and the draft says why.
"""

import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from typing import Final
from uuid import UUID

from jupyter_tutor.domain.blanking import with_plain_breaks
from jupyter_tutor.domain.rubrics import Criterion, Rubric

SAMPLES: Final = 3
SUREST: Final = 0.7
"""The least confidence with which a reading counts. Agreement of samples tells more than what a
model says of itself, so this only sorts out those that doubt themselves."""

AUDITED: Final = 0.1
_SHORTEST_QUOTE: Final = 6
_SHUFFLES: Final = 50


@dataclass(frozen=True, slots=True)
class Evidence:
    """A quotation: on which line it begins, counted from 1, and what stands there."""

    line: int
    text: str


@dataclass(frozen=True, slots=True)
class CriterionReading:
    """What a reading says by one criterion.

    Attributes:
        level: The level, counted from 0.
        evidence: What it rests on.
        confidence: 0 to 1, by its own account.
    """

    level: int
    evidence: tuple[Evidence, ...]
    confidence: float


@dataclass(frozen=True, slots=True)
class Sample:
    """One reading of an answer: per slug of a criterion what it says."""

    readings: Mapping[str, CriterionReading]


class Doubt(StrEnum):
    """Why a person has to decide."""

    FEW_SAMPLES = "few_samples"
    NOT_READ = "not_read"
    NO_SUCH_LEVEL = "no_such_level"
    NO_EVIDENCE = "no_evidence"
    FALSE_EVIDENCE = "false_evidence"
    DISAGREEMENT = "disagreement"
    UNSURE = "unsure"
    NOT_BLANKED = "not_blanked"
    POSSIBLE_INJECTION = "possible_injection"


@dataclass(frozen=True, slots=True)
class CriterionDraft:
    """What the readings came to by one criterion.

    Attributes:
        slug: The criterion.
        level: The level all agree on, or None where a person has to decide.
        doubts: Why a person has to; empty where there is a level.
        evidence: What the readings quoted and stands there, without repetitions, in order.
    """

    slug: str
    level: int | None
    doubts: tuple[Doubt, ...]
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class DraftGrade:
    """A grade as proposed to an instructor, criterion by criterion, in the rubric's order."""

    criteria: tuple[CriterionDraft, ...]

    @property
    def needs_person(self) -> bool:
        """Whether a person has to decide at least one criterion."""
        return any(one.level is None for one in self.criteria)


def criteria_orders(rubric: Rubric, seed: str, samples: int = SAMPLES) -> list[tuple[str, ...]]:
    """Return the order of criteria for each sample: shuffled, and the same for the same seed.

    Orders differ from one another as long as there are enough of them.
    """
    slugs = [one.slug for one in rubric.criteria]
    orders: list[tuple[str, ...]] = []
    for number in range(samples):
        order: tuple[str, ...] = ()
        for shuffle in range(_SHUFFLES):
            salt = f"{seed}/{number}/{shuffle}/"
            order = tuple(sorted(slugs, key=lambda slug: sha256((salt + slug).encode()).digest()))
            if order not in orders:
                break
        orders.append(order)
    return orders


def stands_there(evidence: Evidence, source: str) -> bool:
    """Tell whether a quotation stands in a program where it says; only runs of blanks may differ.

    A quotation of less than six letters, such as `def`, says nothing, unless it is its whole line.
    """
    quoted = [" ".join(line.split()) for line in evidence.text.strip().splitlines()]
    lines = with_plain_breaks(source).split("\n")
    if not any(quoted) or not 1 <= evidence.line <= len(lines):
        return False
    begin = evidence.line - 1
    there = [" ".join(line.split()) for line in lines[begin : begin + len(quoted)]]
    wanted, found = "\n".join(quoted), "\n".join(there)
    return wanted in found and (len(wanted) >= _SHORTEST_QUOTE or wanted == found)


def draft_of(
    rubric: Rubric,
    source: str,
    samples: Sequence[Sample],
    blanked: tuple[str, Sample] | None,
    *,
    wanted: int = SAMPLES,
) -> DraftGrade:
    """Propose a grade.

    Args:
        rubric: What is judged by.
        source: The answer as the samples read it.
        samples: The readings of it.
        blanked: The answer without comments and strings, and its reading; None where it could
            not be had: then a person decides everything.
        wanted: How many samples there have to be.
    """
    return DraftGrade(
        tuple(_drafted(one, source, samples, blanked, wanted) for one in rubric.criteria)
    )


def _drafted(
    criterion: Criterion,
    source: str,
    samples: Sequence[Sample],
    blanked: tuple[str, Sample] | None,
    wanted: int,
) -> CriterionDraft:
    found = [one.readings.get(criterion.slug) for one in samples]
    readings = [one for one in found if one is not None]
    doubts = [Doubt.FEW_SAMPLES] if len(samples) < max(wanted, 1) else []
    doubts += [Doubt.NOT_READ] if len(readings) < len(found) else []
    for one in readings:
        doubts += _doubts(one, criterion, source)
    levels = {one.level for one in readings}
    if len(levels) > 1:
        doubts.append(Doubt.DISAGREEMENT)
    again = blanked[1].readings.get(criterion.slug) if blanked else None
    if blanked is None or again is None:
        doubts.append(Doubt.NOT_BLANKED)
    else:
        doubts += [Doubt.POSSIBLE_INJECTION] if levels != {again.level} else []
        # A guess says nothing against an injection either.
        doubts += _doubts(again, criterion, blanked[0])
    evidence = dict.fromkeys(
        each for one in readings for each in one.evidence if stands_there(each, source)
    )
    return CriterionDraft(
        slug=criterion.slug,
        level=None if doubts or not levels else min(levels),
        doubts=tuple(dict.fromkeys(doubts)),
        evidence=tuple(sorted(evidence, key=lambda each: (each.line, each.text))),
    )


def _doubts(reading: CriterionReading, criterion: Criterion, source: str) -> list[Doubt]:
    doubts = []
    if not 0 <= reading.level < len(criterion.levels):
        doubts.append(Doubt.NO_SUCH_LEVEL)
    # What is not there can't be quoted, so the lowest level needs no evidence.
    if not reading.evidence and reading.level > 0:
        doubts.append(Doubt.NO_EVIDENCE)
    if not all(stands_there(each, source) for each in reading.evidence):
        doubts.append(Doubt.FALSE_EVIDENCE)
    # Written so that what is no number at all is not sure either.
    if not reading.confidence >= SUREST:
        doubts.append(Doubt.UNSURE)
    return doubts


def is_audited(submission_id: UUID, secret: bytes, share: float = AUDITED) -> bool:
    """Tell whether a person grades a submission without seeing its draft, to check the drafts.

    The same submission always is or is not, and without the secret nobody can tell which.

    Args:
        submission_id: The submission.
        secret: Of the course.
        share: How many of all, 0 to 1.

    Raises:
        ValueError: The secret is empty: anybody could tell.
    """
    if not secret:
        raise ValueError("a sample nobody can foresee needs a secret")
    drawn = int.from_bytes(hmac.digest(secret, submission_id.bytes, sha256)[:8])
    return drawn < share * 2**64
