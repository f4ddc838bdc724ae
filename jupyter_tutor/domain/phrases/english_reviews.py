"""What is said of reviews, in English."""

from collections.abc import Mapping
from typing import Final

REVIEWS: Final[Mapping[str, str]] = {
    "rubric.waiting": "An instructor also reads this answer.",
    "rubric.released": "An instructor has read this answer.",
    "rubric.no_model": "No language model is configured, so there is no draft.",
    "rubric.no_consent": "The learner does not let a language model read their work.",
    "rubric.no_cloud": "The course sends nothing outside, and the model is outside.",
    "rubric.switched_off": "The model is switched off for this learner or exercise.",
    "rubric.budget": "The budget of the course has no room for it this month.",
    "rubric.too_long": "The answer is too long to be read whole.",
    "rubric.unreadable": (
        "The answer is no Python that could be read without its comments and strings."
    ),
    "rubric.failed": "The model gave no reading that could be used.",
    "rubric.audited": (
        "This draft is audited: you see it once you have decided without it, "
        "and then how far you agree."
    ),
    "rubric.batch_planned": "The batch is about to be handed in.",
    "rubric.batch_running": "The batch is being read; that takes up to a day.",
    "rubric.batch_collected": "The batch was read.",
    "rubric.batch_refused": "The endpoint did not take the batch.",
    "rubric.batch_lost": (
        "The tutor stopped while it handed this batch in. Whether the endpoint took it, and "
        "charges for it, can't be known; it is not handed in again by itself."
    ),
}
