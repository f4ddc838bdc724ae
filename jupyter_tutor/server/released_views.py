"""Views of what instructors released by a rubric, as learners see it. See `views`."""

from collections.abc import Sequence

from jupyter_tutor.domain.criterion_grades import CriterionGrade
from jupyter_tutor.domain.exercises import Revision
from jupyter_tutor.domain.languages import in_language
from jupyter_tutor.domain.phrases import say
from jupyter_tutor.domain.rubrics import Rubric
from jupyter_tutor.domain.submissions import GradingStatus, Submission
from jupyter_tutor.server import review_schemas as wire

_READ = (GradingStatus.GRADED, GradingStatus.NEEDS_REVIEW)


def submission_review(
    of: Submission, revision: Revision, language: str
) -> wire.SubmissionReviewView | None:
    """Show where the review of a submission stands, or nothing where there will be none."""
    rubric, released = revision.content.rubric, of.released
    if rubric is None or (released is None and of.status not in _READ):
        return None
    message = say("rubric.waiting" if released is None else "rubric.released", language)
    return wire.SubmissionReviewView(
        released=released is not None,
        message=message,
        points_earned=None if of.rubric_points is None else round(of.rubric_points, 4),
        points_possible=rubric.points,
        comment=released.feedback if released else "",
        criteria=criterion_grades(released.criteria if released else (), rubric, language),
        released_at=released.created_at if released else None,
    )


def criterion_grades(
    grades: Sequence[CriterionGrade], rubric: Rubric | None, language: str
) -> list[wire.CriterionGradeView]:
    """Show what was decided by each criterion of a rubric."""
    known = {one.slug: one for one in rubric.criteria} if rubric else {}
    return [
        wire.CriterionGradeView(
            slug=grade.slug,
            title=in_language(known[grade.slug].title, language),
            level=grade.level,
            levels=len(known[grade.slug].levels),
            description=in_language(known[grade.slug].levels[grade.level].description, language),
            points=grade.points,
            points_possible=known[grade.slug].levels[-1].points,
            comment=grade.comment,
        )
        for grade in grades
        if grade.slug in known
    ]
