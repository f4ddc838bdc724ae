"""What the doctor says of a language model: which, where, whether there is a key, never the key."""

import subprocess
import sys
from collections.abc import Mapping

import pytest

from jupyter_tutor.bootstrap import models
from jupyter_tutor.bootstrap.findings import Finding, Report, State
from jupyter_tutor.bootstrap.models import model_finding
from jupyter_tutor.config import Tutor

KEY = "sk-a-secret-of-the-school"


def finding(traits: Mapping[str, object], key: str = "") -> Finding:
    """Return what is said of a configuration; the key never is."""
    environ = {"JUPYTER_TUTOR_MODEL_KEY": key} if key else {}
    found = model_finding(Tutor(**traits).settings(environ))
    report = Report((("Language model", (found,)),))
    assert KEY not in report.text()
    assert report.healthy
    return found


def test_none_is_fine() -> None:
    found = finding({}, KEY)
    assert (found.state, found.topic) == (State.GOOD, "model")
    assert "none is configured" in found.text


@pytest.mark.parametrize(
    ("traits", "key", "told"),
    [
        (
            {"model_client": "anthropic"},
            KEY,
            "claude-haiku-5-5 at the address of anthropic, by the client anthropic; a key is there",
        ),
        (
            {
                "model_client": "anthropic",
                "model": "qwen3-coder",
                "model_url": "http://localhost:11434",
            },
            "",
            (
                "qwen3-coder at localhost:11434, by the client anthropic; no key, as servers on "
                "this machine need none; what it is sent counts as staying"
            ),
        ),
        (
            {
                "model_client": "anthropic",
                "model": "gpt-oss:120b-cloud",
                "model_url": "http://localhost:11434",
                "model_prices": {"gpt-oss:120b-cloud": {"input": 1, "output": 2}},
            },
            "",
            (
                "gpt-oss:120b-cloud at localhost:11434, by the client anthropic; no key, as "
                "servers on this machine need none; what it is sent counts as going outside"
            ),
        ),
        (
            {"model_client": "bedrock-mantle", "model_region": "eu-central-1"},
            "",
            (
                "claude-haiku-5-5 at the address of bedrock-mantle, by the client bedrock-mantle; "
                "no key in JUPYTER_TUTOR_MODEL_KEY: the credentials of the machine are used"
            ),
        ),
        (
            {
                "model_client": "anthropic",
                "model_url": f"https://user:{KEY}@gateway.example/llm?key={KEY}",
            },
            KEY,
            (
                "claude-haiku-5-5 at gateway.example, by the client anthropic; a key is there; "
                "what it is sent counts as going outside"
            ),
        ),
    ],
    ids=["cloud", "on this machine", "handed on", "credentials", "a key in the address"],
)
def test_which_model_where_and_whether_it_has_a_key(
    traits: Mapping[str, object], key: str, told: str
) -> None:
    found = finding(traits, key)
    assert (found.state, found.text) == (State.GOOD, told)


@pytest.mark.parametrize(
    ("traits", "missing"),
    [
        ({"model_client": "anthropic"}, "JUPYTER_TUTOR_MODEL_KEY"),
        ({"model_client": "vertex", "model_region": "eu"}, "c.Tutor.model_project"),
        ({"model_client": "foundry"}, "c.Tutor.model_url"),
    ],
)
def test_what_is_missing_is_named(traits: Mapping[str, object], missing: str) -> None:
    found = finding(traits)
    assert found.state is State.WEAK
    assert missing in found.text


def test_a_package_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(models, "_lacks", lambda package: package == "google.auth")
    found = finding({"model_client": "vertex", "model_region": "eu", "model_project": "school"})
    assert found.state is State.WEAK
    assert "pip install 'anthropic[vertex]>=2.12,<3'" in found.advice[0]


def test_nothing_of_the_sdk_is_imported_for_that() -> None:
    program = (
        "import sys\n"
        "from jupyter_tutor.bootstrap.models import model_finding\n"
        "from jupyter_tutor.config import Tutor\n"
        "settings = Tutor(model_client='anthropic').settings({'ANTHROPIC_API_KEY': 'k'})\n"
        "assert settings.endpoint and model_finding(settings).text\n"
        "print('anthropic' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "False"
