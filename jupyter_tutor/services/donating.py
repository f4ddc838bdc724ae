"""Edits made of programs that pass, without what others wrote in words of their own."""

from collections.abc import Mapping, Sequence

from jupyter_tutor.domain.edits import Edit
from jupyter_tutor.domain.exercises import ExerciseContent
from jupyter_tutor.domain.observations import CellSource, RunPlan
from jupyter_tutor.domain.own_words import OwnWords
from jupyter_tutor.services.diagnosis_ports import Explorer
from jupyter_tutor.services.tutor_facts import shown_texts


def donated_edits(
    explorer: Explorer,
    plan: RunPlan,
    content: ExerciseContent,
    donors: Sequence[Sequence[CellSource]],
) -> list[Edit]:
    """Return edits that put in a piece of the reference, or of another answer that passed.

    An edit is told to language models, and shown where the solution is. Those who wrote the other
    answers agreed to neither, so whatever holds a name, a number or a text that stands neither in
    the exercise nor in the answer itself is left out.

    Args:
        explorer: Makes edits.
        plan: The answer that fails.
        content: What it answers.
        donors: Answers of others that passed.

    Raises:
        KernelUnavailable: There is no sandbox.
    """
    references = [cell.reference for cell in content.answer_cells]
    known = OwnWords([*shown_texts(content), *(cell.source for cell in plan.cells)], references)
    programs = _programs(plan, content, donors)
    return [edit for edit in explorer.donations(plan, programs) if known.cover(edit.text)]


def _programs(
    plan: RunPlan, content: ExerciseContent, donors: Sequence[Sequence[CellSource]]
) -> list[tuple[CellSource, ...]]:
    """Return programs that pass, the reference first, in the order of the answer's cells."""
    reference = tuple(CellSource(cell.id, cell.reference) for cell in content.answer_cells)
    programs = []
    for donor in (reference, *donors):
        sources: Mapping[str, str] = {cell.id: cell.source for cell in donor}
        programs.append(tuple(CellSource(cell.id, sources.get(cell.id, "")) for cell in plan.cells))
    return list(dict.fromkeys(programs))
