"""`jupyter tutor usage`: the three forms of a report."""

import csv
import json
from decimal import Decimal

from jupyter_tutor.cli_usage import as_csv, as_json, as_table
from jupyter_tutor.services.read_models import UsageBy, UsageSum
from jupyter_tutor.services.usage_sums import report

ADA = UsageSum("k-1", "Ada, L.", 2, 1, 10, 20, 70, 5, Decimal("0.000000000001"))
GONE = UsageSum("", "", 1, 0, 0, 0, 0, 0, Decimal("1.5"))
REPORT = report(UsageBy.LEARNER, [ADA, GONE])


def test_values_separated_by_commas_round_nothing() -> None:
    rows = list(csv.DictReader(as_csv(REPORT).splitlines()))
    assert [row["label"] for row in rows] == ["", "Ada, L."]
    assert rows[1]["cost"] == "0.000000000001"
    assert rows[1]["cache_share"] == "0.7"


def test_json_has_the_total_too() -> None:
    document = json.loads(as_json(REPORT))
    assert document["by"] == "learner"
    assert [each["calls"] for each in document["sums"]] == [1, 2]
    assert document["total"]["cost"] == "1.500000000001"
    assert (document["total"]["calls"], document["total"]["unsuccessful"]) == (3, 1)


def test_a_table_is_for_people() -> None:
    head, gone, ada, total = as_table(REPORT).splitlines()
    assert head.split()[:3] == ["learner", "calls", "unsuccessful"]
    assert gone.startswith("(nobody's)")
    assert ada.split()[-1] == "0.000000"
    assert "70%" in ada
    assert total.split() == ["total", "3", "1", "100", "70%", "5", "1.500000"]
    assert len({len(line) for line in (head, gone, ada, total)}) == 1


def test_nothing_is_nothing() -> None:
    empty = report(UsageBy.DAY, [])
    assert as_csv(empty).count("\n") == 1
    assert "0.000000" in as_table(empty)


def test_no_name_is_a_formula() -> None:
    sums = [UsageSum("k", f"{sign}1+1", 1, 0, 0, 0, 0, 0, Decimal(1)) for sign in "=+-@"]
    rows = csv.DictReader(as_csv(report(UsageBy.LEARNER, sums)).splitlines())
    assert {row["label"][:2] for row in rows} == {"'=", "'+", "'-", "'@"}
