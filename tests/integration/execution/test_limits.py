"""Every limit ends in its own verdict for that test, and the rest still report."""

import pytest

from jupyter_tutor.domain.exercises import AssertCell, Limits, ProgramCase
from jupyter_tutor.domain.observations import Ending
from jupyter_tutor.execution.levels import Level
from jupyter_tutor.execution.runner import SandboxTestRunner
from tests.integration.execution.running import QUICK, call, plan, program, run, shown

pytestmark = pytest.mark.kernel

AFTER = "1 + 1"


def endings(runner: SandboxTestRunner, answer: str, limits: Limits = QUICK) -> list[Ending]:
    """Return how `f()` ended and how a test after it did."""
    report = runner.run(plan(answer, "f()", AFTER, limits=limits))
    assert report.cells[0].ending is Ending.COMPLETED, report.cells
    return [test.ending for test in report.tests]


def test_an_endless_loop_is_interrupted_where_it_is(runner: SandboxTestRunner) -> None:
    answer = "n = 0\ndef f():\n    global n\n    print('begun')\n    while True:\n        n += 1\n"
    report = run(runner, answer, "f()", "n > 0")
    endless, after = report.tests
    assert endless.ending is Ending.TIMEOUT
    assert endless.stdout == "begun\n"
    assert endless.error is not None
    assert endless.error.frames[-1].cell == "answer"
    assert endless.error.frames[-1].line in (5, 6)
    assert endless.value is None
    assert endless.seconds >= QUICK.wall_seconds
    assert shown(after) == "True"


@pytest.mark.parametrize(
    "body",
    [
        "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN)\n    while True: pass",
        "import os; os.system('sleep 60')",
        "import time\n    while True:\n        try: time.sleep(60)\n        except: pass",
        "import subprocess; subprocess.run(['sleep', '60'])",
        "return 10 ** 10 ** 10",
    ],
    ids=["ignored", "shell", "caught", "child", "in C"],
)
def test_what_resists_an_interrupt_is_killed(runner: SandboxTestRunner, body: str) -> None:
    assert endings(runner, f"def f():\n    {body}\n") == [Ending.TIMEOUT, Ending.COMPLETED]


def test_a_value_returned_after_the_interrupt_does_not_count(runner: SandboxTestRunner) -> None:
    answer = "import time\ndef f():\n    try: time.sleep(60)\n    except BaseException: return 42\n"
    seen = call(runner, answer)
    assert (seen.ending, seen.value) == (Ending.TIMEOUT, None)


def test_processor_time_has_its_own_limit(runner: SandboxTestRunner) -> None:
    limits = Limits(wall_seconds=20.0, cpu_seconds=0.5)
    answer = "def f():\n    while True: pass\n"
    assert endings(runner, answer, limits) == [Ending.CPU_LIMIT, Ending.COMPLETED]
    children = "import os\ndef f(): os.system('while :; do :; done')"
    assert endings(runner, children, limits) == [Ending.CPU_LIMIT, Ending.COMPLETED]


@pytest.mark.parametrize(
    "body",
    [
        "return len([0] * 10**10)",
        "x = []\n    while True: x.append('x' * 10**6)",
        "return len(bytearray(10**9).replace(b'\\0', b'1'))",
    ],
    ids=["at once", "slowly", "in between"],
)
def test_memory_has_a_limit(runner: SandboxTestRunner, body: str) -> None:
    limits = Limits(wall_seconds=20.0, cpu_seconds=20.0, memory_mb=200)
    answer = f"def f():\n    {body}\n"
    assert endings(runner, answer, limits) == [Ending.MEMORY_LIMIT, Ending.COMPLETED]


def test_an_absurd_allocation_is_told_with_its_line(runner: SandboxTestRunner) -> None:
    seen = call(runner, "def f():\n    return [0] * 10**10\n")
    assert seen.ending is Ending.MEMORY_LIMIT
    assert seen.error is not None
    assert seen.error.frames[-1].line == 2


@pytest.mark.parametrize(
    "body",
    [
        "while True: print('again and again')",
        "import os\n    while True: os.write(1, b'x' * 1000)",
        "import os; os.system('yes')",
        "print('x' * 200_000_000)",
        (
            "import sys\n    while True:\n        try: print('x' * 1000, file=sys.stderr)\n"
            "        except: pass"
        ),
    ],
    ids=["print", "descriptor", "child", "at once", "caught"],
)
def test_output_has_a_limit(runner: SandboxTestRunner, body: str) -> None:
    limits = Limits(output_bytes=10_000)
    report = runner.run(plan(f"def f():\n    {body}\n", "f()", AFTER, limits=limits))
    flooded, after = report.tests
    assert flooded.ending is Ending.OUTPUT_LIMIT
    assert len(flooded.stdout) + len(flooded.stderr) == limits.output_bytes
    assert (after.ending, after.stdout) == (Ending.COMPLETED, "")


def test_output_just_within_the_limit_is_allowed(runner: SandboxTestRunner) -> None:
    seen = call(runner, f"def f(): print('x' * {QUICK.output_bytes - 1})")
    assert seen.ending is Ending.COMPLETED


@pytest.mark.parametrize(
    "body",
    [
        "import os\n    while True: os.fork()",
        "import os; os.system('f() { f | f & }; f; sleep 5')",
        (
            "import subprocess\n    for _ in range(50): subprocess.Popen(['sleep', '60'])\n"
            "    import time; time.sleep(60)"
        ),
        (
            "import threading, time\n"
            "    for _ in range(50): threading.Thread(target=time.sleep, args=(60,)).start()\n"
            "    time.sleep(60)"
        ),
        (
            "import os\n    for _ in range(50):\n        if os.fork() == 0:\n"
            "            os.setsid(); os.system('sleep 60')\n    import time; time.sleep(60)"
        ),
    ],
    ids=["fork bomb", "shell bomb", "children", "threads", "sessions"],
)
def test_processes_have_a_limit(runner: SandboxTestRunner, body: str) -> None:
    limits = Limits(wall_seconds=20.0, cpu_seconds=20.0, processes=16)
    answer = f"def f():\n    {body}\n"
    assert endings(runner, answer, limits) == [Ending.PROCESS_LIMIT, Ending.COMPLETED]


def test_a_few_threads_and_processes_are_allowed(runner: SandboxTestRunner) -> None:
    answer = (
        "from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor\n"
        "import multiprocessing\n"
        "def double(x): return 2 * x\n"
        "def f():\n"
        "    with ThreadPoolExecutor(4) as pool: a = list(pool.map(double, range(4)))\n"
        "    context = multiprocessing.get_context('fork')\n"
        "    with ProcessPoolExecutor(2, mp_context=context) as pool:\n"
        "        return a + list(pool.map(double, range(4)))\n"
    )
    (test,) = runner.run(plan(answer, "f()", limits=Limits())).tests
    if runner.supply.isolation.level is not Level.LANDLOCK:
        assert shown(test) == "[0, 2, 4, 6, 0, 2, 4, 6]"
        return
    assert test.error is not None  # its semaphores are files that every run could reach
    assert test.error.type == "PermissionError"


@pytest.mark.parametrize(
    "body",
    [
        "import os; os._exit(0)",
        "import ctypes; ctypes.string_at(0)",
    ],
    ids=["exit", "crash"],
)
def test_a_kernel_that_dies_takes_only_its_test_along(runner: SandboxTestRunner, body: str) -> None:
    assert endings(runner, f"def f():\n    {body}\n") == [Ending.DIED, Ending.COMPLETED]


@pytest.mark.parametrize("number", ["SIGKILL", "SIGSTOP"])
def test_a_sandbox_reaches_nobody_by_signals(runner: SandboxTestRunner, number: str) -> None:
    """Where it is the first process of its namespace, they do not even reach itself."""
    answer = (
        "import os, signal\n"
        "def f():\n"
        f"    os.kill(os.getpid(), signal.{number})\n"
        "def g():\n"
        f"    try: os.kill(os.getppid() or -1, signal.{number})\n"
        "    except (ProcessLookupError, PermissionError): return 'nobody else'\n"
    )
    own, other = run(runner, answer, "f()", "g()").tests
    endings = {
        Level.NAMESPACES: Ending.COMPLETED,
        Level.LANDLOCK: Ending.TIMEOUT if number == "SIGSTOP" else Ending.DIED,
    }
    level = runner.supply.isolation.level
    if level in endings:
        assert own.ending is endings[level]
        assert shown(other) == "'nobody else'"


def test_what_was_printed_before_the_end_is_kept(runner: SandboxTestRunner) -> None:
    seen = call(
        runner, "import os, time\ndef f():\n    print('last words'); time.sleep(.4); os._exit(0)"
    )
    assert (seen.ending, seen.stdout) == (Ending.DIED, "last words\n")


def test_cells_run_again_in_the_next_kernel(runner: SandboxTestRunner) -> None:
    report = run(
        runner,
        "import os\nn = 0\ndef f():\n    os._exit(1)\n",
        AssertCell("n = 5"),
        "f()",
        "n",
        "f()",
        "n",
    )
    assert [test.ending for test in report.tests] == [
        Ending.COMPLETED,
        Ending.DIED,
        Ending.COMPLETED,
        Ending.DIED,
        Ending.COMPLETED,
    ]
    assert [shown(report.tests[2]), shown(report.tests[4])] == ["0", "0"]


@pytest.mark.parametrize(
    ("answer", "ending"),
    [
        ("while True: pass", Ending.TIMEOUT),
        ("import os; os._exit(1)", Ending.DIED),
        ("print('x' * 100_000)", Ending.OUTPUT_LIMIT),
        ("x = [0] * 10**10", Ending.MEMORY_LIMIT),
    ],
)
def test_an_answer_cell_that_overruns_is_not_run_again_for_each_test(
    runner: SandboxTestRunner, answer: str, ending: Ending
) -> None:
    report = run(runner, answer, "1", "2", AssertCell("assert True"))
    assert [cell.ending for cell in report.cells] == [ending]
    assert [test.ending for test in report.tests] == [Ending.NOT_RUN] * 3


def test_programs_are_limited_too(runner: SandboxTestRunner) -> None:
    answer = "n = int(input())\nwhile n: pass\nprint('done')"
    report = run(
        runner, answer, ProgramCase("0", "done"), ProgramCase("1", ""), ProgramCase("0", "")
    )
    assert [test.ending for test in report.tests] == [
        Ending.COMPLETED,
        Ending.TIMEOUT,
        Ending.COMPLETED,
    ]
    assert program(runner, "import os\nos._exit(0)").ending is Ending.DIED
