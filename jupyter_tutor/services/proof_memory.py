"""Proofs that were run before: an exercise is proven once, as long as nothing about it changes."""

from collections.abc import Sequence
from dataclasses import replace

from jupyter_tutor.domain.exercises import ExerciseContent
from jupyter_tutor.domain.proofs import Proof, Standing
from jupyter_tutor.domain.sources import ExerciseSource
from jupyter_tutor.services.exercise_proofs import ExerciseProver
from jupyter_tutor.services.source_ports import ProofMemory


class RememberingProver:
    """Proves exercises of one lesson, or says what was proven of the very same content before.

    Expected values are evaluated each time: they are part of the content. What was not proven is
    never remembered.

    Args:
        prover: Proves.
        memory: Remembers.
        lesson: Name of the notebook, for the proofs.
    """

    def __init__(self, prover: ExerciseProver, memory: ProofMemory, lesson: str) -> None:
        self._prover = prover
        self._memory = memory
        self._lesson = lesson

    def evaluate(self, exercise: ExerciseSource) -> tuple[ExerciseContent | None, list[Proof]]:
        """Evaluate the expected values. Raises KernelUnavailable."""
        return self._prover.evaluate(exercise)

    def prove(self, content: ExerciseContent) -> list[Proof]:
        """Prove the exercise, or recall its proofs. Raises KernelUnavailable."""
        known = self._memory.recall(content.content_hash)
        if known is not None:
            return [replace(proof, lesson=self._lesson, before=True) for proof in known]
        proofs = self._prover.prove(content)
        if all(proof.standing is not Standing.BROKEN for proof in proofs):
            self._memory.remember(content.content_hash, proofs)
        return proofs

    def prove_part(self, exercise: ExerciseSource) -> Sequence[Proof]:
        """Prove what can be proven without the expected values. Raises KernelUnavailable."""
        return self._prover.prove_part(exercise)
