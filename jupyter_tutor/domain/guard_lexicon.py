"""Words that stand for signs of a program, in English and Bengali, and words that tell to do.

Patterns are about what words mean in code, not about sentences: each gives the sign it stands for.
Comparisons lose their direction (`>` counts as `<`), as "x below y" and "y above x" are the same.
"""

import re
import unicodedata
from typing import Final

_THAN = r"(?:less|smaller|lower|fewer|greater|more|larger|bigger|higher)"
_MEMBER = "element|item|number|value|entry|member|character|letter|word"
_SPLIT = r"(?:integer|whole|floor|floored|whole[- ]number)"


def _pattern(pattern: str) -> re.Pattern[str]:
    """Compile a pattern in the form of Unicode that cleared messages have."""
    return re.compile(unicodedata.normalize("NFKC", pattern), re.IGNORECASE)


_SIGNS: Final = tuple(
    (_pattern(pattern), f" ⟨{sign}⟩ ")
    for pattern, sign in (
        (rf"\b{_THAN}[ -](?:than[ -])?or[ -]equals?(?:[ -]to)?\b", "<="),
        (r"\bat (?:most|least)\b|\bno (?:more|less|greater|smaller|larger) than\b", "<="),
        (rf"\bnot (?:be )?(?:any )?{_THAN} than\b", "<="),
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
        (r"\b(?:divisible|divisibility) by\b|\bmultiples? of\b", "%"),
        (r"\bevenly\b|ভাগ যায়|বিভাজ্য|গুণিতক", "%"),
        (r"\bdivi(?:de[ds]?|ding|sion)\b|\bover\b(?=,| (?:the |open|\())|ভাগ", "/"),
        (r"\bmultipl\w+\b|\btimes\b(?! in| out)|\bproduct\b|\btwice\b|\bdouble\b|গুণ", "*"),
        (r"\bsum of\b", "(⟩ ⟨+"),
        (r"\b(?:plus|add(?:ed|s|ing)?|addition|sum|increase[sd]?|increment\w*)\b", "+"),
        (r"যোগ|বাড়া|বাড়া", "+"),
        (r"\b(?:minus|subtract\w*|decrease[sd]?|decrement\w*|take \w+ off)\b", "-"),
        (r"\bless (?=the\b|\w+_)", "-"),
        (r"\bdifference\b|বিয়োগ|বিয়োগ", "-"),
        (r"\bsquare[ -]brackets?\b", "["),
        (r"\b(?:brackets?|parenthes[ei]s|parenthesi[sz]ed?)\b|বন্ধনী|ব্র্যাকেট", "("),
        (r"\blower[ -]?cased?\b|\bsmall letters\b", "lower"),
        (r"\bupper[ -]?cased?\b|\bcapital letters\b", "upper"),
        (rf"\b(?:first|initial|zeroth) (?:{_MEMBER}|one|of)\b", "[⟩ ⟨0"),
        (r"প্রথম (?:উপাদান|সংখ্যা|মান|সদস্য)", "[⟩ ⟨0"),
        (rf"\b(?:last|final) (?:{_MEMBER})\b", "[⟩ ⟨1"),
        (r"শেষ (?:উপাদান|সংখ্যা|মান)", "[⟩ ⟨1"),
        (r"\blengths?\b|দৈর্ঘ্য", "len"),
        (r"\bempty (?:list|dict\w*|set|tuple)\b|খালি (?:তালিকা|লিস্ট|ডিকশনারি)", "empty"),
        (r"\bsort(?:ed|s|ing)?\b|সাজি(?:য়ে|য়ে)|সাজান", "sorted"),
        (r"\bappend(?:ed|s|ing)?\b", "append"),
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
_NUMBER: Final = _pattern(
    rf"\b(?:{'|'.join(_NUMBERS)})(?:[ -](?:{'|'.join([*_NUMBERS, *_MULTIPLIERS])}))*\b"
)
_VAGUE_ONE: Final = re.compile(
    r"\b(?:which|this|that|each|every|no|any|some|the|another|same|other|right|new|first"
    r"|last) ones?\b"
    r"|\bones?\b (?:of|more|thing|way|by one|at a time|test|call|line|day|year|case|or)\b",
)  # fmt: skip
_BENGALI_DIGITS: Final = str.maketrans("০১২৩৪৫৬৭৮৯", "0123456789")
_BENGALI_NUMBERS: Final = (("শূন্য", " 0 "),)

_VERBS = (
    "use|change|replace|swap|put|write|type|make|set|let|start|begin|wrap|insert|remove|drop"
    "|delete|move"
    "|take|turn|pass|add|append|extend|divide|multiply|subtract|compute|calculate|store"
    "|return|give|call"
    "|initiali[sz]e|assign|keep|join|check|test|compare|loop|go|run|create|include|exclude"
    "|place|enclose"
    "|surround|convert|rewrite|fix|correct|increase|increment|decrease|reduce|stop|end|try"
    "|switch|tighten"
    "|loosen|relax|cover|sort|reverse|lower|have|say|ask|repeat|count|get|define|substitute"
    "|bump|flip|shift"
    "|extend|attach|prepend|combine|square|negate|raise|break|continue|iterate|walk|build"
    "|collect|print|skip"
)
_BEFORE_VERB = (
    r"(?:^|[,;:.!(\-–—]\s*|\b(?:and|then|to|please|you|could|can|would|might|may|let's|just"
    r"|simply|also|only"
    r"|or|first|next|finally|now|so|must|should|not|don't|never|always|i'd|will|line"
    r"|step)\s+[\"'*_]*)"
)
DIRECTIVE: Final = _pattern(
    rf"{_BEFORE_VERB}(?:{_VERBS})\b"
    r"|\b(?:should|must|needs?|has to|have to|had to|ought|wants? (?:an?|the|to)|supposed to"
    r"|requires?"
    r"|becomes?|else if|otherwise|elif|instead|rather than|in place of|is missing|are missing"
    r"|lacks?|forgot|belongs?"
    r"|goes)\b"
    r"|\bwhat (?:about|if you)\b|\bhow about\b|\bhave you (?:thought|tried|considered)\b"
    r"|\bwhy not\b"
    r"|\b(?:comma|colon|semicolon|(?:open|clos)\w* (?:bracket|paren\w*)|square bracket"
    r"|equals signs?|dot|underscore|less-than sign)\b"
    r"|^\s*\w+\s*=\s"
)  # fmt: skip
BENGALI_DIRECTIVE: Final = _pattern(
    r"বদলে|জায়গায়|জায়গায়|পরিবর্তে|ব্যবহার করুন|যোগ করুন|লিখুন|দিন\b|দিন(?:[।,]|$)|নিন"
    r"|বসান|রাখুন|হবে|লাগান|সরান"
    r"|বাদ|আনুন|আসুন|পাঠান|শুরু করুন|করুন|জুড়ে|হওয়া (?:উচিত|দরকার)|লাগবে|বদলান|পাল্টান"
)
QUESTION: Final = re.compile(r"[?？]\s*[\"')*_]*$")
SUGGESTION: Final = re.compile(
    r"\b(?:what (?:about|if you)|how about|have you (?:thought|tried|considered)|why not"
    r"|could you|can you"
    r"|would it help|shouldn't|wouldn't|isn't it|right)\b",
)  # fmt: skip
CONTRAST: Final = _pattern(
    r"\b(?:instead|rather|not|without|no|in place of|replace\w*|swap\w*|change\w*|drop\w*"
    r"|remove\w*|delete\w*"
    r"|lose|omit\w*|leave out|get rid|take (?:away|out|off)|only|plain|just|switch\w*"
    r"|becomes?|to)\b|→"
    r"|বদলে|জায়গায়|জায়গায়|পরিবর্তে|বাদ|সরি|ছাড়া|ছাড়া|শুধু|কেবল|নয়|নয়|না",
)  # fmt: skip
REMOVAL: Final = _pattern(
    r"\b(?:instead|rather|without|drop\w*|remove\w*|delete\w*|lose|omit\w*|leave (?:out|off)"
    r"|get rid|take (?:away|out|off)"
    r"|not|no|replace\w*|strip\w*)\b|বদলে|জায়গায়|জায়গায়|পরিবর্তে|বাদ|সরি|সরান|ছাড়া|ছাড়া",
)  # fmt: skip
INCLUSIVE: Final = _pattern(
    r"\b(?:inclu(?:sive|siv\w+|ding|des?|ded)|up to and|as well|too|also|itself|one (?:step"
    r"|round|number|more|further)"
    r"|further|longer|reach(?:es)?)\b|সহ|পর্যন্ত|সমান হলেও|ধরে|আরও",
)  # fmt: skip
EXCLUSIVE: Final = _pattern(
    r"\b(?:exclu(?:sive|siv\w+|ding|des?|ded)|without|strict\w*|as soon as|before|earlier"
    r"|already|no longer"
    r"|not (?:include|count)|one (?:less|fewer)|leave out)\b|বাদ|আগেই|সঙ্গে সঙ্গে|ছাড়া|ছাড়া",
)  # fmt: skip
ORDER: Final = _pattern(
    r"\b(?:first|top|before|above|earlier|order|swap\w*|move\w*|reorder\w*|beginning"
    r"|precedes?|upwards?)\b"
    r"|আগে|উপরে|ওপরে|প্রথমে|ক্রম"
)
PLACE: Final = _pattern(
    r"\bline\b|\b(?:the|your|this|that) (?:\w+ )?(?:loop|condition|comparison|branch|return"
    r"|call|range|sign|start|test|body"
    r"|expression|statement|if|elif|while|for|list|index|slice|value)\b|\bthere\b|\bhere\b"
    r"|\byours?\b"
    r"|লাইন|লুপ|শর্ত|শাখা|কল|আপনার|এখানে|সেখানে",
)  # fmt: skip


_SPELLED_BORDER: Final = re.compile(r"⟨<⟩[\s,]*(?:(?:and|then|or|plus|an?)[\s,]*)*⟨==?⟩")


def as_signs(sentence: str) -> str:
    """Write words that stand for signs and numbers as `⟨sign⟩` and digits."""
    sentence = sentence.translate(_BENGALI_DIGITS)
    for word, number in _BENGALI_NUMBERS:
        sentence = sentence.replace(word, number)
    for pattern, sign in _SIGNS:
        sentence = pattern.sub(sign, sentence)
    sentence = _VAGUE_ONE.sub(" ", sentence)
    sentence = _NUMBER.sub(lambda found: f" {_value(found[0])} ", sentence)
    return _SPELLED_BORDER.sub(" ⟨<=⟩ ", sentence)


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
