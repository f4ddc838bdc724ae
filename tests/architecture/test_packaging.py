"""The files that make up the package agree with one another."""

import importlib
import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import jupyter_tutor
from jupyter_tutor.shipped import shipped

ROOT = Path(__file__).resolve().parents[2]
FRONT_END = json.loads((ROOT / "labextension/package.json").read_text("utf-8"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


def test_front_end_and_package_have_one_version() -> None:
    assert FRONT_END["version"] == jupyter_tutor.__version__


def test_front_end_installs_under_the_name_the_package_tells() -> None:
    (front_end,) = jupyter_tutor._jupyter_labextension_paths()
    wheel = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]

    assert front_end["dest"] == FRONT_END["name"]
    source = f"jupyter_tutor/{front_end['src']}"
    assert FRONT_END["jupyterlab"]["outputDir"] == f"../{source}"
    assert wheel["shared-data"][source] == f"share/jupyter/labextensions/{front_end['dest']}"


def test_server_is_told_to_load_the_extension() -> None:
    config = json.loads((ROOT / "jupyter_tutor/server/etc/jupyter_tutor.json").read_text("utf-8"))
    (name,) = [n for n, on in config["ServerApp"]["jpserver_extensions"].items() if on]
    points = importlib.import_module(name)._jupyter_server_extension_points()

    assert [point["module"] for point in points] == ["jupyter_tutor.server.app"]
    assert points[0]["app"].__module__ == "jupyter_tutor.server.app"


def test_everything_the_wheel_takes_is_there() -> None:
    wheel = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]
    built = "jupyter_tutor/labextension"
    sources = {*wheel["only-include"], *wheel["sources"], *wheel["shared-data"]} - {built}

    assert not [source for source in sources if not (ROOT / source).exists()]


def test_shipped_parts_are_found() -> None:
    assert (shipped("notebooks") / "course.toml").is_file()
    assert shipped("migrations").is_dir()


def test_widgets_share_the_one_copy_of_their_base() -> None:
    base = FRONT_END["jupyterlab"]["sharedPackages"]["@jupyter-widgets/base"]

    assert base == {"bundled": False, "singleton": True}


def test_lock_file_names_no_host() -> None:
    lock = (ROOT / "labextension/yarn.lock").read_text("utf-8")

    assert not re.findall(r"https?:|__archiveUrl", lock)


def test_importing_the_package_loads_nothing_heavy() -> None:
    program = "import sys, jupyter_tutor; print(*sorted(m.partition('.')[0] for m in sys.modules))"
    ran = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    loaded = set(ran.stdout.split())

    assert "jupyter_tutor" in loaded
    assert not loaded & {"IPython", "ipywidgets", "jupyter_server", "pydantic", "sqlalchemy"}


def test_package_has_no_other_lazy_names() -> None:
    with pytest.raises(AttributeError, match="no attribute 'exercize'"):
        jupyter_tutor.exercize  # noqa: B018 - the look-up is what is tested
