"""Leave to ask a model, looked at before each request: what was allowed may not be any more.

A learner takes consent back, an exam begins, or an instructor changes a setting while a model
thinks. What was sent by then can't be called back; nothing more is.
"""

from collections.abc import Awaitable, Callable

from jupyter_tutor.domain.errors import ModelUnavailable
from jupyter_tutor.domain.hint_settings import rules_for
from jupyter_tutor.domain.model_access import refusal_of
from jupyter_tutor.domain.model_calls import Purpose
from jupyter_tutor.services.model_asking import Asker, Hop, ModelPlace
from jupyter_tutor.services.ports import UnitOfWorkFactory

Leave = Callable[[], Awaitable[None]]
"""Looks whether a model may be asked now. Raises ModelUnavailable where it may not."""


async def always() -> None:
    """Give leave, where nothing can change meanwhile."""


def leave_of(
    open_uow: UnitOfWorkFactory,
    hop: Hop,
    place: ModelPlace,
    asker: Asker,
    purpose: Purpose = Purpose.HINT,
) -> Leave:
    """Return what looks whether a model may be asked for a learner.

    Args:
        open_uow: Opens transactions.
        hop: Calls what talks to the database.
        place: Where the model is asked.
        asker: For whom.
        purpose: What for.
    """

    def refused() -> str:
        with open_uow() as uow:
            revision = uow.courses.latest_revision(asker.course, asker.exercise)
            chain = uow.hint_settings.chain(asker.course, revision.exercise_id, asker.learner_id)
            consent = uow.consents.latest(asker.learner_id, asker.course)
            rules = rules_for(revision.content, chain)
            refusal = refusal_of(rules, consent, place.is_cloud, purpose)
            return "" if refusal is None else refusal.code

    async def leave() -> None:
        code = await hop(refused)
        if code:
            raise ModelUnavailable(f"The language model may not be asked any more: {code}.")

    return leave
