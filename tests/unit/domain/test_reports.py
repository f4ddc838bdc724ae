"""Reports that authors read: what is told, and how it counts."""

from pathlib import Path

import pytest

from jupyter_tutor.domain.proofs import CourseProof, Proof, ProofKind, Standing
from jupyter_tutor.domain.reports import (
    CheckReport,
    FileState,
    LessonPublication,
    Publication,
    ReleaseReport,
)

HOLDS = Proof(ProofKind.REFERENCE, Standing.HOLDS, "loops.ipynb", "collatz")
WARNING = Proof(
    ProofKind.COVERAGE, Standing.WARNING, "loops.ipynb", "fizz", "It has 9 tests", "Write 10."
)
BROKEN = Proof(
    ProofKind.REFERENCE,
    Standing.BROKEN,
    "loops.ipynb",
    "buzz",
    "The reference fails 1 of 2 tests:\n'a': wrong",
    "Mend it.",
)
UNREAD = Proof(ProofKind.FORMAT, Standing.BROKEN, "sets.ipynb", "", "cell 3: no", "Correct it.")


def _course(*proofs: Proof) -> CourseProof:
    return CourseProof(
        "small",
        proofs,
        ("loops.ipynb", "sets.ipynb"),
        {"loops.ipynb": ("collatz", "fizz", "buzz")},
        tests=22,
        wrong_answers=1,
    )


def test_a_proven_course() -> None:
    report = CheckReport((_course(HOLDS, WARNING),))
    assert report.proven
    assert report.text().split("\n") == [
        "small: 2 lessons, 3 exercises, 22 tests, 1 known wrong answer",
        "",
        "loops.ipynb",
        "  ok       collatz",
        "  warning  fizz",
        "           warning: It has 9 tests",
        "           -> Write 10.",
        "  ok       buzz",
        "",
        "sets.ipynb",
        "",
        "All proven: 3 exercises, 1 warning.",
    ]


def test_a_broken_course() -> None:
    report = CheckReport((_course(HOLDS, BROKEN, UNREAD),))
    assert not report.proven
    lines = report.text().split("\n")
    place = lines.index("  BROKEN   buzz")
    assert lines[place + 1 : place + 4] == [
        "           error: The reference fails 1 of 2 tests:",
        "             'a': wrong",
        "           -> Mend it.",
    ]
    assert "  BROKEN   the notebook" in lines
    assert lines[-1] == (
        "Not proven: 1 exercise of 3 not proven, 1 file with problems, 2 broken proofs, 0 warnings."
    )


def test_errors_come_before_warnings_and_advice_on_the_format_once() -> None:
    slow = Proof(ProofKind.COVERAGE, Standing.WARNING, "loops.ipynb", "buzz", "It is slow", "Trim.")
    second = Proof(ProofKind.FORMAT, Standing.BROKEN, "sets.ipynb", "", "cell 4: no", "Correct it.")
    lines = CheckReport((_course(slow, BROKEN, UNREAD, second),)).text().split("\n")
    said = [line.strip() for line in lines]
    error = said.index("error: The reference fails 1 of 2 tests:")
    assert said[error + 3 : error + 5] == ["warning: It is slow", "-> Trim."]
    assert said.count("-> Correct it.") == 1
    assert said[-2] == "-> Correct it."


def test_one_broken_course_of_two_is_enough() -> None:
    assert not CheckReport((_course(HOLDS), _course(BROKEN))).proven
    assert CheckReport(()).proven


def test_a_course_that_cannot_be_read_is_told_of() -> None:
    proof = Proof(ProofKind.FORMAT, Standing.BROKEN, "course.toml", "", "no slug", "Correct it.")
    text = CheckReport((CourseProof("folder", (proof,)),)).text()
    assert "course.toml\n  BROKEN   the course file\n           error: no slug" in text


def test_colour_only_where_it_is_asked_for() -> None:
    report = CheckReport((_course(HOLDS, WARNING, BROKEN),))
    assert "\033" not in report.text()
    coloured = report.text(colour=True)
    for code in ("32mok", "33mwarning", "31mBROKEN"):
        assert f"\033[{code}" in coloured
    for code in ("\033[32m", "\033[33m", "\033[31m", "\033[0m"):
        coloured = coloured.replace(code, "")
    assert coloured == report.text()


@pytest.mark.parametrize(
    ("publication", "last"),
    [
        (
            Publication(
                _course(HOLDS), lessons=(LessonPublication("loops", (("collatz", 2),), 3),)
            ),
            "Published: 1 new revision, 2 unchanged.",
        ),
        (
            Publication(_course(HOLDS), lessons=(LessonPublication("loops", (), 3),)),
            "Nothing to publish: 3 exercises unchanged.",
        ),
        (
            Publication(
                _course(HOLDS),
                course_changed=True,
                lessons=(LessonPublication("loops", (), 3),),
            ),
            "Published: the course's facts; 3 exercises unchanged.",
        ),
        (Publication(_course(BROKEN)), "Nothing was published."),
    ],
)
def test_what_publishing_says_last(publication: Publication, last: str) -> None:
    assert publication.text().split("\n")[-1] == last


def test_publishing_names_each_new_revision() -> None:
    lessons = (LessonPublication("loops", (("collatz", 1), ("fizz", 4)), 3),)
    publication = Publication(_course(HOLDS), lessons=lessons)
    assert publication.revisions == 2
    assert "  loops: collatz, revision 1\n  loops: fizz, revision 4" in publication.text()


def test_what_releasing_says() -> None:
    files = (
        (Path("out/loops.ipynb"), FileState.WRITTEN),
        (Path("out/rain.csv"), FileState.UNCHANGED),
    )
    complete = ReleaseReport(CheckReport((_course(HOLDS, WARNING),)), files)
    assert complete.complete
    assert complete.text().split("\n") == [
        f"written    {files[0][0]}",
        f"unchanged  {files[1][0]}",
    ]
    held = ReleaseReport(complete.check, (*files, (Path("out/a.ipynb"), FileState.DIFFERS)))
    assert not held.complete
    assert "left alone" in held.text()
    refused = ReleaseReport(CheckReport((_course(BROKEN),)))
    assert not refused.complete
    assert refused.text().endswith("Nothing was released of it.")
