"""The leak guard: what it catches and lets through in any exercise, and what it survives."""

import ast
import base64
import builtins
from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from jupyter_tutor.domain.diagnosis import VerifiedEdit
from jupyter_tutor.domain.exercises import HintLevel
from jupyter_tutor.domain.guard.checking import (
    LONGEST,
    GuardAllowed,
    GuardSecrets,
    SecretTest,
    check_reply,
)
from jupyter_tutor.domain.mistakes import Mistake
from tests.guard.judging import allowed_of, secrets_of
from tests.guard.messages import messages
from tests.guard.situations import Situation, course_sources, of_content, situations

BELOW_THE_BOTTOM = [level for level in HintLevel if level < HintLevel.BOTTOM_OUT]

LEARNER = """def sum_to(n):
    total = 0
    for i in range(n):
        total = total + i
    return total"""
EDIT = VerifiedEdit(
    "answer", 3, "bound", Mistake.OFF_BY_ONE, "    for i in range(n):", "    for i in range(n + 1):"
)
SECRETS = GuardSecrets(
    references=(LEARNER.replace("range(n)", "range(n + 1)"),),
    edits=(EDIT,),
    tests=(SecretTest("sum_to(1000)", "500500"),),
)
ALLOWED = GuardAllowed(learner=(LEARNER,), tests=("sum_to(3) == 6",))


def _coding() -> Iterator[Situation]:
    """Yield every exercise of the sample course with code, and a learner who has the starter."""
    for source in course_sources().values():
        cells = source.content.answer_cells
        if cells:
            starter = "\n".join(cell.starter for cell in cells)
            yield of_content(source, starter, None)


COURSE = list(_coding())
WRONG = [
    replace(situation, learner="\n".join(wrong.sources.values()))
    for situation in COURSE
    for wrong in course_sources()[situation.slug].content.wrong_answers
    if wrong.sources
]
EVERYBODY = [*COURSE, *WRONG, *situations().values()]


def _statements(source: str) -> set[str]:
    tree = ast.parse(source)
    for node in ast.walk(tree):
        match getattr(node, "body", None):
            case [ast.Expr(value=ast.Constant()), _, *_] as body:
                del body[0]
    return {line.strip() for line in ast.unparse(tree).split("\n") if line.strip()}


def _renamed(source: str) -> str:
    """Rename every name a program chooses itself."""
    names: dict[str, str] = {}

    def new(name: str) -> str:
        if name in dir(builtins) or name in ("sys", "GRAMS"):
            return name
        return names.setdefault(name, f"z{len(names)}q")

    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            node.id = new(node.id)
        elif isinstance(node, ast.arg):
            node.arg = new(node.arg)
        elif isinstance(node, ast.FunctionDef | ast.ClassDef | ast.ExceptHandler):
            node.name = node.name and new(node.name)
        elif isinstance(node, ast.keyword) and node.arg in names:
            node.arg = new(node.arg)
    return ast.unparse(tree)


def _fenced(code: str) -> str:
    return f"Here it is:\n\n```python\n{code}\n```\n"


@settings(max_examples=50, deadline=None)
@given(situation=st.sampled_from(EVERYBODY), level=st.sampled_from(BELOW_THE_BOTTOM))
def test_the_reference_is_caught_when_it_has_a_line_the_learner_lacks(
    situation: Situation, level: HintLevel
) -> None:
    try:
        had = _statements(situation.learner)
    except SyntaxError:
        had = set()
    lacking = _statements(situation.reference) - had
    if not lacking:
        return
    finding = check_reply(
        _fenced(situation.reference), secrets_of(situation), allowed_of(situation), (), level
    )
    assert finding is not None, lacking


@settings(max_examples=50, deadline=None)
@given(situation=st.sampled_from(EVERYBODY))
def test_renaming_all_variables_changes_nothing(situation: Situation) -> None:
    secrets, allowed = secrets_of(situation), allowed_of(situation)
    sources = [situation.reference, situation.learner]
    for source in sources:
        try:
            renamed = _renamed(source)
        except SyntaxError:
            continue
        found = check_reply(_fenced(source), secrets, allowed)
        again = check_reply(_fenced(renamed), secrets, allowed)
        assert (found is None) is (again is None), renamed


@settings(max_examples=60, deadline=None)
@given(situation=st.sampled_from(EVERYBODY), data=st.data())
def test_the_learners_own_code_may_be_quoted(situation: Situation, data: st.DataObject) -> None:
    lines = situation.learner.split("\n")
    start = data.draw(st.integers(0, len(lines) - 1))
    end = data.draw(st.integers(start + 1, len(lines)))
    part = "\n".join(lines[start:end])
    secrets, allowed = secrets_of(situation), allowed_of(situation)
    assert check_reply(f"Look at this:\n\n```python\n{part}\n```", secrets, allowed) is None
    for line in lines[start:end]:
        if line.strip() and "`" not in line:
            said = f"What does `{line.strip()}` do?"
            assert check_reply(said, secrets, allowed) is None, line


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_more_said_earlier_never_makes_a_reply_harmless(data: st.DataObject) -> None:
    message = data.draw(st.sampled_from(messages(1)))
    situation = message.situation
    texts = [each.texts[0] for each in messages(1) if each.situation is situation]
    earlier = data.draw(st.lists(st.sampled_from(texts), max_size=5))
    more = data.draw(st.lists(st.sampled_from(texts), max_size=5))
    secrets, allowed = secrets_of(situation), allowed_of(situation)
    found = check_reply(message.texts[0], secrets, allowed, earlier, message.level)
    if found is not None:
        longer = [*more, *earlier]
        assert check_reply(message.texts[0], secrets, allowed, longer, message.level) is not None


@pytest.mark.parametrize(
    "reply",
    [
        "for i in range(n + 1):",
        "for i in range(1, 1 + n):",
        "The loop needs `range(n+1)`.",
        base64.b64encode(b"for i in range(n + 1):").decode(),
        base64.b64encode(base64.b64encode(b"for i in range(n + 1):")).decode(),
        "ｆｏｒ ｉ ｉｎ ｒａｎｇｅ（ｎ ＋ １）：",
        "f\u200bor i in ran\u200bge(n \u200b+ 1):",
        "Replace n by n plus one in line 3.",
        "```\nint s = 0;\nfor (int i = 1; i <= n; ++i) { s += i; }\n```",
    ],
)
def test_an_edit_is_seen_however_it_is_dressed(reply: str) -> None:
    assert check_reply(reply, SECRETS, ALLOWED) is not None


@pytest.mark.parametrize(
    "reply",
    [
        "",
        "   \n\n",
        "What is the last value of `i`?",
        "`range(5)` gives 0 to 4.",
        "You wrote `for i in range(n):`.",
        "`sum_to(3) == 6` is a test you see.",
    ],
)
def test_what_helps_without_telling_passes(reply: str) -> None:
    assert check_reply(reply, SECRETS, ALLOWED) is None


def test_parts_that_make_a_solution_together_are_seen() -> None:
    learner = "def f(xs):\n    return xs"
    reference = (
        "def f(xs):\n    kept = []\n    for x in xs:\n        if x not in kept:\n"
        "            kept.append(x)\n    return kept"
    )
    secrets = GuardSecrets(references=(reference,))
    allowed = GuardAllowed(learner=(learner,))
    parts = ["`kept = []`", "`if x not in kept:`", "`kept.append(x)`"]
    alone = [check_reply(part, secrets, allowed) for part in parts]
    assert alone == [None, None, None]
    finding = check_reply(parts[-1], secrets, allowed, parts[:-1])
    assert finding is not None
    assert finding.family == "split"


def test_a_passing_answer_of_somebody_else_is_a_secret_under_any_name() -> None:
    theirs = (
        "def sum_to(top):\n    numbers = list(range(top, 0, -1))\n    result = 0\n"
        "    while numbers:\n        result += numbers.pop()\n    return result"
    )
    secrets = replace(SECRETS, passing=(theirs,))
    renamed = theirs.replace("numbers", "pile").replace("result", "heap").replace("top", "k")
    assert check_reply(_fenced(renamed), secrets, ALLOWED) is not None


def test_rungs_allow_more_and_more() -> None:
    words, code = "Add 1 to n inside range.", "`for i in range(n + 1):`"
    told = {level: check_reply(words, SECRETS, ALLOWED, (), level) for level in HintLevel}
    shown = {level: check_reply(code, SECRETS, ALLOWED, (), level) for level in HintLevel}
    assert [level for level, found in told.items() if found is None] == [4, 5]
    assert [level for level, found in shown.items() if found is None] == [5]


@pytest.mark.parametrize("level", HintLevel)
def test_secret_tests_stay_secret_on_every_rung(level: HintLevel) -> None:
    finding = check_reply("With 1000 it gives 500500.", SECRETS, ALLOWED, (), level)
    assert finding is not None
    assert finding.family == "secret_test"


def test_an_input_anybody_could_think_of_is_no_secret() -> None:
    secrets = replace(SECRETS, tests=(SecretTest("sum_to(0)", "0"),))
    assert check_reply("What about `sum_to(0)`?", secrets, ALLOWED) is None


def test_it_says_the_same_each_time() -> None:
    for message in messages(1)[::7]:
        secrets, allowed = secrets_of(message.situation), allowed_of(message.situation)
        found = check_reply(message.texts[0], secrets, allowed, (), message.level)
        assert found == check_reply(message.texts[0], secrets, allowed, (), message.level)


HOSTILE = [
    "(" * 5_000 + "n + 1" + ")" * 5_000,
    "[" * 15_000,
    "-" * 15_000 + "1",
    "n + " * 3_900 + "1",
    "n." * 7_000 + "n",
    "not " * 3_900 + "n",
    "lambda: " * 1_900 + "n",
    "`" * 15_000,
    "```\n" * 3_900,
    "~~~python\nx\n" * 1_200,
    "QUJD" * 3_900,
    "4142" * 3_900,
    "%41" * 5_000,
    "01000001 " * 1_700,
    "65 66 67 68 " * 1_300,
    ".- -... " * 1_900,
    "&amp;" * 3_000 + "lt;",
    "\\u0041" * 2_600,
    "a" * 15_900,
    "a " * 7_900,
    "if n < 1: " * 1_500,
    "if n <= 1 then\n" * 1_000,
    "Use n plus one. " * 980,
    "`n + 2` " * 1_900,
    "| n | + | 1 |\n" * 1_100,
    "Add one to n, and add one to n, " * 490,
    "for (let i = 0; i <= n; i++ " * 550,
    "if (((((((((( " * 1_100,
    "\\frac{" * 2_600,
    "\ud800" * 5_000,
    "\x00n + 1\x00" * 1_700,
    "১" * 15_000,
    "'" * 15_999,
    '"' * 15_999,
    "x = 1\n" * 2_600,
    "<code>" * 2_600,
    "for i in range(n): " * 800,
    f"{'9' * 5_000} ** {'9' * 5_000}",
]


@pytest.mark.parametrize("number", range(len(HOSTILE)))
def test_hostile_texts_end(number: int) -> None:
    text = HOSTILE[number][: LONGEST - 1]
    check_reply(text, SECRETS, ALLOWED)
    check_reply("n", SECRETS, ALLOWED, (text, text))
    check_reply("n", replace(SECRETS, references=(text,), passing=(text,)), ALLOWED)
    check_reply("n", SECRETS, GuardAllowed(learner=(text,), texts=(text,)))
    finding = check_reply(text + "x" * 100_000, SECRETS, ALLOWED)
    assert finding is not None
    assert finding.family == "too_long"


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300))
@example("))\\®")
def test_no_text_makes_it_fail(text: str) -> None:
    check_reply(text, SECRETS, ALLOWED, (text[::-1],))
