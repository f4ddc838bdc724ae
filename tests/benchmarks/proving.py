"""How long it takes to prove the sample course: `python -m tests.benchmarks.proving`.

The baseline, in the same process, executes each reference notebook once with stock nbclient: the
least that any check of a notebook costs.
"""

import json
import time
from pathlib import Path

from nbclient import NotebookClient
from nbformat import NotebookNode, from_dict

from jupyter_tutor.bootstrap.authoring import authoring as open_authoring

COURSE = Path(__file__).parents[2] / "notebooks"


def baseline(notebook: Path) -> float:
    """Return the seconds stock nbclient takes to execute a notebook."""
    source = json.loads(notebook.read_text(encoding="utf-8"))
    content: NotebookNode = from_dict(source)  # type: ignore[no-untyped-call]
    begin = time.perf_counter()
    NotebookClient(content, resources={"metadata": {"path": str(COURSE)}}).execute()
    return time.perf_counter() - begin


def main() -> None:
    """Prove each lesson and print a table."""
    print(f"{'lesson':<18}{'exercises':>10}{'proven s':>10}{'executed s':>12}{'ratio':>8}")
    whole, executed, exercises = 0.0, 0.0, 0
    with open_authoring() as authoring:
        for notebook in sorted(COURSE.glob("*.ipynb")):
            begin = time.perf_counter()
            report = authoring.check([notebook])
            seconds = time.perf_counter() - begin
            if not report.proven:
                raise SystemExit(report.text())
            once = baseline(notebook)
            count = sum(len(slugs) for slugs in report.courses[0].exercises.values())
            print(row(notebook.stem, count, seconds, once))
            whole, executed, exercises = whole + seconds, executed + once, exercises + count
    print(row("whole course", exercises, whole, executed))


def row(name: str, exercises: int, proven: float, executed: float) -> str:
    """Return a line of the table."""
    return f"{name:<18}{exercises:>10}{proven:>10.2f}{executed:>12.2f}{proven / executed:>8.1f}"


if __name__ == "__main__":
    main()
