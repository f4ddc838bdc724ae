"""The routes of help: hints, what is said to them, settings."""

from typing import Final

from jupyter_tutor.server import help_schemas as help_wire
from jupyter_tutor.server import schemas as wire
from jupyter_tutor.server.operations import KEY, LANGUAGE, Operation

HELP_OPERATIONS: Final[tuple[Operation, ...]] = (
    Operation(
        "post_hint",
        "POST",
        "/courses/{course}/exercises/{exercise}/hints",
        "Ask for the next hint",
        wire.HintReply,
        wire.HintBody,
        parameters=(KEY,),
    ),
    Operation(
        "get_hints",
        "GET",
        "/courses/{course}/exercises/{exercise}/hints",
        "Hints so far and what the next request would give",
        wire.HintReply,
        parameters=(LANGUAGE,),
    ),
    Operation(
        "put_feedback",
        "PUT",
        "/hints/{id}/feedback",
        "Say what the caller thinks of a hint",
        wire.FeedbackView,
        wire.FeedbackBody,
        parameters=(KEY,),
    ),
    Operation(
        "put_explanation",
        "PUT",
        "/hints/{id}/explanation",
        "Say why the code of a bottom-out works",
        wire.ExplanationReply,
        wire.ExplanationBody,
        parameters=(KEY,),
    ),
    Operation(
        "get_feedback_counts",
        "GET",
        "/courses/{course}/hint-feedback",
        "What learners think of the hints, per exercise",
        help_wire.FeedbackCountsReply,
        staff=True,
    ),
    Operation(
        "get_hint_settings",
        "GET",
        "/courses/{course}/hint-settings",
        "Settings of help of the course, its exercises and learners",
        help_wire.HintSettingsReply,
        staff=True,
    ),
    Operation(
        "put_course_hint_settings",
        "PUT",
        "/courses/{course}/hint-settings",
        "Replace the settings of help of the course",
        help_wire.HintSettingsReply,
        wire.HintSettingsBody,
        parameters=(KEY,),
        staff=True,
    ),
    Operation(
        "put_exercise_hint_settings",
        "PUT",
        "/courses/{course}/exercises/{exercise}/hint-settings",
        "Replace the settings of help of an exercise",
        help_wire.HintSettingsReply,
        wire.HintSettingsBody,
        parameters=(KEY,),
        staff=True,
    ),
    Operation(
        "put_learner_hint_settings",
        "PUT",
        "/courses/{course}/learners/{learner}/hint-settings",
        "Replace the settings of help of a learner",
        help_wire.HintSettingsReply,
        wire.HintSettingsBody,
        parameters=(KEY,),
        staff=True,
    ),
)
