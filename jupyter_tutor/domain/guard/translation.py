"""Code of other languages, and code that is half words, turned into Python as far as that goes.

What comes out is only compared, never run, so it may be wrong in what the comparison leaves out.
"""

import re
from functools import lru_cache
from typing import Final

from jupyter_tutor.domain.guard.rewriting import rewritten, rules_of

_CAMEL = re.compile(r"\b[a-z]+(?:[A-Z][a-z0-9]*)+\b")
_LETTER = re.compile(r"(?=[A-Z])")

_SYMBOLS: Final = str.maketrans(
    {
        "≤": "<=",
        "⩽": "<=",
        "≥": ">=",
        "⩾": ">=",
        "≠": "!=",
        "×": "*",
        "⋅": "*",
        "·": "*",
        "÷": "/",
        "−": "-",
        "–": "-",
        "＝": "=",
        "←": "=",
        "⟵": "=",
        "∈": " in ",
        "∉": " not in ",
        "∧": " and ",
        "∨": " or ",
        "¬": " not ",
        "“": '"',
        "”": '"',
        "‘": "'",
        "’": "'",
        "\u00a0": " ",
    }
)
_COUNTED = re.compile(
    r"for\s*\(\s*(?:let|int|var|auto|long)?\s*(\w+)\s*=\s*([^;]+);\s*\1\s*(<=?)\s*([^;]+);[^)]*\)"
)
_WALKED = re.compile(
    r"for\s*\(\s*(?:const|let|var|auto|int|\w+)?\s*(\w+)\s*(?:of|in|:)\s*([^)]+)\)"
)
_TYPES = "const|let|var|auto|int|double|float|long|bool|boolean|char|String|SET|set"


def _lower(found: re.Match[str]) -> str:
    return found[0].lower()


_RULES: Final = rules_of(
    (r";\s*//.*$|^\s*//.*$|/\*.*?\*/", ""),
    (r"/(?:[^/\s\\]|\\.)+/[gimuy]*(?=\s*[,)])", '"pattern"'),
    (r"\b(?:IF|ELSE|ELIF|WHILE|FOR|RETURN|THEN|DO|AND|OR|NOT)\b", _lower),
    (r"[!=]==", lambda found: found[0][:2]),
    (r"&&", " and "),
    (r"\|\|", " or "),
    (r"!(?=[\w(])", " not "),
    (
        r"\bMath\.(?:floor|trunc)\(\(?([^()]*(?:\([^()]*\))?[^()]*?)\)?\s*/\s*(\w+)\)",
        r"((\1) // \2)",
    ),
    (r"\bMath\.(\w+)", r"\1"),
    (r"\b([\w.]+(?:\[[^\]]*\])?)\.length\b(?:\(\))?", r"len(\1)"),
    (r"\b([\w.]+)\.size\(\)", r"len(\1)"),
    (r"\.(?:push|push_back|add)\(\.\.\.", ".extend("),
    (r"\.(?:push|push_back)\(", ".append("),
    (r"\bArray\.isArray\((\w+)\)", r"isinstance(\1, list)"),
    (r"!?\s*(\w+)\.includes\((\w+)\)", r"\2 in \1"),
    (r"\.slice\(([^,()]+),\s*([^()]+)\)", r"[\1:\2]"),
    (r"\.slice\(([^,()]+)\)", r"[\1:]"),
    (r"\.(?:toLowerCase|to_lower_case|downcase|toLower)\b", ".lower"),
    (r"\bString\(", "str("),
    (r"\bnull\b|\bundefined\b|\bnil\b", "None"),
    (r"\btrue\b", "True"),
    (r"\bfalse\b", "False"),
    (r"(\w+(?:\[\w+\])?)\+\+", r"\1 += 1"),
    (r"(\w+(?:\[\w+\])?)--", r"\1 -= 1"),
    (rf"^\s*(?:{_TYPES})\s+(?=[\w\[\]]+\s*(?::=|=(?!=)))", ""),
    (r":=|(?<=\w)\s+<-\s+(?=[\w(])", " = "),
    (r"^\s*\}\s*", ""),
    (r"[;{}]\s*$", ""),
    (r"^\s*else if\b", "if"),
    (r"^\s*(if|while)\s*\(((?:[^()]|\([^()]*\))*)\)\s*([\w\[].*)$", r"\1 \2: \3"),
    (r"^\s*\(?(?:if|elseif|elsif)\s*\((.*)\)\s*(?:then)?$", r"if \1:"),
    (r"^\s*while\s*\((.*)\)$", r"while \1:"),
    (r"(?<=\w)\s+mod\s+(?=[\w(])", " % "),
    (r"(?<=\w)\s+div\s+(?=[\w(])", " // "),
)  # fmt: skip
_WORDS: Final = rules_of(
    (r"^\s*(?:[-*+]|\d+[.)])\s+(?=\w)", ""),
    (r"^\s*(?:else|otherwise),?\s*(?:if|when)\b", "if"),
    (r"^\s*(?:else|otherwise):?\s*", ""),
    (r"^\s*when\b", "if"),
    (r"^\s*(?:let|set)\s+(\w+)\s+(?:be|to)\b", r"\1 ="),
    (r"^\s*for\s+(?:each|every|all)\s+(\w+)\s+(?:of|in)\b", r"for \1 in"),
    (r"\b(?:give back|hand back|give|answer|output|yield)\s+(?=[\w\[(])", "return "),
    (r"^\s*if\b(.*?)\s*\b(?:do|then|give)\b:?\s*(.*)$", r"if \1: \2"),
    (r"^\s*while\b(.*?)\s*\b(?:do|then)\b:?\s*(.*)$", r"while \1: \2"),
    (r"^\s*(?:return|give)s?\b", "return"),
    (r"\b(?:is )?(?:a multiple of|divisible by)\s+(\w+)", r"% \1 == 0"),
    (r"\bis not (?:a multiple of|divisible by)\s+(\w+)", r"% \1 != 0"),
    (r"\bis not in\b", "not in"),
    (r"\bis in\b", "in"),
    (r"\bAND\b", "and"),
    (r"\bOR\b", "or"),
    (r"\bNOT\b", "not"),
    (r"\bappend\s+([\w.\[\]]+)\s+to\s+(\w+)", r"\2.append(\1)"),
    (r"\badd\s+([\w.\[\]]+)\s+to\s+(\w+)", r"\2 = \2 + \1"),
    (r"\badd all of\s+(.+?)\s+to\s+(\w+)", r"\2.extend(\1)"),
    (
        r"\bfor\s+(\w+)\s+(?:=|from)\s*(\w+)\s+to\s+(\w+)(?:\s+inclusive)?",
        r"for \1 in range(\2, \3 + 1)",
    ),
    flags=re.IGNORECASE,
)  # fmt: skip


def plain_symbols(text: str) -> str:
    """Write mathematical and typographical signs as Python writes them."""
    return text.translate(_SYMBOLS)


@lru_cache(maxsize=2048)
def as_python(line: str) -> str:
    """Turn a line of another language, or of pseudo-code, into Python as far as that goes."""
    line = _COUNTED.sub(_range, line)
    line = _WALKED.sub(r"for \1 in \2:", line)
    line = rewritten(rewritten(line, _RULES), _WORDS)
    return _CAMEL.sub(lambda found: "_".join(_LETTER.split(found[0])).lower(), line).strip()


def _range(found: re.Match[str]) -> str:
    name, start, sign, end = found[1], found[2].strip(), found[3], found[4].strip()
    return f"for {name} in range({start}, {end}{' + 1' if sign == '<=' else ''}):"
