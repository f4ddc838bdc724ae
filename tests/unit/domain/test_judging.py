from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jupyter_tutor.domain.disclosure import SecretResults
from jupyter_tutor.domain.evaluations import for_learner, judge
from jupyter_tutor.domain.exercises import (
    AssertCell,
    CallCase,
    ExpectedException,
    Limits,
    ProgramCase,
    Question,
    QuestionType,
    TestCase,
    TestSpec,
    Visibility,
)
from jupyter_tutor.domain.observations import (
    Ending,
    Frame,
    Observation,
    RaisedError,
    TestReport,
)
from jupyter_tutor.domain.values import encode_plain
from jupyter_tutor.domain.verdicts import Outcome, TestResult, Verdict

ANSWER_FRAME = Frame("answer", 3, "f", "    return marks[5]")
INDEX_ERROR = RaisedError(
    "IndexError", "list index out of range", ("LookupError", "Exception"), (ANSWER_FRAME,)
)
SPECS: tuple[TestSpec, ...] = (
    CallCase("f(1)", expected=encode_plain(2)),
    CallCase("f(1)", raises=ExpectedException("ValueError")),
    CallCase("f(1)", stdout="2\n"),
    CallCase("f(1)", expected=encode_plain(2), arguments_unchanged=True),
    CallCase("f(1)"),
    ProgramCase("1\n", "2\n"),
    AssertCell("assert f(1) == 2"),
)


def result(spec: TestSpec, seen: Observation, *cells: Observation) -> TestResult:
    verdict = judge((TestCase("t", spec, points=2.0),), TestReport(cells, (seen,), 0.1), Limits())
    (only,) = verdict.results
    assert only.earned == (2.0 if only.outcome is Outcome.PASSED else 0.0)
    assert verdict.score == only.earned / 2
    return only


def completed(value: object = None, stdout: str = "", changed: bool | None = None) -> Observation:
    return Observation("t", Ending.COMPLETED, encode_plain(value), changed, stdout)


def raised(error: RaisedError = INDEX_ERROR, stdout: str = "") -> Observation:
    return Observation("t", Ending.RAISED, error=error, stdout=stdout)


def test_a_call_with_the_expected_value_passes() -> None:
    only = result(CallCase("f(1)", expected=encode_plain(2)), completed(2))
    assert only.outcome is Outcome.PASSED
    assert (only.called, only.expected, only.got, only.message) == ("f(1)", "2", "2", "")


def test_a_wrong_value_is_shown_with_its_first_difference() -> None:
    only = result(CallCase("f(1)", expected=encode_plain([1, 2])), completed([1, 3]))
    assert only.outcome is Outcome.FAILED
    assert only.difference == "at index 1: expected 2, got 3"
    assert only.message == "`f(1)` returned [1, 3], not [1, 2]."


def test_printing_instead_of_returning_is_named() -> None:
    spec = CallCase("f('a')", expected=encode_plain("hi"))
    printed = result(spec, completed(None, stdout="hi\n"))
    assert printed.message == "`f('a')` prints the right value but returns None: use `return`."
    silent = result(spec, completed(None))
    assert silent.message == "`f('a')` returned None. Is a `return` missing?"


def test_an_exception_is_an_error_with_its_place() -> None:
    only = result(CallCase("f(1)", expected=encode_plain(2)), raised())
    assert only.outcome is Outcome.ERROR
    assert only.got == "IndexError: list index out of range"
    assert only.message == (
        "`f(1)` stopped with IndexError: list index out of range (line 3 of your cell)."
    )
    assert only.error == INDEX_ERROR


@pytest.mark.parametrize(
    ("raises", "seen", "outcome"),
    [
        (ExpectedException("IndexError"), raised(), Outcome.PASSED),
        (ExpectedException("LookupError"), raised(), Outcome.PASSED),
        (ExpectedException("IndexError", "out of"), raised(), Outcome.PASSED),
        (ExpectedException("IndexError", "(out of"), raised(), Outcome.FAILED),
        (ExpectedException("IndexError", "too large"), raised(), Outcome.FAILED),
        (ExpectedException("ValueError"), raised(), Outcome.ERROR),
        (ExpectedException("ValueError"), completed(3), Outcome.FAILED),
        (
            ExpectedException("MemoryError"),
            Observation("t", Ending.MEMORY_LIMIT),
            Outcome.MEMORY_LIMIT,
        ),
    ],
)
def test_an_expected_exception(
    raises: ExpectedException, seen: Observation, outcome: Outcome
) -> None:
    assert result(CallCase("f(1)", raises=raises), seen).outcome is outcome


def test_a_call_that_returns_where_it_has_to_raise_says_so() -> None:
    only = result(CallCase("f(1)", raises=ExpectedException("ValueError", "neg")), completed(3))
    assert only.message == "`f(1)` returned 3, but it has to raise ValueError."
    assert only.expected == "ValueError with a message like 'neg'"


def test_output_beside_a_value_counts_too() -> None:
    spec = CallCase("f(1)", expected=encode_plain(None), stdout="hi\n")
    assert result(spec, completed(None, stdout="hi")).outcome is Outcome.PASSED
    only = result(spec, completed(None, stdout="ho"))
    assert only.outcome is Outcome.FAILED
    assert only.difference == "line 1: expected 'hi', got 'ho'"


@pytest.mark.parametrize(
    ("changed", "outcome"),
    [(False, Outcome.PASSED), (True, Outcome.FAILED), (None, Outcome.FAILED)],
)
def test_arguments_have_to_be_seen_unchanged(changed: bool | None, outcome: Outcome) -> None:
    spec = CallCase("f(a)", expected=encode_plain(2), arguments_unchanged=True)
    assert result(spec, completed(2, changed=changed)).outcome is outcome


def test_a_program_is_judged_by_what_it_prints() -> None:
    spec = ProgramCase("3 4\n", "7\n")
    assert result(spec, completed(stdout="7")).outcome is Outcome.PASSED
    only = result(spec, completed(stdout="8\n"))
    assert only.outcome is Outcome.FAILED
    assert (only.called, only.expected, only.got) == ("3 4\n", "7\n", "8\n")
    assert only.difference == ""
    further = result(ProgramCase("3 4\n", "7\n8\n"), completed(stdout="7\n9\n"))
    assert further.difference == "line 2: expected '8', got '9'"


def test_a_failing_assert_is_a_failure_and_any_other_exception_an_error() -> None:
    spec = AssertCell("assert f(1) == 2")
    frame = Frame("test", 1, "<module>", "assert f(1) == 2")
    only = result(spec, raised(RaisedError("AssertionError", "f(1) is 3", (), (frame,))))
    assert only.outcome is Outcome.FAILED
    assert only.message == "A check does not hold: `assert f(1) == 2`."
    assert only.difference == "f(1) is 3"
    within = RaisedError("AssertionError", "", (), (frame, ANSWER_FRAME))
    assert result(spec, raised(within)).outcome is Outcome.ERROR
    assert result(spec, completed()).outcome is Outcome.PASSED


@settings(max_examples=100, deadline=None)
@given(
    st.sampled_from(SPECS),
    st.sampled_from([ending for ending in Ending if ending is not Ending.COMPLETED]),
    st.booleans(),
)
def test_nothing_but_a_completed_run_passes_save_an_expected_exception(
    spec: TestSpec, ending: Ending, with_value: bool
) -> None:
    value = encode_plain(2) if with_value else None
    seen = Observation("t", ending, value, arguments_changed=False, stdout="2\n")
    assert result(spec, seen).outcome is not Outcome.PASSED


@pytest.mark.parametrize("spec", SPECS[:5])
def test_a_call_without_a_readable_value_never_passes(spec: TestSpec) -> None:
    for value in (None, {"type": "int"}, {"type": "cut", "class": "list", "reason": "size"}):
        assert result(spec, Observation("t", Ending.COMPLETED, value)).outcome is Outcome.FAILED


def test_a_test_not_observed_exactly_once_was_not_run() -> None:
    tests = (TestCase("a", SPECS[0]), TestCase("b", SPECS[0]), TestCase("c", SPECS[0]))
    seen = replace(completed(2), name="b")
    report = TestReport((), (seen, seen, replace(seen, name="c")), 0.1)
    verdict = judge(tests, report)
    assert [r.outcome for r in verdict.results] == [
        Outcome.NOT_RUN,
        Outcome.NOT_RUN,
        Outcome.PASSED,
    ]
    assert verdict.score == pytest.approx(1 / 3)
    assert not verdict.passed


@pytest.mark.parametrize(
    ("ending", "words"),
    [
        (Ending.TIMEOUT, "was still running after 5 seconds"),
        (Ending.CPU_LIMIT, "kept the processor busy for more than 5 seconds"),
        (Ending.MEMORY_LIMIT, "needed more memory than 512 MiB"),
        (Ending.OUTPUT_LIMIT, "printed more than 65,536 bytes"),
        (Ending.PROCESS_LIMIT, "started more than 32 processes or threads"),
        (Ending.DIED, "ended the whole Python process"),
        (Ending.NOT_RUN, "Not run."),
    ],
)
def test_limits_are_told_in_sentences(ending: Ending, words: str) -> None:
    only = result(SPECS[0], Observation("t", ending))
    assert words in only.message
    assert only.outcome.value == (ending.value if ending is not Ending.DIED else "error")


def test_a_timeout_tells_where_the_code_was() -> None:
    seen = Observation("t", Ending.TIMEOUT, error=INDEX_ERROR)
    assert "(line 3 of your cell)" in result(SPECS[0], seen).message


def test_a_cell_with_a_syntax_error_explains_the_missing_name() -> None:
    syntax = RaisedError(
        "SyntaxError", "invalid syntax", (), (Frame("answer", 1, "<module>", "def f(:"),), 7
    )
    cell = Observation("answer", Ending.RAISED, error=syntax)
    missing = RaisedError("NameError", "name 'f' is not defined", ("Exception",))
    verdict = judge((TestCase("t", SPECS[0]),), TestReport((cell,), (raised(missing),), 0.1))
    (stopped,) = verdict.cells
    assert (stopped.name, stopped.outcome) == ("answer", Outcome.ERROR)
    assert stopped.message == (
        "Cell `answer` stopped with SyntaxError: invalid syntax (line 1 of your cell)."
    )
    assert verdict.results[0].message == (
        "`f` is not defined, because cell `answer` stopped with SyntaxError: invalid syntax "
        "(line 1 of your cell)."
    )


def test_tests_not_run_name_the_cell_that_hung() -> None:
    cell = Observation("answer", Ending.TIMEOUT)
    only = result(SPECS[0], Observation("t", Ending.NOT_RUN), cell)
    assert only.message == "Not run, because cell `answer` did not finish."


def test_a_misspelt_name_and_an_unwritten_answer() -> None:
    missing = RaisedError("NameError", "name 'f' is not defined")
    assert result(SPECS[0], raised(missing)).message == (
        "`f` is not defined. Is the name spelt as asked?"
    )
    unwritten = RaisedError("NotImplementedError", "", (), (ANSWER_FRAME,))
    assert result(SPECS[0], raised(unwritten)).message == (
        "The answer is not written yet (line 3 of your cell)."
    )


def test_every_text_of_a_result_can_be_stored() -> None:
    nasty = "a\0b\ud800\x1b[31m"
    error = RaisedError(nasty, nasty, (nasty,), (Frame("answer", 1, nasty, nasty),))
    for spec in SPECS:
        for seen in (raised(error, nasty), completed(nasty, nasty), raised(error)):
            only = result(spec, seen)
            for text in (only.got, only.message, only.difference, only.stdout, str(only.error)):
                text.encode("utf-8")
                assert "\0" not in text


def test_a_learner_sees_of_secret_tests_only_whether_they_passed() -> None:
    tests = tuple(
        TestCase(f"named {n}", CallCase(f"f({n})", expected=encode_plain(n)), 1.0, visibility)
        for n, visibility in enumerate(
            [Visibility.PUBLIC, Visibility.SECRET, Visibility.WITHHELD, Visibility.SECRET]
        )
    )
    seen = tuple(
        Observation(
            f"named {n}", Ending.COMPLETED, encode_plain(n % 3), stdout="leak", seconds=1.0,
            memory_mb=9.0,
        )
        for n in range(4)
    )  # fmt: skip
    verdict = judge(tests, TestReport((), seen, 0.1))
    assert verdict.score == 0.75
    shown = for_learner(verdict)
    names = ["named 0", "Secret test 1", "Secret test 2", "Withheld test 1"]
    assert [r.name for r in shown.results] == names
    assert [r.earned for r in shown.results] == [1.0, 1.0, 0.0, 1.0]
    assert shown.score == verdict.score
    assert shown.results[2] == TestResult(
        "Secret test 2", Visibility.SECRET, Outcome.FAILED, 1.0, 0.0,
        message="This test is secret: what it tries is not shown.",
    )  # fmt: skip
    assert "leak" not in str(shown.results[1:])


def _mixed(*visibilities: Visibility, right: int) -> Verdict:
    """Judge tests of which the first ones passed."""
    tests = tuple(
        TestCase(f"named {n}", CallCase("f()", expected=encode_plain(1)), n + 1.0, visibility)
        for n, visibility in enumerate(visibilities)
    )
    seen = tuple(
        Observation(f"named {n}", Ending.COMPLETED, encode_plain(int(n < right)), stdout="leak")
        for n in range(len(tests))
    )
    return judge(tests, TestReport((), seen, 0.1))


def test_a_course_may_tell_of_secret_tests_only_how_many_passed() -> None:
    secret, public = Visibility.SECRET, Visibility.PUBLIC
    verdict = _mixed(secret, secret, public, secret, Visibility.WITHHELD, right=2)
    shown = for_learner(verdict, told=SecretResults.COUNT)
    assert [(r.name, r.outcome, r.earned, r.points) for r in shown.results] == [
        ("named 2", Outcome.FAILED, 0.0, 3.0),
        ("Secret tests", Outcome.FAILED, 3.0, 7.0),
        ("Withheld tests", Outcome.FAILED, 0.0, 5.0),
    ]
    assert shown.results[1].message == ("Passed: 2 of 3. What they try is not shown.")
    assert "leak" not in str(shown.results[1:])
    assert "named" not in str(shown.results[1:])
    assert for_learner(verdict, "bn", SecretResults.COUNT).results[1].name == "গোপন পরীক্ষাগুলো"


def test_counted_secret_tests_pass_when_all_do() -> None:
    verdict = _mixed(Visibility.SECRET, Visibility.SECRET, right=2)
    (shown,) = for_learner(verdict, told=SecretResults.COUNT).results
    assert (shown.outcome, shown.earned) == (Outcome.PASSED, 3.0)
    assert for_learner(_mixed(Visibility.PUBLIC, right=1), told=SecretResults.COUNT).passed


def test_a_test_in_the_answers_process_is_marked_also_where_it_is_secret() -> None:
    tests = tuple(
        TestCase(str(shared), AssertCell("f()", shared), 1.0, Visibility.SECRET)
        for shared in (False, True)
    )
    seen = tuple(Observation(test.name, Ending.COMPLETED) for test in tests)
    verdict = judge(tests, TestReport((), seen, 0.0))
    assert [r.weaker for r in verdict.results] == [False, True]
    assert [r.weaker for r in for_learner(verdict).results] == [False, True]
    assert for_learner(verdict, told=SecretResults.COUNT).results[0].weaker


def test_every_way_a_secret_test_can_fail_looks_the_same() -> None:
    test = TestCase("s", SPECS[0], visibility=Visibility.SECRET)
    shown = {
        str(for_learner(judge((test,), TestReport((), (Observation("s", e),), 0.1))).results)
        for e in Ending
    }
    assert len(shown) == 1


def test_questions_and_worthless_exercises_give_no_score() -> None:
    question = TestCase("q", Question("q", QuestionType.TEXT, {"en": "?"}))
    assert judge((question,), TestReport((), (), 0.0)) == Verdict((), (), 0.0)
    free = TestCase("t", SPECS[0], points=0.0)
    assert judge((free,), TestReport((), (completed(2),), 0.0)).score == 0.0
