"""The `rubric` of an exercise's metadata, read into a rubric of the domain."""

from collections.abc import Mapping, Sequence
from typing import Any

from jupyter_tutor.domain.rubrics import Anchor, Criterion, Rubric, RubricLevel, rubric_problems
from jupyter_tutor.notebook_format.problems import Problems
from jupyter_tutor.notebook_format.tables import in_order, language_problems


def read_rubric(
    entries: Sequence[Mapping[str, Any]],
    languages: tuple[str, ...],
    cell: int,
    problems: Problems,
) -> Rubric | None:
    """Read the rubric of an exercise.

    Args:
        entries: Its `rubric`, valid by the schema; empty when it has none.
        languages: Of the course, the original first.
        cell: Number of the cell whose metadata has it, for messages.
        problems: Takes what is wrong.

    Returns:
        The rubric, or None where there is none that could be judged by.
    """
    if not entries:
        return None
    before = len(problems)
    for number, entry in enumerate(entries, start=1):
        named = [("title", entry["title"]), ("question", entry["question"])]
        named += [
            (f"level {level}", one["description"]) for level, one in enumerate(entry["levels"])
        ]
        named.append(("anchor", entry["anchor"]["reason"]))
        for part, texts in named:
            for text in language_problems(texts, languages):
                key = f"criterion {number} ({entry['slug']}), {part}"
                problems.add(text, cell=cell, key=key)
    rubric = Rubric(tuple(_criterion(entry, languages) for entry in entries))
    for text in rubric_problems(rubric):
        problems.add(text, cell=cell, key="rubric")
    return rubric if len(problems) == before else None


def _criterion(entry: Mapping[str, Any], languages: tuple[str, ...]) -> Criterion:
    anchor = entry["anchor"]
    return Criterion(
        slug=entry["slug"],
        title=in_order(entry["title"], languages),
        question=in_order(entry["question"], languages),
        levels=tuple(
            RubricLevel(float(one["points"]), in_order(one["description"], languages))
            for one in entry["levels"]
        ),
        anchor=Anchor(anchor["level"], anchor["example"], in_order(anchor["reason"], languages)),
    )
