"""What a change of a program is about, as words may circle it.

A change adds signs and takes some away. Words name a sign outright (`guard.lexicon`), or speak of
what it means: `<=` is "or the same", "inclusive", "may coincide". Each sign has such a field of
words, in English and Bengali: first those that hardly mean anything else, then those that may. None
is about an exercise.
"""

import re
from functools import lru_cache
from typing import Final

from jupyter_tutor.domain.guard.lexicon import pattern_of

_FIELDS: Final = {
    "<": r"""
        equal\w*|the same|coincid\w*|inclu\w+|exclu\w+|strict\w*|or (?:the )?same|at (?:most
        |least)|no (?:more|less|later|earlier|older|younger) than|not (?:more|less|above|below
        |greater|larger|smaller) than|smaller|less|larger|greater|below|under|younger|older|beyond
        |overtak\w+|up to|itself|not (?:any ?more|any longer)|no longer|short of|not included
        |still included|exactly|let in|through|belongs?|begins?|ends? at|sharp|open end|closed
        |non-strict|equality|or (?:more|less|fewer|above|below|older|younger)|and (?:above|over|up
        |older|below)|on the dot|cut-?off|threshold|stroke|half-open|as (?:much|many|far) as
        |not yet|next (?:branch|group)|সমান|ছোট|বড়|কম|বেশি|ঠিক
        ~same|meet\w*|touch\w*|tie[sd]?|border\w*|limit\w*|even (?:if|when)|more|above|before
        |after|past|cross\w*|reach\w*|already|still|too|as well|also|until|till|stops?|enough
        |further|last|once more|single|remaining|hits?|lands? on|edge|boundar\w+|minimum
        |maximum|early|late|soon|earlier|later|হলেও|পর্যন্ত|থাম|ঘুর|আরও
    """,
    "==": r"""
        equal\w*|match\w*|identical|is (?:one|zero|\d+)|being \d+|সমান|একই
        ~same|exactly|is|only
    """,
    "!=": r"unequal|differ\w*|other than|not equal~not|except|never|odd|any(?:thing)? but|নয়",
    "+": r"""
        plus|add(?:s|ed|ing)?|sum(?:med)?|increas\w+|increment\w*|rais\w+|bump\w*|grow\w*|on top
        |one (?:more|further|longer|larger|higher|up|past|beyond|after|behind)|successor
        |go(?:es)? up|widen\w*|lengthen\w*|stretch\w*|extend\w*|enlarge\w*|the next|past n
        |more than it|higher|too (?:short|small|low|early|few)|inclu\w+|(?:stops?|ends?
        |falls?) (?:one )?(?:early|short)|pil(?:e|es|ing)|heap\w*|stack\w*|lift\w*
        |(?:last|extra|one more|final) (?:lap|turn|round|step
        |number)|adding|number following|short by one|যোগ|বাড়|এক বেশি
        ~more|up|extra|another|further|accumulat\w*|also|longer|larger|greater|beyond|past|after
        |right behind|as well|combine\w*|together|concat\w*|part of|owes?|count up|cross|আরও|সহ
    """,
    "-": r"""
        minus|subtract\w*|difference|take away|deduct\w*|decreas\w+|decrement\w*|negativ\w*
        |backwards?|down(?:wards?)?|descend\w*|revers\w+|one (?:less|fewer|shorter|lower)
        |taken? (?:away|off|from)|বিয়োগ|মাইনাস
        ~less|reduc\w+|lower|remov\w+|without|back|gap|left over|rest|remaining|distance|কম|বাদ
    """,
    "*": r"""
        times|multipl\w+|product|twice|doubled?|asterisk|star|গুণ
        ~each|every|fifth|percent|again and again|per
    """,
    "/": r"divid\w+|division|quotient|slash|ভাগ~over|ratio|per|share|denominator",
    "//": r"divid\w+|division|floor\w*|quotient|whole|ভাগ~integer|full|round\w*",
    "%": r"""
        remainder\w*|modul\w+|mod|left ?over|leftover\w*|divisible|evenly|multiples?
        |percent(?: sign)?|(?:what|that) (?:is|are) left|remains?|remaining|rest (?:after|of)
        |wrap\w* around|leave over|ভাগশেষ|অবশিষ্ট
        ~leaves?|left|rest|divid\w+|wrap\w*|cycl\w+|whole (?:turns?|rounds?)|full|shrink\w*
        |within|reduc\w+|cut down|below|under|বাকি|ভাগ
    """,
    "(": r"""
        bracket\w*|parenthes\w+|parens?|group\w*|enclos\w+|wrap\w*|bundl\w+|whole (?:sum|amount
        |volume)|as a whole|in one go|as one|denominator|sum of
        |add(?:ed)? (?:up |them |\w+ \w+ )?(?:first|together|up|before)|added before|(?:be|get
        |gets|is to be) (?:worked out|computed|done|evaluated|calculated) (?:before|first)
        |(?:total|combined|whole) (?:volume|amount|quantity|liquid)|as a unit|বন্ধনী|যোগফল
        ~together|first|before|whole|entire|both|total\w*|around|round|sum|combin\w+|precedence
        |priority|altogether|everything|all|difference|gap|binds?|unit|jointly|distance|আগে|মোট
        |পুরো
    """,
    "[": r"""
        slic\w+|index\w*|position|subscript|square|first (?:of|element|item|entry|number|member
        |one|value)|(?:element|item|entry|member|head|front|start) of|opening|(?:real|actual
        |existing|genuine) (?:element|item|entry|number|member|value)|element zero|প্রথম|শেষ
        ~place|element|first|last|item|entry|member|head|front|start\w*|begin\w*|from the list
        |in the list|list|rest|উপাদান|তালিকা
    """,
    "0": r"""
        zero\w*|nought|naught|nil|first|none (?:left|over)|nothing (?:left|over)|ground floor
        |(?:one|a) (?:place|floor|seat|position) (?:before|lower|earlier)|one (?:lower|earlier)
        |too high|শূন্য|প্রথম
        ~start\w*|begin\w*|nothing|none|front|head|opening|null|lower|without (?:a )?rest
    """,
    "1": r"""
        one|single|successor|unit|notch|increment\w*|smallest positive|the next|neutral|এক
        ~once|another|next|further|longer|extra|more|also|up|grow\w*|last|আরও
    """,
    "2": r"""
        two|twos|double\w*|twice|(?:every|each) (?:other|second)|alternate|halv\w+|half|odd|দুই
        ~second|pair|other|দ্বিতীয়
    """,
    "3": r"three|triple|তিন~third",
    "and": r"""
        and|both|additional\w*|further condition|second condition|another (?:condition|comparison)
        |joined|combine\w*|at once|at the same time|not (?:just )?(?:either|one of)|each of (?:them
        |the two)|the two together|either alone|এবং|একসঙ্গে
        ~also|only|too|as well|besides|another|time|আর|শুধু
    """,
    "or": r"""
        or|either|alternativ\w+|unless|second way|another way|after all|অথবা|কিংবা
        ~except\w*|also|too|again|besides|another|as well|through|in|বা
    """,
    "not": r"""
        not|never|opposite|negat\w+|invert\w*|flip\w*|isn't|aren't|haven't|hasn't|unless|উল্টো
        ~without|absent|outside|except|no|wrong|others?|new|নয়|নেই|না
    """,
    "in": r"among|contain\w*|member\w*|part of~in|belong\w*|from|list|মধ্যে",
    "len": r"""
        lengths?|size|how (?:many|long)|number of|amount of|measur\w+|ruler|letters (?:each|it|both)
        |দৈর্ঘ্য|সংখ্যা
        ~count|as many|long|many|letters|characters
    """,
    "sorted": r"""
        sort\w*|in order|ascend\w*|rising|arrang\w+|rank\w*|numerical\w*|ordered|(?:smallest
        |lowest) first|(?:small|low|little|front) to (?:large|high|big|back)|numeric\w* order
        |from (?:low|small|lowest|smallest) to|by number|সাজা
        ~order|increas\w+|ক্রম
    """,
    "sum": r"sum\w*|total\w*~add\w*|যোগ",
    "range": r"range~count\w*|numbers|through",
    "lower": r"""
        lower\w*|small letters?|shrink\w*|little (?:letters?|sister)|everything small
        |downcase\w*|minuscul\w*|uncapital\w*|small(?:er)? (?:form|version)
        |casefold\w*|case[- ]insensitive\w*|ignor\w+ (?:the )?case|same case|ছোট হাত
        ~small|case|capitals?
    """,
    "upper": r"upper\w*|capital\w*|big letters?|বড় হাত~case",
    "extend": r"""
        extend\w*|concat\w*|pour\w*|merg\w+|append all|join\w*|absorb\w*|hold on to
        |return(?:ed)? value|accumulat\w+|ঢোকা
        ~append\w*|put|add\w*|into|collect\w*|keep|catch|use|stor\w+|save|take|যোগ|রাখ
    """,
    "append": r"append\w*|push\w*~add\w*|put|collect\w*|keep|into|যোগ|ঢোকা|রাখ",
    "copy": r"""
        cop(?:y|ies)|clone\w*|duplicat\w+|fresh list|new list|separate list|of (?:its|your) own
        |কপি
        ~fresh|separate|new|own|নতুন
    """,
    "empty": r"""
        empty|from scratch|new list|fresh list|খালি
        ~new|fresh|blank|own|separate|নতুন
    """,
    "return": r"""
        return\w*|(?:hand|giv|pass)\w* (?:\w+ ){0,3}(?:back|over|out)|to (?:the|its|whoever|your)
        (?: \w+)? ?call\w*|ফেরত
        ~give|hand|back|result|answer|final|bring|deliver\w*|out|keeps?
    """,
    "raise": r"""
        rais\w+|throw\w*|re-?rais\w*|rethrow\w*|propagat\w+|let \w+(?: \w+)? (?:out|through|go
        |escape)|bubbl\w+|surface
        ~through|escap\w+|pass\w* on|error|exception|swallow\w*|out
    """,
    "if": r"""
        if|check\w*|condition\w*|test for|যদি
        ~when\w*|whether|only|case|unless|test|হলে
    """,
    "break": r"break|leave the loop~stop|leave|end|out of|থাম",
    "continue": r"continue|next round~skip|বাদ",
    "strip": r"strip\w*|trim\w*~blanks?|spaces?|edges?",
    "split": r"split\w*~cut|separat\w+|words|pieces",
    "join": r"join\w*|glue~concat\w*|together",
    "replace": r"replac\w+|substitut\w+~remov\w+|swap\w*",
    "set": r"set|unique|distinct~duplicates?|once",
    "get": r"""
        get|default\w*|fall ?back|(?:isn't|not) (?:there|listed|in it|present)|missing key|no such
        ~ask|absent|missing|instead|otherwise|without crash\w*|catch
    """,
    "indent": r"""
        indent\w*|dedent\w*|unindent\w*|out of (?:the|your) (?:loop|for|while|if)|(?:after|outside
        |behind|below|under|beneath|following) (?:the|your) (?:\w+ )?(?:loop|for|while)
        |(?:to the )?left|one level|too deep|tab|nest\w*|line up|align\w*|same (?:column|level
        |depth)|loop (?:is|has) (?:over|finished|done|ended)|বাইরে|বরাবর
        ~inside|outside|loop|after|blanks|spaces|level|over|finished|until|till|once|wait|end|only
    """,
    "swap": r"""
        swap\w*|exchang\w+|(?:other|wrong) way|turn\w* (?:\w+ )?a?round|flip\w*|revers\w+|upside
        |switch\w*|back to front|backwards|opposite|(?:comes?|goes|stands?) (?:first|second)
        |(?:in|the) (?:wrong )?order|উল্টো
        ~first|left|right|before|from|places|away|less|then|order|আগে
    """,
    "max": r"max\w*~largest|biggest|greatest|highest",
    "min": r"min\w*~smallest|least|lowest",
    "abs": r"abs\w*~sign|positive|distance|magnitude",
    "round": r"round\w*~decimals?",
    "int": r"""
        int\w*|convert\w*|cast\w*|(?:whole|real|proper) number|(?:make|turn) (?:\w+ ){0,3}(?:a |into
        |an )?numbers?|numeric|(?:change|right|other) (?:its |the )?type|সংখ্যা বানা
        ~whole|numbers?|amounts?|digits?|turn\w*
    """,
    "str": r"str\w*~text|convert\w*|cast\w*",
    "float": r"float\w*~decimal|fraction|convert\w*",
}
"""By sign: the words that hardly mean anything else, then after `~` those that may."""
_LIKE: Final = {"<=": "<", "list": "copy"}
_CALLED: Final = {
    " ": "spaces?|blanks?|gap|breath\\w*",
    ",": "commas?",
    "-": "dash|hyphen",
    ".": "full stop|period|dot",
    ":": "colon",
    "!": "exclamation mark",
    "\n": "newline",
}
"""What the signs of a text are called."""
_MOVING: Final = r"""
    \b(?:first|top|before|above|earlier|order|swap\w*|mov\w+|reorder\w*|beginning|precede\w*
    |upwards?|ahead|sooner|earliest|front)\b|আগে|উপরে|ওপরে|প্রথমে|ক্রম
"""
_WEAK = 0.4


def _joined(table: str) -> str:
    return "".join(line.strip() for line in table.split("\n"))


_MOVED: Final = pattern_of(_joined(_MOVING))


@lru_cache(maxsize=256)
def field_of(sign: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return the words that mean a sign, and those that may; a name stands for itself."""
    sign = _LIKE.get(sign, sign)
    if sign[0] in "\"'":
        sure = "|".join(_CALLED[letter] for letter in sign if letter in _CALLED) or re.escape(sign)
        maybe = r"character|glue|separator"
    elif sign in _FIELDS:
        sure, _, maybe = _joined(_FIELDS[sign]).partition("~")
    else:
        parts = [part for part in re.split(r"[_\W]+", sign) if len(part) >= 2] or [sign]
        stems = [re.escape(part.removesuffix("s") if len(part) > 3 else part) for part in parts]
        sure = r"[ _-]".join(rf"{stem}s?" for stem in stems)
        maybe = "|".join(rf"{stem}s?" for stem in stems)
        if sign.endswith("s"):
            maybe += r"|list|elements?|items?|entries"
    return _words(sure), _words(maybe)


def _words(field: str) -> re.Pattern[str]:
    # Bengali words take endings, and the boundaries of words are not theirs.
    parts = field.split("|")
    latin = [part for part in parts if not re.search(r"[\u0980-\u09ff]", part)]
    other = [part for part in parts if re.search(r"[\u0980-\u09ff]", part)] or ["(?!)"]
    return pattern_of(rf"(?<!\w)(?:{'|'.join(latin)})(?!\w)|{'|'.join(other)}")


@lru_cache(maxsize=2048)
def circling(sign: str, text: str) -> float:
    """Return how surely words speak of a sign, 0 to 1."""
    sure, maybe = field_of(sign)
    if sure.search(text):
        return 1.0
    return _WEAK if maybe.search(text) else 0.0


def information(sign: str) -> float:
    """Return how much naming a sign tells: a word more than an operator or a small number."""
    if sign in ("0", "1", "2"):
        return 0.6
    if sign == "return":
        return 0.6
    if sign in ("=", "if", "for", "while", "in"):
        return 0.3
    return 1.5 if len(sign) >= 3 else 1.0


def speaks_of_moving(text: str) -> bool:
    """Whether words are about what stands before what."""
    return bool(_MOVED.search(text))
