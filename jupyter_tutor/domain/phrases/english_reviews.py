"""What is said of reviews, in English."""

from collections.abc import Mapping
from typing import Final

REVIEWS: Final[Mapping[str, str]] = {
    "review.waiting": "An instructor also reads this answer.",
    "review.released": "An instructor has read this answer.",
    "review.no_model": "No language model is configured, so there is no draft.",
    "review.no_consent": "The learner does not let a language model read their work.",
    "review.no_cloud": "The course sends nothing outside, and the model is outside.",
    "review.switched_off": "The model is switched off for this learner or exercise.",
    "review.budget": "The budget of the course has no room for it this month.",
    "review.too_long": "The answer is too long to be read whole.",
    "review.unreadable": (
        "The answer is no Python that could be read without its comments and strings."
    ),
    "review.failed": "The model gave no reading that could be used.",
    "review.audited": (
        "This draft is audited: you see it once you have decided without it, "
        "and then how far you agree."
    ),
    "review.batch_planned": "The batch is about to be handed in.",
    "review.batch_running": "The batch is being read; that takes up to a day.",
    "review.batch_collected": "The batch was read.",
    "review.batch_refused": "The endpoint did not take the batch.",
    "review.batch_lost": (
        "The tutor stopped while it handed this batch in. Whether the endpoint took it, and "
        "charges for it, can't be known; it is not handed in again by itself."
    ),
}
