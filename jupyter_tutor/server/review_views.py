"""Views of reviews, for instructors. See `views`."""

from collections import Counter
from collections.abc import Sequence

from jupyter_tutor.domain.criterion_grades import points_of
from jupyter_tutor.domain.exercises import Revision
from jupyter_tutor.domain.languages import in_language
from jupyter_tutor.domain.phrases import say
from jupyter_tutor.domain.reading_batches import BatchState, ReadingBatch
from jupyter_tutor.domain.reviews import Agreement, NoDraft, Review, ReviewStatus
from jupyter_tutor.domain.rubrics import Criterion
from jupyter_tutor.server import review_schemas as wire
from jupyter_tutor.server.bodies import CellBody
from jupyter_tutor.server.views import seen
from jupyter_tutor.services.assessing import Begun
from jupyter_tutor.services.review_ports import QueueEntry
from jupyter_tutor.services.reviewing import OpenReview, ReviewQueue

_TOLD = {
    BatchState.PLANNED: "rubric.batch_planned",
    BatchState.HANDING_IN: "rubric.batch_planned",
    BatchState.RUNNING: "rubric.batch_running",
    BatchState.COLLECTED: "rubric.batch_collected",
    BatchState.LOST: "rubric.batch_lost",
    BatchState.REFUSED: "rubric.batch_refused",
}


def queue(
    of: ReviewQueue,
    language: str,
    *,
    exercise: str = "",
    status: ReviewStatus | None = None,
    model: str = "",
    batches: bool = False,
) -> wire.ReviewsReply:
    """Show the queue, or that part of it which is asked for."""
    return wire.ReviewsReply(
        reviews=[
            summary(each, of.revisions[each.revision_id], language)
            for each in of.entries
            if exercise in ("", each.exercise) and status in (None, each.review.status)
        ],
        exercises=[_exercise(each, of.entries, language) for each in of.exercises],
        open_batches=[_batch(each, language) for each in of.batches],
        agreement=_agreement(of.agreement),
        model=model,
        batches=batches,
    )


def summary(of: QueueEntry, revision: Revision, language: str) -> wire.ReviewSummary:
    """Show a review in the queue."""
    review, draft = of.review, of.review.shown_draft
    return wire.ReviewSummary(
        id=review.submission_id,
        learner=of.learner_id,
        learner_name=of.learner,
        exercise=of.exercise,
        exercise_title=revision.content.text(language).title,
        number=of.number,
        submitted_at=of.submitted_at,
        grading=of.grading,
        score=of.score,
        status=review.status,
        no_draft=review.told_no_draft,
        no_draft_told=_told(review.told_no_draft, language),
        doubts=None if draft is None else sum(one.level is None for one in draft.criteria),
        audited=review.audited and review.draft is not None,
        undoubted=review.undoubted,
        batch=review.batch_id is not None,
        releases=review.releases,
        released_at=of.released_at,
    )


def review(of: OpenReview, language: str) -> wire.ReviewReply:
    """Show one review with all there is to decide by."""
    content, submission, found = of.revision.content, of.submission, of.entry.review
    rubric, tested = content.rubric, of.submission.graded
    agreement = found.agreement
    return wire.ReviewReply(
        review=summary(of.entry, of.revision, language),
        kind=content.kind,
        prompt=content.text(language).prompt,
        cells=[CellBody(id=cell.id, source=cell.source) for cell in submission.answer.cells],
        responses=dict(submission.answer.responses),
        verdict=seen(tested.verdict, of.revision, submission.answer, language) if tested else None,
        rubric=[_criterion(one, language) for one in rubric.criteria] if rubric else [],
        rubric_points=rubric.points if rubric else 0.0,
        draft=_draft(found),
        releases=_releases(of),
        agreement=None if agreement is None else _agreement(agreement),
        newer=of.entry.newer,
    )


def begun(of: Begun, language: str) -> wire.ReadingsReply:
    """Show what was begun."""
    return wire.ReadingsReply(
        mode=of.mode,
        begun=of.begun,
        already=of.already,
        not_begun=[
            wire.NotBegunView(why=why, told=_told(why, language), answers=count)
            for why, count in of.not_begun.items()
        ],
        most_cost=f"{of.most_cost.normalize():f}",
    )


def _told(why: NoDraft | None, language: str) -> str:
    return "" if why is None else say(f"rubric.{why.value}", language)


def _exercise(
    of: Revision, entries: Sequence[QueueEntry], language: str
) -> wire.ReviewExerciseView:
    slug = of.content.slug
    reviews = [each.review for each in entries if each.exercise == slug]
    counts = Counter(each.status for each in reviews)
    return wire.ReviewExerciseView(
        slug=slug,
        title=of.content.text(language).title,
        waiting=counts[ReviewStatus.WAITING],
        reading=counts[ReviewStatus.READING],
        drafted=counts[ReviewStatus.DRAFTED],
        undoubted=[each.submission_id for each in reviews if each.undoubted],
        released=counts[ReviewStatus.RELEASED],
    )


def _batch(of: ReadingBatch, language: str) -> wire.BatchView:
    return wire.BatchView(
        id=of.id,
        exercise=of.exercise,
        state=of.state.value,
        answers=len(of.submissions),
        most_cost=f"{of.most_cost.normalize():f}",
        begun_at=of.created_at,
        told=say(_TOLD[of.state], language),
    )


def _agreement(of: Agreement) -> wire.AgreementView:
    return wire.AgreementView(agreed=of.agreed, of=of.of, share=of.share)


def _criterion(of: Criterion, language: str) -> wire.CriterionView:
    return wire.CriterionView(
        slug=of.slug,
        title=in_language(of.title, language),
        question=in_language(of.question, language),
        levels=[
            wire.LevelView(
                points=level.points, description=in_language(level.description, language)
            )
            for level in of.levels
        ],
        anchor=wire.AnchorView(
            level=of.anchor.level,
            example=of.anchor.example,
            reason=in_language(of.anchor.reason, language),
        ),
    )


def _draft(of: Review) -> wire.DraftView | None:
    draft, made_by, reading = of.shown_draft, of.made_by, of.shown_reading
    if draft is None or made_by is None or reading is None:
        return None
    return wire.DraftView(
        reading=reading,
        criteria=[
            wire.CriterionDraftView(
                slug=one.slug,
                level=one.level,
                doubts=list(one.doubts),
                evidence=[wire.EvidenceView(line=e.line, text=e.text) for e in one.evidence],
            )
            for one in draft.criteria
        ],
        read_source=of.read_source,
        by=wire.ProvenanceView(
            endpoint=made_by.endpoint,
            model=made_by.model,
            prompt_hash=made_by.prompt_hash,
            rubric_version=made_by.rubric_version,
        ),
    )


def _releases(of: OpenReview) -> list[wire.ReleaseView]:
    return [
        wire.ReleaseView(
            criteria=[
                wire.CriterionDecisionView(
                    slug=one.slug,
                    level=one.level,
                    points=one.points,
                    comment=one.comment,
                    reason=one.reason,
                )
                for one in each.criteria
            ],
            comment=each.feedback,
            points=points_of(each.criteria),
            by=of.released_by.get(each.id, ""),
            at=each.created_at,
        )
        for each in of.submission.releases
    ]
