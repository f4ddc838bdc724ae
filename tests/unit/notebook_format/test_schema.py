"""The schemas, and whether their verdicts tell an author what would be right."""

import pytest
from jsonschema import Draft202012Validator

from jupyter_tutor.notebook_format.schema import (
    SCHEMAS,
    cell_findings,
    findings,
    load_schema,
    roles,
)

PROMPT = {
    "role": "prompt",
    "exercise": "collatz",
    "kind": "coding",
    "topic": "loops",
    "difficulty": 4,
}


def _descriptions(schema: object, path: str = "") -> list[str]:
    """Return the properties without a description, following no references."""
    missing: list[str] = []
    if isinstance(schema, dict):
        for name, one in schema.get("properties", {}).items():
            if not {"description", "$ref", "const"} & one.keys():
                missing.append(f"{path}.{name}")
        for key, one in schema.items():
            if key not in ("if", "then", "anyOf"):
                missing += _descriptions(one, f"{path}.{key}")
    return missing


@pytest.mark.parametrize("name", SCHEMAS)
def test_schemas_are_valid_versioned_and_described(name: str) -> None:
    schema = load_schema(name)
    Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["$id"] == f"urn:jupyter-tutor:{name}:1"
    assert schema["description"]
    assert _descriptions(schema) == []


def test_each_role_has_its_own_schema() -> None:
    assert set(roles()) == {
        *("prompt", "setup", "answer", "cases", "tests", "question", "hint", "wrong", "note")
    }
    for role in roles():
        assert load_schema("cell")["$defs"][role]["additionalProperties"] is False


@pytest.mark.parametrize(
    "meta",
    [
        PROMPT,
        {**PROMPT, "version": 1, "requires": ["values"], "limits": {"memory_mb": 64}},
        {**PROMPT, "max_submissions": 3, "due_at": "2027-03-01T18:00:00+06:00"},
        {**PROMPT, "deepest_hint": "bottom_out", "language": "pt-BR"},
        {"role": "prompt", "language": "bn"},
        {"role": "setup"},
        {"role": "answer", "id": "part_1", "exercise": "collatz"},
        {"role": "cases", "id": "more", "visibility": "secret"},
        {"role": "tests", "name": "small numbers", "points": 0.5, "visibility": "withheld"},
        {"role": "question"},
        {"role": "hint", "level": "steps", "language": "bn"},
        {"role": "wrong", "note": "off by one", "answer": "answer"},
        {"role": "note"},
    ],
)
def test_valid_metadata(meta: dict[str, object]) -> None:
    assert cell_findings(meta) == []


@pytest.mark.parametrize(
    ("meta", "key", "words"),
    [
        ("prompt", "jupyter_tutor", ["table of keys"]),
        ({}, "role", ["missing", "prompt"]),
        ({"role": "promt"}, "role", ["did you mean 'prompt'?"]),
        ({"role": ["prompt"]}, "role", ["unknown role"]),
        ({"role": "zzz"}, "role", ["prompt, setup, answer"]),
        ({**PROMPT, "dificulty": 3}, "dificulty", ["did you mean 'difficulty'?"]),
        ({**PROMPT, "difficulty": 11}, "difficulty", ["11", "from 1 (very easy) to 10"]),
        ({**PROMPT, "difficulty": "4"}, "difficulty", ["whole number", '"4"']),
        ({**PROMPT, "difficulty": True}, "difficulty", ["whole number"]),
        ({**PROMPT, "kind": "codding"}, "kind", ["did you mean 'coding'?"]),
        ({**PROMPT, "exercise": "Two Sum"}, "exercise", ["lower-case", '"two-sum"']),
        (
            {**PROMPT, "limits": {"wall_second": 1}},
            "limits.wall_second",
            ["did you mean 'wall_seconds'?"],
        ),
        ({**PROMPT, "limits": {"wall_seconds": 0}}, "limits.wall_seconds", ["more than 0"]),
        ({**PROMPT, "version": 2}, "version", ["2", "1"]),
        ({"role": "prompt", "kind": "coding"}, "topic", ["first prompt cell"]),
        ({"role": "hint"}, "level", ["missing", "rung"]),
        ({"role": "hint", "level": "nugde"}, "level", ["did you mean 'nudge'?"]),
        ({"role": "hint", "level": "bottom_out"}, "level", ["not known"]),
        ({"role": "tests"}, "name", ["missing", "unique"]),
        ({"role": "tests", "name": "a", "points": -1}, "points", ["from 0 to 1000"]),
        ({"role": "tests", "name": " "}, "name", ["unique in its exercise"]),
        ({"role": "wrong"}, "note", ["missing", "what is wrong"]),
        ({"role": "cases", "visibility": "hidden"}, "visibility", ["public, secret, withheld"]),
        ({"role": "answer", "id": "a b"}, "id", ["letters, digits"]),
        ({"role": "note", "level": "nudge"}, "level", ["unknown key"]),
    ],
)
def test_wrong_metadata_says_what_is_right(meta: object, key: str, words: list[str]) -> None:
    found = {finding.key: finding.text for finding in cell_findings(meta)}
    assert key in found
    for word in words:
        assert word in found[key]


def test_places_in_lists_are_counted_from_one() -> None:
    cases = {"case": [{"name": "a", "call": "f()", "expected": "1"}, {"name": "b", "pionts": 2}]}
    assert [finding.key for finding in findings(cases, "cases")] == ["case 2, pionts"]
    assert "did you mean 'points'?" in findings(cases, "cases")[0].text
