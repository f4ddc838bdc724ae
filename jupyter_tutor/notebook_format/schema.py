"""The JSON Schemas beside this file, and their verdicts in an author's words."""

import json
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

from jsonschema import Draft202012Validator, ValidationError
from referencing import Registry, Resource

from jupyter_tutor.notebook_format.problems import suggestion

SCHEMAS = ("cell", "notebook", "course", "cases", "questions", "learner-cell")

_TYPE_NAMES = {
    "string": "text in quotes",
    "number": "a number",
    "integer": "a whole number",
    "boolean": "true or false",
    "array": "a list",
    "object": "a table of keys",
    "null": "nothing",
}


class Finding(NamedTuple):
    """One place where a value does not fit: the key (empty for the value as a whole), the text."""

    key: str
    text: str


@cache
def load_schema(name: str) -> dict[str, Any]:
    """Return a schema by name, one of `SCHEMAS`."""
    text = files(__package__).joinpath(f"{name}.schema.json").read_text(encoding="utf-8")
    loaded: dict[str, Any] = json.loads(text)
    return loaded


@cache
def _validator(name: str, part: str | None) -> Draft202012Validator:
    registry: Registry[Any] = Registry().with_resources(
        (load_schema(other)["$id"], Resource.from_contents(load_schema(other))) for other in SCHEMAS
    )
    identifier = load_schema(name)["$id"]
    reference = f"{identifier}#/$defs/{part}" if part else identifier
    return Draft202012Validator({"$ref": reference}, registry=registry)


def roles() -> tuple[str, ...]:
    """Return the roles a cell of a source notebook can have."""
    return tuple(ref["$ref"].rsplit("/", 1)[1] for ref in load_schema("cell")["oneOf"])


def findings(value: object, name: str, part: str | None = None) -> list[Finding]:
    """Validate a value.

    Args:
        value: Anything made of JSON types.
        name: The schema, one of `SCHEMAS`.
        part: A definition of it instead of the whole, such as the role `prompt` of `cell`.

    Returns:
        What does not fit, in the order of the value; empty when it is valid.
    """
    errors = sorted(_validator(name, part).iter_errors(value), key=lambda e: list(e.absolute_path))
    seen = dict.fromkeys(finding for error in errors for finding in _explain(error))
    return list(seen)


def cell_findings(meta: object) -> list[Finding]:
    """Validate the metadata of a cell against the schema of its role."""
    if not isinstance(meta, Mapping):
        return [Finding("jupyter_tutor", f"must be a table of keys, not {_shown(meta)}")]
    role = meta.get("role")
    if role is None:
        return [Finding("role", f"is missing; a role is one of {', '.join(roles())}")]
    if role not in roles():
        return [Finding("role", f"unknown role {_shown(role)}; {suggestion(str(role), roles())}")]
    return findings(meta, "cell", str(role))


def _explain(error: ValidationError) -> Iterator[Finding]:
    path = [part + 1 if isinstance(part, int) else part for part in error.absolute_path]
    match error.validator:
        case "additionalProperties":
            known = list(error.schema.get("properties", {}))
            for extra in error.instance:
                if extra not in known:
                    text = f"unknown key; {suggestion(str(extra), known)}"
                    yield Finding(_key([*path, extra]), text)
        case "required":
            for missing in error.validator_value:
                if missing not in error.instance:
                    yield Finding(_key([*path, missing]), f"is missing{_means(error, missing)}")
        case "dependentRequired":
            for present, wanted in error.validator_value.items():
                for missing in wanted:
                    if present in error.instance and missing not in error.instance:
                        text = f"is missing; '{present}' stands in the first prompt cell of an "
                        text += f"exercise, with {', '.join(wanted)}"
                        yield Finding(_key([*path, missing]), text)
        case _:
            yield Finding(_key(path), _misfit(error))


def _misfit(error: ValidationError) -> str:
    shown = _shown(error.instance)
    if error.validator == "enum":
        return f"{shown} is not known; {suggestion(str(error.instance), error.validator_value)}"
    if error.validator == "type":
        wanted = _TYPE_NAMES.get(str(error.validator_value), str(error.validator_value))
        right = error.schema.get("description")
        return f"{shown} must be {wanted}" + (f": {right}" if right else "")
    if error.validator == "uniqueItems":
        return f"{shown} names something twice"
    right = error.schema.get("description")
    if right:
        return f"{shown} does not fit: it is {right}"
    return str(error.message)[:200]


def _means(error: ValidationError, key: str) -> str:
    schema = error.schema.get("properties", {}).get(key, {})
    reference = str(schema.get("$ref", ""))
    if reference.startswith("#/$defs/") or ":cell:1#/$defs/" in reference:
        part = reference.rsplit("/", 1)[1]
        schema = load_schema("cell")["$defs"].get(part, schema)
    right = schema.get("description")
    return f": {right}" if right else ""


def _key(path: list[object]) -> str:
    words = ""
    for part in path:
        if isinstance(part, int):
            words += f" {part}"
        else:
            words += f", {part}" if words[-1:].isdigit() else (f".{part}" if words else str(part))
    return words


def _shown(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 60 else text[:57] + "..."
