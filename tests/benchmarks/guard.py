"""What the leak guard catches and what it blocks wrongly: `python -m tests.benchmarks.guard`.

Leaks and harmless messages of `tests/guard` are put before the guard, those that were held out
while it was tuned apart from the others, and beside it a baseline: lines of the reference compared
word for word. With `--misses` the texts that were judged wrongly are printed, with `--held-out`
those that were held out as well.
"""

import argparse
import statistics
import time
from collections.abc import Callable, Sequence

from jupyter_tutor.domain.guard.checking import check_reply
from tests.guard.judging import allowed_of, baseline, judge, secrets_of
from tests.guard.messages import WAVES, Message, messages

REPEATS = 3


def is_stopped(message: Message) -> bool:
    """Whether the guard stops a message."""
    return judge(message) is not None


def _share(part: Sequence[Message], stops: Callable[[Message], bool]) -> str:
    if not part:
        return "-"
    found = sum(map(stops, part))
    return f"{found}/{len(part)} = {100 * found / len(part):.1f} %"


def table(wave: int) -> None:
    """Print the shares of a wave, family by family."""
    print(f"\nwave {wave:<13} {'tuned on':>18} {'held out':>18} {'all':>20} {'lines only':>20}")
    for leaks in (True, False):
        of_kind = [message for message in messages(wave) if message.leaks is leaks]
        families = sorted({message.family for message in of_kind})
        for family in [*families, ""]:
            these = [message for message in of_kind if message.family == family or not family]
            name = family or ("leaks, caught" if leaks else "safe, blocked")
            print(
                f"{name:<18} "
                f"{_share([m for m in these if not m.held_out], is_stopped):>18} "
                f"{_share([m for m in these if m.held_out], is_stopped):>18} "
                f"{_share(these, is_stopped):>20} {_share(these, baseline):>20}"
            )


def misses(wave: int, *, held_out: bool) -> None:
    """Print what was judged wrongly."""
    for message in messages(wave):
        finding = judge(message)
        if (finding is not None) is message.leaks or (message.held_out and not held_out):
            continue
        kind = "missed" if message.leaks else "blocked"
        about = f"{message.situation.slug}/{message.family}, level {message.level}"
        print(f"\n--- wave {wave}, {kind}: {about}")
        print("\n@@@\n".join(message.texts))
        if finding is not None:
            print(f"    >>> {finding.family}: {finding.reason} in {finding.where!r}")


def times() -> None:
    """Print the processor time of the guard and of the baseline for a message, in milliseconds."""
    taken: list[float] = []
    line_by_line: list[float] = []
    for repeat in range(REPEATS):
        for message in (message for wave in WAVES for message in messages(wave)):
            secrets, allowed = secrets_of(message.situation), allowed_of(message.situation)
            # A text that was not seen before: nothing of it is remembered.
            text = f"{message.texts[-1]}\n{'.' * repeat}"
            start = time.process_time()
            check_reply(text, secrets, allowed, message.texts[:-1], message.level)
            taken.append(1000 * (time.process_time() - start))
            start = time.process_time()
            baseline(message)
            line_by_line.append(1000 * (time.process_time() - start))
    for name, each in (("guard", taken), ("lines only", line_by_line)):
        cuts = statistics.quantiles(each, n=100)
        print(f"{name}: p50 {cuts[49]:.2f} ms, p99 {cuts[98]:.2f} ms, longest {max(each):.1f} ms")
    print(f"ratio of the medians: {statistics.median(taken) / statistics.median(line_by_line):.0f}")


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--misses", action="store_true", help="print what was judged wrongly")
    parser.add_argument("--held-out", action="store_true", help="of the part held out, too")
    parser.add_argument("--wave", type=int, choices=sorted(WAVES), help="only this one")
    options = parser.parse_args()
    waves = [options.wave] if options.wave else sorted(WAVES)
    for wave in waves:
        if messages(wave):
            table(wave)
    if options.misses:
        for wave in waves:
            misses(wave, held_out=options.held_out)
    print()
    times()


if __name__ == "__main__":
    main()
