"""Markdown of a model: nothing in it loads or leads anywhere, and help looks as it was written."""

import re

import mistune
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_tutor.domain.inert_markdown import inert
from tests.guard.messages import WAVES, messages

EVIL = "https://evil.example/p.png?u=1"
LOADING = [
    f"![x]({EVIL})",
    f"[Read this]({EVIL})",
    f'[Read this]({EVIL} "now")',
    f"[![x]({EVIL})]({EVIL})",
    f"![x][r] and [r]\n\n[r]: {EVIL}",
    f"![x](<{EVIL}>)",
    f"<img src={EVIL}>",
    f'<a href="{EVIL}">here</a>',
    f"<{EVIL}>",
    f"Look at {EVIL}.",
    "Look at www.evil.example or write to me@evil.example.",
    f"- `a\n- ![x]({EVIL})`",
    f"| `a | ![x]({EVIL})` |\n|---|---|",
    f"text\n\n    ```\n\n![x]({EVIL})\n\n    ```",
    f"\\`![x]({EVIL})`",
    f"\\\\`a` ![x]({EVIL})`",
    f"*`` --> ![x]({EVIL})` ```` \\\\ ![x]({EVIL})",
    f"~~~`![x]({EVIL})`",
    f"~~~`[x]\r<img src={EVIL}>`",
    f"```\ncode\n```` ![x]({EVIL})",
    f"~~~```python\n```html\n~~~\n[t]({EVIL})",
    f"> ```\n![x]({EVIL})",
    "<script>alert(1)</script>",
    "<!-- -->\n<?x?>\n<svg/onload=alert(1)>",
    "[x](javascript:alert(1))",
]
HELP = [
    "What is `xs[0]` when `n` is 3? Look at **line 2**, and at _your_ loop.",
    "1. Go through `grid[i][j]`.\n2. Compare `a < b`, then `a <= b`.\n\n> Try it: 3 * 4 < 20.",
    "Your code is:\n\n```python\n    a = total // 60\n    return f'<b>{a}</b>'\n```\nWhy?",
    "| x | y |\n|---|---|\n| 1 | `f(1)` |",
    "তোমার লুপটা আবার দেখো: `range(n)` কোথায় থামে?",
]
PIECES = ["`", "``", "```", "\n", "\n\n", "~~~", "![", "[", "]", "](", "(", ")", "<", ">", "!"]
PIECES += ["\\", "|", "- ", "> ", "    ", "x", " ", "*", "_", "# ", "\r", "[r]: ", "[r]", "$"]
PIECES += [EVIL, f"![p]({EVIL})", f"[t]({EVIL})", f"<img src={EVIL}>", "www.e.x", "m@e.x", "://"]

_to_html = mistune.create_markdown(escape=False, plugins=["url", "table", "strikethrough"])
_ACTIVE = re.compile(r"<(?:img|a|script|svg|iframe|!|\?)|\b(?:src|href|onload)=(?!\S*&)\"", re.I)


def html(text: str) -> str:
    """Return what a page shows."""
    shown = _to_html(text)
    assert isinstance(shown, str)
    return shown


@pytest.mark.parametrize("text", LOADING)
def test_what_loads_or_leads_away_is_inert(text: str) -> None:
    assert _ACTIVE.search(html(inert(text))) is None


def test_the_examples_are_active_as_they_come() -> None:
    """Else the test above would show nothing."""
    assert sum(bool(_ACTIVE.search(html(text))) for text in LOADING) >= 15


def test_words_of_links_and_pictures_stay() -> None:
    assert inert(f"See [the manual]({EVIL}) or ![a picture]({EVIL}).") == (
        "See the manual or a picture."
    )
    assert "evil.example/p.png?u=1" in html(inert(f"Look at {EVIL}."))


@pytest.mark.parametrize("text", HELP)
def test_help_looks_as_it_was_written(text: str) -> None:
    assert html(inert(text)) == html(text)


def test_messages_of_the_sets_stay_as_they_are() -> None:
    """Words, code and tables: nearly none holds anything to escape."""
    texts = {text for wave in WAVES for each in messages(wave) for text in each.texts}
    kept = sum(inert(text) == text for text in texts)
    assert kept >= 0.98 * len(texts)


def test_blocks_of_code_stay_and_tell_a_known_language_alone() -> None:
    assert inert("~~~mermaid\nclick a href\n~~~") == "```\nclick a href\n```"
    assert inert("  ```python\n  a = `b`\n  ```") == "```python\na = `b`\n```"
    assert inert("```python\nx = '```'\n```") == "````python\nx = '```'\n````"
    assert inert("```\nnever closed") == "```\nnever closed\n```"


def test_formulas_have_no_commands_that_load() -> None:
    assert inert(r"$\href{x}{y} \includegraphics[a]{b} \frac{1}{2}$") == (
        r"$href{x}{y} includegraphics[a]{b} \frac{1}{2}$"
    )


@given(st.lists(st.sampled_from(PIECES), max_size=25).map("".join))
def test_nothing_put_together_is_active(text: str) -> None:
    assert _ACTIVE.search(html(inert(text))) is None
