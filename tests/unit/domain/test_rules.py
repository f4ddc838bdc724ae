"""Rules about the source: judged from facts alone, told in words with their places."""

from dataclasses import replace

import pytest

from jupyter_tutor.domain.constructs import (
    Construct,
    ConstructKind,
    Demand,
    Fact,
    SourceFacts,
    SourceRule,
)
from jupyter_tutor.domain.exercises import (
    CallCase,
    ExerciseContent,
    ExerciseKind,
    ExerciseText,
    Limits,
    Visibility,
)
from jupyter_tutor.domain.exercises import TestCase as Case
from jupyter_tutor.domain.explain import explain_verdict
from jupyter_tutor.domain.judging import for_learner, judge
from jupyter_tutor.domain.observations import Ending, Observation, RaisedError
from jupyter_tutor.domain.observations import TestReport as Report
from jupyter_tutor.domain.rule_telling import without_notes
from jupyter_tutor.domain.rules import fits, rule_on
from jupyter_tutor.domain.submissions import Answer
from jupyter_tutor.domain.telling import tell
from jupyter_tutor.domain.values import encode_plain
from jupyter_tutor.domain.verdicts import Outcome, Verdict

SORTED = Construct(ConstructKind.CALL, "sorted")
METHOD = Construct(ConstructKind.CALL, ".sort")
LOOP = Construct(ConstructKind.LOOP)
NO_SORT = SourceRule(Demand.NONE, (SORTED, METHOD))
FACTS = SourceFacts(
    (
        Fact(ConstructKind.CALL, "sorted", "answer", 3, ("f",)),
        Fact(ConstructKind.CALL, ".sort", "answer", 7),
        Fact(ConstructKind.LOOP, "for", "other", 2, ("g", "h")),
        Fact(ConstructKind.IMPORT, "numpy.linalg", "answer", 1),
    )
)


def verdict(
    rule: SourceRule, facts: SourceFacts | None, visibility: Visibility = Visibility.PUBLIC
) -> Verdict:
    """Judge one rule."""
    test = Case("a rule", rule, 2.0, visibility)
    seen = Observation("a rule", Ending.NOT_RUN)
    return judge([test], Report((), (seen,), 0.0, facts))


def message(rule: SourceRule, facts: SourceFacts | None, language: str = "en") -> str:
    """Return what is told of one rule."""
    told = tell(verdict(rule, facts), [Case("a rule", rule)], Limits(), language)
    return told.results[0].message


def test_what_is_forbidden_is_found_at_its_places() -> None:
    ruling = rule_on(NO_SORT, FACTS)
    assert ruling.kept is False
    assert [(fact.cell, fact.line) for fact in ruling.places] == [("answer", 3), ("answer", 7)]
    result = verdict(NO_SORT, FACTS).results[0]
    assert (result.outcome, result.earned) == (Outcome.FAILED, 0.0)
    assert result.got == "answer:3: sorted\nanswer:7: .sort"
    assert message(NO_SORT, FACTS) == (
        "This must not be used here: a call of `sorted`, a call of `.sort`. "
        "It stands in line 3 of your cell, line 7 of your cell."
    )


def test_a_rule_that_is_kept_earns_its_points() -> None:
    result = verdict(SourceRule(Demand.ALL, (LOOP, SORTED)), FACTS).results[0]
    assert (result.outcome, result.earned, result.message) == (Outcome.PASSED, 2.0, "")


def test_what_is_required_and_missing_is_named() -> None:
    loops = tuple(Construct(ConstructKind.LOOP, name) for name in ("for", "while"))
    assert rule_on(SourceRule(Demand.ANY, loops), FACTS).kept is True
    assert message(SourceRule(Demand.ALL, loops), FACTS) == (
        "This is needed and not there yet: a `while` loop."
    )
    neither = SourceRule(Demand.ANY, (Construct(ConstructKind.CLASS), loops[1]))
    assert message(neither, FACTS) == (
        "One of these is needed: a class of your own, a `while` loop."
    )


@pytest.mark.parametrize(
    ("rule", "kept"),
    [
        (SourceRule(Demand.NONE, (SORTED,), within="f"), False),
        (SourceRule(Demand.NONE, (SORTED,), within="g"), True),
        (SourceRule(Demand.NONE, (SORTED,), cell="other"), True),
        (SourceRule(Demand.ALL, (LOOP,), within="g"), True),
        (SourceRule(Demand.ALL, (LOOP,), within="h", cell="other"), True),
        (SourceRule(Demand.ALL, (LOOP,), cell="answer"), False),
    ],
)
def test_a_rule_may_look_into_one_cell_or_function_only(rule: SourceRule, kept: bool) -> None:
    assert rule_on(rule, FACTS).kept is kept


@pytest.mark.parametrize(
    ("kind", "wanted", "seen", "fit"),
    [
        (ConstructKind.IMPORT, "numpy", "numpy.linalg", True),
        (ConstructKind.IMPORT, "numpy", "numpydoc", False),
        (ConstructKind.IMPORT, "numpy.linalg", "numpy", False),
        (ConstructKind.CALL, "math.*", "math.sqrt", True),
        (ConstructKind.CALL, "math.*", "mathutils.sqrt", False),
        (ConstructKind.CALL, "math", "math.sqrt", False),
        (ConstructKind.NAME, "a.*", "a.b", False),
        (ConstructKind.LOOP, "", "while", True),
    ],
)
def test_names_of_modules_cover_what_is_in_them(
    kind: ConstructKind, wanted: str, seen: str, fit: bool
) -> None:
    assert fits(Construct(kind, wanted), Fact(kind, seen, "answer", 1)) is fit


@pytest.mark.parametrize("demand", Demand)
@pytest.mark.parametrize("facts", [None, SourceFacts((), ("answer",))])
def test_without_facts_no_rule_is_kept(demand: Demand, facts: SourceFacts | None) -> None:
    rule = SourceRule(demand, (SORTED,))
    assert rule_on(rule, facts).kept is None
    result = verdict(rule, facts).results[0]
    assert (result.outcome, result.earned) == (Outcome.ERROR, 0.0)
    assert result.message == ("This could not be looked at, because Python cannot read the answer.")


def test_a_cell_that_the_rule_does_not_look_at_may_be_unreadable() -> None:
    facts = SourceFacts(FACTS.facts, ("other",))
    assert rule_on(SourceRule(Demand.NONE, (LOOP,), cell="answer"), facts).kept is True
    assert rule_on(SourceRule(Demand.NONE, (LOOP,)), facts).kept is None


def test_the_syntax_error_is_told_as_the_cause() -> None:
    test = Case("a rule", NO_SORT)
    error = RaisedError("SyntaxError", "invalid syntax")
    cell = Observation("answer", Ending.RAISED, error=error)
    seen = Observation("a rule", Ending.NOT_RUN)
    told = judge([test], Report((cell,), (seen,), 0.0, SourceFacts((), ("answer",))))
    assert told.results[0].message == (
        "This could not be looked at, because cell `answer` stopped with SyntaxError: invalid "
        "syntax."
    )


def test_the_authors_words_come_first_in_the_readers_language() -> None:
    rule = SourceRule(
        Demand.NONE, (SORTED,), {"en": "Sort by yourself.", "bn": "নিজে সাজান।"}, within="f"
    )
    assert message(rule, FACTS) == "Sort by yourself. It stands in line 3 of your cell."
    assert message(rule, FACTS, "bn").startswith("নিজে সাজান।")
    assert "৩" in message(rule, FACTS, "bn")
    own = SourceRule(Demand.NONE, (SORTED,), within="f")
    assert message(own, FACTS).startswith(
        "This must not be used here: a call of `sorted`, inside of `f`."
    )


def test_the_notes_of_a_told_rule_are_not_shown() -> None:
    test = Case("a rule", NO_SORT)
    told = tell(verdict(NO_SORT, FACTS), [test], Limits())
    (shown,) = without_notes(told, [test]).results
    assert (shown.got, shown.expected) == ("", "")
    assert "line 3 of your cell" in shown.message
    other = replace(told.results[0], name="another", got="5")
    assert without_notes(Verdict((other,), (), 0.0), [test]).results == (other,)


def test_many_places_are_cut() -> None:
    facts = SourceFacts(
        tuple(Fact(ConstructKind.CALL, "sorted", "answer", n) for n in range(1, 40))
    )
    assert message(NO_SORT, facts).endswith("line 5 of your cell, ….")


def test_a_rule_without_points_is_told_and_decides_nothing() -> None:
    tests = [
        Case("works", CallCase("f()", expected=encode_plain(1))),
        Case("style", NO_SORT, points=0.0),
    ]
    seen = (
        Observation("works", Ending.COMPLETED, encode_plain(1)),
        Observation("style", Ending.NOT_RUN),
    )
    told = judge(tests, Report((), seen, 0.0, FACTS))
    assert told.passed
    assert told.score == 1.0
    assert told.results[1].outcome is Outcome.FAILED
    assert "sorted" in told.results[1].message


def test_of_a_secret_rule_only_its_outcome_is_shown() -> None:
    shown = for_learner(verdict(NO_SORT, FACTS, Visibility.SECRET)).results[0]
    assert shown.outcome is Outcome.FAILED
    assert "sort" not in repr(shown)


def test_a_broken_rule_is_explained_as_a_hint() -> None:
    content = ExerciseContent(
        slug="s",
        kind=ExerciseKind.CODING,
        topic="t",
        difficulty=1,
        texts={"en": ExerciseText("T", "P")},
        tests=(Case("a rule", NO_SORT),),
    )
    told = explain_verdict(verdict(NO_SORT, FACTS), content, Answer())
    assert told.startswith("This must not be used here: a call of `sorted`")
    unread = explain_verdict(verdict(NO_SORT, None), content, Answer())
    assert unread.startswith("This could not be looked at")
