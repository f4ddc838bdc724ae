"""Inputs of answers: inferred from an author's cases, drawn and made smaller."""
