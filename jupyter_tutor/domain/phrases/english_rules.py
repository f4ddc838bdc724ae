"""The phrases in English: rules about the source of an answer, and secret tests as a count."""

from collections.abc import Mapping
from typing import Final

RULES: Final[Mapping[str, str]] = {
    "rule.forbidden": "This must not be used here: {what}.",
    "rule.required": "This is needed and not there yet: {what}.",
    "rule.required_any": "One of these is needed: {what}.",
    "rule.within": "{what}, inside of {function}",
    "rule.places": "It stands in {places}.",
    "rule.unread": "This could not be looked at, because Python cannot read the answer.",
    "rule.unread_because": "This could not be looked at, because {cause}.",
    "verdict.secret_names": "Secret tests",
    "verdict.withheld_names": "Withheld tests",
    "verdict.sealed_count": "Passed: {passed} of {total}. What they try is not shown.",
    "construct.call": "a call of {name}",
    "construct.any_call": "a call of a function",
    "construct.import": "an import of {name}",
    "construct.any_import": "an import",
    "construct.loop": "a {name} loop",
    "construct.any_loop": "a loop",
    "construct.recursion": "a function {name} that calls itself",
    "construct.any_recursion": "a function that calls itself",
    "construct.builtin": "the built-in name {name}",
    "construct.any_builtin": "a built-in name",
    "construct.name": "the name {name}",
    "construct.any_name": "a name",
    "construct.comprehension": "code with a {name} comprehension",
    "construct.any_comprehension": "code with a comprehension",
    "construct.function": "a function {name} of your own",
    "construct.any_function": "a function of your own",
    "construct.class": "a class {name} of your own",
    "construct.any_class": "a class of your own",
    "construct.statement": "{name}",
    "construct.any_statement": "a statement",
}
