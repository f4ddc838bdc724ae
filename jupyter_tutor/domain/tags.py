"""Tags: opaque names of learners, by which an endpoint tells one from another and nothing else.

A tag is made from the secret of an installation, from where it goes, and from the learner's key.
So nobody who lacks the secret can tell whose it is, not even who knows every key; two places that
are told of the same learner are told different names; and two installations never say the same.
"""

import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final
from uuid import UUID

from jupyter_tutor.domain.redaction import user_tag

SECRET_BYTES: Final = 32


@dataclass(frozen=True, slots=True)
class InstallationSecret:
    """A random secret that an installation makes for itself once; it is never shown."""

    value: bytes = field(repr=False)

    def __post_init__(self) -> None:
        """Refuse what could be guessed."""
        if len(self.value) != SECRET_BYTES:
            raise ValueError(f"the secret of an installation has {SECRET_BYTES} bytes")

    def tagger(self, *place: str) -> Callable[[UUID], str]:
        """Return what gives learners their names at one place.

        Args:
            place: What tells the place from others, such as its name and its host.
        """
        key = hmac.new(self.value, json.dumps(place).encode(), sha256).digest()

        def tag(learner_id: UUID) -> str:
            return user_tag(key, learner_id)

        return tag
