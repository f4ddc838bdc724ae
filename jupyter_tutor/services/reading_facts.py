"""What a model is told when it reads an answer, who lets it, and what its readings come to."""

from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from decimal import Decimal
from hashlib import sha256
from typing import Final
from uuid import UUID

from jupyter_tutor.domain.blanking import blank_out
from jupyter_tutor.domain.exercises import ExerciseContent, Revision
from jupyter_tutor.domain.hint_settings import SettingsChain, rules_for
from jupyter_tutor.domain.model_access import Denied, may_use_model
from jupyter_tutor.domain.model_calls import Purpose, Tier, TokenUsage
from jupyter_tutor.domain.pricing import cost
from jupyter_tutor.domain.quotas import Quota
from jupyter_tutor.domain.reviews import NoDraft, Provenance, Review
from jupyter_tutor.domain.rubric_readings import (
    SAMPLES,
    DraftGrade,
    Sample,
    criteria_orders,
    draft_of,
)
from jupyter_tutor.domain.rubrics import Anchor, Criterion, RubricLevel
from jupyter_tutor.domain.submissions import Answer
from jupyter_tutor.services.model_ports import ExerciseFacts
from jupyter_tutor.services.ports import UnitOfWork
from jupyter_tutor.services.review_ports import Reader
from jupyter_tutor.services.rubric_ports import MOST_CODE, RubricFacts
from jupyter_tutor.services.tutor_facts import exercise_facts

BLANKED: Final = "blanked"
READINGS: Final = (*(f"sample{number}" for number in range(1, SAMPLES + 1)), BLANKED)
"""The readings of one answer, by name."""

_POLICY_TOKENS: Final = 3_000
"""What is asked of every reading: the policy, the schema, and what stands around."""

_BYTES_PER_TOKEN: Final = 2
"""Fewer than any text of a course has: what it may cost is reckoned with it, never what it did."""

_DENIED: Final = {
    "switched_off": NoDraft.SWITCHED_OFF,
    "cloud": NoDraft.NO_CLOUD,
    "refused": NoDraft.NO_CONSENT,
    "not_asked": NoDraft.NO_CONSENT,
}


def source_of(answer: Answer) -> str:
    """Return an answer as one text; its lines count through all of it, from 1."""
    return "\n".join(cell.source for cell in answer.cells)


def unreadable(source: str) -> NoDraft | None:
    """Return why an answer, as it would be sent, can't be read; None where it can."""
    if len(source) > MOST_CODE:
        return NoDraft.TOO_LONG
    blanked = blank_out(source)
    if blanked is None or not source.strip():
        return NoDraft.UNREADABLE
    return None


def refused(
    uow: UnitOfWork, reader: Reader, learner_id: UUID, revision: Revision
) -> NoDraft | None:
    """Return why a model may not read an answer of a learner; None where it may.

    What a learner gets of help in an exam does not matter here: a reading is for the instructor.
    """
    chain = uow.hint_settings.chain(revision.course_slug, revision.exercise_id, learner_id)
    # By its fields, so that a scope that is added holds for readings as well.
    said = SettingsChain(
        **{each.name: replace(getattr(chain, each.name), exam=None) for each in fields(chain)}
    )
    consent = uow.consents.latest(learner_id, revision.course_slug)
    access = may_use_model(
        rules_for(revision.content, said), consent, reader.is_cloud, Quota(), Purpose.RUBRIC
    )
    return _DENIED[access.code] if isinstance(access, Denied) else None


def readings_of(revision: Revision, review: Review, user_tag: str) -> Mapping[str, RubricFacts]:
    """Return what is asked to read an answer, by name of the reading: always the same.

    Args:
        revision: What was answered; it has a rubric.
        review: The review, with what is sent of the answer.
        user_tag: An opaque name of the learner.

    Raises:
        ValueError: There is no rubric, or the answer can't be read.
    """
    content, source = revision.content, review.read_source
    blanked = blank_out(source)
    if content.rubric is None or blanked is None:
        raise ValueError("nothing to read, or nothing to read it by")
    language = next(iter(content.texts))
    known = {one.slug: one for one in content.rubric.criteria}
    # One more than there are samples: the last is for the reading without comments and strings.
    orders = criteria_orders(content.rubric, str(review.reading_id), len(READINGS))
    return {
        name: RubricFacts(
            exercise=exercise_facts(content, language, {}),
            criteria=tuple(known[slug] for slug in order),
            code=blanked if name == BLANKED else source,
            language=language,
            user_tag=user_tag,
        )
        for name, order in zip(READINGS, orders, strict=True)
    }


def made_by(reader: Reader, revision: Revision, readings: Mapping[str, RubricFacts]) -> Provenance:
    """Return what makes a draft of these readings."""
    prompts = "\n".join(reader.digest(readings[name]) for name in READINGS)
    return Provenance(
        endpoint=reader.endpoint,
        model=reader.model,
        prompt_hash=sha256(prompts.encode()).hexdigest(),
        rubric_version=revision.content.content_hash,
    )


def draft_from(
    revision: Revision, source: str, said: Mapping[str, Sample | None]
) -> DraftGrade | None:
    """Return the draft that readings come to, or None where there is not one of the answer.

    Args:
        revision: What was answered.
        source: The answer as it was read.
        said: By name what each reading said; None where it came to nothing.
    """
    rubric, blanked = revision.content.rubric, blank_out(source)
    samples = [one for name in READINGS if name != BLANKED and (one := said.get(name)) is not None]
    if rubric is None or not samples:
        return None
    again = said.get(BLANKED)
    return draft_of(
        rubric, source, samples, (blanked, again) if again and blanked is not None else None
    )


def most_cost(reader: Reader, content: ExerciseContent, source: str, tier: Tier) -> Decimal:
    """Return what all readings of an answer may cost at most, in US dollars."""
    texts = [each.prompt + each.title for each in content.texts.values()]
    letters = [source, *texts, repr(content.rubric), repr(content.tests)]
    size = sum(len(each.encode("utf-8", "replace")) for each in letters)
    asked = TokenUsage(
        cache_write_1h=_POLICY_TOKENS + size // _BYTES_PER_TOKEN, output=reader.most_tokens
    )
    return cost(asked, reader.price, tier) * len(READINGS)


def unknown_facts() -> RubricFacts:
    """Return what stands for a request whose learner has left: only what it cost is of use."""
    level = RubricLevel(0.0, {})
    nothing = Criterion("-", {}, {}, (level, level), Anchor(0, "", {}))
    return RubricFacts(ExerciseFacts("", "", (), {}), (nothing,), "", "en", "")


def in_order(submission_ids: Sequence[UUID]) -> list[UUID]:
    """Return keys of submissions in the order in which their reviews are locked."""
    return sorted(submission_ids)
