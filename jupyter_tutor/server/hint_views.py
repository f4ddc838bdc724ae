"""Views of hints, their ladder, what is said to them and settings of help. See `views`."""

from collections.abc import Sequence

from jupyter_tutor.domain.exercises import HintLevel
from jupyter_tutor.domain.hint_feedback import HintFeedback, SelfExplanation
from jupyter_tutor.domain.hint_settings import HintSettings
from jupyter_tutor.domain.hints import Hint, Offer
from jupyter_tutor.domain.phrases import number, say
from jupyter_tutor.server import help_schemas as help_wire
from jupyter_tutor.server import schemas as wire
from jupyter_tutor.server.bodies import HintCosts
from jupyter_tutor.services.ladders import LessonLink, Twin
from jupyter_tutor.services.read_models import FeedbackCount, StoredSettings
from jupyter_tutor.services.tutoring import HelpGiven

_LEVEL_NAMES = {
    HintLevel.RESULT: "result",
    HintLevel.NUDGE: "nudge",
    HintLevel.CONCEPT: "concept",
    HintLevel.POINTER: "pointer",
    HintLevel.STEPS: "steps",
    HintLevel.BOTTOM_OUT: "bottom-out",
}


def hint(
    of: Hint, said: HintFeedback | None = None, explained: SelfExplanation | None = None
) -> wire.HintView:
    """Show a hint, and what its learner said to it."""
    return wire.HintView(
        id=of.id,
        level=int(of.level),
        level_name=_LEVEL_NAMES[of.level],  # type: ignore[arg-type]  # the wire's literals
        source=of.source,
        text=of.text,
        language=of.language,
        created_at=of.created_at,
        cost=of.cost,
        feedback=feedback(said) if said else None,
        explanation=explanation(explained) if explained else None,
    )


def hints(of: HelpGiven) -> list[wire.HintView]:
    """Show all hints so far, oldest first."""
    return [_hint(each, of) for each in of.hints]


def _hint(each: Hint, of: HelpGiven) -> wire.HintView:
    return hint(each, of.feedback.get(each.id), of.explanations.get(each.id))


def feedback(of: HintFeedback) -> wire.FeedbackView:
    """Show what a learner thinks of a hint."""
    return wire.FeedbackView(mark=of.mark, text=of.text, at=of.at)


def explanation(of: SelfExplanation) -> wire.ExplanationReply:
    """Show why the code of a bottom-out works, in the learner's words."""
    return wire.ExplanationReply(hint=of.hint_id, text=of.text, at=of.at)


def ladder(of: HelpGiven, language: str) -> wire.LadderView:
    """Show what the Hint button can do now."""
    offer = of.step if isinstance(of.step, Offer) else None
    wait = None if isinstance(of.step, Offer) else of.step
    price = ""
    if offer is not None and offer.cost:
        price = say("ladder.price", language, points=number(offer.cost, language))
    return wire.LadderView(
        next_level=int(offer.level) if offer else None,
        reason=wait.reason if wait else price,
        opens_at=wait.until if wait else None,
        deepest=int(of.deepest),
        waits_for=wait.waits_for if wait else None,
        cost=offer.cost if offer else 0.0,
        hints_left=of.hints_left,
        exam=of.rules.exam,
        to_explain=of.to_explain.id if of.to_explain else None,
        explain=say("ladder.explain", language) if of.to_explain else "",
        twin=_twin(of.twin, language) if of.twin else None,
        lesson=_lesson(of.lesson) if of.lesson else None,
    )


def _lesson(of: LessonLink) -> wire.LessonLinkView:
    return wire.LessonLinkView(lesson=of.lesson, exercise=of.exercise, title=of.title)


def _twin(of: Twin, language: str) -> wire.TwinView:
    message = say("ladder.twin", language, title=of.title)
    return wire.TwinView(exercise=of.slug, title=of.title, message=message)


def help_given(of: HelpGiven, language: str) -> wire.HintReply:
    """Show the hint given now and all so far."""
    return wire.HintReply(
        hint=_hint(of.hint, of) if of.hint else None,
        hints=hints(of),
        ladder=ladder(of, language),
        note=of.note,
    )


def feedback_counts(of: Sequence[FeedbackCount]) -> help_wire.FeedbackCountsReply:
    """Show what learners think of the hints of a course."""
    return help_wire.FeedbackCountsReply(
        exercises=[
            help_wire.FeedbackCountView(
                exercise=each.exercise,
                hints=each.hints,
                helpful=each.helpful,
                not_helpful=each.not_helpful,
                wrong=each.wrong,
            )
            for each in of
        ]
    )


def to_settings(body: wire.HintSettingsBody) -> HintSettings:
    """Return settings as a domain value."""
    costs = None
    if body.costs is not None:
        named = body.costs.model_dump(exclude_none=True)
        costs = {HintLevel[name.upper()]: float(points) for name, points in named.items()}
    return HintSettings(
        deepest=None if body.deepest is None else HintLevel(body.deepest),
        costs=costs,
        **body.model_dump(exclude={"deepest", "costs"}),
    )


def settings(of: Sequence[StoredSettings]) -> help_wire.HintSettingsReply:
    """Show all that is said in a course."""
    return help_wire.HintSettingsReply(
        settings=[
            help_wire.StoredSettingsView(
                settings=_settings(each.settings),
                exercise=each.exercise,
                learner=each.learner_id,
                learner_name=each.learner,
                updated_at=each.updated_at,
            )
            for each in of
        ]
    )


def _settings(of: HintSettings) -> wire.HintSettingsBody:
    costs = None
    if of.costs is not None:
        costs = HintCosts(**{level.name.lower(): cost for level, cost in of.costs.items()})
    return wire.HintSettingsBody(
        deepest=None if of.deepest is None else int(of.deepest),
        exam=of.exam,
        most_hints=of.most_hints,
        costs=costs,
        model=of.model,
        chat=of.chat,
        cloud=of.cloud,
        conversations_visible=of.conversations_visible,
    )
