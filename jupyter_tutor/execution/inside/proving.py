"""Running a test in the process of the answer, so that only its end gives the engine's token away.

The engine sends a token with such a test, and takes it for passed when the token comes back. While
the test runs, and with it code of the answer, no name, no frame and no container of this process
leads to the token; printing, raising, and changing what an answer can name does not bring it back.
It is no wall: who reads the memory of the process, or changes the functions of this package by way
of the frames that call the answer, finds a way. That is why such results are called weaker.
"""

from types import CodeType
from typing import Any


def run_to_end(code: CodeType, namespace: dict[str, Any], kept: list[str]) -> str:
    """Run a test and return the token, which is the only thing in a list; the list is emptied.

    Raises:
        BaseException: What the test raised; the token is gone then.
    """

    def run(token: str) -> int:
        del token
        eval(code, namespace)  # noqa: S307 - this is what runs tests
        return 0

    try:
        # A list that is being sorted is empty for everybody else: its items are known to C alone.
        kept.sort(key=run)
    except BaseException:
        kept.clear()
        raise
    return kept.pop()
