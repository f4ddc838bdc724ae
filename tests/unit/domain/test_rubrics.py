"""Rubrics, and what several readings of an answer come to."""

from dataclasses import replace
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_tutor.domain.rubric_readings import (
    CriterionReading,
    Doubt,
    Evidence,
    Sample,
    criteria_orders,
    draft_of,
    is_audited,
    stands_there,
)
from jupyter_tutor.domain.rubrics import (
    Anchor,
    Criterion,
    Rubric,
    RubricLevel,
    rubric_problems,
)

SOURCE = "def total(prices):\n    result = 0\n    return   result"


def criterion(slug: str, levels: int = 3) -> Criterion:
    made = tuple(RubricLevel(float(each), {"en": f"level {each}"}) for each in range(levels))
    anchor = Anchor(0, "a = 1", {"en": "It says nothing."})
    return Criterion(slug, {"en": slug}, {"en": f"Is it {slug}?"}, made, anchor)


RUBRIC = Rubric((criterion("names"), criterion("structure")))
GOOD = CriterionReading(2, (Evidence(2, "result = 0"),), 0.9)


def sample(**changed: CriterionReading) -> Sample:
    return Sample({"names": GOOD, "structure": GOOD} | changed)


AGAIN = (SOURCE, sample())


def doubts(*samples: Sample, blanked: tuple[str, Sample] | None = AGAIN) -> tuple[Doubt, ...]:
    """Return the doubts about names; there must be none about structure but general ones."""
    names, _structure = draft_of(RUBRIC, SOURCE, samples, blanked).criteria
    assert (names.level is None) == bool(names.doubts)
    return names.doubts


def test_samples_that_agree_make_a_draft() -> None:
    draft = draft_of(RUBRIC, SOURCE, [sample()] * 3, AGAIN)

    assert not draft.needs_person
    assert [(one.slug, one.level) for one in draft.criteria] == [("names", 2), ("structure", 2)]
    assert draft.criteria[0].evidence == GOOD.evidence


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"level": 1}, {Doubt.DISAGREEMENT, Doubt.POSSIBLE_INJECTION}),
        ({"confidence": 0.5}, {Doubt.UNSURE}),
        ({"confidence": float("nan")}, {Doubt.UNSURE}),
        ({"evidence": ()}, {Doubt.NO_EVIDENCE}),
        ({"evidence": (Evidence(2, "result = 1"),)}, {Doubt.FALSE_EVIDENCE}),
        ({"evidence": (*GOOD.evidence, Evidence(9, "x"))}, {Doubt.FALSE_EVIDENCE}),
    ],
)
def test_one_sample_that_differs_is_for_a_person(
    changed: dict[str, object], why: set[Doubt]
) -> None:
    other = sample(names=replace(GOOD, **changed))  # type: ignore[arg-type]
    for samples in ([other, sample(), sample()], [sample(), sample(), other]):
        names, structure = draft_of(RUBRIC, SOURCE, samples, AGAIN).criteria
        assert set(names.doubts) == why
        assert names.level is None
        assert structure.level == 2


def test_a_level_that_is_none_of_the_criterion_is_refused() -> None:
    wild = sample(names=replace(GOOD, level=7))
    assert doubts(wild, wild, wild, blanked=(SOURCE, wild)) == (Doubt.NO_SUCH_LEVEL,)


def test_the_lowest_level_needs_no_evidence() -> None:
    low = sample(names=CriterionReading(0, (), 0.9))
    assert doubts(low, low, low, blanked=(SOURCE, low)) == ()


def test_samples_and_criteria_that_are_missing_are_told() -> None:
    lacking = Sample({"structure": GOOD})
    assert doubts(sample(), sample()) == (Doubt.FEW_SAMPLES,)
    assert doubts(sample(), sample(), lacking) == (Doubt.NOT_READ,)
    assert Doubt.FEW_SAMPLES in doubts()


def test_another_level_without_comments_and_strings_is_for_a_person() -> None:
    lower = sample(names=replace(GOOD, level=0))
    assert doubts(*[sample()] * 3, blanked=(SOURCE, lower)) == (Doubt.POSSIBLE_INJECTION,)
    assert doubts(*[sample()] * 3, blanked=None) == (Doubt.NOT_BLANKED,)
    lacking = Sample({"structure": GOOD})
    assert doubts(*[sample()] * 3, blanked=(SOURCE, lacking)) == (Doubt.NOT_BLANKED,)


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"confidence": 0.5}, Doubt.UNSURE),
        ({"evidence": ()}, Doubt.NO_EVIDENCE),
        ({"evidence": (Evidence(2, "result = 1"),)}, Doubt.FALSE_EVIDENCE),
    ],
)
def test_the_reading_without_comments_has_to_be_as_good(
    changed: dict[str, object], why: Doubt
) -> None:
    again = sample(names=replace(GOOD, **changed))  # type: ignore[arg-type]
    assert doubts(*[sample()] * 3, blanked=(SOURCE, again)) == (why,)


def test_evidence_of_the_reading_without_comments_stands_there() -> None:
    """What stands in the answer alone, such as in a comment, is none of it."""
    blanked = (SOURCE.replace("result = 0", "other = 0"), sample())
    assert doubts(*[sample()] * 3, blanked=blanked) == (Doubt.FALSE_EVIDENCE,)


@given(st.lists(st.lists(st.tuples(st.integers(-1, 3), st.floats(0, 1)), min_size=2, max_size=2)))
def test_a_level_is_only_given_when_all_say_it(told: list[list[tuple[int, float]]]) -> None:
    """Whatever samples say, a draft has a level only of three equal ones and an equal fourth."""
    made = [
        Sample(
            {
                slug: CriterionReading(level, GOOD.evidence, sure)
                for slug, (level, sure) in zip(("names", "structure"), each, strict=True)
            }
        )
        for each in told
    ]
    blanked = (SOURCE, made[-1]) if made else None
    for one in draft_of(RUBRIC, SOURCE, made[:-1], blanked).criteria:
        if one.level is not None:
            levels = [each.readings[one.slug].level for each in made]
            assert len(levels) >= 4
            assert set(levels) == {one.level}


@pytest.mark.parametrize(
    ("line", "text", "there"),
    [
        (1, "def total(prices):", True),
        (3, "return result", True),
        (3, "return\tresult ", True),
        (2, "result = 0\n  return result", True),
        (1, "result = 0", False),
        (3, "returnresult", False),
        (2, "result = 0\nreturn total", False),
        (2, "=", False),
        (1, "def", False),
        (2, "resul", False),
        (0, "return result", False),
        (4, "return result", False),
        (2, "  ", False),
        (3, "Return result", False),
    ],
)
def test_evidence_has_to_stand_where_it_says(line: int, text: str, there: bool) -> None:
    assert stands_there(Evidence(line, text), SOURCE) is there


@given(st.text(max_size=20), st.integers(2, 5))
def test_orders_are_shuffles_that_stay(seed: str, count: int) -> None:
    rubric = Rubric(tuple(criterion(f"c{each}") for each in range(count)))
    orders = criteria_orders(rubric, seed)

    assert orders == criteria_orders(rubric, seed)
    assert all(sorted(order) == [f"c{each}" for each in range(count)] for order in orders)
    assert len(set(orders)) == (3 if count > 2 else 2)


def test_about_a_tenth_is_audited_and_always_the_same() -> None:
    every = [UUID(int=each) for each in range(5_000)]
    audited = [each for each in every if is_audited(each, b"one")]

    assert 400 < len(audited) < 600
    assert audited == [each for each in every if is_audited(each, b"one")]
    assert audited != [each for each in every if is_audited(each, b"two")]
    with pytest.raises(ValueError, match="secret"):
        is_audited(every[0], b"")


def test_a_rubric_that_is_fit() -> None:
    assert rubric_problems(RUBRIC) == []
    assert RUBRIC.points == 4


@pytest.mark.parametrize(
    ("rubric", "told"),
    [
        (Rubric(()), "no criterion"),
        (Rubric((criterion("a"), criterion("a"))), "2 criteria are named 'a'"),
        (Rubric((criterion("a", 1),)), "fewer than two levels"),
        (Rubric((replace(criterion("a"), levels=criterion("a").levels[::-1]),)), "fewest points"),
        (Rubric((replace(criterion("a"), anchor=Anchor(3, "x", {})),)), "anchor is on level 3"),
        (Rubric((replace(criterion("a"), anchor=Anchor(0, " ", {})),)), "no example"),
        (
            Rubric(
                (
                    replace(
                        criterion("a"),
                        levels=(RubricLevel(0, {"en": "x"}), RubricLevel(1, {"en": "x"})),
                    ),
                )
            ),
            "same description",
        ),
        (
            Rubric(
                (
                    replace(
                        criterion("a"),
                        levels=(RubricLevel(-1, {"en": "x"}), RubricLevel(0, {"en": "y"})),
                    ),
                )
            ),
            "worth 0 points",
        ),
    ],
)
def test_a_rubric_that_is_unfit(rubric: Rubric, told: str) -> None:
    assert told in "\n".join(rubric_problems(rubric))
