"""Hints as they are configured: diagnoses in sandboxes, and a language model where there is one."""

from contextlib import ExitStack
from dataclasses import dataclass
from hashlib import sha256

from jupyter_tutor.bootstrap.grading import Grading
from jupyter_tutor.bootstrap.models import configured_model
from jupyter_tutor.bootstrap.recipients import tagger
from jupyter_tutor.config import Settings
from jupyter_tutor.domain.endpoints import Endpoint
from jupyter_tutor.llm import policies
from jupyter_tutor.llm.claude import ClaudeTutorModel
from jupyter_tutor.llm.offline import OfflineHintModel
from jupyter_tutor.services.access import Access
from jupyter_tutor.services.chatting import ChatService, ModelTalk
from jupyter_tutor.services.consenting import Recipient
from jupyter_tutor.services.counterexamples import CounterexampleSearch
from jupyter_tutor.services.diagnoses import Diagnoses
from jupyter_tutor.services.diagnosing import Diagnoser
from jupyter_tutor.services.hinting import HintingService, ModelHelp
from jupyter_tutor.services.model_asking import ModelDesk, ModelPlace
from jupyter_tutor.services.model_chat import ModelChat
from jupyter_tutor.services.model_hints import ModelHints
from jupyter_tutor.services.tutoring import TutoringService
from jupyter_tutor.services.usage import UsageService
from jupyter_tutor.storage.database import Database


@dataclass(frozen=True, slots=True)
class Help:
    """What hints are made with.

    Attributes:
        hinting: Gives hints.
        chatting: Answers questions.
        diagnoses: Finds out what is wrong with an answer, and keeps that for a while.
        model: The language model, or None.
    """

    hinting: HintingService
    chatting: ChatService
    diagnoses: Diagnoses
    model: ClaudeTutorModel | None


def help_at(
    settings: Settings,
    database: Database,
    access: Access,
    tutoring: TutoringService,
    usage: UsageService,
    recipient: Recipient,
    grading: Grading | None,
    stack: ExitStack,
) -> Help:
    """Return what hints are made with; the stack ends what that starts."""
    diagnoses = _diagnoses(settings, grading, stack)
    model = configured_model(settings)
    asked: ModelHelp | None = None
    talk: ModelTalk | None = None
    if model is not None and settings.endpoint is not None:
        endpoint = settings.endpoint
        place = _place(endpoint, recipient)
        tag = tagger(database, endpoint, recipient)
        desk = ModelDesk(place, usage)
        asked = ModelHelp(place, ModelHints(model, desk), tag)
        talk = ModelTalk(place, ModelChat(model, desk), tag)
    rules = OfflineHintModel()
    hinting = HintingService(
        database, access, tutoring, rules, usage, diagnoses=diagnoses, model=asked
    )
    chatting = ChatService(database, access, rules, usage, diagnoses=diagnoses, model=talk)
    return Help(hinting, chatting, diagnoses, model)


def _diagnoses(settings: Settings, grading: Grading | None, stack: ExitStack) -> Diagnoses:
    """Return what finds out what is wrong with an answer.

    In the sandboxes of the worker where this server grades, else in some of its own, which are
    started when the first hint needs them.
    """
    from jupyter_tutor.bootstrap.engine import Engine
    from jupyter_tutor.execution.exploring import SandboxExplorer

    if grading is not None:
        runner = grading.engine.runner
    else:
        runner = Engine(settings).runner
        stack.callback(runner.close)
    diagnoser = Diagnoser(
        runner, SandboxExplorer(runner.supply), inputs=CounterexampleSearch(runner)
    )
    diagnoses = Diagnoses(diagnoser)
    stack.callback(diagnoses.close)
    return diagnoses


def _place(endpoint: Endpoint, recipient: Recipient) -> ModelPlace:
    words = [policies.HINT, policies.VALIDATION, policies.CHAT, *policies.RUNGS.values()]
    return ModelPlace(
        model=endpoint.model,
        host=recipient.host,
        is_cloud=recipient.is_cloud,
        price=endpoint.price,
        most_tokens=endpoint.most_tokens,
        prompt_version=sha256("\n".join(words).encode()).hexdigest()[:12],
        seconds=endpoint.seconds,
    )
