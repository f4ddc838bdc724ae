"""Works out the weights of `guard.evidence`: `python -m tests.benchmarks.guard_weights`.

A logistic regression with ridge penalty on the messages of `tests/guard` that leak in words, and
on those that are safe. A message is as telling as its heaviest sentence, so which sentence of a
leak is the one that tells is found in turns: weigh, choose, fit again. With `--folds` each wave is
judged by weights from the others, which says what to expect of messages nobody has seen.
"""

import argparse
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from jupyter_tutor.domain.exercises import HintLevel
from jupyter_tutor.domain.guard.decoding import clear
from jupyter_tutor.domain.guard.evidence import THRESHOLD, figures
from jupyter_tutor.domain.guard.material import material_of
from tests.guard.judging import allowed_of, judge, secrets_of
from tests.guard.messages import WAVES, Message, messages

RIDGE = 2.0
TURNS = 6
CODE = {
    "encoded", "line", "reformatted", "renamed", "verbatim", "pseudo", "secret", "split", "example",
    "choice", "blank", "latex", "spreadsheet", "table",
}  # fmt: skip
"""Families that leak by code, or that no single sentence gives away."""

Row = Sequence[float]


@dataclass(frozen=True, slots=True)
class Sample:
    """A message with the figures of its sentences."""

    message: Message
    rows: tuple[Row, ...]


def samples(waves: Sequence[int]) -> tuple[list[str], list[Sample]]:
    """Return the names of the figures, and the messages of waves."""
    names: list[str] = []
    found = []
    for message in (message for wave in waves for message in messages(wave)):
        if message.level >= HintLevel.STEPS or (message.leaks and message.family in CODE):
            continue
        material = material_of(secrets_of(message.situation), allowed_of(message.situation))
        values = [each for text in message.texts for _, each in figures(clear(text), material)]
        if values:
            names = list(values[0])
            found.append(Sample(message, tuple(tuple(each.values()) for each in values)))
    return names, found


def _dot(weights: Row, row: Row) -> float:
    return sum(weight * value for weight, value in zip(weights, row, strict=True))


def score(weights: Row, sample: Sample) -> float:
    """Return the weight of a message."""
    return max(_dot(weights, row) for row in sample.rows)


def fit(found: Sequence[Sample], names: Sequence[str]) -> list[float]:
    """Return the weights that part leaks from safe messages best."""
    push = names.index("push_circled")
    chosen = [max(sample.rows, key=lambda row: row[push]) for sample in found]
    leaks = [float(sample.message.leaks) for sample in found]
    weights = [0.0] * len(names)
    for _ in range(TURNS):
        weights = _newton(chosen, leaks, weights)
        now = [max(each.rows, key=lambda row: _dot(weights, row)) for each in found]
        if now == chosen:
            break
        chosen = now
    return weights


def _newton(rows: Sequence[Row], leaks: Sequence[float], weights: list[float]) -> list[float]:
    size = len(weights)
    for _ in range(12):
        gradient = [RIDGE * weight * (place > 0) for place, weight in enumerate(weights)]
        curve = [[RIDGE * (a == b) * (a > 0) for b in range(size)] for a in range(size)]
        for row, leak in zip(rows, leaks, strict=True):
            chance = 1 / (1 + math.exp(-max(-30.0, min(30.0, _dot(weights, row)))))
            there = [place for place, value in enumerate(row) if value]
            for a in there:
                gradient[a] += (chance - leak) * row[a]
                for b in there:
                    curve[a][b] += chance * (1 - chance) * row[a] * row[b]
        for place in range(size):
            curve[place][place] += 1e-6
        step = _solved(curve, gradient)
        weights = [weight - change for weight, change in zip(weights, step, strict=True)]
        if max(map(abs, step)) < 1e-4:
            break
    return weights


def _solved(matrix: Sequence[Sequence[float]], right: Sequence[float]) -> list[float]:
    """Solve linear equations by elimination."""
    rows = [[*row, value] for row, value in zip(matrix, right, strict=True)]
    size = len(rows)
    for place in range(size):
        pivot = max(range(place, size), key=lambda at: abs(rows[at][place]))
        rows[place], rows[pivot] = rows[pivot], rows[place]
        for at in range(size):
            if at != place and rows[at][place]:
                factor = rows[at][place] / rows[place][place]
                rows[at] = [a - factor * b for a, b in zip(rows[at], rows[place], strict=True)]
    return [rows[place][size] / rows[place][place] for place in range(size)]


def folds(waves: Sequence[int]) -> None:
    """Judge each wave by weights from the others, and print the shares."""
    names, found = samples(waves)
    findings = {id(each): judge(each.message) for each in found}
    by_rules = {
        key: finding is not None and finding.family != "pressed"
        for key, finding in findings.items()
    }
    scored: list[tuple[Sample, float]] = []
    for wave in waves:
        weights = fit([each for each in found if each.message.wave != wave], names)
        scored += [(each, score(weights, each)) for each in found if each.message.wave == wave]
    print(f"{'threshold':>9} {'safe, blocked':>14} {'leaks, caught':>14} {'with the rest':>14}")
    leaks = [pair for pair in scored if pair[0].message.leaks]
    safe = [value for each, value in scored if not each.message.leaks]
    for threshold in (0.0, 0.25, 0.5, 0.75, THRESHOLD, 1.25, 1.5, 2.0):
        caught = sum(value > threshold for _, value in leaks) / len(leaks)
        either = sum(value > threshold or by_rules[id(each)] for each, value in leaks) / len(leaks)
        blocked = sum(value > threshold for value in safe) / len(safe)
        print(f"{threshold:>9.2f} {blocked:>14.1%} {caught:>14.1%} {either:>14.1%}")


def table(weights: Mapping[str, float]) -> str:
    """Return weights as they stand in `guard.evidence`."""
    lines = [f'    "{name}": {value:.2f},' for name, value in weights.items()]
    return "\n".join(["WEIGHTS: Final[Mapping[str, float]] = {", *lines, "}"])


def main() -> None:
    """Fit, and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--waves", type=int, nargs="*", default=[w for w in WAVES if messages(w)])
    parser.add_argument("--folds", action="store_true", help="judge each wave by the others")
    options = parser.parse_args()
    if options.folds:
        folds(options.waves)
        return
    names, found = samples(options.waves)
    print(table(dict(zip(names, fit(found, names), strict=True))))


if __name__ == "__main__":
    main()
