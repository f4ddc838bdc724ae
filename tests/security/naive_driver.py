"""A grader as it must not be: answer and tests in one interpreter. Runs in a throw-away process.

It reads a JSON object from standard input: `mode`, `setup`, `answer`, `tests`, each with a `name`
and either `source`, or `call` and `expected`, or `stdin` and `stdout`. The modes:

- `one namespace`: a test passes when nothing is raised, the verdict is the last line printed;
- `result file`: the same, and the verdict is in `result.json`;
- `in the grader's process`: it reads the source, and writes what the answer returns as JSON;
- `no error means pass`: cells of an IPython shell, and a test has passed when no error was shown.

The tests lie in a file beside it, as they do for many graders, and a secret in its environment.
"""

import ast
import io
import json
import os
import sys
from typing import Any

_SWAMPED = 1_000_000


def _statement(test: dict[str, Any]) -> str:
    """Return a test as the statements it is in the learner's process."""
    if "source" in test:
        return str(test["source"])
    if "raises" in test:
        return (
            f"try:\n    {test['call']}\nexcept {test['raises']}:\n    pass\n"
            "else:\n    raise AssertionError('nothing was raised')"
        )
    return f"expected = {test['expected']}\nassert {test['call']} == expected"


def _program(answer: str, test: dict[str, Any]) -> bool:
    usual = sys.stdin, sys.stdout
    sys.stdin, sys.stdout = io.StringIO(test["stdin"]), io.StringIO()
    try:
        exec(answer, {"__name__": "__main__"})
        printed = sys.stdout.getvalue()
    finally:
        sys.stdin, sys.stdout = usual
    print(printed, flush=True)
    return printed.split() == str(test["stdout"]).split()


def _one_namespace(job: dict[str, Any]) -> list[list[object]]:
    namespace: dict[str, Any] = {}
    tests = job["tests"]
    programs = any("stdin" in test for test in tests)
    for source in [] if programs else [*job["setup"], job["answer"]]:
        try:
            exec(source, namespace)
        except Exception as error:  # noqa: BLE001 - as naive graders do
            print(repr(error), flush=True)
    results: list[list[object]] = []
    for test in tests:
        try:
            passed = True
            if "stdin" in test:
                passed = _program(job["answer"], test)
            else:
                exec(_statement(test), namespace)
        except Exception as error:  # noqa: BLE001 - as naive graders do
            print(repr(error), flush=True)
            passed = False
        results.append([test["name"], passed])
    return results


def _no_error(job: dict[str, Any]) -> list[list[object]]:
    from IPython.core.interactiveshell import InteractiveShell

    shell: Any = InteractiveShell.instance()
    shown: list[object] = []
    shell.showtraceback = lambda *_, **__: shown.append(sys.exc_info()[0])
    for source in [*job["setup"], job["answer"]]:
        shell.run_cell(source)
    results: list[list[object]] = []
    for test in job["tests"]:
        shown.clear()
        shell.run_cell(_statement(test))
        quiet = all(
            isinstance(kind, type)
            and (kind.__name__ in ("SkipTest", "SystemExit") or not issubclass(kind, Exception))
            for kind in shown
        )
        results.append([test["name"], quiet])
    return results


def _in_process(job: dict[str, Any]) -> list[list[object]]:
    """Do with an answer what a grader must not do in its own process."""
    ast.parse(job["answer"])
    for descriptor in (3, 4):
        with open("wire", "ab") as file:  # noqa: PTH123 - a naive grader
            os.dup2(file.fileno(), descriptor)
    namespace: dict[str, Any] = {}
    exec(job["answer"], namespace)
    if len(json.dumps(namespace["hack"](98), default=int)) > _SWAMPED:
        raise MemoryError("it would be kept, and shown")
    return []


def main() -> None:
    """Grade one answer."""
    job = json.loads(sys.stdin.read())
    sys.stdin = io.StringIO()
    run = {"no error means pass": _no_error, "in the grader's process": _in_process}
    results = run.get(job["mode"], _one_namespace)(job)
    text = json.dumps({"results": results})
    if job["mode"] == "result file":
        with open("result.json", "x") as file:  # noqa: PTH123 - a naive grader
            file.write(text)
    print(text, flush=True)


if __name__ == "__main__":
    main()
