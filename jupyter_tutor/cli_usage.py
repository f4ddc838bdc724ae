"""`jupyter tutor usage`: what calls of a language model cost."""

import csv
import io
import json
from collections.abc import Iterable
from decimal import Decimal

from jupyter_core.application import JupyterApp
from traitlets import Bool, Enum, Unicode

from jupyter_tutor.cli import Verb
from jupyter_tutor.domain.errors import InvalidInput
from jupyter_tutor.services.read_models import UsageBy, UsageReport, UsageSum

_COLUMNS = (
    "key",
    "label",
    "calls",
    "unsuccessful",
    "input",
    "cache_write",
    "cache_read",
    "output",
    "cache_share",
    "cost",
)


class Usage(Verb):
    """Tell what a language model cost: `jupyter tutor usage [--course SLUG] [--by KIND] [--csv]`.

    KIND is learner, exercise, model, purpose or day; --json tells the same as --csv.
    """

    name = "jupyter tutor usage"
    description = __doc__
    course = Unicode("", help="Slug of the course; all courses where none is named.").tag(
        config=True
    )
    by = Enum(
        tuple(kind.value for kind in UsageBy),
        UsageBy.MODEL.value,
        help="What is added up by: learner, exercise, model, purpose or day.",
    ).tag(config=True)
    csv = Bool(default_value=False, help="Print comma-separated values.").tag(config=True)
    json = Bool(default_value=False, help="Print JSON.").tag(config=True)
    aliases = {**JupyterApp.aliases, "course": "Usage.course", "by": "Usage.by"}
    flags = {
        **JupyterApp.flags,
        "csv": ({"Usage": {"csv": True}}, "Print comma-separated values."),
        "json": ({"Usage": {"json": True}}, "Print JSON."),
    }

    def run(self) -> int:
        """Print the sums and their total."""
        if self.csv and self.json:
            raise InvalidInput("Choose one of --csv and --json.")
        from jupyter_tutor.bootstrap.using import read_usage

        report = read_usage(self.settings, self.course or None, UsageBy(self.by))
        form = as_csv if self.csv else as_json if self.json else as_table
        print(form(report), end="")
        return 0


def as_csv(report: UsageReport) -> str:
    """Return a report as comma-separated values, a line for each sum and no total."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(_COLUMNS)
    writer.writerows([_cell(_value(each, name)) for name in _COLUMNS] for each in report.sums)
    return text.getvalue()


def _cell(value: object) -> object:
    """Return a value so that no spreadsheet takes a name for a formula."""
    is_formula = isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r"))
    return f"'{value}" if is_formula else value


def as_json(report: UsageReport) -> str:
    """Return a report as JSON; amounts are texts, so that none is rounded."""
    document = {
        "by": report.by.value,
        "sums": [_document(each) for each in report.sums],
        "total": _document(report.total),
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def as_table(report: UsageReport) -> str:
    """Return a report for people."""
    head = (report.by.value, "calls", "unsuccessful", "in", "from cache", "out", "US dollars")
    rows = [_row(each, each.label or each.key or "(nobody's)") for each in report.sums]
    rows.append(_row(report.total, "total"))
    widths = [max(len(row[n]) for row in (head, *rows)) for n in range(len(head))]
    return "".join(f"{_aligned(row, widths)}\n" for row in (head, *rows))


def _row(of: UsageSum, name: str) -> tuple[str, ...]:
    total = of.input + of.cache_write + of.cache_read
    return (
        name,
        f"{of.calls:,}",
        f"{of.unsuccessful:,}",
        f"{total:,}",
        f"{of.cache_share:.0%}",
        f"{of.output:,}",
        f"{of.cost:.6f}",
    )


def _aligned(row: Iterable[str], widths: Iterable[int]) -> str:
    cells = list(zip(row, widths, strict=True))
    name, width = cells[0]
    return "  ".join([name.ljust(width), *(text.rjust(wide) for text, wide in cells[1:])])


def _value(of: UsageSum, name: str) -> str | int | float:
    value: str | int | float | Decimal = getattr(of, name)
    return f"{value:f}" if isinstance(value, Decimal) else value


def _document(of: UsageSum) -> dict[str, str | int | float]:
    return {name: _value(of, name) for name in _COLUMNS}
