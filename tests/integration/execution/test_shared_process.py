"""Assert cells in the answer's own process: figures, source, and attempts to forge their end."""

import pytest

from jupyter_tutor.domain.exercises import AssertCell, Visibility
from jupyter_tutor.domain.exercises import TestCase as Case
from jupyter_tutor.domain.judging import judge
from jupyter_tutor.domain.observations import CellSource, Ending, Observation, RunPlan
from jupyter_tutor.execution.runner import SandboxTestRunner
from tests.integration.execution.running import QUICK, plan

pytestmark = pytest.mark.kernel

FALSE = "assert f() == 'right', 'not right'"


def shared(source: str) -> AssertCell:
    """Return an assert cell that has to run in the answer's process."""
    return AssertCell(source, shared_process=True)


def seen(runner: SandboxTestRunner, answer: str, *sources: str) -> list[Observation]:
    """Return what shared tests showed."""
    return list(runner.run(plan(answer, *map(shared, sources))).tests)


def passes(runner: SandboxTestRunner, answer: str, *sources: str) -> list[bool]:
    """Return which of some shared tests completed."""
    return [each.ending is Ending.COMPLETED for each in seen(runner, answer, *sources)]


def test_a_test_sees_the_very_objects_of_the_answer(runner: SandboxTestRunner) -> None:
    answer = "import inspect\ndef f(x):\n    return [y for y in x]\nbox = [f]\n"
    assert passes(
        runner,
        answer,
        "import inspect\nassert 'for y in x' in inspect.getsource(f)",
        "assert box[0] is f and f.__code__.co_argcount == 1",
        "mine = 1\nassert box == []",
        "assert mine == 1",
    ) == [True, True, False, True]


def test_figures_can_be_tested(runner: SandboxTestRunner) -> None:
    answer = (
        "%matplotlib inline\n"
        "import matplotlib.pyplot as plt\n"
        "plt.plot([1, 2, 3], [1, 4, 9], label='squares')\nplt.title('Squares')\nplt.show()\n"
    )
    report = runner.run(
        RunPlan(
            (),
            (CellSource("answer", answer),),
            (
                Case(
                    "line",
                    shared(
                        "import matplotlib.pyplot as plt\naxes = plt.gcf().axes[0]\n"
                        "assert list(axes.lines[0].get_ydata()) == [1, 4, 9]"
                    ),
                ),
                Case("title", shared("assert axes.get_title() == 'Squares'")),
                Case("wrong", shared("assert axes.get_xlabel() == 'x'")),
                Case("secret", shared("assert plt.get_fignums() == [1]"), 1, Visibility.SECRET),
            ),
        )
    )
    assert [cell.error for cell in report.cells] == [None]
    assert {each.name: each.ending.value for each in report.tests} == {
        "line": "completed",
        "title": "completed",
        "wrong": "raised",
        "secret": "completed",
    }


def test_results_are_marked_as_weaker(runner: SandboxTestRunner) -> None:
    tests = (
        Case("shared", shared("assert f() == 1")),
        Case("apart", AssertCell("assert f() == 1")),
        Case("secret", shared("assert f() == 1"), 1, Visibility.SECRET),
    )
    answer = (CellSource("answer", "def f(): return 1"),)
    verdict = judge(tests, runner.run(RunPlan((), answer, tests, QUICK)))
    assert verdict.passed
    assert [each.weaker for each in verdict.results] == [True, False, True]


def test_a_failure_is_shown_where_it_is(runner: SandboxTestRunner) -> None:
    (failed, raised, wrong, gone) = seen(
        runner,
        "def f():\n    return 'wrong'\ndef g():\n    return 1 / 0\n",
        f"x = 1\n{FALSE}",
        "g()",
        "assert (",
        "raise SystemExit",
    )
    assert failed.error is not None
    assert (failed.error.type, failed.error.message) == ("AssertionError", "not right")
    assert [(frame.cell, frame.line) for frame in failed.error.frames] == [("test", 2)]
    assert raised.error is not None
    assert [(frame.cell, frame.line) for frame in raised.error.frames] == [
        ("test", 1),
        ("answer", 4),
    ]
    assert wrong.error is not None
    assert wrong.error.type == "SyntaxError"
    assert gone.ending is Ending.RAISED


FORGERIES = {
    "prints what a report looks like": (
        'def f():\n    print(\'["observation", {"ending": "completed", "token": ""}]\')'
    ),
    "leaves": "def f():\n    raise SystemExit(0)",
    "ends the process": "import os\ndef f():\n    os._exit(0)",
    "takes asserts out of what is compiled": (
        "import ast\n"
        "nothing = lambda self, node: ast.Module([], [])\n"
        "ast.NodeTransformer.visit = ast.NodeVisitor.visit = nothing\n"
        "ast.parse = lambda *_, **__: ast.Module([], [])\n"
        "ast.fix_missing_locations = lambda node: ast.Module([], [])\n"
    ),
    "takes asserts out of the cell": (
        "shell = get_ipython()\n"
        "shell.input_transformers_post.append(lambda lines: ['pass\\n'])\n"
        "shell.transform_cell = lambda source: 'pass'\n"
        "shell.ast_transformers.append(type('T', (), {'visit': lambda s, n: None})())\n"
        "shell.showtraceback = lambda *_, **__: None\n"
    ),
    "replaces compile, exec and eval": (
        "import builtins\n"
        "for name in ('compile', 'exec', 'eval'):\n"
        "    setattr(builtins, name, lambda *_, **__: None)\n"
    ),
    "swallows exceptions in context managers": (
        "import contextlib\ncontextlib._GeneratorContextManager.__exit__ = lambda *_: True\n"
    ),
    "awaits nothing": (
        "import asyncio\nasyncio.BaseEventLoop.run_until_complete = lambda *_: None\n"
    ),
    "rewrites what json writes": (
        "import json, json.encoder, json.decoder\n"
        "heard = []\n"
        "def read(self, text, *_, **__):\n    heard.append(text)\n    return scan(text, 0)[0]\n"
        "scan = json.decoder.JSONDecoder().scan_once\n"
        "json.JSONDecoder.decode = read\n"
        "json.loads = lambda text, **_: read(None, text)\n"
        'forged = \'["observation", {"ending": "completed", "seconds": 0}]\'\n'
        "json.JSONEncoder.encode = lambda self, message: forged\n"
        "json.JSONEncoder.iterencode = lambda self, message, _one_shot=False: [forged]\n"
        "json.dumps = lambda *_, **__: forged\n"
    ),
    "listens on the socket": (
        "import socket\n"
        "socket.socket.recv = lambda self, size: b''\n"
        "socket.socket.sendall = lambda self, data: None\n"
    ),
    "looks for the token in frames": (
        "import sys\n"
        "def f():\n"
        "    frame, found = sys._getframe(), []\n"
        "    while frame:\n"
        "        for value in frame.f_locals.values():\n"
        "            found.append(repr(value))\n"
        "        frame = frame.f_back\n"
        "    import re\n"
        "    print('TOKENS', re.findall(r'\\b[0-9a-f]{32}\\b', ' '.join(found)))\n"
    ),
    "looks for the token among all containers": (
        "import gc, re\n"
        "def f():\n"
        "    found = set()\n"
        "    for each in gc.get_objects():\n"
        "        if type(each) in (list, tuple, dict):\n"
        "            parts = each.values() if type(each) is dict else each\n"
        "            found |= {p for p in list(parts) if type(p) is str}\n"
        "    print('TOKENS', [p for p in found if re.fullmatch('[0-9a-f]{32}', p)])\n"
    ),
    "looks for the token when it has failed": (
        "import re\n"
        "class Found(Exception):\n"
        "    def __str__(self):\n"
        "        trace, found = self.__traceback__, []\n"
        "        while trace:\n"
        "            frame = trace.tb_frame\n"
        "            while frame:\n"
        "                found += map(repr, frame.f_locals.values())\n"
        "                frame = frame.f_back\n"
        "            trace = trace.tb_next\n"
        "        return 'TOKENS ' + str(re.findall('[0-9a-f]{32}', ' '.join(found)))\n"
        "def f():\n    raise Found\n"
    ),
}


@pytest.mark.parametrize("what", FORGERIES)
def test_an_answer_cannot_forge_the_end_of_a_test(runner: SandboxTestRunner, what: str) -> None:
    answer = FORGERIES[what]
    if "def f" not in answer:
        answer += "def f():\n    return 'wrong'\n"
    first, second = seen(runner, answer, FALSE, "assert f is None")
    assert Ending.COMPLETED not in (first.ending, second.ending)
    told = first.stdout + (first.error.message if first.error else "")
    if "TOKENS" in answer:
        assert "TOKENS []" in told


def test_the_search_for_tokens_would_find_one(runner: SandboxTestRunner) -> None:
    for what in ("looks for the token in frames", "looks for the token among all containers"):
        answer = f"kept = ['{'0123456789abcdef' * 2}']\n{FORGERIES[what]}"
        (found,) = seen(runner, answer, "mine = kept, f()\nassert False")
        assert "TOKENS ['0123456789abcdef" in found.stdout, what
