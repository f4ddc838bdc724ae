"""The routes of reviews: for instructors, beside what learners see of their submissions."""

from typing import Final

from jupyter_tutor.server import review_schemas as review_wire
from jupyter_tutor.server import schemas as wire
from jupyter_tutor.server.operations import KEY, LANGUAGE, Operation, Parameter

REVIEW_OPERATIONS: Final[tuple[Operation, ...]] = (
    Operation(
        "get_reviews",
        "GET",
        "/courses/{course}/reviews",
        "The review queue: latest answers to exercises with a rubric",
        review_wire.ReviewsReply,
        parameters=(
            Parameter("exercise", "query", "string", "Slug of an exercise; default: all."),
            Parameter("status", "query", "string", "waiting, reading, drafted or released."),
            LANGUAGE,
        ),
        staff=True,
    ),
    Operation(
        "get_review",
        "GET",
        "/courses/{course}/reviews/{id}",
        "The review of a submission",
        review_wire.ReviewReply,
        parameters=(LANGUAGE,),
        staff=True,
    ),
    Operation(
        "post_release",
        "POST",
        "/courses/{course}/reviews/{id}/release",
        "Release what the caller decided of a submission",
        review_wire.ReviewReply,
        wire.ReleaseBody,
        parameters=(KEY, LANGUAGE),
        staff=True,
    ),
    Operation(
        "post_readings",
        "POST",
        "/courses/{course}/exercises/{exercise}/readings",
        "Have the waiting answers to an exercise read by a language model",
        review_wire.ReadingsReply,
        wire.ReadingsBody,
        parameters=(KEY, LANGUAGE),
        staff=True,
    ),
    Operation(
        "post_releases",
        "POST",
        "/courses/{course}/exercises/{exercise}/releases",
        "Release those of some drafts of an exercise that nothing is in doubt about",
        review_wire.ReleasedReply,
        wire.ReleasesBody,
        parameters=(KEY,),
        staff=True,
    ),
    Operation(
        "post_collection",
        "POST",
        "/courses/{course}/readings/collection",
        "Ask now for what batches have brought",
        review_wire.CollectedReply,
        wire.NothingBody,
        parameters=(KEY,),
        staff=True,
    ),
)
