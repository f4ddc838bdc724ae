"""Notebook format: reads source notebooks, makes learners' copies and merges newer ones in.

May import: domain, services (its ports), nbformat, jsonschema.
Must not import: other adapters, server, cli; it never runs code.
"""

from jupyter_tutor.notebook_format.answers import AnswerNotebooks
from jupyter_tutor.notebook_format.course_folder import CourseFolder
from jupyter_tutor.notebook_format.merge import Merger

__all__ = ["AnswerNotebooks", "CourseFolder", "Merger"]
