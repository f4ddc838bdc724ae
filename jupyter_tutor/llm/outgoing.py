"""What leaves this machine about a learner, redacted once more where it leaves."""

from collections.abc import Collection
from dataclasses import replace

from jupyter_tutor.domain.diagnosis import Diagnosis
from jupyter_tutor.domain.errors import ModelUnavailable
from jupyter_tutor.domain.redaction import redact
from jupyter_tutor.services.model_ports import ChatFacts, HintFacts, HintReply, LearnerFacts
from jupyter_tutor.services.rubric_ports import MOST_CODE, RubricFacts


class Redaction:
    """Takes out of facts what must not leave; what the author wrote of an exercise stays.

    Args:
        hosts: Names of this machine.
    """

    def __init__(self, hosts: Collection[str] = ()) -> None:
        self._hosts = tuple(hosts)

    def of_hint(self, facts: HintFacts) -> HintFacts:
        """Return the facts of a hint as they may leave."""
        return replace(
            facts,
            learner=self._learner(facts.learner),
            diagnosis=self._diagnosis(facts.diagnosis),
            fix=None if facts.fix is None else self._text(facts.fix),
        )

    def of_chat(self, facts: ChatFacts) -> ChatFacts:
        """Return the facts of a conversation as they may leave."""
        found = facts.diagnosis
        return replace(
            facts,
            learner=self._learner(facts.learner),
            diagnosis=None if found is None else self._diagnosis(found),
            turns=tuple(replace(turn, text=self._text(turn.text)) for turn in facts.turns),
        )

    def of_rubric(self, facts: RubricFacts) -> RubricFacts:
        """Return the facts of a reading by a rubric as they may leave.

        Raises:
            ModelUnavailable: With placeholders the answer is too long to be read whole.
        """
        code = self._text(facts.code)
        if len(code) > MOST_CODE:
            raise ModelUnavailable("The answer is too long to be read whole.")
        return replace(facts, code=code)

    def of_reply(self, reply: HintReply) -> HintReply:
        """Return a hint as it may leave to be read a second time."""
        return replace(
            reply, message=self._text(reply.message), question=self._text(reply.question)
        )

    def _text(self, text: str) -> str:
        return redact(text, hosts=self._hosts)

    def _learner(self, learner: LearnerFacts) -> LearnerFacts:
        return replace(
            learner,
            code=self._text(learner.code),
            failing=self._text(learner.failing),
            level=self._text(learner.level),
            earlier=tuple(self._text(each) for each in learner.earlier),
        )

    def _diagnosis(self, found: Diagnosis) -> Diagnosis:
        example, asked, edit = found.counterexample, found.question, found.verified
        if example:
            example = replace(
                example,
                call=self._text(example.call),
                expected=self._text(example.expected),
                got=self._text(example.got),
            )
        if asked:
            value, call = self._text(asked.value), self._text(asked.call)
            asked = replace(asked, value=value, call=call)
        if edit:
            edit = replace(edit, before=self._text(edit.before), after=self._text(edit.after))
        return replace(found, counterexample=example, question=asked, verified=edit)
