"""Reviews: what an instructor decides of an answer by a rubric, and the draft they may begin from.

    waiting -> reading -> drafted -> released -> released (overridden, with reasons)
       ^__________|  (a reading came to nothing: the reason stays)

A model only drafts. What counts is what an instructor releases, which they may from any state: a
model keeps nobody waiting. Of an audited review the draft is shown to nobody before an instructor
has decided without it; how often both agree tells what drafts are worth.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from jupyter_tutor.domain.criterion_grades import CriterionGrade, grades_of, points_of
from jupyter_tutor.domain.errors import Conflict, InvalidInput
from jupyter_tutor.domain.rubric_readings import DraftGrade
from jupyter_tutor.domain.rubrics import Rubric

LONGEST_COMMENT: Final = 2_000


class ReviewStatus(StrEnum):
    """Where a review stands."""

    WAITING = "waiting"
    READING = "reading"
    DRAFTED = "drafted"
    RELEASED = "released"


class NoDraft(StrEnum):
    """Why no draft is shown."""

    NO_MODEL = "no_model"
    NO_CONSENT = "no_consent"
    NO_CLOUD = "no_cloud"
    SWITCHED_OFF = "switched_off"
    BUDGET = "budget"
    TOO_LONG = "too_long"
    UNREADABLE = "unreadable"
    FAILED = "failed"
    AUDITED = "audited"


class ReadingMode(StrEnum):
    """When answers are read: at once, or within a day at half the price."""

    NOW = "now"
    BATCH = "batch"


@dataclass(frozen=True, slots=True)
class Provenance:
    """What made a draft.

    Attributes:
        endpoint: Name of the endpoint in the configuration.
        model: The model that was asked.
        prompt_hash: SHA-256 (hex) of all prompts that were sent.
        rubric_version: Content hash of the revision whose rubric was read by.
    """

    endpoint: str
    model: str
    prompt_hash: str
    rubric_version: str


@dataclass(frozen=True, slots=True)
class Agreement:
    """How often a draft that nobody saw and an instructor came to the same level.

    Attributes:
        agreed: Criteria with the same level.
        of: Criteria that the draft had a level for.
    """

    agreed: int = 0
    of: int = 0

    @property
    def share(self) -> float | None:
        """The share that agreed, 0 to 1, or None where there was nothing to compare."""
        return self.agreed / self.of if self.of else None

    def __add__(self, other: "Agreement") -> "Agreement":
        """Return both together."""
        return Agreement(self.agreed + other.agreed, self.of + other.of)


@dataclass(frozen=True, slots=True)
class Review:
    """The review of a submission.

    Attributes:
        submission_id: Of what.
        status: Where it stands.
        no_draft: Why there is no draft, or None.
        reading_id: The reading that is under way or made the draft, or None.
        batch_id: The batch it is in, or None.
        read_source: The answer as it was sent: what evidence is quoted from.
        draft: What the readings came to, or None.
        made_by: What made it, or None.
        audited: Whether the draft is kept from who decides; drawn once, at the first reading.
        releases: How often it was released.
        points: What was released last is worth, or None before a release.
        agreement: Of an audited one, once it was decided.
    """

    submission_id: UUID
    status: ReviewStatus = ReviewStatus.WAITING
    no_draft: NoDraft | None = None
    reading_id: UUID | None = None
    batch_id: UUID | None = None
    read_source: str = ""
    draft: DraftGrade | None = None
    made_by: Provenance | None = None
    audited: bool = False
    releases: int = 0
    points: float | None = None
    agreement: Agreement | None = None

    @property
    def hides_draft(self) -> bool:
        """Whether there is a draft that must not be shown yet."""
        return self.audited and self.draft is not None and not self.releases

    @property
    def shown_draft(self) -> DraftGrade | None:
        """The draft as far as it may be shown."""
        return None if self.hides_draft else self.draft

    @property
    def shown_reading(self) -> UUID | None:
        """The reading that made the draft which may be shown, or None where there is none."""
        return None if self.shown_draft is None else self.reading_id

    @property
    def told_no_draft(self) -> NoDraft | None:
        """Why no draft is shown."""
        return NoDraft.AUDITED if self.hides_draft else self.no_draft

    @property
    def undoubted(self) -> bool:
        """Whether the draft may be released as it is: whole, and nobody is to decide without it."""
        return (
            self.status is ReviewStatus.DRAFTED
            and not self.audited
            and self.draft is not None
            and not self.draft.needs_person
        )

    @property
    def may_be_read(self) -> bool:
        """Whether a reading may begin."""
        return self.status is ReviewStatus.WAITING

    def begun(
        self, reading_id: UUID, source: str, *, audited: bool, batch_id: UUID | None = None
    ) -> "Review":
        """Return it with a reading under way.

        Args:
            reading_id: Key of the reading.
            source: The answer as it is sent.
            audited: Whether it is drawn to be audited; the first reading decides, for good.
            batch_id: The batch, or None where it is read at once.

        Raises:
            Conflict: It is read, drafted or released already.
        """
        if not self.may_be_read:
            raise Conflict("This answer is being read, or was already. Reload the queue.")
        return replace(
            self,
            status=ReviewStatus.READING,
            no_draft=None,
            reading_id=reading_id,
            batch_id=batch_id,
            read_source=source,
            draft=None,
            made_by=None,
            # What is read has a text: to draw at each further reading would audit ever more.
            audited=self.audited if self.read_source else audited,
        )

    def not_begun(self, why: NoDraft) -> "Review":
        """Return it with the reason why no reading begins; one that has a draft keeps it."""
        return replace(self, no_draft=why) if self.may_be_read else self

    def drafted(self, reading_id: UUID, draft: DraftGrade, made_by: Provenance) -> "Review | None":
        """Return it with its draft, or None where nobody waits for that any more."""
        if not self._awaits(reading_id):
            return None
        return replace(self, status=ReviewStatus.DRAFTED, draft=draft, made_by=made_by)

    def failed(self, reading_id: UUID, why: NoDraft) -> "Review | None":
        """Return it waiting for a person, or None where nobody waits for a draft any more."""
        if not self._awaits(reading_id):
            return None
        return replace(
            self, status=ReviewStatus.WAITING, no_draft=why, batch_id=None, reading_id=None
        )

    def given_up(self, why: NoDraft) -> "Review":
        """Return it waiting for a person, whichever reading is under way; else as it is."""
        failed = None if self.reading_id is None else self.failed(self.reading_id, why)
        return failed or self

    def released(self, grades: tuple[CriterionGrade, ...]) -> "Review":
        """Return it released with what an instructor decided."""
        agreement = self.agreement
        if self.hides_draft and self.draft is not None:
            agreement = agreement_of(self.draft, grades)
        return replace(
            self,
            status=ReviewStatus.RELEASED,
            releases=self.releases + 1,
            points=points_of(grades),
            agreement=agreement,
        )

    def _awaits(self, reading_id: UUID) -> bool:
        return self.status is ReviewStatus.READING and self.reading_id == reading_id


@dataclass(frozen=True, slots=True)
class Decision:
    """What an instructor decided.

    Attributes:
        levels: Per slug of a criterion.
        reasons: Why a level is not what was drafted or released before; per slug.
        comments: For the learner; per slug.
        comment: On the whole, for the learner.
    """

    levels: Mapping[str, int]
    reasons: Mapping[str, str] = field(default_factory=dict)
    comments: Mapping[str, str] = field(default_factory=dict)
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Release:
    """What was released, by whom and when; `by` is None once they were erased."""

    grades: tuple[CriterionGrade, ...]
    comment: str
    by: str | None
    at: datetime


def agreement_of(draft: DraftGrade, grades: tuple[CriterionGrade, ...]) -> Agreement:
    """Return how far a draft and a decision agree, by the criteria that the draft decided."""
    decided = {one.slug: one.level for one in grades}
    both = [
        (one.level, decided[one.slug])
        for one in draft.criteria
        if one.level is not None and one.slug in decided
    ]
    return Agreement(sum(drafted == level for drafted, level in both), len(both))


def decide(
    rubric: Rubric,
    decision: Decision,
    draft: DraftGrade | None,
    earlier: tuple[CriterionGrade, ...],
) -> tuple[CriterionGrade, ...]:
    """Return what a decision comes to.

    Args:
        rubric: What is judged by.
        decision: What was decided.
        draft: What was shown to who decided, or None.
        earlier: What was released last; empty before the first release.

    Raises:
        InvalidInput: A criterion has no level, or none of its own; one is unknown; a level that
            differs from what was drafted or released has no reason. Names the criterion.
    """
    known = {one.slug: one for one in rubric.criteria}
    for given in (decision.levels, decision.reasons, decision.comments):
        for slug in given:
            if slug not in known:
                raise _refusal(slug, f"The rubric has no criterion {slug!r}. Reload the review.")
    before = {one.slug: one.level for one in earlier}
    if not earlier and draft is not None:
        before = {one.slug: one.level for one in draft.criteria if one.level is not None}
    for slug, criterion in known.items():
        level = decision.levels.get(slug)
        if level is None:
            raise _refusal(slug, f"Choose a level for every criterion: {slug!r} has none.")
        if not 0 <= level < len(criterion.levels):
            raise _refusal(slug, f"The levels of {slug!r} go from 0 to {len(criterion.levels) - 1}")
        differs = slug in before and before[slug] != level
        if differs and not decision.reasons.get(slug, "").strip():
            what = "was released" if earlier else "was drafted"
            raise _refusal(slug, f"Say why the level of {slug!r} is not the one that {what}.")
    return grades_of(rubric, decision.levels, decision.comments, decision.reasons)


def _refusal(slug: str, message: str) -> InvalidInput:
    return InvalidInput(message, details={"criterion": slug})
