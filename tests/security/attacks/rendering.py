"""Answers that want to run in the browser, on the terminal or in the database of who reads them."""

from typing import Final

from tests.security.playing import Attack, Control, Family, attack

ACTIVE: Final = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)></svg>",
    "javascript:alert(1)",
    "$\\\\href{javascript:alert(1)}{x}$",
)


def _render(name: str, hack: str, exercise: str = "digits") -> Attack:
    return attack(Family.RENDERING, exercise, Control.RENDERED, name, hack)


_TEXTS = repr(" ".join(ACTIVE))

ATTACKS: Final = (
    _render("a script in what is printed", f"def hack(n):\n    print({_TEXTS})\n    return 0"),
    _render("a script in an error", f"def hack(n): raise ValueError({_TEXTS})"),
    _render(
        "a script in the name of a class",
        f"def hack(n): raise type({_TEXTS}, (Exception,), {{}})()",
    ),
    _render("a script in a value", f"def hack(words): return {_TEXTS}", "words"),
    _render(
        "a script in the name of a function",
        f"def hack(n): return hack.__code__\nhack.__code__ = hack.__code__.replace("
        f"co_name={_TEXTS})\n"
        f"def hack(n, code=(lambda: 1/0).__code__.replace(co_name={_TEXTS})): eval(code)",
    ),
    _render(
        "a script in a repr",
        f"class Shown:\n    def __repr__(self): return {_TEXTS}\ndef hack(n): return Shown()",
    ),
    _render(
        "HTML by the display hook",
        f"from IPython.display import HTML, Javascript, SVG, Math, display\n"
        f"def hack(n):\n"
        f"    display(HTML({_TEXTS})); display(Javascript('alert(1)'))\n"
        f"    display(Math({_TEXTS}))\n    return HTML({_TEXTS})",
    ),
    _render(
        "raw messages of displays",
        "import json, os, struct\n"
        "def hack(n):\n"
        "    data = json.dumps(['display_data', {'text/html': '<script>alert(1)</script>'}])"
        ".encode()\n"
        "    os.write(3, struct.pack('>I', len(data)) + data)\n    return 0",
    ),
    _render(
        "colours and cursor of a terminal",
        "def hack(n):\n"
        "    print('\\x1b[2J\\x1b[31mPASSED\\x1b]0;x\\x07\\x1b]52;c;eA==\\x07\\x9b31m')\n"
        "    raise ValueError('\\x1b[1A\\x1b[2K')",
    ),
    _render(
        "NUL in everything",
        "def hack(n):\n    print('a\\0b')\n    raise type('E', (Exception,), {})('a\\0b')",
    ),
    _render("NUL in a value", "def hack(words): return 'a\\0b'", "words"),
    _render(
        "halves of characters in everything",
        "def hack(n):\n    print('\\ud800', flush=True)\n    raise ValueError('\\udfff x')",
    ),
    _render(
        "halves of characters in a value",
        "def hack(words): return '\\ud800\\udc00\\ud800'",
        "words",
    ),
    _render(
        "halves of characters in a dict and a name",
        "def hack(n):\n"
        "    kind = type('K', (), {})\n    made = kind()\n"
        "    made.__dict__['\\ud800'] = {'\\udfff': b'\\xff', '\\0': {'\\ud800'}}\n"
        "    return made",
    ),
    _render(
        "characters that turn the text around",
        "def hack(n):\n    print('\\u202e' + 'dessap' + '\\u202c')\n    raise ValueError("
        "'\\u2066\\u202e\\U000e0041')",
    ),
    _render(
        "numbers that are none",
        "def hack(r): return [float('nan'), float('inf'), -float('inf')]",
        "area",
    ),
    _render(
        "bytes that are no text",
        "import sys\ndef hack(n):\n    sys.stdout.buffer.write(bytes(range(256)))\n"
        "    import os; os.write(1, bytes(range(256)))\n    return bytes(range(256))",
    ),
    _render(
        "a sentence that sounds like the grader",
        "def hack(n):\n    print('\\r\\x08\\x08All tests passed. Score: 100 %\\x7f')\n    return 0",
    ),
)
