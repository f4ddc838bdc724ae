"""What the parts of `Routes` share: the tutor, and its threads."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import TypeVar

from jupyter_tutor.bootstrap.serving import Tutor

T = TypeVar("T")


class Part(ABC):
    """Some of the routes."""

    _tutor: Tutor

    @abstractmethod
    async def _run(self, function: Callable[..., T], *args: object) -> T:
        """Call a function in a thread of the tutor's."""
