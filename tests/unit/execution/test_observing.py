import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jupyter_tutor.domain.observations import Ending, Frame
from jupyter_tutor.execution.observing import (
    arguments_changed_of,
    checked_report,
    ending_of,
    error_of,
    seconds_of,
    value_of,
)
from jupyter_tutor.execution.watching import Transcript

json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["cell", "line", "source", "function", "type", "message", "frames"]),
            inner,
            max_size=5,
        )
    ),
    max_leaves=10,
)
PARTS = ("value", "arguments_changed", "seconds", "error", "stdout")
CELLS = frozenset({"answer", "test"})


@settings(max_examples=60, deadline=None)
@given(
    st.fixed_dictionaries(
        {"ending": st.sampled_from(["completed", "raised"])},
        optional=dict.fromkeys(
            ("value", "arguments_changed", "seconds", "error", "stdout"), json_values
        ),
    )
)
def test_any_json_is_read_into_sound_parts(data: dict[str, object]) -> None:
    report = checked_report(data)
    assert report is not None
    assert ending_of(report) in (Ending.COMPLETED, Ending.RAISED)
    assert value_of(report) is None or isinstance(value_of(report), dict)
    assert arguments_changed_of(report) in (None, True, False)
    assert 0 <= seconds_of(report, 2.0) <= 2.0
    error = error_of(report, CELLS)
    if error is not None:
        assert isinstance(error.type, str)
        assert all(isinstance(frame, Frame) and frame.cell in CELLS for frame in error.frames)


@pytest.mark.parametrize(
    "report",
    [None, [], {}, {"ending": "passed"}, {"ending": ["completed"]}, {"ending": "not_run"}],
    ids=range(6),
)
def test_what_is_no_report_is_none(report: object) -> None:
    assert checked_report(report) is None


def test_an_exception_is_read_within_limits() -> None:
    frame = {"cell": "answer", "line": 3, "function": "f", "source": "x = 1"}
    error = error_of(
        {
            "error": {
                "type": "T" * 1000,
                "message": "m" * 10_000,
                "bases": ["Exception", 3, "BaseException"],
                "frames": [
                    frame,
                    {**frame, "cell": "/etc/passwd"},
                    {**frame, "line": -1},
                    {**frame, "line": True},
                    "frame",
                ]
                + [frame] * 100,
                "caret": "7",
            }
        },
        CELLS,
    )
    assert error is not None
    assert (len(error.type), len(error.message)) == (200, 2000)
    assert error.bases == ("Exception", "BaseException")
    assert set(error.frames) == {Frame("answer", 3, "f", "x = 1")}
    assert len(error.frames) <= 30
    assert error.caret is None


def test_a_kernels_clock_is_believed_only_within_ours() -> None:
    assert seconds_of({"seconds": 0.25}, 1.0) == 0.25
    for wrong in (5, -1, True, "0.5", None):
        assert seconds_of({"seconds": wrong}, 1.0) == 1.0


def test_a_transcript_keeps_no_more_than_the_limit() -> None:
    transcript = Transcript(10, 0.0)
    for text in ("abc", "é" * 2, "defgh" * 1000, "x" * 10_000_000):
        transcript.print("stdout", text)
    transcript.print("display", "x")
    transcript.print("stderr", ["x"])
    assert transcript.exceeded
    assert "".join(transcript.streams["stdout"]) == "abcéédef"
    assert transcript.streams["stderr"] == []
