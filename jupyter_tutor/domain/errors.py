"""Every error a user of the product can meet.

```
TutorError
├── NotFound                 not_found
├── NotAllowed               not_allowed
├── Conflict                 conflict
│   ├── SubmissionClosed     submission_closed
│   ├── RevisionChanged      revision_changed
│   └── IdempotencyKeyReused idempotency_key_reused
├── InvalidInput             invalid_input
│   ├── InvalidNotebook      invalid_notebook
│   ├── NotConfirmed         not_confirmed
│   └── TooLarge             too_large
├── LimitReached             limit_reached
└── Unavailable              unavailable
    ├── ModelUnavailable     model_unavailable
    ├── KernelUnavailable    kernel_unavailable
    └── StorageUnavailable   storage_unavailable
```

The message of an error is shown to people: it names what is wrong and what to do, and never carries
a secret, a path of the server or an expected value.
"""

from collections.abc import Mapping
from typing import ClassVar, Self

from jupyter_tutor.domain.phrases import say


class TutorError(Exception):
    """Something went wrong that a person can understand.

    Attributes:
        code: Stable, machine-readable name of the kind of error.
        message: Text that is safe to show.
        details: Further facts for programs (JSON scalars), also safe to show.
        phrase: Key and fields of the phrase that the message is, where it is one.
    """

    code: ClassVar[str] = "tutor_error"

    def __init__(self, message: str, *, details: Mapping[str, object] | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.details: dict[str, object] = dict(details or {})
        self.phrase: tuple[str, Mapping[str, object]] | None = None

    @classmethod
    def of(cls, key: str, /, **fields: object) -> Self:
        """Return an error whose message is a phrase, so that it can be told in other languages."""
        error = cls(say(key, "en", **fields))
        error.phrase = key, fields
        return error

    def told(self, language: str) -> str:
        """Return the message in a language, or in English where it is no phrase."""
        return say(self.phrase[0], language, **self.phrase[1]) if self.phrase else self.message

    def __str__(self) -> str:
        return self.message


class NotFound(TutorError):
    """What was asked for does not exist, or not for this person."""

    code = "not_found"


class NotAllowed(TutorError):
    """The person may not do this."""

    code = "not_allowed"


class Conflict(TutorError):
    """The request does not fit the present state."""

    code = "conflict"


class SubmissionClosed(Conflict):
    """The exercise takes no more submissions from this learner."""

    code = "submission_closed"


class RevisionChanged(Conflict):
    """A newer revision of the exercise was published."""

    code = "revision_changed"


class IdempotencyKeyReused(Conflict):
    """The idempotency key was used before for a different request."""

    code = "idempotency_key_reused"


class InvalidInput(TutorError):
    """The request has a wrong form or value."""

    code = "invalid_input"


class InvalidNotebook(InvalidInput):
    """A source notebook breaks the format; `details` may name cell and rule."""

    code = "invalid_notebook"


class NotConfirmed(InvalidInput):
    """What cannot be undone was asked for without the word that shows it is meant."""

    code = "not_confirmed"


class TooLarge(InvalidInput):
    """The request is larger than this server accepts."""

    code = "too_large"


class LimitReached(TutorError):
    """A limit on size, number or pace was reached."""

    code = "limit_reached"


class Unavailable(TutorError):
    """A part of the system does not answer now; trying again later may help."""

    code = "unavailable"


class ModelUnavailable(Unavailable):
    """The hint model does not answer."""

    code = "model_unavailable"


class KernelUnavailable(Unavailable):
    """No kernel could be started or it stopped answering."""

    code = "kernel_unavailable"


class StorageUnavailable(Unavailable):
    """The database does not answer or is not at the right revision."""

    code = "storage_unavailable"
