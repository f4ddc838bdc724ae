"""Every route, as the page and the kernel use it; each answer is held to the OpenAPI document."""

from uuid import UUID

import pytest

from jupyter_tutor.domain.exercises import HintLevel
from jupyter_tutor.domain.hint_settings import HintSettings
from jupyter_tutor.server.contract import OPERATIONS, Operation
from jupyter_tutor.server.operations import JSON
from jupyter_tutor.services.grading import GradingService
from jupyter_tutor.storage.database import Database
from tests import small_course
from tests.integration.server.promises import keeps_promise
from tests.integration.server.requests import BODIES, allowed, cells, found
from tests.integration.server.serving import Client, Json
from tests.small_course import ENDLESS, PARTIAL, RAISING, RIGHT, WRONG

pytestmark = pytest.mark.postgres


def called(
    api: Client,
    name: str,
    body: Json | None = None,
    *,
    language: str | None = None,
    **places: str,
) -> Json:
    """Call an operation that succeeds, and hold the answer to what the document promises."""
    operation, path = found(name, **places)
    query = {"language": language} if language else None
    answer = api.call(operation.method, path, body, query=query)
    assert answer.status == operation.status, answer
    keeps_promise(operation.reply.__name__, answer.json())
    return answer.json()


@pytest.mark.parametrize(
    "operation",
    [operation for operation in OPERATIONS if operation.media == JSON],
    ids=lambda operation: operation.name,
)
def test_each_operation_keeps_its_promise(
    api: Client, database: Database, operation: Operation
) -> None:
    path = allowed(api, database, operation)
    answer = api.call(operation.method, path, BODIES.get(operation.name))
    assert answer.status == operation.status, answer
    keeps_promise(operation.reply.__name__, answer.json())


def test_health(api: Client) -> None:
    health = called(api, "get_health")

    assert (health["status"], health["database"], health["worker"], health["mode"]) == (
        "ok",
        "ok",
        "elsewhere",
        "classroom",
    )


def test_who_the_caller_is_and_what_they_say_of_themselves(api: Client) -> None:
    me = called(api, "get_me")
    assert UUID(me["id"]).version == 7
    assert me["display_name"]
    assert me["profile"]["language"] is None

    profile = {
        "language": "bn",
        "skill_level": "beginner",
        "learning_style": "visual",
        "goals": ["  read my data "],
        "interests": [],
        "hours_per_week": 2.5,
        "time_zone": "Asia/Dhaka",
        "preferences": {"shortcuts": True, "font": 14, "zoom": 1.5, "note": "\u0000 \ufdd0"},
    }
    saved = called(api, "put_profile", profile)
    assert saved["profile"] == profile | {"goals": ["read my data"]}
    assert called(api, "get_me") == saved
    assert called(api, "put_profile", {})["profile"] == me["profile"]


def test_courses_of_a_new_learner(api: Client) -> None:
    (listed,) = called(api, "get_courses")["courses"]
    assert (listed["slug"], listed["title"], listed["role"]) == ("small", "A small course", None)

    course = called(api, "get_course")
    assert (course["role"], course["passed"], course["exercises"]) == ("learner", 0, 4)
    assert [topic["slug"] for topic in course["topics"]] == ["values", "loops"]
    assert (course["next"]["exercise"], course["next"]["lesson"]) == ("double", "loops")
    assert course["points_possible"] == 10
    assert called(api, "get_courses")["courses"][0]["role"] == "learner"


def test_the_language_is_asked_for_or_chosen_or_the_default(api: Client) -> None:
    assert called(api, "get_exercise")["title"] == "Twice"
    assert called(api, "get_exercise", language="bn")["title"] == "দ্বিগুণ"
    called(api, "put_profile", {"language": "bn"})
    assert called(api, "get_exercise")["title"] == "দ্বিগুণ"
    assert called(api, "get_exercise", language="en")["title"] == "Twice"
    # Nobody wrote it in Welsh: the original stands.
    assert called(api, "get_exercise", language="cy")["title"] == "Twice"
    assert called(api, "get_course")["title"] == "ছোট পাঠ"


def test_the_card_of_an_untouched_exercise(api: Client) -> None:
    card = called(api, "get_exercise")

    assert (card["public_tests"], card["secret_tests"], card["points"]) == (2, 1, 4)
    assert card["answer_cells"] == ["answer"]
    assert (card["attempts"], card["submissions"], card["best_score"]) == (0, 0, None)
    assert (card["hints"], card["ladder"]["next_level"]) == ([], 1)
    quiz = called(api, "get_exercise", exercise="slicing")
    assert [question["id"] for question in quiz["questions"]] == ["slices", "pi"]
    assert "correct" not in str(quiz["questions"])


def test_a_check_from_queue_to_verdict(api: Client, grading: GradingService) -> None:
    queued = called(api, "post_check", cells(PARTIAL))
    assert (queued["status"], queued["verdict"]) == ("queued", None)
    assert queued["message"]
    grading.grade_attempt(UUID(queued["id"]))
    settled = called(api, "get_check", id=queued["id"])

    assert settled["status"] == "graded"
    verdict = settled["verdict"]
    assert (verdict["passed_tests"], verdict["total_tests"], verdict["score"]) == (2, 3, 0.5)
    public, _, secret = verdict["results"]
    assert (public["called"], public["expected"], public["got"]) == ("double(1)", "2", "2")
    assert (secret["outcome"], secret["visibility"], secret["earned"]) == ("failed", "secret", 0)
    # Keys and times may hold any digits.
    assert "-8" not in str(verdict)
    card = called(api, "get_exercise")
    assert (card["attempts"], card["last_attempt"]["id"]) == (1, queued["id"])


@pytest.mark.parametrize(
    ("source", "outcome", "words"),
    [(WRONG, "failed", "6"), (RAISING, "error", "nothing"), (ENDLESS, "timeout", "")],
)
def test_failures_say_what_went_wrong(
    api: Client, grading: GradingService, source: str, outcome: str, words: str
) -> None:
    attempt = called(api, "post_check", cells(source))
    grading.grade_attempt(UUID(attempt["id"]))
    result = called(api, "get_check", id=attempt["id"])["verdict"]["results"][1]

    assert result["outcome"] == outcome
    assert result["message"]
    assert words in f"{result['expected']}{result['error']}"


def test_a_submission_from_queue_to_grade(api: Client, grading: GradingService) -> None:
    queued = called(api, "post_submission", cells())
    assert (queued["status"], queued["number"], queued["score"]) == ("queued", 1, None)
    grading.grade_submission(UUID(queued["id"]))
    graded = called(api, "get_submission", id=queued["id"])

    assert (graded["score"], graded["points_earned"], graded["points_possible"]) == (1, 4, 4)
    assert graded["cells"] == [{"id": "answer", "source": RIGHT}]
    assert [each["evaluator"] for each in graded["evaluations"]] == ["tests"]
    assert called(api, "get_submissions")["submissions"] == [graded]
    course = called(api, "get_course")
    assert (course["passed"], course["points_earned"]) == (1, 4)
    assert course["next"]["exercise"] != "double"
    progress = called(api, "get_progress")
    assert (progress["episodes"], progress["topics"][0]["passed"]) == (1, 1)
    assert progress["ability_low"] < progress["ability"] < progress["ability_high"]


def test_a_quiz_is_answered_by_responses(api: Client, grading: GradingService) -> None:
    body = {"responses": {"slices": "b", "pi": 3}}
    queued = called(api, "post_submission", body, exercise="slicing")
    grading.grade_submission(UUID(queued["id"]))

    graded = called(api, "get_submission", id=queued["id"])
    assert (graded["score"], graded["responses"]) == (0.5, body["responses"])


def test_hints_by_the_ladder(api: Client, grading: GradingService) -> None:
    attempt = called(api, "post_check", cells(WRONG))
    grading.grade_attempt(UUID(attempt["id"]))
    explained = called(api, "post_hint", {})
    assert (explained["hint"]["level_name"], explained["hint"]["source"]) == ("result", "rules")
    nudge = called(api, "post_hint", {"language": "bn"})
    assert (nudge["hint"]["level"], nudge["hint"]["text"]) == (1, "একটি ইঙ্গিত।")
    nothing = called(api, "post_hint", {})
    assert nothing["hint"] is None
    assert nothing["ladder"]["next_level"] is None
    assert nothing["ladder"]["opens_at"]

    asked = called(api, "get_hints")
    assert [hint["level"] for hint in asked["hints"]] == [0, 1]
    assert asked["hints"] == called(api, "get_exercise")["hints"]


def test_a_price_is_told_then_paid_then_lost(
    api: Client, database: Database, grading: GradingService
) -> None:
    with database() as uow:
        costs = {HintLevel.NUDGE: 1.5}
        uow.hint_settings.save(small_course.COURSE, HintSettings(costs=costs), exercise="double")
    told = called(api, "post_hint", {})
    assert (told["hint"], told["ladder"]["next_level"], told["ladder"]["cost"]) == (None, 1, 1.5)
    assert "1.5" in told["ladder"]["reason"]
    cheap = called(api, "post_hint", {"accept_cost": 1.0})
    assert cheap["hint"] is None
    taken = called(api, "post_hint", {"accept_cost": 1.5})
    assert (taken["hint"]["level"], taken["hint"]["cost"]) == (1, 1.5)

    queued = called(api, "post_submission", cells())
    grading.grade_submission(UUID(queued["id"]))
    graded = called(api, "get_submission", id=queued["id"])
    assert (graded["score"], graded["evaluations"][0]["score"]) == (1, 1)
    assert (graded["points_earned"], graded["points_lost"]) == (2.5, 1.5)
    course = called(api, "get_course")
    assert (course["passed"], course["points_earned"]) == (1, 2.5)


def test_odd_characters_come_back_as_they_went(api: Client, grading: GradingService) -> None:
    source = "x = '\u0000 \ufdd0\ufdd00041 \u2028 \U0001f600 é\r\n\t'"
    sent = called(api, "post_submission", cells(source))
    assert sent["cells"][0]["source"] == source
    grading.grade_submission(UUID(sent["id"]))
    assert called(api, "get_submission", id=sent["id"])["cells"][0]["source"] == source


def test_half_a_character_in_what_a_program_printed_is_shown_as_a_sign(
    api: Client, database: Database
) -> None:
    """Learners print lone surrogates; no valid JSON text can hold them."""
    broken = "half of \ud83d\ude00 is \ud83d"
    runner = small_course.runner()
    runner.answers[RIGHT] = dict.fromkeys(("double(1)", "double(3)", "double(-4)"), broken)
    attempt = called(api, "post_check", cells())
    GradingService(database, runner).grade_attempt(UUID(attempt["id"]))

    answer = api.call("GET", f"/checks/{attempt['id']}")
    assert answer.status == 200
    assert "\ufffd" in answer.body.decode() or "\\ud83d" in answer.body.decode()


def test_head_answers_as_get_without_a_body(api: Client) -> None:
    answer = api.call("HEAD", "/me")

    assert (answer.status, answer.body) == (200, b"")
    assert int(answer.headers["content-length"]) > 50


def test_answers_are_not_kept_by_browsers(api: Client) -> None:
    headers = api.call("GET", "/me").headers

    assert headers["cache-control"] == "no-store"
    assert headers["x-content-type-options"] == "nosniff"
    assert len(headers["x-request-id"]) == 32
