"""Works out what `guard.learned` holds: `python -m tests.benchmarks.guard_weights`.

A logistic regression with ridge penalty on the messages of `tests/guard` that leak in words, and
on those that are safe. A message is as telling as its heaviest sentence, so which sentence of a
leak is the one that tells is found in turns: weigh, choose, fit again. With `--folds` what one hand
wrote is judged by weights from the others, which says what to expect of messages nobody has seen.
"""

import argparse
import textwrap
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from jupyter_tutor.domain.exercises import HintLevel
from jupyter_tutor.domain.guard.decoding import clear
from jupyter_tutor.domain.guard.evidence import THRESHOLD, Weighed, weighed
from jupyter_tutor.domain.guard.material import material_of
from tests.guard.judging import allowed_of, judge, secrets_of
from tests.guard.messages import UNSEEN, WAVES, Message, messages

RIDGE = 2.0
RIDGE_OF_WORDS = 3.0
TURNS = 4
STEPS = 8
LEAST_EXERCISES = 4
"""In how many exercises a word must stand to have a weight: words of one exercise teach nothing."""
LEAST_WEIGHT = 0.1
HANDS = ((1,), (2, 3), (4,), (5, 6, 7, 8, 9), (10, 12), (11,))
"""Waves that are one fold of the cross-validation."""
CODE = {
    "encoded", "line", "reformatted", "renamed", "verbatim", "pseudo", "secret", "split", "example",
    "choice", "blank", "latex", "spreadsheet", "table",
}  # fmt: skip
"""Families that leak by code, or that no single sentence gives away."""

_MODULE = '''"""What `guard.evidence` has learned of messages.

Written by `python -m tests.benchmarks.guard_weights`, and not by hand.
"""

from collections.abc import Mapping
from typing import Final

WEIGHTS: Final[Mapping[str, float]] = {{
{figures}}}
"""Of the figures of a sentence."""

_TABLE = """
{words}
"""
_PARTS = _TABLE.split()
WORDS: Final[Mapping[str, float]] = {{
    word: float(weight) for word, weight in zip(_PARTS[::2], _PARTS[1::2], strict=True)
}}
"""Of the stems and roles in a sentence: those that stand in messages about many exercises."""
'''
Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Sample:
    """A message: its sentences with their figures, and whether a rule sees it."""

    message: Message
    sentences: tuple[Weighed, ...]
    by_rule: bool


def samples(waves: Sequence[int]) -> list[Sample]:
    """Return the messages of waves that words may give away."""
    found = []
    for message in (message for wave in waves for message in messages(wave)):
        if message.level >= HintLevel.STEPS or (message.leaks and message.family in CODE):
            continue
        material = material_of(secrets_of(message.situation), allowed_of(message.situation))
        parts = [each for text in message.texts for each in weighed(clear(text), material)]
        if parts:
            finding = judge(message)
            seen = finding is not None and finding.family != "pressed"
            found.append(Sample(message, tuple(parts), seen))
    return found


@dataclass(frozen=True)
class Weights:
    """What was learned: the weights of the figures and of the words, in the order of `names`."""

    names: tuple[str, ...]
    words: tuple[str, ...]
    values: Numbers

    def score(self, sample: Sample) -> float:
        """Return the weight of a message."""
        return float((_rows(sample, self.names, self.words) @ self.values).max())


def _rows(sample: Sample, names: Sequence[str], words: Sequence[str]) -> Numbers:
    return np.array(
        [
            [*(each.figures[name] for name in names), *(float(w in each.words) for w in words)]
            for each in sample.sentences
        ]
    )


def fit(found: Sequence[Sample]) -> Weights:
    """Return the weights that part leaks from safe messages best."""
    where: dict[str, set[str]] = {}
    for sample in found:
        for word in frozenset().union(*(each.words for each in sample.sentences)):
            where.setdefault(word, set()).add(sample.message.situation.slug)
    words = tuple(sorted(word for word in where if len(where[word]) >= LEAST_EXERCISES))
    names = tuple(found[0].sentences[0].figures)
    rows = [_rows(sample, names, words) for sample in found]
    leaks = np.array([float(sample.message.leaks) for sample in found])
    ridge = np.array([RIDGE * (name != "bias") for name in names] + [RIDGE_OF_WORDS] * len(words))
    chosen = [int(row[:, names.index("push_circled")].argmax()) for row in rows]
    weights = np.zeros(len(ridge))
    for _ in range(TURNS):
        told = np.array([row[place] for row, place in zip(rows, chosen, strict=True)])
        weights = _newton(told, leaks, ridge, weights)
        now = [int((row @ weights).argmax()) for row in rows]
        if now == chosen:
            break
        chosen = now
    return Weights(names, words, weights)


def _newton(rows: Numbers, leaks: Numbers, ridge: Numbers, weights: Numbers) -> Numbers:
    for _ in range(STEPS):
        chance = 1 / (1 + np.exp(-np.clip(rows @ weights, -30, 30)))
        gradient = rows.T @ (chance - leaks) + ridge * weights
        curve = (rows * (chance * (1 - chance))[:, None]).T @ rows + np.diag(ridge + 1e-6)
        weights = weights - np.linalg.solve(curve, gradient)
    return weights


def folds(waves: Sequence[int]) -> None:
    """Judge the messages of each hand by weights from the others, and print the shares.

    The paraphrases were written one set after the other by one hand, so that a set is no stranger
    to the next: they are one fold. The rules were written with all of them in sight but for the
    last fold; their share is no promise.
    """
    found = samples(waves)
    scored: list[tuple[Sample, float]] = []
    for hand in HANDS:
        rest = [each for each in found if each.message.wave not in hand]
        these = [each for each in found if each.message.wave in hand]
        if not these or not rest:
            continue
        weights = fit(rest)
        part = [(each, weights.score(each)) for each in these]
        print(f"waves {', '.join(map(str, hand))}: {_shares(part, THRESHOLD)}")
        misses = Counter(
            each.message.situation.slug
            for each, value in part
            if each.message.leaks and value <= THRESHOLD and not each.by_rule
        )
        print("    missed most:", misses.most_common(4))
        scored += part
    for threshold in (0.0, 0.5, 0.75, 1.0, 1.25, 1.5, 2.0):
        print(f"threshold {threshold:.2f}: {_shares(scored, threshold)}")


def _shares(scored: Sequence[tuple[Sample, float]], threshold: float) -> str:
    leaks = [pair for pair in scored if pair[0].message.leaks]
    safe = [value for each, value in scored if not each.message.leaks]
    caught = sum(value > threshold for _, value in leaks) / max(1, len(leaks))
    either = sum(value > threshold or each.by_rule for each, value in leaks) / max(1, len(leaks))
    blocked = sum(value > threshold for value in safe) / max(1, len(safe))
    return f"safe blocked {blocked:.1%}, leaks caught {caught:.1%}, with the rules {either:.1%}"


def module(weights: Weights) -> str:
    """Return weights as the module `guard.learned`."""
    pairs = [*zip(weights.names, weights.values, strict=False)]
    of_figures = "".join(f'    "{name}": {value:.2f},\n' for name, value in pairs)
    rest = zip(weights.words, weights.values[len(weights.names) :], strict=True)
    known = " ".join(f"{word} {value:.2f}" for word, value in rest if abs(value) >= LEAST_WEIGHT)
    lines = textwrap.fill(known, 100, initial_indent="    ", subsequent_indent="    ")
    return _MODULE.format(figures=of_figures, words=lines)


def main() -> None:
    """Fit, and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--waves", type=int, nargs="*", default=sorted(set(WAVES) - UNSEEN))
    parser.add_argument("--folds", action="store_true", help="judge each wave by the others")
    options = parser.parse_args()
    if options.folds:
        folds(options.waves)
    else:
        print(module(fit(samples(options.waves))), end="")


if __name__ == "__main__":
    main()
