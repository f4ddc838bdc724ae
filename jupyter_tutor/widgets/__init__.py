"""Widgets: the exercise card in the kernel, for front ends that render it and those that do not.

May import: ipywidgets, traitlets, `jupyter_tutor.client`, the standard library.
Must not import: anything else of this package, nor SQLAlchemy, tornado.web, nbclient or an SDK.
"""

from jupyter_tutor.widgets.card import ExerciseCard, exercise

__all__ = ["ExerciseCard", "exercise"]
