"""The side that tests run on: no learner code is here, only stand-ins for what it defined.

Names that the answer defined are looked up when a test uses them. What travels by value arrives as
this side's own trusted type. Anything else is a stand-in: attributes, calls and iteration go back
to the answer's side. How a stand-in compares with a trusted value is decided here, by what was
observed of it, or it is simply not equal: what an answer says of itself does not count.
"""

import builtins
import errno
import sys
from abc import ABCMeta
from collections.abc import Callable, Iterator
from types import TracebackType
from typing import Any

from .doubles import Doubles
from .foreign import Texts
from .guests import invitation, is_double
from .making import Making
from .methods import body_for, typed
from .mirrored_errors import ErrorType, error_body, may_raise
from .operating import SINGLES
from .packing import Malformed, Packed, Packer, containers_in
from .sharing import Changes, SharedFolder, TooMuch
from .stand_ins import CollectionType, Gone, MirrorType, StandIn, make_stand_in
from .streams import OutputLimitReached
from .updating import take_over
from .views import Views
from .wire import Broken, Wire

_COLLECTIONS = (tuple, list, dict, set, frozenset, int, float, complex, str, bytes)
_ABSTRACT = ("abc", "collections.abc", "numbers")
_NO_ANSWER = (
    Broken,
    Malformed,
    OSError,
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    RecursionError,
    MemoryError,
)


class Borrower:
    """Asks the answer's side."""

    def __init__(self, wire: Wire, folder: SharedFolder) -> None:
        self._wire = wire
        self._folder = folder
        self._greeted = False
        self._doubles = Doubles()
        self._types: dict[tuple[str, bool], type] = {}
        self.making = Making("o")
        self._packer = Packer(self._export, self._resolve, made=self.making)
        self._views = Views(self._packer.pack)
        self._stand_ins: dict[int, StandIn] = {}
        self._classes: dict[int, type] = {}
        self._errors: dict[object, BaseException] = {}
        self._given: list[object] = []
        self._given_numbers: dict[int, int] = {}
        self._sent: list[object] = []
        self.texts = Texts()
        self.named: frozenset[str] = frozenset()
        self.set_up: dict[str, object] = {}
        """What the set-up defined: the answer's side has its own of each."""

    def begin(self, named: frozenset[str], seed: int) -> None:
        """Begin a test, in which some classes are named.

        Raises:
            Gone: There is nobody any more.
            OSError: The answer left more files than are brought here.
        """
        self.named = named
        self._doubles.begin()
        self._views.forget()
        try:
            self._wire.send(["begin", seed])
            files = self._greeting()
        except _NO_ANSWER as error:
            raise Gone("the answer's process does not answer any more") from error
        self._take(files)

    def end(self) -> None:
        """Tell the answer's side that no further test comes."""
        files = self._greeting()
        self._greeted = False
        if isinstance(files, list):
            self._folder.take(files)
        self._wire.send(["end"])

    def _greeting(self) -> object:
        """Return what the answer's side says of files before all else."""
        if self._greeted:
            return []
        self._greeted = True
        kind, files = self._wire.receive()
        if kind != "files":
            raise Malformed("no greeting")
        return files

    def ask(self, verb: str, *values: object) -> Any:
        """Have something done on the answer's side and return the value.

        Raises:
            BaseException: What was raised there.
            Gone: There is nobody any more.
        """
        context = self._context()
        outer, self.making.sent = self.making.sent, set()
        packed = self._packer.pack(values)
        if packed[0] not in ("t", "with"):
            raise ValueError("this is too large, or too deeply nested, to be given to the answer")
        sent = containers_in(values)
        try:
            self._wire.send([verb, packed, context])
            kind, told, printed, changed, *more = self._hear()
            files, left, objects = more or ([], None, [])
            self._take_objects(objects)
            self._sent = sent
            value = self._packer.unpack(told) if kind == "value" else self._exception(told)
            self._sent = []
            if changed is not None:
                take_over(values, self._packer.unpack(changed))
            self.making.sent = outer
        except _NO_ANSWER as error:
            raise Gone("the answer's process does not answer any more") from error
        try:
            for stream, text in zip((sys.stdout, sys.stderr), printed, strict=False):
                if isinstance(text, str) and text:
                    stream.write(text)
        except OutputLimitReached:
            if kind == "value":
                raise  # else the answer was stopped itself, and that tells where
        self._doubles.took(context, left)
        self._take(files)
        self.texts.add(value)
        if kind == "value" and verb in ("get", "name"):
            self._views.remember((verb, *values), value)
        if kind == "value":
            return value
        raise _not_a_signal(value, is_next=verb == "operate" and values[0] in ("next", "anext"))

    def _context(self) -> dict[str, object]:
        context = self._doubles.context(self._give)
        files, changed = self._changes(), self._views.changed()
        objects = self.making.changes(self._packer.part_of_it)
        if objects:
            context["objects"] = objects
        if files:
            context["files"] = files
        if changed:
            context["changed"] = changed
        return context

    def _changes(self) -> Changes:
        try:
            return self._folder.changes()
        except TooMuch as error:
            raise OSError(errno.EFBIG, f"the test's files can't be given: {error}") from None

    def _take(self, files: object) -> None:
        """Take over what the answer's side says of its files.

        Raises:
            OSError: There are too many, or too large ones.
            Gone: It does not say it as it has to.
        """
        if isinstance(files, str):
            raise OSError(errno.EFBIG, f"the answer's files can't be brought here: {files[:200]}")
        try:
            self._folder.take(files)
        except Malformed as error:
            raise Gone("the answer's process does not answer any more") from error

    def _take_objects(self, table: Any) -> None:
        """Take what is told of objects of the set-up; of the tests' own only of those just given.

        Raises:
            Malformed: It is not told as it has to be.
        """
        self.making.take(table, self._packer.unpack, frozenset(self.making.sent))

    def _hear(self) -> Packed:
        """Wait for the answer, and serve what is asked back until then."""
        while True:
            answer = self._wire.receive()
            if answer[0] != "callback":
                return answer
            _, number, values, keywords, *files = answer
            function: Any = self._given[number]
            arguments = self._packer.unpack(values), self._packer.unpack(keywords)
            for changes in files:
                self._take(changes)
            try:
                told = ["value", self._packer.pack(function(*arguments[0], **arguments[1]))]
            except Exception as error:  # noqa: BLE001 - goes to who called
                told = ["raise", self._packer.pack(error)]
            self._wire.send([*told, self._changes()])

    def _give(self, function: object) -> int:
        number = self._given_numbers.get(id(function))
        if number is None:
            number = self._given_numbers[id(function)] = len(self._given)
            self._given.append(function)
        return number

    def _export(self, value: object) -> Packed:
        if isinstance(value, StandIn):
            return ["own", object.__getattribute__(value, "_tutor_number")]
        if isinstance(value, MirrorType):
            return ["own", type.__getattribute__(value, "_tutor_number")]
        if isinstance(value, BaseException) and "_tutor_number" in value.__dict__:
            return ["own", value.__dict__["_tutor_number"]]
        if isinstance(value, type):
            return self._known_class(value)
        if isinstance(value, BaseException):
            arguments = ["t", [self._packer.part(each) for each in value.args]]
            kind = self._known_class(type(value))
            return ["error", kind, f"{type(value).__name__}: {value}", arguments, self._give(value)]
        if isinstance(value, TracebackType):
            return ["n"]
        if callable(value) and not is_double(value):
            name = str(getattr(value, "__name__", "function"))
            if getattr(builtins, name, None) is value:
                return ["built-in", name]
            return ["callback", self._give(value), name]
        if isinstance(value, Iterator) and not is_double(value):
            return ["iterator", self._give(value.__next__)]
        return invitation(value, self._give)

    def _known_class(self, kind: type) -> Packed:
        """Speak of a class that the answer's side knows; else it can only be called."""
        number = kind.__dict__.get("_tutor_number")
        if number is not None:
            return ["own", number]
        of_set_up = self.making.name_of(kind)
        if of_set_up is not None:
            return ["set-up", of_set_up]
        for module in ("builtins", kind.__module__):
            known = getattr(sys.modules.get(module), kind.__name__, None)
            if known is kind and module not in ("__main__", "answer"):
                return ["library", module, kind.__name__]
        return ["callback", self._give(kind), kind.__name__]

    def _resolve(self, packed: Packed) -> object:
        match packed:
            case ["with", list(table), list(value)]:
                self._take_objects(table)
                return self._packer._value(value)
            case ["made" | "of" | "member", *_]:
                return self.making.resolve(packed, self._packer.unpack)
            case ["argument", int(number)]:
                return self._sent[number]
            case ["yours", int(number)]:
                return self._given[number]
            case ["built-in", str()] | ["class", *_] | ["set-up", str()]:
                return self._class(packed)
            case ["single", str(module), str(name)] if (module, name) in SINGLES:
                return getattr(sys.modules.get(module), name)
            case ["exception", dict(told)]:
                return self._exception_value(told)
            case ["h", int(number), kind, str(ability), str(name)]:
                return self._stand_in(number, kind, ability, name)
        raise Malformed("neither a value nor a handle")

    def _stand_in(self, number: int, kind: Packed, ability: str, name: str) -> object:
        known = self._stand_ins.get(number)
        if known is None:
            cls = self._class(kind) if kind[0] != "type" else self._typed(kind[1], ability)
            if not issubclass(cls, StandIn):
                cls = self._typed("", ability)
            known = self._stand_ins[number] = make_stand_in(self, number, name, cls)
        object.__setattr__(known, "_tutor_seen", known._tutor_seen + 1)
        return _awaitable(self, known) if ability == "coroutine" else known

    def _typed(self, name: object, ability: str) -> type:
        of = str(name), ability == "callable"
        if of not in self._types:
            self._types[of] = typed(of[0], self, can_be_called=of[1])
        return self._types[of]

    def _class(self, packed: Packed) -> type:
        match packed:
            case ["built-in", str(name)]:
                kind = getattr(builtins, name)
                if not isinstance(kind, type):
                    raise Malformed("no class")
                return kind
            case ["set-up", str(name)]:
                return self.making.kind_of(name)
            case ["class", int(number), str(name), list(), str(), *_]:
                if number not in self._classes:
                    self._classes[number] = self._mirror(number, name, *packed[3:])
                return self._classes[number]
        raise Malformed("no class")

    def _mirror(
        self,
        number: int,
        name: str,
        bases: Packed,
        module: str,
        special: Packed = (),  # type: ignore[assignment]
        of_class: Packed = (),  # type: ignore[assignment]
    ) -> type:
        """Make the stand-in of a class; a library's exception is that library's own."""
        of = [self._class(base) for base in bases]
        errors = [base for base in of if issubclass(base, BaseException)]
        known = getattr(sys.modules.get(module), name, None)
        if errors:
            if isinstance(known, type) and issubclass(known, errors[0]) and may_raise(module):
                return known
            return ErrorType(name, tuple(errors), error_body(self, number))
        mirrors = [base for base in of if issubclass(base, StandIn)] or [StandIn]
        body = {**body_for(special, self), "_tutor_number": number, **_collection(name, of)}
        meta = CollectionType if "iter" in of_class else MirrorType
        try:
            made = meta(name, tuple(mirrors), body)
        except TypeError:  # bases that can't be ordered
            made = meta(name, (StandIn,), body)
        if type(known) is ABCMeta and module in _ABSTRACT:
            known.register(made)  # type: ignore[arg-type]
        return made

    def _exception_value(self, told: dict[str, Any]) -> BaseException:
        """Return an exception that was not raised, the same one each time."""
        number = told.get("handle")
        if number not in self._errors:
            self._errors[number] = self._exception(told)
        return self._errors[number]

    def _exception(self, told: dict[str, Any]) -> BaseException:
        if "yours" in told:
            own = self._given[told["yours"]]
            if not isinstance(own, BaseException):
                raise Malformed("no exception")
            return own
        kind = self._class(told["class"])
        if not issubclass(kind, BaseException):
            raise Malformed("no exception")
        arguments = self._packer.unpack(told["arguments"])
        arguments = arguments if type(arguments) is tuple else ()
        try:
            error = kind.__new__(kind, *arguments)
        except Exception:  # noqa: BLE001 - some need arguments that did not come along
            error = kind.__new__(kind)
        error.args = arguments
        error.__dict__["_tutor_number"] = told["handle"]
        if told.get("fields") is not None:
            self.making.fill(error, self._packer.unpack(told["fields"]))
        frames = told.get("frames")
        error.__dict__["_tutor_frames"] = frames if isinstance(frames, list) else []
        error.__dict__["_tutor_message"] = str(told.get("message", ""))
        if told.get("cause") is not None:
            error.__cause__ = self._exception(told["cause"])
        return error


def _always(kind: type) -> Callable[[object], type]:
    return lambda _: kind


def _collection(name: str, bases: list[type]) -> dict[str, Any]:
    """Return what makes an object an instance of the built-in collection its class extends.

    Only what it is told to be, not what it holds: that is still observed.
    """
    for base in bases:
        inherited = getattr(base, "_tutor_collection", None) if issubclass(base, StandIn) else None
        if base in _COLLECTIONS or inherited is not None:
            kind = type(name, (inherited or base,), {"__module__": "answer"})
            return {"_tutor_collection": kind, "__class__": property(_always(kind))}
    return {}


def _not_a_signal(error: BaseException, *, is_next: bool) -> BaseException:
    """Return an exception that loops and generators of a test do not take for their own end."""
    if isinstance(error, StopIteration | StopAsyncIteration | GeneratorExit) and not is_next:
        return RuntimeError(f"the answer raised {type(error).__name__}")
    return error


def _awaitable(borrower: Borrower, stand_in: object) -> Any:
    async def wait() -> object:
        return borrower.ask("await", stand_in)

    return wait()
