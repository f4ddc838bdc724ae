"""Words that stand for signs of a program, in English and Bengali.

Patterns are about what words mean in code, not about sentences: each gives the sign it stands for.
Comparisons lose their direction (`>` counts as `<`), as "x below y" and "y above x" are the same.
"""

import re
import unicodedata
from typing import Final

_THAN = r"(?:less|smaller|lower|fewer|greater|more|larger|bigger|higher)"
_MEMBER = "element|item|number|value|entry|member|character|letter|word"
_PASSED = "pass(?:ed)?|exceed(?:ed)?|cross(?:ed)?|overtaken?|go(?:ne)? (?:past|beyond|over)"
_SPLIT = r"(?:integer|whole|floor|floored|whole[- ]number)"


def pattern_of(pattern: str) -> re.Pattern[str]:
    """Compile a pattern in the form of Unicode that cleared messages have."""
    return re.compile(unicodedata.normalize("NFKC", pattern), re.IGNORECASE)


_SIGNS: Final = tuple(
    (pattern_of(pattern), f" ⟨{sign}⟩ ")
    for pattern, sign in (
        (rf"\b{_THAN}[ -](?:than[ -])?or[ -](?:equals?|same|identical)(?:[ -]to)?\b", "<="),
        (r"\.?\b[LG]E\b\.?|\b[lg](?:te|eq)\b", "<="),
        (r"\.[LG]T\.|\b[lg]t\b(?! \d)", "<"),
        (r"\bat (?:most|least)\b|\bno (?:more|less|greater|smaller|larger) than\b", "<="),
        (rf"\bnot (?:be )?(?:any )?{_THAN} than\b", "<="),
        (rf"(?:\bnot|n't) (?:yet )?(?:{_PASSED})\b", "<="),
        (r"\bone more than\b", "+⟩ ⟨1"),
        (r"\bone (?:longer|larger|bigger|higher|greater|further|extra)\b", "+⟩ ⟨1"),
        (r"\b(?:more|up|longer|increased|larger) by one\b|এক (?:বাড়|যোগ)\w*", "+⟩ ⟨1"),
        (r"\bone (?:less|fewer) than\b|\b(?:less|down|shorter) by one\b|এক কম\w*", "-⟩ ⟨1"),
        (r"(?:ছোট|কম|বড়|বড়|বেশি) (?:বা|অথবা|কিংবা) সমান", "<="),
        (r"সমান (?:বা|অথবা) (?:ছোট|কম|বড়|বেশি)", "<="),
        (r"কমপক্ষে|অন্তত|সর্বোচ্চ|সর্বাধিক", "<="),
        (r"ছোট হাতের", "lower"),
        (r"বড় হাতের|বড় হাতের", "upper"),
        (rf"\b{_THAN}[ -]than(?:[ -](?:sign|symbol))?\b", "<"),
        (r"\b(?:below|under|above|beyond|exceed\w*)\b", "<"),
        (r"\bstrictly\b|\bstrict\b", "<"),
        (r"থেকে ছোট|থেকে বড়|চেয়ে ছোট|চেয়ে বড়|চেয়ে কম|চেয়ে বেশি|শুধু ছোট|কেবল ছোট", "<"),
        (r"\bnot[ -](?:be )?equals?(?:[ -]to)?\b", "!="),
        (r"\bunequal\b|\bdiffers? from\b|সমান (?:নয়|নয়|না)", "!="),
        (r"\b(?:two|double) equals?(?:[ -]signs?)?\b|\bequals?[ -]equals?\b", "=="),
        (r"\bequals?[ -](?:sign|symbol)s?\b|সমান চিহ্ন", "="),
        (r"\bequals?(?:[ -]to)?\b|\bthe same as\b|সমান", "=="),
        (rf"\b{_SPLIT}[ -]divi\w+(?: by)?\b", "//"),
        (r"\bdivi\w+ and round\w* down\b|\bquotient\b|ভাগফল", "//"),
        (r"\b(?:modul[ou]s?|mod|remainders?|percent(?:[ -]sign)?)\b|ভাগশেষ|অবশিষ্ট", "%"),
        (r"\bdivides (?:it|them|the)\b|\bcan be divided by\b|(?<=\d) divides\b", "%"),
        (r"\b(?:divisible|divisibility) by\b|\bmultiples? of\b", "%"),
        (r"\bevenly\b|ভাগ যায়|বিভাজ্য|গুণিতক", "%"),
        (r"\bdivi(?:de[ds]?|ding|sion)\b|\bover\b(?=,| (?:the |open|\())|ভাগ", "/"),
        (r"\bmultipl\w+\b|\btimes\b(?! in| out)|\bproduct\b|\btwice\b|\bdouble\b|গুণ", "*"),
        (r"\bsum of\b|যোগফল|সমষ্টি", "(⟩ ⟨+"),
        (r"\benclos\w+\b|\bsurround\w*\b", "("),
        (r"\bslash\b", "/"),
        (r"\b(?:asterisk|star)\b", "*"),
        (r"\btogether\b|\bcombined\b|\baltogether\b|\bon top\b|একসঙ্গে", "+"),
        (r"\b(?:plus|add(?:ed|s|ing)?|addition|sum(?!\()|increase[sd]?|increment\w*)\b", "+"),
        (r"যোগ|বাড়া|বাড়া", "+"),
        (r"\b(?:minus|subtract\w*|decrease[sd]?|decrement\w*|take \w+ off)\b", "-"),
        (r"\bless (?=the\b|\w+_)", "-"),
        (r"\b(?:their|the) difference\b", "(⟩ ⟨-"),
        (r"\bdifference\b|বিয়োগ|বিয়োগ", "-"),
        (r"\bsquare[ -]brackets?\b", "["),
        (r"\b(?:brackets?|parenthes[ei]s|parenthesi[sz]ed?)\b|বন্ধনী|ব্র্যাকেট", "("),
        (r"\blower[ -]?cased?\b|\bsmall letters\b", "lower"),
        (r"\bupper[ -]?cased?\b|\bcapital letters\b", "upper"),
        (r"\b(?:index|place|position) (?=\d|zero\b)", "["),
        (rf"\b(?:first|initial|zeroth) (?:{_MEMBER}|one|of)\b", "[⟩ ⟨0"),
        (r"প্রথম (?:উপাদান|সংখ্যা|মান|সদস্য)", "[⟩ ⟨0"),
        (rf"\b(?:last|final) (?:{_MEMBER})\b", "[⟩ ⟨1"),
        (r"শেষ (?:উপাদান|সংখ্যা|মান)", "[⟩ ⟨1"),
        (r"\blengths?\b|দৈর্ঘ্য", "len"),
        (r"\bempty (?:list|dict\w*|set|tuple)\b|খালি (?:তালিকা|লিস্ট|ডিকশনারি)", "empty"),
        (r"\bputs? (?:\w+ ){0,3}in order\b", "sorted"),
        (r"\bsort(?:ed|s|ing)?\b|সাজি(?:য়ে|য়ে)|সাজান", "sorted"),
        (r"\bappend(?:ed|s|ing)?\b", "append"),
        (r"\b(?:toLowerCase|downcase|casefold)\b", "lower"),
        (r"\bre-?(?:throw|raise)\w*\b|\bthrow\w*\b", "raise"),
        (r"\bextend(?:ed|s|ing)?\b", "extend"),
        (r"\bslic\w+\b|স্লাইস", "["),
        (r"\breturn(?:s|ed|ing)?\b|\b(?:give|hand) (?:it )?back\b|ফেরত", "return"),
    )
)  # fmt: skip
_UP_TO_SIXTEEN = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen"
)
_TENS = {"twenty": "20", "thirty": "30", "forty": "40", "fifty": "50", "sixty": "60"}
_NUMBERS: Final = {word: str(n) for n, word in enumerate(_UP_TO_SIXTEEN.split())} | _TENS
_MULTIPLIERS: Final = {"hundred": 100, "thousand": 1000}
_NUMBER: Final = pattern_of(
    rf"\b(?:{'|'.join(_NUMBERS)})(?:[ -](?:{'|'.join([*_NUMBERS, *_MULTIPLIERS])}))*\b"
)
_SPELLED: Final = pattern_of(
    rf"\b(?:{'|'.join(_NUMBERS)})(?:[ -](?:{'|'.join([*_NUMBERS, *_MULTIPLIERS])}))+\b"
)
"""A number of several words: a single one may be a word like any other."""
_VAGUE_ONE: Final = re.compile(
    r"\b(?:which|this|that|each|every|no|any|some|the|another|same|other|right|new|first"
    r"|last) ones?\b"
    r"|\bones?\b (?:of|more|thing|way|by one|at a time|test|call|line|day|year|case|or)\b",
)  # fmt: skip
_BENGALI_DIGITS: Final = str.maketrans("০১২৩৪৫৬৭৮৯", "0123456789")
_BENGALI_NUMBERS: Final = (("শূন্য", " 0 "),)

_SPELLED_BORDER: Final = re.compile(r"⟨<⟩[\s,]*(?:(?:and|then|or|plus|an?)[\s,]*)*⟨==?⟩")


_CHARACTER: Final = re.compile(
    r"\b(?:char(?:acter)?|chr|ascii|code(?: ?point)?)s?\W{0,2}(?:code |number "
    r"|no\.? )?(\d{2,3})\b",
    re.IGNORECASE,
)


def as_signs(sentence: str) -> str:
    """Write words that stand for signs and numbers as `⟨sign⟩` and digits."""
    sentence = _CHARACTER.sub(lambda found: f" {chr(int(found[1]))} ", sentence)
    sentence = sentence.translate(_BENGALI_DIGITS)
    for word, number in _BENGALI_NUMBERS:
        sentence = sentence.replace(word, number)
    for pattern, sign in _SIGNS:
        sentence = pattern.sub(sign, sentence)
    sentence = _VAGUE_ONE.sub(" ", sentence)
    sentence = _NUMBER.sub(lambda found: f" {_value(found[0])} ", sentence)
    return _SPELLED_BORDER.sub(" ⟨<=⟩ ", sentence)


def in_digits(text: str) -> str:
    """Write numbers that are spelled out, and those in Bengali digits, in digits."""
    return _SPELLED.sub(lambda found: f"{_value(found[0])}", text.translate(_BENGALI_DIGITS))


def _value(words: str) -> int:
    total = part = 0
    for word in re.split(r"[ -]", words.lower()):
        if word == "thousand":
            total, part = total + max(part, 1) * 1000, 0
        elif word == "hundred":
            part = max(part, 1) * 100
        else:
            part += int(_NUMBERS[word])
    return total + part
