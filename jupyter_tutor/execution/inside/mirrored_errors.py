"""What stands for exception classes of the answer where tests run."""

from typing import Any, Protocol

_FORBIDDEN = ("unittest", "_pytest", "pytest", "nose")


class Asking(Protocol):
    """What asks the answer's side."""

    def ask(self, verb: str, *values: object) -> Any:
        """Ask, and return what came of it."""


class ErrorType(type):
    """The class of what stands for exception classes: calling one makes an exception there."""

    _tutor_borrower: Asking

    def __call__(cls, *values: object, **keywords: object) -> Any:
        """Make an exception on the answer's side, unless the class is one of the tests."""
        if "_tutor_number" not in cls.__dict__:
            return super().__call__(*values, **keywords)
        made: object = cls._tutor_borrower.ask("call", cls, list(values), keywords)
        if not issubclass(type(made), cls):
            raise TypeError(f"{cls.__name__} makes no exception")
        return made


def error_body(borrower: Asking, number: int) -> dict[str, Any]:
    """Return the body of a class that stands for an exception class of the answer."""

    def attribute(self: Any, name: str) -> Any:
        if name.startswith("_tutor_"):
            raise AttributeError(name)
        return borrower.ask("get", self, name)

    def message(self: Any) -> str:
        told = self.__dict__.get("_tutor_message")
        return BaseException.__str__(self) if told is None else str(told)

    return {
        "_tutor_number": number,
        "_tutor_borrower": borrower,
        "__getattr__": attribute,
        "__str__": message,
    }


def may_raise(module: str) -> bool:
    """Whether an exception of a module may pass through tests: not those that end tests quietly."""
    return module.partition(".")[0] not in _FORBIDDEN
