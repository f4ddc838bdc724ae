"""The exercise card: a widget whose view comes from the JupyterLab extension.

The view talks to the server, never through the kernel, so that its buttons work while the kernel is
busy or dead. What is here is the card's place in the notebook and a headless interface.
"""

from typing import Any

from ipywidgets import DOMWidget, register
from traitlets import Unicode

from jupyter_tutor import __version__
from jupyter_tutor.client import (
    CheckResult,
    ExerciseFacts,
    Given,
    HintResult,
    SubmissionResult,
    TutorClient,
    TutorRefusal,
)

MODULE = "jupyter-tutor"
MODULE_VERSION = f"^{__version__}"
LOOK_SECONDS = 3.0
NOT_FOUND = "not_found"
"""The code of a refusal for something that does not exist."""


@register
class ExerciseCard(DOMWidget):  # type: ignore[misc]  # ipywidgets has no types
    """The card of an exercise.

    Shown in JupyterLab or Notebook 7 it has the buttons Run tests, Hint and Submit. Without a front
    end, `check()`, `hint()` and `submit()` do the same and return values that print well.

    Attributes:
        exercise: Slug of the exercise.
        course: Slug of its course.
    """

    _model_name = Unicode("ExerciseCardModel").tag(sync=True)
    _model_module = Unicode(MODULE).tag(sync=True)
    _model_module_version = Unicode(MODULE_VERSION).tag(sync=True)
    _view_name = Unicode("ExerciseCardView").tag(sync=True)
    _view_module = Unicode(MODULE).tag(sync=True)
    _view_module_version = Unicode(MODULE_VERSION).tag(sync=True)

    exercise = Unicode(read_only=True).tag(sync=True)
    course = Unicode(read_only=True).tag(sync=True)

    def __init__(
        self, exercise: str, course: str = "", *, client: TutorClient | None = None
    ) -> None:
        super().__init__()
        self.set_trait("exercise", exercise)
        self.set_trait("course", course)
        self._client = client

    def facts(self) -> ExerciseFacts:
        """Return what the card shows about the exercise.

        Raises:
            TutorRefusal: The tutor does not know it, or does not answer.
        """
        return self._tutor().exercise(self.course, self.exercise)

    def look(self, seconds: float) -> ExerciseFacts:
        """Return the same, within so many seconds. Raises TutorRefusal."""
        return self._tutor().exercise(self.course, self.exercise, seconds)

    def check(self, answer: Given = None) -> CheckResult:
        """Run the tests on an answer, without handing it in.

        Args:
            answer: The source of the answer cell, or one per answer cell id; of a quiz a response
                per question id. None takes what is in the saved notebook this kernel belongs to.

        Returns:
            The results, printed as a table.

        Raises:
            TutorRefusal: Says what is wrong and what to do.
        """
        return self._tutor().check(self.course, self.exercise, answer)

    def hint(self) -> HintResult:
        """Ask for the next hint, about the latest run of the tests.

        Raises:
            TutorRefusal: Says what is wrong and what to do.
        """
        return self._tutor().hint(self.course, self.exercise)

    def submit(self, answer: Given = None) -> SubmissionResult:
        """Hand in an answer and wait for the grade.

        Args:
            answer: As for `check`.

        Raises:
            TutorRefusal: Says what is wrong and what to do.
        """
        return self._tutor().submit(self.course, self.exercise, answer)

    def _tutor(self) -> TutorClient:
        if self._client is None:
            self._client = TutorClient.from_kernel()
        return self._client

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, Any]:  # noqa: ANN401 - IPython's
        """Add a readable plain text to the widget's own data."""
        bundle: dict[str, Any] = super()._repr_mimebundle_(**kwargs)
        bundle["text/plain"] = repr(self)
        return bundle

    def __repr__(self) -> str:
        """Say which exercise this is and what can be called."""
        return (
            f"Exercise {self.exercise!r}: .check() runs the tests, .hint() helps, "
            ".submit() hands in."
        )


def exercise(slug: str, course: str = "") -> ExerciseCard:
    """Return the card of an exercise; the last expression of a cell shows it.

    Where no front end shows it, call `check()` to run the tests, `hint()` for help and `submit()`
    to hand in.

    Args:
        slug: Slug of the exercise.
        course: Slug of its course; empty for the course of the notebook.

    Raises:
        TutorRefusal: The course has no such exercise; names those that are spelt alike. A tutor
            that does not answer soon is no reason to refuse: the card works once it does.
    """
    card = ExerciseCard(slug, course)
    try:
        card.look(LOOK_SECONDS)
    except TutorRefusal as refusal:
        if refusal.code == NOT_FOUND:
            raise
    return card
