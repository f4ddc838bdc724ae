"""Probes: single inputs that an answer and the reference are both asked, and where they come from.

Every input of a secret test is left out, in whatever way it is written.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from jupyter_tutor.domain.exercises import (
    CallCase,
    ExerciseContent,
    ProgramCase,
    Tolerance,
    Visibility,
)
from jupyter_tutor.domain.inputs.drawing import (
    Arguments,
    Domain,
    Example,
    call_text,
    domain_of_drawn,
    domains_of,
    examples_of,
    normal_call,
    secret_calls,
)
from jupyter_tutor.domain.inputs.shrinking import weight
from jupyter_tutor.domain.inputs.typed import (
    TypedDomain,
    normal_text,
    secret_texts,
    text_weight,
    typed_domain_of,
)


@dataclass(frozen=True, slots=True)
class Judged:
    """What of a call counts, by the author's cases.

    Attributes:
        value: Its value.
        output: What it prints.
        unchanged: That it leaves its arguments as they are.
        tolerance: For floats in what it gives.
    """

    value: bool = True
    output: bool = False
    unchanged: bool = False
    tolerance: Tolerance | None = None


@dataclass(frozen=True, slots=True)
class Probe:
    """An input.

    Attributes:
        text: The call, or what is typed.
        normal: The same in the form that equal inputs share.
        weight: How heavy it is.
        function: The function called; "" for a program.
        arguments: What it is called with.
        judged: What of it counts.
    """

    text: str
    normal: str
    weight: tuple[object, ...]
    function: str = ""
    arguments: Arguments = ()
    judged: Judged = Judged()

    @property
    def program(self) -> bool:
        """Whether it is typed into a program."""
        return not self.function


@dataclass(frozen=True, slots=True)
class Probing:
    """What can be asked of the answers to an exercise.

    Attributes:
        domains: Of functions, by name.
        seeds: Arguments in public tests, by function.
        pools: Arguments that an author's strategies drew, lightest first, by function.
        typed: What may be typed into the program, where it is one.
        secret: The normal forms of what secret tests ask.
        tests: Names of public tests, by the normal form of what they ask.
        judged: What of a function's calls counts, by function; of the program under "".
    """

    domains: Mapping[str, Domain]
    seeds: Mapping[str, Sequence[Arguments]] = field(default_factory=dict)
    pools: Mapping[str, Sequence[Arguments]] = field(default_factory=dict)
    typed: TypedDomain | None = None
    secret: frozenset[str] = frozenset()
    tests: Mapping[str, str] = field(default_factory=dict)
    judged: Mapping[str, Judged] = field(default_factory=dict)

    def draw(self, count: int, number: int) -> list[Probe]:
        """Return different probes, lightest first.

        Args:
            count: How many at most.
            number: 0 for the first draw, of small inputs and those of public tests; later ones
                draw others, and larger ones.
        """
        drawn: dict[str, Probe] = {}
        share = max(count // max(len(self.domains), 1), 1)
        for name, domain in self.domains.items():
            drawn |= {one.text: one for one in self._drawn(name, domain, share, number)}
        if self.typed is not None:
            texts = list(self.typed.seeds) if number == 0 else []
            texts += self.typed.draw(count, seed=number, sizes=2 + number)
            drawn |= {one.text: one for one in map(self._typed, texts)}
        open_ones = [one for one in drawn.values() if one.normal not in self.secret]
        return sorted(open_ones, key=lambda one: one.weight)[:count]

    def simpler(self, probe: Probe) -> list[Probe]:
        """Return lighter probes that are one step away."""
        if probe.program:
            lighter = self.typed.simpler(probe.text) if self.typed else []
            found = [self._typed(text) for text in lighter]
        else:
            domain = self.domains[probe.function]
            found = [self._call(probe.function, one) for one in domain.simpler(probe.arguments)]
        return [one for one in found if one.normal not in self.secret]

    def _drawn(self, name: str, domain: Domain, share: int, number: int) -> list[Probe]:
        pool = self.pools.get(name)
        drawn = domain.draw(share, seed=number, sizes=2 + number)
        if pool is not None:
            # Of each weight some, and some that only look like them.
            drawn = [*pool[number::3][: share * 2 // 3], *drawn]
        seeds = list(self.seeds.get(name, ())) if number == 0 else []
        kept = max(share - len(seeds), share // 2)
        return [self._call(name, one) for one in (*seeds, *drawn[:kept])]

    def _call(self, name: str, arguments: Arguments) -> Probe:
        return Probe(
            text=call_text(name, arguments),
            normal=normal_call(name, arguments),
            weight=weight(arguments),
            function=name,
            arguments=arguments,
            judged=self.judged.get(name, Judged()),
        )

    def _typed(self, text: str) -> Probe:
        return Probe(
            text,
            normal_text(text),
            text_weight(text),
            judged=self.judged.get("", Judged(value=False, output=True)),
        )


def probing_of(
    content: ExerciseContent, drawn: Mapping[str, Sequence[Arguments]] | None = None
) -> Probing | None:
    """Return what can be asked of answers to an exercise, or None where nothing is known.

    Args:
        content: The exercise.
        drawn: Arguments that its strategies drew, by function.
    """
    pools = {name: sorted(pool, key=weight) for name, pool in (drawn or {}).items() if pool}
    domains = {domain.function: domain for domain in domains_of(content)}
    for name, pool in pools.items():
        domain = domain_of_drawn(name, pool)
        if domain is not None:
            domains[name] = domain
    asked = {name: each for name, each in examples_of(content).items() if name in domains}
    typed = None if domains else typed_domain_of(content)
    if not domains and typed is None:
        return None
    return Probing(
        domains=domains,
        seeds={name: _seeds(each, domains[name]) for name, each in asked.items()},
        pools={name: pool for name, pool in pools.items() if name in domains},
        typed=typed,
        secret=secret_calls(content) | secret_texts(content),
        tests=_public_tests(content),
        judged=_judged(content),
    )


def _seeds(examples: Sequence[Example], domain: Domain) -> list[Arguments]:
    """Return what public tests call a function with, in the form that its domain knows."""
    width = len(domain.shapes)
    return [one.arguments for one in examples if one.shown and len(one.arguments) == width]


def _public_tests(content: ExerciseContent) -> dict[str, str]:
    examples = [one for each in examples_of(content).values() for one in each]
    found = {
        normal_call(one.function, one.arguments): one.test
        for one in examples
        if one.shown and one.whole
    }
    for test in content.tests:
        if isinstance(test.spec, ProgramCase) and test.visibility is Visibility.PUBLIC:
            found[normal_text(test.spec.stdin)] = test.name
    return found


def _judged(content: ExerciseContent) -> dict[str, Judged]:
    """Return what counts of each function: all that any case of it asks for."""
    tests = {test.name: test.spec for test in content.tests}
    found: dict[str, Judged] = {}
    for examples in examples_of(content).values():
        for one in examples:
            spec = tests[one.test]
            assert isinstance(spec, CallCase)
            found[one.function] = _both(found.get(one.function), _asked(spec))
    programs = [spec for spec in tests.values() if isinstance(spec, ProgramCase)]
    for program in programs:
        asked = Judged(value=False, output=True, tolerance=program.tolerance)
        found[""] = _both(found.get(""), asked)
    return found


def _asked(case: CallCase) -> Judged:
    return Judged(
        value=case.expected is not None,
        output=case.stdout is not None,
        unchanged=case.arguments_unchanged,
        tolerance=case.tolerance,
    )


def _both(one: Judged | None, other: Judged) -> Judged:
    if one is None:
        return other
    given = [each.tolerance for each in (one, other) if each.tolerance is not None]
    widest = Tolerance(
        max((each.relative for each in given), default=0.0),
        max((each.absolute for each in given), default=0.0),
    )
    return Judged(
        value=one.value or other.value,
        output=one.output or other.output,
        unchanged=one.unchanged or other.unchanged,
        tolerance=widest if given else None,
    )
