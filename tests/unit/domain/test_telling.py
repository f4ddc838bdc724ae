"""Telling verdicts: the same facts in every language, whichever they were stored in."""

import re
from dataclasses import replace

import pytest

from jupyter_tutor.domain.errors import InvalidInput, SubmissionClosed
from jupyter_tutor.domain.evaluations import for_learner, judge, judge_responses, tell
from jupyter_tutor.domain.exercises import (
    CallCase,
    ExpectedException,
    Limits,
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
from jupyter_tutor.domain.telling import summarise
from jupyter_tutor.domain.values import encode_plain
from jupyter_tutor.domain.verdicts import Outcome, Verdict
from tests.unit.domain.failures import QUESTION
from tests.unit.domain.test_judging import INDEX_ERROR, SPECS, completed, raised

BENGALI = re.compile("[\u0980-\u09ff]")
CHECK_FRAME = Frame("test", 1, "<module>", "assert f(1) == 2")
SEEN = (
    completed(3, stdout="4\n", changed=True),
    completed(2, stdout="4\n", changed=True),
    completed(None, stdout="2\n"),
    completed(None),
    raised(),
    raised(RaisedError("ValueError", "oops", ("Exception",), (CHECK_FRAME,))),
    raised(RaisedError("AssertionError", "f(1) is 3", (), (CHECK_FRAME,))),
    raised(RaisedError("NameError", "name 'f' is not defined")),
    raised(RaisedError("NotImplementedError", "", (), INDEX_ERROR.frames)),
    *(Observation("t", ending) for ending in Ending if ending is not Ending.COMPLETED),
)
CELLS = ((), (Observation("answer", Ending.TIMEOUT),), (replace(raised(), name="answer"),))


@pytest.mark.parametrize("cells", CELLS, ids=["none", "hung", "raised"])
@pytest.mark.parametrize(
    "spec", [*SPECS, CallCase("f(1)", raises=ExpectedException("ValueError", "neg"))]
)
def test_everything_is_told_in_bengali_and_in_english_again(
    spec: TestSpec, cells: tuple[Observation, ...]
) -> None:
    tests = (TestCase("t", spec),)
    for seen in SEEN:
        verdict = judge(tests, TestReport(cells, (seen,), 0.1))
        told = tell(verdict, tests, Limits(), "bn")
        for result in (*told.results, *told.cells):
            assert bool(BENGALI.search(result.message)) == (result.outcome is not Outcome.PASSED)
            assert not re.search(r"[A-Za-z]{3,} [a-z]{3,} [a-z]{3,}", _prose(result.message))
        assert tell(verdict, tests, Limits(), "en") == verdict


def _prose(message: str) -> str:
    """Return a message without code and without what Python itself said."""
    return re.sub(r"`[^`]*`|\w+Error(: [^()।]*)?", "", message)


def test_numbers_places_and_values_are_kept_in_every_language() -> None:
    tests = (TestCase("t", CallCase("f(1)", expected=encode_plain([1, 2]))),)
    wrong = judge(tests, TestReport((), (completed([1, 3]),), 0.1))
    (told,) = tell(wrong, tests, Limits(), "bn").results
    assert told.message == "`f(1)` ফেরত দিয়েছে [1, 3], দেওয়ার কথা [1, 2]।"
    assert told.difference == "ইনডেক্স ১-এ: হওয়ার কথা 2, হয়েছে 3"
    slow = Observation("t", Ending.TIMEOUT, error=INDEX_ERROR)
    late = judge(tests, TestReport((), (slow,), 0.1), Limits(wall_seconds=2.5))
    assert late.results[0].message == (
        "`f(1)` was still running after 2.5 seconds (line 3 of your cell). Does a loop never end?"
    )
    (told,) = tell(late, tests, Limits(wall_seconds=3), "bn").results
    assert "৩ সেকেন্ড" in told.message
    assert "(আপনার সেলের ৩ নম্বর লাইনে)" in told.message


def test_what_a_call_has_to_raise_is_told_in_the_language_too() -> None:
    tests = (TestCase("t", CallCase("f(1)", raises=ExpectedException("ValueError", "neg"))),)
    verdict = judge(tests, TestReport((), (completed(3),), 0.1))
    (told,) = tell(verdict, tests, Limits(), "bn").results
    assert told.expected == "ValueError, যার বার্তা 'neg'-এর মতো"


def test_results_of_other_tests_stay_as_they_are() -> None:
    verdict = judge((TestCase("t", SPECS[0]),), TestReport((), (completed(3),), 0.1))
    assert tell(verdict, (), Limits(), "bn") == verdict


def _loops(*endings: Ending, secret: tuple[int, ...] = ()) -> Verdict:
    tests = tuple(
        TestCase(
            str(n), SPECS[0], visibility=Visibility.SECRET if n in secret else Visibility.PUBLIC
        )
        for n, _ in enumerate(endings)
    )
    seen = tuple(
        replace(completed(2), name=str(n), ending=ending) for n, ending in enumerate(endings)
    )
    return judge(tests, TestReport((), seen, 0.1))


def test_tests_that_were_not_run_after_two_timeouts_say_why() -> None:
    verdict = _loops(Ending.COMPLETED, Ending.TIMEOUT, Ending.CPU_LIMIT, Ending.NOT_RUN)
    assert verdict.results[3].message == "Not run, because 2 other tests ran out of time."
    assert verdict.score == 0.25
    assert summarise(verdict) == (
        "1 of 4 tests pass. 2 tests ran out of time; the others were not run."
    )
    assert "২টি পরীক্ষার সময় ফুরিয়ে গেছে" in summarise(verdict, "bn")
    assert "ran out" not in summarise(_loops(Ending.TIMEOUT, Ending.TIMEOUT))


def test_a_secret_test_says_that_it_was_not_run_only_where_public_ones_show_why() -> None:
    late, missed = Ending.TIMEOUT, Ending.NOT_RUN
    public = for_learner(_loops(late, late, missed, secret=(2,)), "en")
    assert public.results[2].outcome is Outcome.NOT_RUN
    assert public.results[2].message == "Not run, because 2 other tests ran out of time."
    hidden = for_learner(_loops(late, late, missed, secret=(1, 2)))
    assert [each.outcome for each in hidden.results[1:]] == [Outcome.FAILED] * 2
    assert "ran out" not in summarise(hidden)
    assert "ran out" not in str(hidden.results[1:])


def test_a_quiz_speaks_of_answers() -> None:
    quiz = (TestCase("a", QUESTION), TestCase("b", replace(QUESTION, id="other")))
    verdict = judge_responses(quiz, {"slice": "b"}, "bn")
    assert verdict.results[1].message == "এখনও উত্তর দেওয়া হয়নি।"
    assert summarise(verdict, quiz=True) == "1 of 2 answers are right."
    assert summarise(verdict, "bn", quiz=True) == "২টি উত্তরের মধ্যে ১টি ঠিক হয়েছে।"
    assert summarise(judge_responses(quiz[:1], {}, "en"), quiz=True) == (
        "Your answer is not right yet."
    )


def test_a_refusal_is_told_in_the_language_of_the_learner() -> None:
    closed = SubmissionClosed.of("refusal.used_up", count=3)
    assert closed.message == str(closed) == closed.told("en")
    assert closed.message.startswith("You have used all 3 submissions")
    assert "৩ বার" in closed.told("bn")
    assert InvalidInput("Only in English.").told("bn") == "Only in English."
    with pytest.raises(InvalidInput) as refused:
        judge_responses((TestCase("a", QUESTION),), {"slice": 3}, "en")
    assert refused.value.told("bn") == "'slice' প্রশ্নের উত্তর হবে একটি পছন্দের নাম: a, b।"
