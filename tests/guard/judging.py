"""Puts messages before the guard, and before a baseline that only compares lines."""

from jupyter_tutor.domain.guard.checking import (
    GuardAllowed,
    GuardFinding,
    GuardSecrets,
    SecretTest,
    check_reply,
)
from tests.guard.messages import Message
from tests.guard.situations import Situation


def secrets_of(situation: Situation) -> GuardSecrets:
    """Return what the guard is told to keep."""
    return GuardSecrets(
        references=(situation.reference,),
        edits=(situation.edit,) if situation.edit else (),
        tests=tuple(SecretTest(test.call, test.expected) for test in situation.secret),
    )


def allowed_of(situation: Situation) -> GuardAllowed:
    """Return what the learner has been shown."""
    return GuardAllowed(
        learner=(situation.learner,),
        given=(situation.starter, *situation.setup),
        tests=tuple(f"{test.call} == {test.expected}" for test in situation.visible),
        texts=(*situation.prompts, *situation.hints.values()),
    )


def judge(message: Message) -> GuardFinding | None:
    """Deliver a message text by text, as far as the guard lets it through; return what stops it."""
    secrets, allowed = secrets_of(message.situation), allowed_of(message.situation)
    delivered: list[str] = []
    for text in message.texts:
        finding = check_reply(text, secrets, allowed, tuple(delivered), message.level)
        if finding is not None:
            return finding
        delivered.append(text)
    return None


def baseline(message: Message) -> bool:
    """Whether a line of the reference, or of the edit, stands in a message word for word."""
    situation = message.situation
    edit = situation.edit.after if situation.edit else ""
    had = {line.strip() for line in situation.learner.split("\n")}
    lines = {line.strip() for line in (situation.reference + "\n" + edit).split("\n")} - had
    return any(len(line) >= 8 and line in text for line in lines for text in message.texts)
