"""Notebooks that learners changed: what they send and what they keep never decides what is tested.

The engine never sees a notebook. The services take sources of answer cells by their ids; the tests
are the server's own, and a copy that was changed is brought in order by the next merge.
"""

import copy
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final
from uuid import uuid4

import pytest

from jupyter_tutor.domain.errors import InvalidInput, InvalidNotebook, RevisionChanged, TutorError
from jupyter_tutor.domain.observations import CellSource
from jupyter_tutor.domain.submissions import Answer
from jupyter_tutor.notebook_format.merge import merge
from tests import small_course
from tests.unit.services.desk import BOB, Desk

Notebook = dict[str, Any]


@pytest.fixture
def desk() -> Desk:
    """Every service on an in-memory database."""
    return Desk()


@dataclass(frozen=True, slots=True)
class Sent:
    """What a changed notebook sends in the place of one answer cell, and how it is refused."""

    name: str
    cells: tuple[tuple[str, str], ...]
    refusal: type[TutorError] = InvalidInput
    revision: str | None = None


_RIGHT: Final = small_course.RIGHT
_SENT: Final = (
    Sent("a cell too many", (("answer", _RIGHT), ("more", "double = 1"))),
    Sent("the same cell twice", (("answer", _RIGHT), ("answer", _RIGHT))),
    Sent("no cell", ()),
    Sent("the id of another exercise's cell", (("parts-1", _RIGHT),)),
    Sent("the id of the set-up", (("setup", _RIGHT),)),
    Sent("the id of the tests", (("test", _RIGHT),)),
    Sent("the answer and the set-up", (("setup", "x = 1"), ("answer", _RIGHT))),
    Sent("an id with a path", (("../answer", _RIGHT),)),
    Sent("an id in another form", (("Answer", _RIGHT),)),
    Sent("an id with an invisible character", (("answer\u200b", _RIGHT),)),
    Sent("a revision that never was", (("answer", _RIGHT),), RevisionChanged, "0" * 64),
    Sent("no revision at all", (("answer", _RIGHT),), RevisionChanged, ""),
)


@pytest.mark.parametrize("sent", _SENT, ids=lambda sent: sent.name)
def test_what_does_not_fit_is_refused(sent: Sent, desk: Desk) -> None:
    answer = Answer(tuple(CellSource(*cell) for cell in sent.cells))
    for take in (desk.check, desk.submit):
        with pytest.raises(sent.refusal):
            take(answer, revision=sent.revision)
    assert desk.work() == 0
    assert desk.runner.plans == []


def test_responses_do_not_make_points_of_code(desk: Desk) -> None:
    honest = small_course.answer(small_course.NOTHING)
    answer = Answer(honest.cells, dict.fromkeys(("double(1)", "double(3)", "score"), True))
    try:
        submission = desk.submit(answer)
    except InvalidInput:
        return
    desk.work()
    assert desk.graded(submission).score in (0, 0.0)


def test_the_tests_are_the_servers_own(desk: Desk) -> None:
    learner = _copy(desk)
    for cell in learner["cells"]:
        if cell["metadata"].get("jupyter_tutor", {}).get("role") == "tests":
            cell["source"] = "assert True"
    submission = desk.submit(small_course.NOTHING)
    desk.work()
    (plan,) = desk.runner.plans
    revision = desk.submissions.submission(desk.ada, submission.id)[1]
    assert plan.tests == revision.content.tests
    assert plan.setup == revision.content.setup
    score = desk.graded(submission).score
    assert score is not None
    assert score < 1


def test_other_peoples_runs_are_not_there(desk: Desk) -> None:
    bob = desk.person(BOB)
    attempt, submission = desk.check(), desk.submit()
    for look, key in (
        (desk.submissions.attempt, attempt.id),
        (desk.submissions.submission, submission.id),
    ):
        with pytest.raises(TutorError) as foreign:
            look(bob, key)
        with pytest.raises(TutorError) as missing:
            look(bob, uuid4())
        assert foreign.value.code == missing.value.code


def _copy(desk: Desk) -> Notebook:
    with desk.database() as uow:
        notebook = dict(uow.courses.lesson(small_course.COURSE, small_course.LESSON).notebook)
    return copy.deepcopy(notebook)


def _answers(notebook: Notebook) -> list[dict[str, Any]]:
    return [cell for cell in notebook["cells"] if _role(cell) == "answer"]


def _role(cell: dict[str, Any]) -> object:
    return cell["metadata"].get("jupyter_tutor", {}).get("role")


def _edit_tests(notebook: Notebook) -> None:
    for cell in notebook["cells"]:
        if _role(cell) == "tests":
            cell["source"] = "print('all passed')"


def _double_the_answer(notebook: Notebook) -> None:
    notebook["cells"].append({**_answers(notebook)[0], "source": "double = None"})


def _drop_marks(notebook: Notebook) -> None:
    for cell in notebook["cells"]:
        cell["metadata"] = {}


def _claim_points(notebook: Notebook) -> None:
    for cell in notebook["cells"]:
        cell["metadata"].setdefault("jupyter_tutor", {}).update(points=1e9, score=1, passed=True)


def _same_ids(notebook: Notebook) -> None:
    for cell in notebook["cells"]:
        cell["id"] = "same"


def _wrong_kinds(notebook: Notebook) -> None:
    for cell in notebook["cells"]:
        if "jupyter_tutor" in cell["metadata"]:
            cell["metadata"]["jupyter_tutor"] = ["role", {"exercise": 3}]


def _outputs(notebook: Notebook) -> None:
    for cell in _answers(notebook):
        data = {"text/html": "<script>alert(1)</script>"}
        cell["outputs"] = [{"output_type": "display_data", "data": data, "metadata": {}}]


_CHANGES: Final[tuple[Callable[[Notebook], None], ...]] = (
    _edit_tests,
    _double_the_answer,
    _drop_marks,
    _claim_points,
    _same_ids,
    _wrong_kinds,
    _outputs,
)


@pytest.mark.parametrize("change", _CHANGES, ids=lambda change: change.__name__.strip("_"))
def test_a_merge_brings_the_authors_cells_back(
    change: Callable[[Notebook], None], desk: Desk
) -> None:
    newest, mine = _copy(desk), _copy(desk)
    change(mine)
    try:
        merged, _ = merge(mine, newest)
    except (InvalidInput, InvalidNotebook):
        return
    authored = [_fixed(cell) for cell in newest["cells"] if _role(cell) in ("tests", "prompt")]
    kept = [_fixed(cell) for cell in merged["cells"] if _role(cell) in ("tests", "prompt")]
    assert kept == authored
    assert len(_answers(dict(merged))) == len(_answers(newest))
    assert "1000000000" not in str(merged)


def _fixed(cell: dict[str, Any]) -> tuple[object, object]:
    return cell["source"], cell["metadata"].get("jupyter_tutor")
