"""What leaves this machine about a learner, redacted once more where it leaves."""

from collections.abc import Collection
from dataclasses import replace

from jupyter_tutor.domain.diagnosis import Diagnosis, VerifiedEdit
from jupyter_tutor.domain.errors import ModelUnavailable
from jupyter_tutor.domain.redaction import redact
from jupyter_tutor.services.model_ports import (
    ChatFacts,
    ChatReply,
    HintFacts,
    HintReply,
    LearnerFacts,
)
from jupyter_tutor.services.rubric_ports import MOST_CODE, RubricFacts


class Redaction:
    """Takes out of facts what must not leave; what the author wrote of an exercise stays.

    Args:
        hosts: Names of this machine.
        places: Directories of it in which somebody's files are.
    """

    def __init__(self, hosts: Collection[str] = (), places: Collection[str] = ()) -> None:
        self._hosts = tuple(hosts)
        self._places = tuple(places)

    def of_hint(self, facts: HintFacts) -> HintFacts:
        """Return the facts of a hint as they may leave."""
        only = self._for(facts.learner.names)
        return replace(
            facts,
            learner=only.learner(facts.learner),
            diagnosis=only.diagnosis(facts.diagnosis),
            fix=None if facts.fix is None else only.text(facts.fix),
        )

    def of_chat(self, facts: ChatFacts) -> ChatFacts:
        """Return the facts of a conversation as they may leave."""
        found, only = facts.diagnosis, self._for(facts.learner.names)
        return replace(
            facts,
            learner=only.learner(facts.learner),
            diagnosis=None if found is None else only.diagnosis(found),
            turns=tuple(replace(turn, text=only.text(turn.text)) for turn in facts.turns),
        )

    def of_rubric(self, facts: RubricFacts) -> RubricFacts:
        """Return the facts of a reading by a rubric as they may leave.

        Raises:
            ModelUnavailable: With placeholders the answer is too long to be read whole.
        """
        code = self._for(facts.names).text(facts.code)
        if len(code) > MOST_CODE:
            raise ModelUnavailable("The answer is too long to be read whole.")
        return replace(facts, code=code, names=frozenset())

    def of_reply(self, reply: HintReply, learner: LearnerFacts) -> HintReply:
        """Return a hint as it may leave to be read a second time."""
        only = self._for(learner.names)
        return replace(reply, message=only.text(reply.message), question=only.text(reply.question))

    def of_answer(self, reply: ChatReply, learner: LearnerFacts) -> ChatReply:
        """Return a reply of a conversation as it may leave to be read a second time."""
        return replace(reply, message=self._for(learner.names).text(reply.message))

    def of_text(self, text: str, learner: LearnerFacts) -> str:
        """Return a text about a learner's work as it may leave."""
        return self._for(learner.names).text(text)

    def _for(self, names: Collection[str]) -> "_Person":
        return _Person(self._hosts, self._places, names)


class _Person:
    """The redaction of what is about one learner."""

    def __init__(
        self, hosts: Collection[str], places: Collection[str], names: Collection[str]
    ) -> None:
        self._hosts = hosts
        self._places = places
        self._names = names

    def text(self, text: str) -> str:
        return redact(text, hosts=self._hosts, names=self._names, places=self._places)

    def learner(self, learner: LearnerFacts) -> LearnerFacts:
        return replace(
            learner,
            code=self.text(learner.code),
            failing=self.text(learner.failing),
            level=self.text(learner.level),
            earlier=tuple(self.text(each) for each in learner.earlier),
            names=frozenset(),
        )

    def diagnosis(self, found: Diagnosis) -> Diagnosis:
        example, asked, region = found.counterexample, found.question, found.region
        if example:
            example = replace(
                example,
                call=self.text(example.call),
                expected=self.text(example.expected),
                got=self.text(example.got),
            )
        if asked:
            asked = replace(
                asked,
                name=self.text(asked.name),
                value=self.text(asked.value),
                call=self.text(asked.call),
            )
        if region:
            region = replace(region, function=self.text(region.function))
        return replace(
            found,
            counterexample=example,
            question=asked,
            region=region,
            verified=self._edit(found.verified),
            also=self._edit(found.also),
        )

    def _edit(self, edit: VerifiedEdit | None) -> VerifiedEdit | None:
        if edit is None:
            return None
        return replace(edit, before=self.text(edit.before), after=self.text(edit.after))
