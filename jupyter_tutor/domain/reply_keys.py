"""Keys of replies: requests of a language model that are the same get what was delivered before."""

import hashlib
import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from jupyter_tutor.domain.exercises import HintLevel
from jupyter_tutor.domain.hints import fingerprint, lines_of
from jupyter_tutor.domain.submissions import Answer
from jupyter_tutor.domain.verdicts import Outcome, Verdict

KEPT: Final = timedelta(days=14)
"""How long a reply answers for the same request."""


@dataclass(frozen=True, slots=True)
class ReplyRequest:
    """Everything that a reply depends on.

    Attributes:
        answer: What the learner wrote. Blanks at the ends of lines do not count; all else does,
            comments and blank lines too, since a reply may name a line or speak of a comment.
        verdict: Of the run it is about, or None.
        level: The rung.
        language: Language code.
        revision_id: Of the exercise.
        model: By its name at the endpoint.
        prompt_version: Of the prompts.
        earlier: Texts of the hints given before, which a reply may build on.
    """

    answer: Answer
    verdict: Verdict | None
    level: HintLevel
    language: str
    revision_id: UUID
    model: str
    prompt_version: str
    earlier: tuple[str, ...] = ()


def reply_key(request: ReplyRequest) -> str:
    """Return the SHA-256 (hex) of a request: equal requests have equal keys."""
    results = request.verdict.results if request.verdict else ()
    failing = sorted(each.name for each in results if each.outcome is not Outcome.PASSED)
    parts = [
        fingerprint(request.answer),
        lines_of(request.answer),
        failing if request.verdict else None,
        int(request.level),
        request.language,
        str(request.revision_id),
        request.model,
        request.prompt_version,
        list(request.earlier),
    ]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()
