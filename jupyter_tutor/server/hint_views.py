"""Views of hints and their ladder. See `views`."""

from jupyter_tutor.domain.exercises import HintLevel
from jupyter_tutor.domain.hints import Hint, Offer
from jupyter_tutor.server import schemas as wire
from jupyter_tutor.services.tutoring import HelpGiven

_LEVEL_NAMES = {
    HintLevel.RESULT: "result",
    HintLevel.NUDGE: "nudge",
    HintLevel.CONCEPT: "concept",
    HintLevel.POINTER: "pointer",
    HintLevel.STEPS: "steps",
    HintLevel.BOTTOM_OUT: "bottom-out",
}


def hint(of: Hint) -> wire.HintView:
    """Show a hint."""
    return wire.HintView(
        id=of.id,
        level=int(of.level),
        level_name=_LEVEL_NAMES[of.level],  # type: ignore[arg-type]  # the wire's literals
        source=of.source,
        text=of.text,
        language=of.language,
        created_at=of.created_at,
    )


def ladder(of: HelpGiven) -> wire.LadderView:
    """Show what the Hint button can do now."""
    if isinstance(of.step, Offer):
        return wire.LadderView(
            next_level=int(of.step.level), reason="", opens_at=None, deepest=int(of.deepest)
        )
    return wire.LadderView(
        next_level=None, reason=of.step.reason, opens_at=of.step.until, deepest=int(of.deepest)
    )


def help_given(of: HelpGiven) -> wire.HintReply:
    """Show the hint given now and all so far."""
    return wire.HintReply(
        hint=hint(of.hint) if of.hint else None,
        hints=[hint(each) for each in of.hints],
        ladder=ladder(of),
    )
