"""Arbitrary domain values, odd characters and odd numbers included."""

from datetime import UTC, datetime, timedelta, timezone

from hypothesis import strategies as st

from jupyter_tutor.domain.evaluations import Outcome, TestResult, Verdict
from jupyter_tutor.domain.exercises import (
    AnswerCell,
    AssertCell,
    CallCase,
    Choice,
    ExerciseContent,
    ExerciseKind,
    ExerciseText,
    ExpectedException,
    HintLevel,
    Limits,
    ProgramCase,
    Question,
    QuestionType,
    TestCase,
    Tolerance,
    Visibility,
    WrongAnswer,
)
from jupyter_tutor.domain.observations import CellSource, Frame, RaisedError
from jupyter_tutor.domain.rubrics import Anchor, Criterion, Rubric, RubricLevel
from jupyter_tutor.domain.submissions import Answer

anything = st.text(st.characters() | st.sampled_from("\0\ud800\udfff\ufdd0f0d"), max_size=12)
whole = st.text(st.characters(codec="utf-8") | st.sampled_from("\0\ufdd0"), max_size=12)
"""Text of whole characters, which is what an author may write."""

numbers = st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(2**70), 2**70)
scores = st.floats(0, 1)
amounts = st.floats(0, 1e308) | st.integers(0, 100)
zones = st.sampled_from([UTC, timezone(timedelta(hours=6)), timezone(-timedelta(minutes=210))])
times = st.builds(
    lambda seconds, zone: datetime(1990, 1, 1, tzinfo=zone) + timedelta(seconds=seconds),
    st.integers(0, 6 * 10**9),
    zones,
)

documents = st.recursive(
    st.none() | st.booleans() | numbers | anything,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(anything, inner, max_size=3),
    max_leaves=8,
)
plain_documents = st.recursive(
    st.none() | st.booleans() | numbers | whole,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(whole, inner, max_size=3),
    max_leaves=6,
)


def tuples(each: st.SearchStrategy[object], size: int = 3) -> st.SearchStrategy[tuple[object, ...]]:
    return st.lists(each, max_size=size).map(tuple)


answers = st.builds(
    Answer,
    cells=tuples(st.builds(CellSource, id=anything, source=anything)),
    responses=st.dictionaries(anything, documents, max_size=3),
)

errors = st.builds(
    RaisedError,
    type=anything,
    message=anything,
    bases=tuples(anything),
    frames=tuples(
        st.builds(Frame, cell=anything, line=st.integers(1), function=anything, source=anything)
    ),
    caret=st.none() | st.integers(1),
)
results = st.builds(
    TestResult,
    name=anything,
    visibility=st.sampled_from(Visibility),
    outcome=st.sampled_from(Outcome),
    points=amounts,
    earned=amounts,
    called=anything,
    expected=anything,
    got=anything,
    difference=anything,
    message=anything,
    error=st.none() | errors,
    stdout=anything,
    seconds=amounts,
    memory_mb=st.none() | amounts,
)
verdicts = st.builds(Verdict, results=tuples(results), cells=tuples(results), score=scores)

languages = st.sampled_from(["en", "bn", "de", "pt-BR"])
by_language = st.dictionaries(languages, whole, max_size=3)
tolerances = st.builds(Tolerance, relative=amounts, absolute=amounts)
specs = (
    st.builds(
        CallCase,
        call=whole,
        expected=st.none() | st.dictionaries(whole, plain_documents, max_size=3),
        raises=st.none() | st.builds(ExpectedException, type=whole, match=st.none() | whole),
        stdout=st.none() | whole,
        tolerance=st.none() | tolerances,
        arguments_unchanged=st.booleans(),
    )
    | st.builds(ProgramCase, stdin=whole, stdout=whole, tolerance=st.none() | tolerances)
    | st.builds(AssertCell, source=whole)
    | st.builds(
        Question,
        id=whole,
        type=st.sampled_from(QuestionType),
        text=by_language,
        choices=tuples(st.builds(Choice, id=whole, text=by_language, feedback=by_language)),
        correct=tuples(whole),
        number=st.none() | numbers,
        tolerance=st.none() | tolerances,
        explanation=by_language,
    )
)
tests = st.lists(
    st.builds(
        TestCase, name=whole, spec=specs, points=amounts, visibility=st.sampled_from(Visibility)
    ),
    max_size=4,
    unique_by=lambda test: test.name,
).map(tuple)

rubrics = st.builds(
    Rubric,
    criteria=tuples(
        st.builds(
            Criterion,
            slug=whole,
            title=by_language,
            question=by_language,
            levels=tuples(st.builds(RubricLevel, points=amounts, description=by_language)),
            anchor=st.builds(Anchor, level=st.integers(0, 9), example=whole, reason=by_language),
        ),
        2,
    ),
)

contents = st.builds(
    ExerciseContent,
    slug=st.just("slug"),
    kind=st.sampled_from(ExerciseKind),
    topic=st.just("topic"),
    difficulty=st.integers(1, 10),
    texts=st.dictionaries(
        languages,
        st.builds(
            ExerciseText,
            title=whole,
            prompt=whole,
            hints=st.dictionaries(st.sampled_from(HintLevel), whole, max_size=3),
        ),
        min_size=1,
    ),
    tests=tests,
    answer_cells=tuples(st.builds(AnswerCell, id=whole, starter=whole, reference=whole)),
    setup=tuples(whole),
    files=st.dictionaries(whole, st.just("0" * 64), max_size=2),
    wrong_answers=tuples(
        st.builds(
            WrongAnswer,
            note=whole,
            sources=st.dictionaries(whole, whole, max_size=2),
            responses=st.dictionaries(whole, plain_documents, max_size=2),
        ),
        2,
    ),
    limits=st.builds(Limits, wall_seconds=amounts, memory_mb=st.integers(1, 10**6)),
    prerequisites=tuples(whole),
    max_submissions=st.none() | st.integers(0, 1000),
    due_at=st.none() | times,
    deepest_hint=st.sampled_from(HintLevel),
    rubric=st.none() | rubrics,
)
