"""Settings of help: the most specific that says something wins, but for exams and ceilings."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_tutor.domain.errors import InvalidInput
from jupyter_tutor.domain.exercises import ExerciseContent, HintLevel
from jupyter_tutor.domain.hint_settings import HintSettings, SettingsChain, rules_for
from tests.unit.domain.test_hints import exercise

NOTHING = HintSettings()
RESULT, NUDGE, CONCEPT, POINTER, STEPS, BOTTOM_OUT = HintLevel

_maybe = st.none() | st.booleans()
said = st.builds(
    HintSettings,
    deepest=st.none() | st.sampled_from(HintLevel),
    exam=_maybe,
    most_hints=st.none() | st.integers(0, 5),
    costs=st.none() | st.dictionaries(st.sampled_from([NUDGE, STEPS]), st.floats(0, 9)),
    model=_maybe,
    chat=_maybe,
    cloud=_maybe,
    conversations_visible=_maybe,
)
chains = st.builds(SettingsChain, said, said, said, said)


def specific_first(of: SettingsChain) -> tuple[HintSettings, ...]:
    return (of.learner_here, of.learner, of.exercise, of.course)


def content(deepest: HintLevel = STEPS, **costs: float) -> ExerciseContent:
    paid = {HintLevel[name.upper()]: points for name, points in costs.items()}
    return replace(exercise(), deepest_hint=deepest, hint_costs=paid)


def chain(
    course: HintSettings = NOTHING,
    exercise: HintSettings = NOTHING,
    learner: HintSettings = NOTHING,
) -> SettingsChain:
    return SettingsChain(course, exercise, learner)


def test_where_nothing_is_said_the_author_decides() -> None:
    rules = rules_for(content(steps=1.5), chain())
    assert (rules.deepest, rules.exam, rules.most_hints) == (STEPS, False, None)
    assert rules.costs == {STEPS: 1.5}
    assert (rules.model, rules.chat, rules.cloud) == (True, True, True)
    assert not rules.conversations_visible
    assert NOTHING.says_nothing


@given(chains)
def test_the_most_specific_that_says_something_wins(of: SettingsChain) -> None:
    rules = rules_for(content(), of)
    for name in ("most_hints", "costs", "cloud"):
        answers = [getattr(each, name) for each in specific_first(of)]
        answers = [each for each in answers if each is not None]
        if answers:
            assert getattr(rules, name) == answers[0]
    if not rules.exam:
        for name in ("model", "chat"):
            answers = [getattr(each, name) for each in specific_first(of)]
            assert getattr(rules, name) is next((a for a in answers if a is not None), True)


@given(chains)
def test_only_an_instructors_word_for_a_learner_widens_an_exam(of: SettingsChain) -> None:
    rules = rules_for(content(), of)
    theirs = [each for each in (of.learner_here.exam, of.learner.exam) if each is not None]
    assert rules.exam is (theirs[0] if theirs else bool(of.course.exam or of.exercise.exam))
    if rules.exam:
        assert rules.policy.reach is RESULT
        assert not rules.model
        assert not rules.chat


@given(chains, st.sampled_from(HintLevel))
def test_the_author_is_a_ceiling_but_for_an_explicit_bottom_out(
    of: SettingsChain, author: HintLevel
) -> None:
    answers = [each.deepest for each in specific_first(of)]
    wanted = next((each for each in answers if each is not None), None)
    deepest = rules_for(content(author), of).deepest
    if wanted is BOTTOM_OUT:
        assert deepest is BOTTOM_OUT
    else:
        assert deepest <= author
        assert wanted is None or deepest <= wanted


def test_conversations_are_seen_in_a_whole_course_or_not_at_all() -> None:
    seen = HintSettings(conversations_visible=True)
    assert rules_for(content(), chain(course=seen)).conversations_visible
    for hidden in (chain(learner=seen), chain(exercise=seen)):
        assert not rules_for(content(), hidden).conversations_visible


def test_an_empty_price_list_makes_every_hint_free() -> None:
    free = HintSettings(costs={})
    assert rules_for(content(steps=1.5), chain(learner=free)).costs == {}


@pytest.mark.parametrize(
    "wrong",
    [
        HintSettings(most_hints=-1),
        HintSettings(most_hints=21),
        HintSettings(costs={RESULT: 1.0}),
        HintSettings(costs={NUDGE: -1.0}),
        HintSettings(costs={NUDGE: float("nan")}),
        HintSettings(costs={NUDGE: float("inf")}),
    ],
)
def test_numbers_that_make_no_sense_are_refused(wrong: HintSettings) -> None:
    with pytest.raises(InvalidInput):
        wrong.check()
    HintSettings(most_hints=0, costs={STEPS: 0.0}).check()


def test_a_bottom_out_can_be_allowed_to_one_learner_on_one_exercise() -> None:
    here = HintSettings(deepest=BOTTOM_OUT)
    shallow = chain(course=HintSettings(deepest=NUDGE), learner=HintSettings(deepest=CONCEPT))
    assert rules_for(content(), replace(shallow, learner_here=here)).deepest is BOTTOM_OUT
    assert rules_for(content(), shallow).deepest is CONCEPT
