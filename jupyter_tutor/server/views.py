"""Views: domain values as wire types, in one language and as one learner may see them."""

import math
from collections.abc import Sequence
from dataclasses import asdict

from jupyter_tutor.domain.disclosure import SecretResults
from jupyter_tutor.domain.evaluations import (
    Evaluation,
    Evaluator,
    Outcome,
    TestResult,
    Verdict,
    for_learner,
)
from jupyter_tutor.domain.exercises import (
    Question,
    Revision,
    TestCase,
    Visibility,
)
from jupyter_tutor.domain.explain import explain_error
from jupyter_tutor.domain.languages import in_language
from jupyter_tutor.domain.memory import Mastery
from jupyter_tutor.domain.observations import CellSource, RaisedError
from jupyter_tutor.domain.people import Person, Profile
from jupyter_tutor.domain.phrases import say
from jupyter_tutor.domain.shown_verdicts import ShownVerdict, shown_verdict
from jupyter_tutor.domain.submissions import Answer, Attempt, GradingStatus, Submission, used
from jupyter_tutor.domain.telling import summarise
from jupyter_tutor.server import schemas as wire
from jupyter_tutor.server.hint_views import hints, ladder
from jupyter_tutor.server.released_views import criterion_grades, submission_review
from jupyter_tutor.services.progress import CourseProgress, ExerciseProgress
from jupyter_tutor.services.read_models import CourseCard, ExerciseOutline, ExerciseStanding, Place
from jupyter_tutor.services.tutoring import HelpGiven

_MESSAGES = {
    GradingStatus.QUEUED: "status.queued",
    GradingStatus.RUNNING: "status.running",
    GradingStatus.FAILED: "status.failed",
    GradingStatus.NEEDS_REVIEW: "status.needs_review",
}


def me(person: Person, profile: Profile) -> wire.MeReply:
    """Show a person to themselves."""
    body = wire.ProfileBody(
        **{
            **asdict(profile),
            "goals": list(profile.goals),
            "interests": list(profile.interests),
            "preferences": dict(profile.preferences),
        }
    )
    return wire.MeReply(id=person.id, display_name=person.display_name, profile=body)


def course_list(cards: Sequence[CourseCard], language: str) -> wire.CourseListReply:
    """Show the courses."""
    return wire.CourseListReply(
        courses=[
            wire.CourseSummary(
                slug=card.slug,
                title=in_language(card.title, language),
                languages=list(card.languages),
                role=card.role,
                exercises=card.exercises,
                passed=card.passed,
            )
            for card in cards
        ]
    )


def course(progress: CourseProgress, language: str) -> wire.CourseReply:
    """Show a course: path, outline, what comes next."""
    earned, possible = _points(progress)
    exercises = [exercise for lesson in progress.lessons for exercise in lesson.exercises]
    upcoming = None
    if progress.next is not None:
        upcoming = next(
            wire.NextExercise(
                exercise=exercise.slug,
                lesson=lesson.slug,
                title=in_language(exercise.title, language),
                reason=progress.next.reason,
            )
            for lesson in progress.lessons
            for exercise in lesson.exercises
            if exercise.slug == progress.next.slug
        )
    return wire.CourseReply(
        slug=progress.course.slug,
        title=in_language(progress.course.title, language),
        language=language,
        languages=list(progress.course.languages),
        role=progress.enrollment.role,
        topics=_topics(progress, language),
        lessons=[
            wire.LessonSummary(
                slug=lesson.slug,
                title=in_language(lesson.title, language),
                exercises=[
                    _outline(exercise, progress.standings.get(exercise.slug), language)
                    for exercise in lesson.exercises
                ],
            )
            for lesson in progress.lessons
        ],
        next=upcoming,
        points_earned=earned,
        points_possible=possible,
        exercises=len(exercises),
        passed=sum(_passed(progress, exercise) for exercise in exercises),
    )


def progress(of: CourseProgress, language: str) -> wire.ProgressReply:
    """Show what the tutor knows of a learner."""
    earned, possible = _points(of)
    spread = of.memory.ability_var**0.5
    return wire.ProgressReply(
        course=of.course.slug,
        ability=of.memory.ability,
        ability_low=of.memory.ability - spread,
        ability_high=of.memory.ability + spread,
        episodes=of.memory.n,
        points_earned=earned,
        points_possible=possible,
        topics=_topics(of, language),
    )


def exercise(of: ExerciseProgress, help_: HelpGiven, language: str) -> wire.ExerciseReply:
    """Show everything the card of an exercise needs."""
    content = of.revision.content
    text = content.text(language)
    scores = [submission.score for submission in of.submissions if submission.score is not None]
    visible = [test for test in content.tests if test.visibility is Visibility.PUBLIC]
    last_attempt = of.last_attempt
    last_submission = of.submissions[-1] if of.submissions else None
    return wire.ExerciseReply(
        slug=content.slug,
        course=of.revision.course_slug,
        lesson=of.revision.lesson_slug,
        title=text.title,
        prompt=text.prompt,
        language=language,
        kind=content.kind,
        topic=content.topic,
        difficulty=content.difficulty,
        points=content.points,
        public_tests=len(visible),
        secret_tests=len(content.tests) - len(visible),
        revision=content.content_hash,
        revision_number=of.revision.number,
        answer_cells=[cell.id for cell in content.answer_cells],
        starters=[wire.CellBody(id=cell.id, source=cell.starter) for cell in content.answer_cells],
        questions=questions(content.tests, language),
        due_at=content.due_at,
        closed=of.closed.told(language) if of.closed else "",
        attempts=of.attempts,
        submissions=used(of.submissions),
        max_submissions=content.max_submissions,
        best_score=max(scores, default=None),
        passed=any(score == 1.0 for score in scores),
        last_attempt=(
            attempt(last_attempt, of.answered[last_attempt.revision_id], language)
            if last_attempt
            else None
        ),
        last_submission=(
            submission(last_submission, of.answered[last_submission.revision_id], language)
            if last_submission
            else None
        ),
        hints=hints(help_),
        ladder=ladder(help_, language),
    )


def questions(tests: Sequence[TestCase], language: str) -> list[wire.QuestionView]:
    """Show quiz questions without their answers."""
    return [
        wire.QuestionView(
            id=test.spec.id,
            type=test.spec.type,
            text=in_language(test.spec.text, language),
            points=test.points,
            choices=[
                wire.ChoiceView(id=choice.id, text=in_language(choice.text, language))
                for choice in test.spec.choices
            ],
        )
        for test in tests
        if isinstance(test.spec, Question)
    ]


def answer(body: wire.AnswerBody) -> Answer:
    """Return what the learner wrote as a domain value."""
    return Answer(
        cells=tuple(CellSource(cell.id, cell.source) for cell in body.cells),
        responses=dict(body.responses),
    )


def attempt(
    of: Attempt, revision: Revision, language: str, place: Place | None = None
) -> wire.AttemptReply:
    """Show a run of the tests, and its place in the queue while it has one."""
    return wire.AttemptReply(
        id=of.id,
        exercise=revision.content.slug,
        status=of.status,
        position=place.ahead if place else None,
        estimate_seconds=place.seconds if place else None,
        reused=of.source is not None,
        verdict=seen(of.verdict, revision, of.answer, language),
        message=_message(of.status, language, place),
        created_at=of.created_at,
        finished_at=of.finished_at,
    )


def submission(
    of: Submission, revision: Revision, language: str, place: Place | None = None
) -> wire.SubmissionReply:
    """Show a submission with its evaluations, and its place in the queue while it has one."""
    points = revision.content.points
    return wire.SubmissionReply(
        id=of.id,
        exercise=revision.content.slug,
        number=of.number,
        status=of.status,
        position=place.ahead if place else None,
        estimate_seconds=place.seconds if place else None,
        score=of.score,
        points_earned=None if (earned := of.earned(points)) is None else round(earned, 4),
        points_lost=of.points_lost,
        points_possible=points,
        cells=[wire.CellBody(id=cell.id, source=cell.source) for cell in of.answer.cells],
        responses=dict(of.answer.responses),
        evaluations=[
            _evaluation(each, revision, of.answer, language)
            for each in of.evaluations
            if not each.criteria
        ],
        review=submission_review(of, revision, language),
        message=_message(of.status, language, place),
        submitted_at=of.submitted_at,
    )


def verdict(
    of: Verdict,
    language: str,
    answer_cells: Sequence[CellSource],
    *,
    quiz: bool = False,
    told: SecretResults = SecretResults.EACH,
) -> wire.VerdictView:
    """Show a verdict as the learner may see it; that of a quiz speaks of answers, not of tests."""
    shown = ShownVerdict(for_learner(of, language), for_learner(of, language, told), quiz)
    return _shown(shown, language, answer_cells)


def _shown(of: ShownVerdict, language: str, answer_cells: Sequence[CellSource]) -> wire.VerdictView:
    stopped = bool(of.shown.cells)
    return wire.VerdictView(
        score=of.counted.score,
        passed=of.counted.passed,
        passed_tests=sum(result.outcome is Outcome.PASSED for result in of.counted.results),
        total_tests=len(of.counted.results),
        summary=summarise(of.counted, language, quiz=of.quiz),
        cells=[_result(result, answer_cells, language) for result in of.shown.cells],
        results=[
            _result(result, answer_cells, language, stopped=stopped) for result in of.shown.results
        ],
    )


def _message(status: GradingStatus, language: str, place: Place | None) -> str:
    if place is not None and place.ahead:
        if place.seconds is None:
            return say("status.ahead_only", language, count=place.ahead)
        seconds = max(math.ceil(place.seconds), 1)
        return say("status.ahead", language, count=place.ahead, seconds=seconds)
    return say(_MESSAGES[status], language) if status in _MESSAGES else ""


def evaluations(of: Submission, revision: Revision, language: str) -> wire.EvaluationListReply:
    """Show the evaluations of a submission, oldest first; no draft of a model is among them."""
    return wire.EvaluationListReply(
        evaluations=[
            _evaluation(each, revision, of.answer, language)
            for each in of.evaluations
            if each.evaluator is not Evaluator.MODEL
        ]
    )


def _evaluation(
    of: Evaluation, revision: Revision, answer: Answer, language: str
) -> wire.EvaluationView:
    return wire.EvaluationView(
        id=of.id,
        evaluator=of.evaluator,
        score=of.score,
        verdict=seen(of.verdict, revision, answer, language),
        criteria=criterion_grades(of.criteria, revision.content.rubric, language),
        reused=of.source is not None,
        feedback=of.feedback,
        created_at=of.created_at,
    )


def seen(
    of: Verdict | None, revision: Revision, answer: Answer, language: str
) -> wire.VerdictView | None:
    """Show a verdict in the language asked for, whichever it was stored in."""
    if of is None:
        return None
    return _shown(shown_verdict(of, revision, answer, language), language, answer.cells)


def _result(
    of: TestResult, cells: Sequence[CellSource], language: str, *, stopped: bool = False
) -> wire.TestResultView:
    """Show a result; `stopped`: an answer cell did not run to its end, and names lack for it."""
    fields = {
        name: getattr(of, name)
        for name in wire.TestResultView.model_fields
        if name not in ("error",)
    }
    error = _error(of.error, cells, language) if of.error else None
    if error is not None and stopped and error.type == "NameError":
        error = error.model_copy(update={"explanation": ""})  # the message says why
    return wire.TestResultView(**fields, error=error)


def _error(of: RaisedError, cells: Sequence[CellSource], language: str) -> wire.ErrorView:
    return wire.ErrorView(
        type=of.type,
        message=of.message,
        explanation=explain_error(of, language, cells),
        frames=[
            wire.FrameView(
                cell=frame.cell, line=frame.line, function=frame.function, source=frame.source
            )
            for frame in of.frames
        ],
        caret=of.caret,
    )


def _outline(
    of: ExerciseOutline, standing: ExerciseStanding | None, language: str
) -> wire.ExerciseSummary:
    return wire.ExerciseSummary(
        slug=of.slug,
        title=in_language(of.title, language),
        kind=of.kind,
        topic=of.topic,
        difficulty=of.difficulty,
        points=of.points,
        due_at=of.due_at,
        attempts=standing.attempts if standing else 0,
        submissions=standing.submissions if standing else 0,
        best_score=standing.best_score if standing else None,
        passed=bool(standing and standing.passed),
    )


def _passed(of: CourseProgress, exercise: ExerciseOutline) -> bool:
    standing = of.standings.get(exercise.slug)
    return bool(standing and standing.passed)


def _points(of: CourseProgress) -> tuple[float, float]:
    earned = possible = 0.0
    for each in (exercise for lesson in of.lessons for exercise in lesson.exercises):
        standing = of.standings.get(each.slug)
        earned += (standing.best_points if standing else None) or 0.0
        possible += each.points + (each.rubric_points if standing and standing.reviewed else 0.0)
    return round(earned, 4), possible


def _topics(of: CourseProgress, language: str) -> list[wire.TopicStanding]:
    mastery: dict[str, Mastery] = {each.topic: each for each in of.mastery}
    exercises = [exercise for lesson in of.lessons for exercise in lesson.exercises]
    return [
        wire.TopicStanding(
            slug=topic.slug,
            title=in_language(topic.title, language),
            description=in_language(topic.description, language),
            requires=list(topic.requires),
            estimate=mastery[topic.slug].estimate,
            low=mastery[topic.slug].low,
            high=mastery[topic.slug].high,
            label=mastery[topic.slug].label,
            episodes=mastery[topic.slug].n,
            unlocked=mastery[topic.slug].unlocked,
            reason=mastery[topic.slug].reason,
            exercises=sum(each.topic == topic.slug for each in exercises),
            passed=sum(each.topic == topic.slug and _passed(of, each) for each in exercises),
        )
        for topic in of.course.topics
    ]
