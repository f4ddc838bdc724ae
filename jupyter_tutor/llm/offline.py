"""Hints without a language model: the author's text for a rung, else a text made by rules."""

from jupyter_tutor.domain.errors import NotFound
from jupyter_tutor.domain.hints import HintDraft, HintRequest, HintSource
from jupyter_tutor.domain.languages import base_of, pick_language
from jupyter_tutor.domain.offline_hints import hint_by_rules
from jupyter_tutor.domain.phrases import spoken


class OfflineHintModel:
    """The `HintModel` that needs nothing but the run: the default, and the fallback of others.

    What an author wrote for a rung is preferred, in another language than the learner's only where
    rules have nothing in the learner's. The result, the nudge, the concept and the
    bottom-out can always be made by rules; the pointer and the plan of steps with a diagnosis alone
    (`domain.offline_hints`).
    """

    def hint(self, request: HintRequest) -> HintDraft:
        """Make the hint of the rung that is asked for.

        Raises:
            NotFound: Nothing is known that a hint of this rung could say, and the author wrote
                none.
        """
        written, language = _written(request), spoken(request.language)
        if written is None:
            return hint_by_rules(request, language)
        wanted = base_of(request.language)
        if base_of(written.language) == wanted or language != wanted:
            return written
        try:
            return hint_by_rules(request, language)
        except NotFound:
            return written


def _written(request: HintRequest) -> HintDraft | None:
    """Return the author's hint in the language that suits best, or None."""
    hints = request.content.hints(request.level)
    language = pick_language(hints, request.language)
    return None if language is None else HintDraft(hints[language], HintSource.AUTHOR, language)
