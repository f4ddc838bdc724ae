"""What a course tells learners of secret tests."""

from enum import StrEnum


class SecretResults(StrEnum):
    """How much is told of the results of secret and withheld tests; of what they try, nothing is.

    `EACH`: whether each one passed. `COUNT`: only how many of them passed.
    """

    EACH = "each"
    COUNT = "count"
