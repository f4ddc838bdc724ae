"""The answer's side of tests that run elsewhere: looks names up, calls, and tells what came of it.

The oracle, which runs the tests, asks over a socket: `[verb, packed values, context]`. The answer
is `["value", packed, printed, changed]` or `["raise", error, printed, changed]`; `changed` has the
arguments as they are afterwards if they are not what they were, then come the changes of files
(`sharing`) and what is left of standard input. In between this side may ask back, when the answer
calls a function that the tests gave it: `["callback", number, arguments, keywords, files]`. Before
the first request of a test the oracle is told the changes of files since the last one.
"""

import builtins
import sys
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any

from .doubles import Surroundings
from .encoding import class_bases, class_name
from .guests import Guest, number_of, welcome
from .interrupts import Interrupts
from .making import Making
from .operating import AWAITED, OPERATORS, SINGLES
from .packing import Malformed, Packed, Packer, containers_in
from .raising import CellSources, describe
from .sharing import Changes, SharedFolder, TooMuch
from .telling import abilities, base_of, fields_of, is_written, module_of, name_of
from .updating import take_over
from .wire import Broken, Wire

_MOST_CAUSES = 5
_BUILT_IN = {kind: name for name, kind in vars(builtins).items() if isinstance(kind, type)}


class Lender:
    """Serves the oracle's requests in the namespace of the answer."""

    def __init__(
        self,
        wire: Wire,
        namespace: dict[str, Any],
        sources: CellSources,
        interrupts: Interrupts,
        folder: SharedFolder,
        set_up: dict[str, type],
    ) -> None:
        self._wire = wire
        self._folder = folder
        self._interrupts = interrupts
        self._namespace = namespace
        self._sources = sources
        self._making = Making("a")
        self._making.know(set_up)
        self._packer = Packer(self._export, self._resolve, self._argument, self._making)
        self._objects: dict[int, object] = {}
        self._numbers: dict[int, int] = {}
        self._classes: dict[int, Packed] = {}
        self._guests: dict[int, Guest] = {}
        self._arguments: list[object] = []
        self._within = 0
        self._run: Callable[[Coroutine[Any, Any, object]], object] | None = None
        self._verbs: dict[str, Callable[..., object]] = {
            "name": self._name,
            "call": self._call,
            "get": lambda value, name: getattr(value, name),
            "set": lambda value, name, new: setattr(value, name, new),
            "del": lambda value, name: delattr(value, name),
            "operate": self._operate,
            "await": self._await,
            "base": base_of,
            "fields": fields_of,
            "eval": lambda text: eval(text, namespace),  # noqa: S307 - it is the answer's own
            "exec": lambda text: exec(text, namespace),  # noqa: S102 - as above
        }

    def serve(
        self,
        begin: Callable[[int], None],
        printed: Callable[[], list[str]],
        run: Callable[[Coroutine[Any, Any, object]], object],
    ) -> None:
        """Serve until the oracle says that it is done.

        Args:
            begin: Called with the seed when a test begins.
            printed: Returns what was printed since the last call, on both streams.
            run: Runs a coroutine to its end.
        """
        self._run = run
        self._wire.send(["files", self._changes()])
        while True:
            request = self._wire.receive()
            if request[0] == "end":
                return
            if request[0] == "begin":
                begin(request[1])
            else:
                self._answer(request, printed)

    def _answer(self, request: Packed, printed: Callable[[], list[str]]) -> None:
        verb, packed, context = request
        told: Packed
        arguments: Any = ()
        surroundings = Surroundings(context, self._double)
        try:
            self._take(context.get("files"))
            self._making.take(context.get("objects", []), self._packer.unpack)
            self._update(context.get("changed", ()))
            arguments = self._packer.unpack(packed)
            with surroundings, self._interrupts.allowed():
                value = self._verbs[verb](*arguments)
            self._arguments = containers_in(arguments)
            told = ["value", self._packer.pack(value)]
        except (Broken, Malformed):
            raise
        except BaseException as error:  # noqa: BLE001 - learner code may raise anything
            told = ["raise", self._error(error)]
        self._arguments = []
        again = self._packer.pack(arguments) if containers_in(arguments) else packed
        objects = self._making.changes(self._packer.part_of_it)
        changed = None if again == packed else again
        self._wire.send([*told, printed(), changed, self._changes(), surroundings.left, objects])

    def _changes(self) -> Changes | str:
        """Return what has changed in the working directory, or why that can't be told."""
        try:
            return self._folder.changes()
        except TooMuch as error:
            return str(error)

    def _take(self, files: object) -> None:
        if files:
            with suppress(OSError):  # there is no room for them
                self._folder.take(files)

    def _update(self, changed: Packed) -> None:
        """Bring containers to what the test made of them, where they are as it had read them."""
        for packed, before, now in changed:
            verb, *place = self._packer.unpack(packed)
            with suppress(Exception), self._interrupts.allowed():
                value = self._verbs[verb](*place)
                if self._packer.pack(value) == before:
                    take_over(value, self._packer.unpack(now))

    def _name(self, name: str) -> object:
        if name not in self._namespace:
            raise NameError(f"name {name!r} is not defined")
        return self._namespace[name]

    def _call(
        self, target: Callable[..., object], values: Packed, keywords: dict[str, Any]
    ) -> object:
        return target(*values, **keywords)

    def _operate(self, name: str, *values: object) -> object:
        value = OPERATORS[name](*values)
        return self._await(value) if name in AWAITED else value

    def _await(self, value: Any) -> object:
        async def wait() -> object:
            return await value

        assert self._run is not None
        return self._run(wait())

    def _double(self, number: int, name: str) -> "Callback":
        return Callback(number, name, self._ask_back)

    def _ask_back(self, number: int, values: tuple[object, ...], keywords: Any) -> object:
        """Have the oracle call one of its own functions."""
        packed = [self._packer.pack(list(values)), self._packer.pack(keywords)]
        with self._interrupts.held():
            self._wire.send(["callback", number, *packed, self._changes()])
            return self._answered()

    def _answered(self) -> object:
        """Wait for what the oracle's function gave; serve its own questions until then."""
        while True:
            answer = self._wire.receive()
            if answer[0] in ("value", "raise"):
                self._take(answer[2])
                value = self._packer.unpack(answer[1])
                if answer[0] == "value":
                    return value
                if not isinstance(value, BaseException):
                    raise Malformed("no exception")
                raise value
            self._answer(answer, lambda: ["", ""])

    def _error(
        self,
        error: BaseException,
        depth: int = 0,
        pack: Callable[[object], Packed] | None = None,
    ) -> dict[str, Any]:
        pack = pack or self._packer.pack
        own = BaseException.__dict__["__dict__"].__get__(error).get("_tutor_raised")
        if type(own) is int:  # a function of the tests raised it
            return {"yours": own}
        cause = BaseException.__dict__["__cause__"].__get__(error)
        told = cause is not None and depth < _MOST_CAUSES
        described = describe(error, self._sources)
        arguments = BaseException.__dict__["args"].__get__(error)
        return {
            "class": self._class(type(error)),
            "arguments": pack(arguments),
            "handle": self._number(error),
            "cause": self._error(cause, depth + 1, pack) if told else None,
            "fields": self._fields(error, pack),
            **described,
        }

    def _fields(self, error: BaseException, pack: Callable[[object], Packed]) -> Packed | None:
        """Return the fields of an exception of a class of the set-up."""
        if self._making.name_of(type(error)) is None:
            return None
        return pack(dict(BaseException.__dict__["__dict__"].__get__(error)))

    def _export(self, value: object) -> Packed:
        if type(value) is Callback:
            return ["yours", value.number]
        guest = number_of(value)
        if guest is not None:
            return ["yours", guest]
        for module, name in SINGLES:
            if getattr(sys.modules.get(module), name, None) is value:
                return ["single", module, name]
        if isinstance(value, type):
            return self._class(value)
        if BaseException in class_bases(type(value)) and self._within < _MOST_CAUSES:
            self._within += 1
            try:
                return ["exception", self._error(value, _MOST_CAUSES, self._packer.part)]  # type: ignore[arg-type]
            finally:
                self._within -= 1
        number, kind = self._number(value), type(value)
        of = self._class(kind) if is_written(kind) else ["type", class_name(kind)]
        coroutine = kind.__name__ == "coroutine"
        ability = "coroutine" if coroutine else "callable" if callable(value) else "object"
        return ["h", number, of, ability, name_of(value)]

    def _argument(self, value: object) -> Packed | None:
        """Refer to an argument of the present call, so that it stays the same object there."""
        for number, argument in enumerate(self._arguments):
            if argument is value:
                return ["argument", number]
        return None

    def _class(self, kind: type) -> Packed:
        """Describe a class: a built-in one by its name, others with their bases."""
        name = _BUILT_IN.get(kind)
        if name is not None:
            return ["built-in", name]
        of_set_up = self._making.name_of(kind)
        if of_set_up is not None:
            return ["set-up", of_set_up]
        number = self._number(kind)
        known = self._classes.get(number)
        if known is None:
            bases = [self._class(base) for base in kind.__bases__]
            special = [abilities(kind), abilities(type(kind))]
            known = ["class", number, class_name(kind), bases, module_of(kind), *special]
            self._classes[number] = known
        return known

    def _number(self, value: object) -> int:
        number = self._numbers.get(id(value))
        if number is None:
            number = self._numbers[id(value)] = len(self._objects)
            self._objects[number] = value
        return number

    def _resolve(self, packed: Packed) -> object:
        match packed:
            case ["own", int(number)]:
                return self._objects[number]
            case ["callback", int(number), str(name)]:
                return self._double(number, name)
            case ["iterator", int(number)]:
                return Remaining(number, self._ask_back)
            case ["guest", int(number), str(name), list(special), door]:
                ask = None if door is None else self._double(door, name)
                return self._guests.setdefault(number, welcome(number, name, special, ask))
            case ["built-in", str(name)]:
                return getattr(builtins, name)
            case ["library", str(module), str(name)]:
                return getattr(sys.modules[module], name)
            case ["error", list(kind), str(message), list(values), int(number)]:
                return self._raised(self._packer._value(kind), message, values, number)
            case ["with", list(table), list(value)]:
                self._making.take(table, self._packer.unpack)
                return self._packer._value(value)
            case ["made" | "of" | "member" | "set-up", *_]:
                return self._making.resolve(packed, self._packer.unpack)
        raise Malformed("neither a value nor a handle")

    def _raised(self, kind: object, message: str, values: Packed, number: int) -> BaseException:
        """Return an exception of the tests, as far as it may be known here."""
        error: BaseException = RuntimeError(message)
        if isinstance(kind, type) and issubclass(kind, Exception):
            with suppress(Exception):  # some can't be made so
                error = kind(*self._packer._value(values))
        error.__dict__["_tutor_raised"] = number
        return error


class Callback:
    """A function of the tests, as the answer sees it: it can be called, and nothing else."""

    def __init__(self, number: int, name: str, ask: Callable[..., object]) -> None:
        self.number = number
        self.__name__ = name
        self.__ask = ask

    def __call__(self, *values: object, **keywords: object) -> object:
        """Have the tests' side call it."""
        return self.__ask(self.number, values, keywords)


class Remaining:
    """An iterator of the tests, as the answer sees it."""

    def __init__(self, number: int, ask: Callable[..., object]) -> None:
        self.__number = number
        self.__ask = ask

    def __iter__(self) -> "Remaining":
        return self

    def __next__(self) -> object:
        return self.__ask(self.__number, (), {})
