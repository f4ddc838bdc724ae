"""Memory is a fold: whatever the order of grading, what is stored equals what is rebuilt."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jupyter_tutor.domain.errors import Conflict, LimitReached, NotFound
from jupyter_tutor.domain.memory import LearnerMemory
from jupyter_tutor.domain.submissions import Answer, Submission
from jupyter_tutor.services.remembering import rebuild
from tests import small_course
from tests.small_course import COURSE, EXAM, PARTIAL, RIGHT, WRONG
from tests.unit.services.desk import BOB, Desk


def test_each_graded_submission_is_folded_in(desk: Desk) -> None:
    desk.submit(WRONG)
    desk.work()
    assert _memory(desk).open_episodes["double"].submissions == 1
    assert (_memory(desk).n, _memory(desk).topics) == (0, {})
    desk.submit(RIGHT)
    desk.work()

    memory = _memory(desk)
    assert (memory.n, memory.topics["values"].wins, list(memory.passed)) == (1, 1, ["double"])
    assert memory.open_episodes == {}


def test_checks_leave_no_trace_in_memory(desk: Desk) -> None:
    desk.check(WRONG)
    desk.work()

    with desk.database() as uow:
        assert uow.memories.load(desk.ada, COURSE) is None


def test_grading_late_replays_as_if_it_had_been_in_time(desk: Desk) -> None:
    """The older submission waits for its worker while a newer one is graded."""
    in_time = Desk()
    for each in (WRONG, RIGHT):
        in_time.submit(each)
        in_time.work()
    older, newer = desk.submit(WRONG), desk.submit(RIGHT)
    desk.grading.grade_submission(newer.id)
    assert _memory(desk) != _memory(in_time)
    desk.grading.grade_submission(older.id)

    assert _estimates(_memory(desk)) == _estimates(_memory(in_time))


def test_rebuilding_changes_nothing_that_is_right(desk: Desk) -> None:
    desk.submit(RIGHT)
    desk.work()
    before = _memory(desk)
    rebuilt = rebuild(desk.database, COURSE)

    assert (rebuilt.learners, rebuilt.differing) == (1, 0)
    assert _memory(desk) == before
    assert not [event for event in desk.database.audit_events if event.action == "memory.rebuilt"]


def test_rebuilding_mends_what_is_wrong_or_lost_and_says_so(desk: Desk) -> None:
    desk.submit(RIGHT)
    bob = desk.person(BOB)
    desk.submissions.submit(desk.request(learner=bob), small_course.answer(WRONG), None)
    desk.work()
    right = _memory(desk)
    tables = desk.database.tables
    tables.memories[desk.ada, COURSE] = LearnerMemory(9.0, 1.0, 5, {}, {}, {}, None)
    del tables.memories[bob, COURSE]

    rebuilt = rebuild(desk.database, COURSE)
    assert (rebuilt.learners, rebuilt.differing) == (2, 2)
    assert _memory(desk) == right
    assert _memory(desk, bob).open_episodes["double"].submissions == 1
    subjects = {e.subject for e in desk.database.audit_events if e.action == "memory.rebuilt"}
    assert subjects == {f"person:{desk.ada}", f"person:{bob}"}
    assert rebuild(desk.database, COURSE).differing == 0


def test_rebuilding_an_unknown_course_is_refused(desk: Desk) -> None:
    with pytest.raises(NotFound, match="no course 'nowhere'"):
        rebuild(desk.database, "nowhere")


_ANSWERS = st.sampled_from(
    [
        ("double", small_course.answer(RIGHT)),
        ("double", small_course.answer(PARTIAL)),
        ("double", small_course.answer(WRONG)),
        ("exam", small_course.answer(EXAM)),
        ("exam", small_course.answer("def last(items):\n    return items[0]")),
        ("slicing", Answer((), {"slices": "b", "pi": 3.14})),
        ("slicing", Answer((), {"slices": "a"})),
    ]
)
_ACTIONS = st.lists(
    st.one_of(
        st.tuples(st.just("submit"), _ANSWERS),
        st.tuples(st.just("hint"), st.sampled_from(["double", "exam", "slicing"])),
        st.tuples(st.just("check"), _ANSWERS),
        # Any of those that wait: the queue promises no order.
        st.tuples(st.just("grade"), st.integers(0, 100)),
        st.tuples(st.just("pass"), st.floats(0.001, 72)),
        st.tuples(st.just("rebuild"), st.none()),
    ),
    max_size=25,
)


@given(_ACTIONS)
@settings(max_examples=60, deadline=None)
def test_what_is_stored_is_what_a_rebuild_makes(actions: list[tuple[str, object]]) -> None:
    desk = Desk()
    waiting: list[Submission] = []
    for action, value in actions:
        _act(desk, waiting, action, value)
    assert rebuild(desk.database, COURSE).differing == 0
    for submission in waiting:
        desk.grading.grade_submission(submission.id)

    assert rebuild(desk.database, COURSE).differing == 0


def _act(desk: Desk, waiting: list[Submission], action: str, value: object) -> None:
    match action, value:
        case "submit", (str() as exercise, Answer() as answer):
            try:
                waiting.append(desk.submit(answer, exercise))
            except (Conflict, LimitReached):
                return
        case "check", (str() as exercise, Answer() as answer):
            try:
                desk.grading.grade_attempt(desk.check(answer, exercise).id)
            except LimitReached:
                return
        case "hint", str() as exercise:
            desk.hint(exercise)
        case "grade", int() as number if waiting:
            desk.grading.grade_submission(waiting.pop(number % len(waiting)).id)
        case "pass", float() as hours:
            desk.clock.now += timedelta(hours=hours)
        case "rebuild", None:
            assert rebuild(desk.database, COURSE).differing == 0


def _memory(desk: Desk, person: UUID | None = None) -> LearnerMemory:
    with desk.database() as uow:
        memory = uow.memories.load(person or desk.ada, COURSE)
    assert memory is not None
    return memory


def _estimates(memory: LearnerMemory) -> object:
    """Return what a memory says of the learner, without the times."""
    topics = {topic: replace(state, last_at=None) for topic, state in memory.topics.items()}
    return memory.ability, memory.ability_var, memory.n, topics, list(memory.passed)
