"""What must not leave this machine is taken out of code and tracebacks before a model sees them.

Home directories, mail addresses, keys, tokens, private keys, addresses and names of machines, and
names of people are replaced by placeholders such as `<path>`. The same text always becomes the same
text, what was redacted stays as it is, and lines keep their numbers. Ordinary code is left alone:
loopback addresses, the domains and networks that are reserved for examples, and whatever is too
short or too regular to be a secret.
"""

import builtins
import hmac
import keyword
import re
from collections.abc import Callable, Collection
from hashlib import sha256
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from itertools import pairwise
from string import ascii_lowercase, ascii_uppercase, digits
from typing import Final
from uuid import UUID

from jupyter_tutor.domain.person_names import without_words

_Rule = tuple[re.Pattern[str], str | Callable[[re.Match[str]], str], str]
"""What is looked for, what it becomes, and a simple expression that is found wherever it is."""

_ROOTS: Final = (
    "tmp|private|var|srv|mnt|media|data|scratch|opt|nfs|net|exports?|afs|cifs|gpfs|lustre|work"
    "|workspaces?|Volumes"
)
_PATH_BEGINS: Final = rf"[/\\](?:homes?|home\d+|nethome|users|root|documents|{_ROOTS})[/\\ ]|~|\\\\"

_PEM: Final = re.compile(
    r"-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----.*?(?:-----END [A-Z ]{0,40}-----|\Z)", re.S
)
_JWT: Final = re.compile(r"\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*")
_KNOWN_KEYS: Final = re.compile(
    r"""(?<![\w-])(?:
      sk-[\w-]{16,} | [sr]k_(?:live|test)_\w{16,}
    | gh[pousr]_\w{20,} | github_pat_\w{20,} | glpat-[\w-]{16,}
    | xox[abeoprs]-[\w-]{10,} | xapp-[\w-]{10,}
    | (?:AKIA|ASIA)[0-9A-Z]{16} | AIza[\w-]{30,} | ya29\.[\w-]{20,} | GOCSPX-[\w-]{20,}
    | hf_\w{20,} | npm_\w{30,} | pypi-[\w-]{30,} | SG\.[\w-]{16,}\.[\w-]{16,} | dop_v1_\w{32,}
    )""",
    re.X,
)
_BEARER: Final = re.compile(r"\b(Bearer|Basic|token)(\s+)[\w.~+/=-]{16,}", re.I)
_URL_LOGIN: Final = re.compile(
    r"\b([a-z][a-z0-9+.-]{1,20}://)[^\s/@:'\"<>]{1,200}:[^\s/@'\"<>]{1,200}@", re.I
)
_URL_TOKEN: Final = re.compile(
    r"([?&](?:\w{0,30}token|api_?key|key|sig|signature|password)=)[^\s&#'\"<>]{6,}", re.I
)
_ASSIGNED: Final = re.compile(
    r"""((?:
          (?P<password>passw(?:or)?d|passphrase|pwd)
        | (?P<key>api_?key|access_?key|secret_?key|private_?key|auth_?token|access_?token)
        | secret | token
        )["']?\]?[ \t]*(?::[ \t]*\w+[ \t]*=|[:=])[ \t]*["'])
        ((?=[^"'\s]*\d)(?=[^"'\s]*[A-Za-z])[^"'\s<>]
          (?:(?(password)[^"'\s<>]{5,}|(?(key)[^"'\s<>]{7,}|[^"'\s<>]{11,}))))(?=["'])""",
    re.X | re.I,
)
_IN_ENVIRONMENT: Final = re.compile(
    r"""(?<![A-Za-z0-9_])
        ((?:[A-Z0-9]+_)*(?:TOKEN|SECRET|PASSW(?:OR)?D|PASSPHRASE|PWD|API_?KEY|ACCESS_KEY|PRIVATE_KEY)
          (?:_[A-Z0-9]+)*=)
        (?=[^\s'"()\[\]{},;\#<>]*\d)(?=[^\s'"()\[\]{},;\#<>]*[A-Za-z])
        [^\s'"()\[\]{},;\#<>]{6,}(?![\[(])""",
    re.X,
)
_UNQUOTED: Final = re.compile(
    r"""((?:api_?key|access_?key|secret(?:_?key)?|private_?key|token|passw(?:or)?d|passphrase|pwd)
          [ \t]*[:=][ \t]*)
        ([A-Za-z0-9_+/~-]{12,}={0,2})(?![\w.(\[])""",
    re.X | re.I,
)
_MAIL: Final = re.compile(
    r"(?<![\w.+%-])[\w.+%-]{1,64}@((?:[\w-]{1,63}\.){1,8}[A-Za-z]{2,24})(?![\w@])"
)
_RESERVED_MAIL: Final = re.compile(
    r"(?:^|\.)(?:example(?:\.(?:com|org|net))?|test|invalid|localhost)$", re.I
)

_NAME: Final = r"[^\\/\s\"'<>|:*?()\[\]{},;]+"
_SPACED_NAME: Final = r"[^\\/\r\n\"'<>|:*?]+"
_HOMES: Final = re.compile(
    rf"""(?:
      (?<![\w.\\/])(?:[A-Za-z]:)(?P<b>[\\/]{{1,2}})(?:Users|Documents\ and\ Settings)(?P=b)
          (?:{_SPACED_NAME}(?P=b)|{_NAME})(?:{_NAME}(?:[\\/]{{1,2}})?)*
    | (?<![\w.\\])(?P<u>\\\\(?:\\\\)?)[\w.$-]{{2,}}(?:\\\\?{_NAME})+
    | (?:file://|(?<![\w./]))(?:/[\w.-]+){{0,4}}/(?:homes?|home\d+|nethome|Users)/{_NAME}(?:/{_NAME})*/?
    | (?:file://|(?<![\w./]))/(?:root|var/root)(?:/{_NAME})+/?
    | (?:file://|(?<![\w./]))/(?:{_ROOTS})(?:/{_NAME}){{2,}}/?
    | (?<![\w.~])~\w[\w.-]*(?:/{_NAME})+/?
    | (?<![\w.~])~(?:/{_NAME})+/?
    )""",
    re.X,
)

_WINDOWS_FILE: Final = re.compile(
    rf"(?<![\w.\\/])[A-Z]:(?P<d>\\{{1,2}}|/){_NAME}(?<=\w{{3}})(?P=d)(?:{_NAME}(?P=d))*{_NAME}\.\w{{1,5}}"
)
_IN_TRACEBACK: Final = re.compile(
    r"""(?<=\bFile\ ")(?:/|[A-Za-z]:\\)[^"\n<>]{1,400}(?=",\ line\ \d)
      | (?<=\bFile\ )/[^\s:"'<>]{1,400}(?=:\d)""",
    re.X,
)

_IPV4: Final = re.compile(r"(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?![\w]|\.\d)")
_IPV6: Final = re.compile(r"(?<![\w:.])[0-9A-Fa-f:]{4,39}(?![\w:.])")
_EXAMPLE_NETWORKS: Final = tuple(
    ip_network(each)
    for each in ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32")
)

_HEX: Final = re.compile(
    r"(?<![\w-])(?:0x)?(?=[0-9a-f]*\d)(?=[0-9a-f]*[a-f])[0-9a-f]{32,}(?![\w-])", re.I
)
_UUID: Final = re.compile(r"(?<![\w-])[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}(?![\w-])", re.I)
_BASE64: Final = re.compile(r"(?<![\w+/-])[\w+/-]{40,}={0,2}(?![\w+/=-])")

_CHANGES_OF_A_KEY: Final = 4
_NOT_NAMES: Final = frozenset(
    word.casefold() for word in (*keyword.kwlist, *keyword.softkwlist, *dir(builtins))
)
_MOST_PASSES: Final = 10
"""What stands right behind something else, such as a path behind a key, is only recognised once
that is gone. Placeholders match no rule, but somebody may call themselves `name>`."""

_PUBLIC_HOSTS: Final = frozenset({"localhost", "localdomain"})


def redact(
    text: str,
    *,
    hosts: Collection[str] = (),
    names: Collection[str] = (),
    places: Collection[str] = (),
) -> str:
    """Return a text without what must not leave.

    Args:
        text: Code, a traceback, a question.
        hosts: Names of machines, such as this one's.
        names: Names of people and of their accounts; names that are also words of Python are left,
            and so are names shorter than three characters.
        places: Directories of this machine that hold somebody's files, wherever they are.
    """
    machines = [host for host in hosts if host.casefold() not in _PUBLIC_HOSTS]
    people = [name for name in names if name.casefold() not in _NOT_NAMES]
    below = _below(places)
    for _ in range(_MOST_PASSES):
        before = text
        text = _apply(_SECRETS, text)
        text = text if below is None else _replaced(below, "<path>", text)
        text = without_words(text, machines, "<host>")
        text = without_words(text, people, "<name>", amid=True)
        text = _apply(_PLACES, text)
        if text == before:
            break
    return text


def _below(places: Collection[str]) -> re.Pattern[str] | None:
    """Return what finds directories and whatever is in them, or None where there are none."""
    known = {place.rstrip("/\\") for place in places}
    wanted = sorted((place for place in known if len(place) > 1), key=len, reverse=True)
    if not wanted:
        return None
    either = "|".join(map(re.escape, wanted))
    return re.compile(rf"(?<![\w.\\/-])(?:{either})(?![\w-])(?:[\\/]{_NAME})*/?")


def user_tag(secret: bytes, learner_id: UUID) -> str:
    """Return an opaque name of a learner: HMAC-SHA256 of their id, as 64 hexadecimal digits.

    Args:
        secret: Of this installation. Without it nobody can tell whose a tag is.
        learner_id: The learner.

    Raises:
        ValueError: The secret is empty, and would protect nothing.
    """
    if not secret:
        raise ValueError("a tag of a learner needs a secret")
    return hmac.new(secret, learner_id.bytes, sha256).hexdigest()


def _mail(found: re.Match[str]) -> str:
    return found[0] if _RESERVED_MAIL.search(found[1]) else "<mail>"


def _address(found: re.Match[str]) -> str:
    try:
        address = ip_address(found[0])
    except ValueError:
        return found[0]
    if isinstance(address, IPv6Address) and not _looks_like_an_address(found[0]):
        return found[0]
    mask = isinstance(address, IPv4Address) and address.packed[0] in (0, 255)
    known = mask or address.is_loopback or address.is_unspecified
    example = any(address in network for network in _EXAMPLE_NETWORKS)
    return found[0] if known or example else "<ip>"


def _looks_like_an_address(text: str) -> bool:
    """Whether this is no slice such as `[1::2]`: three groups, or a first one of four digits."""
    groups = [group for group in text.split(":") if group]
    return len(groups) >= 3 or (bool(groups) and len(groups[0]) == 4 and text[0] in "fF23")


def _secret(found: re.Match[str]) -> str:
    return "<secret>" if _is_random(found[0]) else found[0]


def _unquoted(found: re.Match[str]) -> str:
    """Keep what may be a name: those change between letters and digits once or twice."""
    kinds = [each.isdigit() for each in found[2] if each.isalnum()]
    changes = sum(here != there for here, there in pairwise(kinds))
    return f"{found[1]}<key>" if changes >= _CHANGES_OF_A_KEY else found[0]


def _is_random(text: str) -> bool:
    """Whether a long word is made of letters of both cases and digits in no order.

    Identifiers and paths seldom change between these kinds; alphabets as ciphers use them are
    taken out first.
    """
    for alphabet in (ascii_lowercase, ascii_uppercase, digits):
        text = text.replace(alphabet, "").replace(alphabet[::-1], "")
    kinds = [_kind(each) for each in text if each.isalnum()]
    changes = sum(here != there for here, there in pairwise(kinds))
    return len(kinds) >= 32 and len(set(kinds)) == 3 and changes * 3 >= len(kinds)


def _kind(each: str) -> int:
    return 0 if each.isdigit() else 1 if each.islower() else 2


def _pem(found: re.Match[str]) -> str:
    return "<key>" + "\n" * found[0].count("\n")


_KEY_WORDS: Final = "key|secret|token|passw|passphrase|pwd"

_SECRETS: Final[tuple[_Rule, ...]] = (
    (_PEM, _pem, "-----BEGIN"),
    (_JWT, "<token>", "eyJ"),
    (_KNOWN_KEYS, "<key>", "[a-z0-9]{8}"),
    (_URL_LOGIN, r"\1<key>@", "://"),
    (_URL_TOKEN, r"\1<token>", "[?&]"),
    (_BEARER, r"\1\2<token>", "bearer|basic|token"),
    (_ASSIGNED, r"\1<key>", _KEY_WORDS),
    (_IN_ENVIRONMENT, r"\1<key>", _KEY_WORDS),
    (_UNQUOTED, _unquoted, _KEY_WORDS),
    (_MAIL, _mail, r"@[\w-]+\."),
    (_IN_TRACEBACK, "<path>", r"\bfile[ ]"),
    (_HOMES, "<path>", _PATH_BEGINS),
    (_WINDOWS_FILE, "<path>", r"[a-z]:[\\/]"),
)

_PLACES: Final[tuple[_Rule, ...]] = (
    (_UUID, "<id>", "[0-9a-f]-[0-9a-f]"),
    (_HEX, "<secret>", "[0-9a-f]{32}"),
    (_BASE64, _secret, r"[\w+/-]{40}"),
    (_IPV4, _address, r"\d\.\d"),
    (_IPV6, _address, "[0-9a-f]:[0-9a-f:]|::[0-9a-f]"),
)


def _apply(rules: tuple[_Rule, ...], text: str) -> str:
    """Apply rules; most texts have nothing of most of them, and show it quickly."""
    for pattern, replacement, sign in rules:
        if re.search(sign, text, re.I):
            text = _replaced(pattern, replacement, text)
    return text


def _replaced(
    pattern: re.Pattern[str], replacement: str | Callable[[re.Match[str]], str], text: str
) -> str:
    """Replace what is found from left to right, each time with regard to what stands before by now.

    A path that follows another one without a gap only begins once that one is gone: `re.sub` looks
    at what was there, and would take the second one for a part of the first.
    """
    at = 0
    while found := pattern.search(text, at):
        new = replacement(found) if callable(replacement) else found.expand(replacement)
        text = text[: found.start()] + new + text[found.end() :]
        at = found.start() + max(len(new), 1)
    return text
