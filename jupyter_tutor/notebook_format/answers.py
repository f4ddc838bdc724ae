"""Notebooks of answers, for people who take along what they handed in."""

from collections.abc import Mapping

import nbformat

from jupyter_tutor.domain.exercises import Question, Revision
from jupyter_tutor.domain.languages import in_language
from jupyter_tutor.domain.submissions import Submission
from jupyter_tutor.notebook_format.documents import Notebook

KEY = "jupyter_tutor_export"
"""Where the notebook's metadata says what it is; a lesson has another."""


class AnswerNotebooks:
    """Implements `exporting.AnswerNotebooks`."""

    def notebook(
        self, submission: Submission, revision: Revision, language: str
    ) -> Mapping[str, object]:
        """Return a notebook with the exercise's text and what was handed in."""
        text = revision.content.text(language)
        cells = [_markdown("exercise", f"# {text.title}\n\n{text.prompt}")]
        cells += [
            {
                "cell_type": "code",
                "execution_count": None,
                "id": f"answer-{number}",
                "metadata": {KEY: {"cell": cell.id}},
                "outputs": [],
                "source": cell.source,
            }
            for number, cell in enumerate(submission.answer.cells, start=1)
        ]
        responses = _responses(submission, revision, language)
        if responses:
            cells.append(_markdown("responses", responses))
        notebook: Notebook = {
            "cells": cells,
            "metadata": {
                "kernelspec": {
                    "display_name": "Python 3",
                    "language": "python",
                    "name": "python3",
                },
                "language_info": {"name": "python"},
                KEY: {
                    "course": revision.course_slug,
                    "exercise": revision.content.slug,
                    "revision": revision.number,
                    "submission": submission.number,
                    "handed_in_at": submission.submitted_at.isoformat(),
                },
            },
            "nbformat": 4,
            "nbformat_minor": 5,
        }
        nbformat.validate(nbformat.from_dict(notebook))  # type: ignore[no-untyped-call]
        return notebook


def _markdown(key: str, source: str) -> Notebook:
    return {"cell_type": "markdown", "id": key, "metadata": {}, "source": source}


def _responses(submission: Submission, revision: Revision, language: str) -> str:
    """Return the responses to a quiz as Markdown, each below its question."""
    asked = {
        test.spec.id: in_language(test.spec.text, language)
        for test in revision.content.tests
        if isinstance(test.spec, Question)
    }
    return "\n\n".join(
        f"**{asked.get(key, key)}**\n\n{_response(value)}"
        for key, value in submission.answer.responses.items()
    )


def _response(value: object) -> str:
    given = value if isinstance(value, list | tuple) else [value]
    return "\n".join(f"    {line}" for each in given for line in str(each).splitlines() or [""])
