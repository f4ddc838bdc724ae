"""Deaths of sandboxes: which to believe.

A sandbox that is gone without having overrun a limit was ended by what ran in it, or from outside:
by an operator, by a system short of memory, together with its template. Both look the same, and
only the first is the answer's fault. So what was running is run once more, and its death counts
when it dies again; from then on the answer is known to do such things, and is believed at once.
"""

from collections.abc import Sequence

from jupyter_tutor.domain.errors import KernelUnavailable
from jupyter_tutor.domain.observations import Ending, Observation


class Deaths:
    """The deaths of one run of a plan."""

    def __init__(self) -> None:
        self._doubted: set[str] = set()
        self._oracles = 0
        self._known = False

    def doubts(self, seen: Sequence[Observation]) -> bool:
        """Whether one of these died and is to be run once more."""
        for each in seen:
            if each.ending is Ending.DIED and not self._known:
                self._known = each.name in self._doubted
                self._doubted.add(each.name)
                return not self._known
        return False

    def of_oracle(self) -> None:
        """Note that the process of the tests died, which no learner code was in.

        Raises:
            KernelUnavailable: Not for the first time: there will be no observation to judge.
        """
        self._oracles += 1
        if self._oracles > 1:
            raise KernelUnavailable("The process that runs the tests has ended before them.")
