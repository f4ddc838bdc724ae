"""Settings of help: what instructors say for a course, an exercise or a learner, and what holds.

A field that is None says nothing. The most specific setting that says something wins: a learner's
over an exercise's over the course's over the author's. Two rules stand above that:

- An exam is an exam if the course or the exercise says so; only what an instructor set for one
  learner (an accommodation) takes it from them. In an exam only results are explained, and neither
  model nor chat answers.
- The author's deepest rung is a ceiling. The bottom-out alone goes past it, where an instructor
  allows it in so many words.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Final, TypeVar

from jupyter_tutor.domain.errors import InvalidInput
from jupyter_tutor.domain.exercises import ExerciseContent, HintLevel
from jupyter_tutor.domain.hints import HintPolicy

T = TypeVar("T")

MOST_HINTS: Final = 20
HIGHEST_COST: Final = 1000.0


@dataclass(frozen=True, slots=True)
class HintSettings:
    """What is said for a course, an exercise, a learner, or both of these; None says nothing.

    Attributes:
        deepest: The deepest rung; `BOTTOM_OUT` also where the author allows less.
        exam: Whether this is an exam.
        most_hints: Hints above the result that one exercise gives, at most.
        costs: Points that a hint of a rung costs; all rungs at once, those not named are free.
        model: Whether a language model may make hints.
        chat: Whether there is a conversation.
        cloud: Whether anything may go to an endpoint outside; without it only local ones are asked.
        conversations_visible: Whether instructors may read conversations; learners are told.
    """

    deepest: HintLevel | None = None
    exam: bool | None = None
    most_hints: int | None = None
    costs: Mapping[HintLevel, float] | None = None
    model: bool | None = None
    chat: bool | None = None
    cloud: bool | None = None
    conversations_visible: bool | None = None

    @property
    def says_nothing(self) -> bool:
        """Whether no field is set."""
        return all(getattr(self, each.name) is None for each in fields(self))

    def check(self) -> None:
        """Refuse numbers that make no sense.

        Raises:
            InvalidInput: Says which and what is possible.
        """
        if self.most_hints is not None and not 0 <= self.most_hints <= MOST_HINTS:
            raise InvalidInput(f"most_hints: give a whole number from 0 to {MOST_HINTS}.")
        for level, cost in (self.costs or {}).items():
            if level is HintLevel.RESULT:
                raise InvalidInput("costs: what a run shows is free; name rungs from nudge on.")
            if not (math.isfinite(cost) and 0 <= cost <= HIGHEST_COST):
                raise InvalidInput(f"costs: give points from 0 to {HIGHEST_COST:g}.")


@dataclass(frozen=True, slots=True)
class SettingsChain:
    """What is said for one learner and one exercise, from the general to the specific.

    `learner_here` is for the learner on this exercise alone.
    """

    course: HintSettings = HintSettings()
    exercise: HintSettings = HintSettings()
    learner: HintSettings = HintSettings()
    learner_here: HintSettings = HintSettings()

    def said(self, name: str) -> tuple[Any, ...]:
        """Return what is said of a field, the most specific first; None says nothing."""
        most = (self.learner_here, self.learner, self.exercise, self.course)
        return tuple(getattr(each, name) for each in most)


@dataclass(frozen=True, slots=True)
class HelpRules:
    """What holds for one learner on one exercise; every question has an answer.

    Attributes:
        deepest: The deepest rung.
        exam: Whether this is an exam for them.
        most_hints: Hints above the result, at most, or None.
        costs: Points per rung; rungs not named are free.
        model: Whether a language model may make hints.
        chat: Whether there is a conversation.
        cloud: Whether anything may go to an endpoint outside.
        conversations_visible: Whether instructors may read conversations.
    """

    deepest: HintLevel
    exam: bool = False
    most_hints: int | None = None
    costs: Mapping[HintLevel, float] = field(default_factory=dict)
    model: bool = True
    chat: bool = True
    cloud: bool = True
    conversations_visible: bool = False

    @property
    def policy(self) -> HintPolicy:
        """The same, as the ladder asks for it."""
        return HintPolicy(self.deepest, self.exam, self.most_hints, self.costs)


def rules_for(content: ExerciseContent, chain: SettingsChain) -> HelpRules:
    """Return what holds for a learner on an exercise."""
    exam = _in_exam(chain)
    costs = _first(*chain.said("costs"))
    deepest = _first(*chain.said("deepest"))
    allowed = deepest is HintLevel.BOTTOM_OUT
    return HelpRules(
        deepest=HintLevel.BOTTOM_OUT if allowed else _lower(content.deepest_hint, deepest),
        exam=exam,
        most_hints=_first(*chain.said("most_hints")),
        costs=content.hint_costs if costs is None else costs,
        model=not exam and _first(*chain.said("model")) is not False,
        chat=not exam and _first(*chain.said("chat")) is not False,
        cloud=_first(*chain.said("cloud")) is not False,
        conversations_visible=visible_to_instructors(chain.course),
    )


def visible_to_instructors(course: HintSettings) -> bool:
    """Whether instructors may read conversations: said for a whole course or not at all."""
    return course.conversations_visible is True


def _in_exam(chain: SettingsChain) -> bool:
    theirs = _first(chain.learner_here.exam, chain.learner.exam)
    if theirs is not None:
        return theirs
    return chain.course.exam is True or chain.exercise.exam is True


def _lower(author: HintLevel, said: HintLevel | None) -> HintLevel:
    return author if said is None else min(author, said)


def _first(*said: T | None) -> T | None:
    """Return what the first that says something says."""
    return next((each for each in said if each is not None), None)
