"""What a sentence does: whether it tells to do something, asks, contrasts, or speaks of a place.

English and Bengali. The words are those of any instruction about code; none is about an exercise.
"""

from typing import Final

from jupyter_tutor.domain.guard.lexicon import pattern_of

_VERBS = """
    bring
    use change replace swap put write type make set let start begin wrap insert remove drop
    delete move take turn pass add append extend divide multiply subtract compute calculate
    store return give call initialise initialize assign keep join check test compare loop go
    run create include exclude place enclose surround convert rewrite fix correct increase
    increment decrease reduce stop end try switch tighten loosen relax cover sort reverse
    lower have say ask repeat count get define substitute bump flip shift attach prepend
    combine square negate raise break continue iterate walk build collect print skip hand
    leave
"""
_LEADS = """
    and then to please could can would might may let's just simply also only or first next
    finally now so must should not don't never always i'd will line step
"""
_ORDERS = (
    r"should|must|needs?|has to|have to|had to|ought|wants? (?:an?|the|to)|supposed to|requires?"
    r"|becomes|else if|otherwise|elif|instead|rather than|in place of|(?:is|are) missing|lacks?"
    r"|forgets?|forgot\w*|belongs?|(?:goes|comes)(?! (?:on|from|out|first on))"
    r"|too (?:much|many|few|little|early|late)|enough"
    r"|superfluous|unnecessary|redundant|(?:not|never) needed|wrong|incorrect|to blame|culprit"
)
_SPELLING = (
    r"comma|colon|semicolon|(?:open|clos)\w* (?:bracket|paren\w*)|square bracket|equals signs?|dot"
    r"|underscore|less-than sign"
)
_OFFERS = r"what (?:about|if you)|how about|have you (?:thought|tried|considered)|why not"
_BENGALI_ORDERS = """
    বদলে জায়গায় পরিবর্তে করুন লিখুন নিন বসান রাখুন হবে লাগান সরান বাদ আনুন আসুন পাঠান
    জুড়ে উচিত দরকার লাগবে বদলান পাল্টান ঢোকান
"""
_BENGALI_INSTEAD = "বদলে|জায়গায়|পরিবর্তে|বাদ|সরি|সরান|ছাড়া|নয়"


def _words(table: str) -> str:
    return "|".join(table.split())


DIRECTIVE: Final = pattern_of(
    rf"(?:^|[,;:.!(\-–—]\s*|\b(?:{_words(_LEADS)})\s+[\"'*_]*)(?:{_words(_VERBS)})\b"
    rf"|\b(?:{_ORDERS})\b|\b(?:{_OFFERS})\b|\b(?:{_SPELLING})\b|^\s*\w+\s*=\s"
    rf"|{_words(_BENGALI_ORDERS)}|দিন(?=[।,\s]|$)"
)
QUESTION: Final = pattern_of(r"[?？]\s*[\"')*_]*$")
SUGGESTION: Final = pattern_of(
    rf"\b(?:{_OFFERS}|could you|can you|would it help|shouldn't|wouldn't|isn't it|right)\b"
)
LINE: Final = pattern_of(r"\bline \d|লাইন")
REMOVAL: Final = pattern_of(
    r"\b(?:instead|rather|without|drop\w*|remove\w*|delete\w*|lose|omit\w*|leave (?:out|off)|not|no"
    r"|get rid|take (?:away|out|off)|replace\w*|strip\w*|too much|(?:has to|must|should) go)\b"
    rf"|{_BENGALI_INSTEAD}"
)
WHOLE: Final = pattern_of(
    r"\b(?:whole|entire|full|same|itself|unchanged|as (?:it|they) (?:is|are)|complete"
    r"|all (?:of )?the)\b|পুরো|সম্পূর্ণ|সব|একই"
)
REST: Final = pattern_of(r"\b(?:rest|remainder|slice|part|tail|others?)\b|বাকি|অংশ")
TO_BE: Final = pattern_of(
    r"\b(?:should|must|has to|needs to|ought to|have to|had better)\s+"
    r"(?:be|read|say|become|get|receive|take)\b(.*)"
)
CHOICE: Final = pattern_of(
    r"\b(?:former|latter|the (?:first|second|third|last|left|right)"
    r"|(?:is|it's|answer:?|choose|pick|take) \(?[abcd]\b)"
)
INCLUSIVE: Final = pattern_of(
    r"\b(?:inclu(?:sive|siv\w+|ding|des?|ded)|up to and|as well|too|also|itself|further|longer"
    r"|one (?:step|round|number|more|further)|reach(?:es)?)\b|সহ|পর্যন্ত|হলেও|ধরে|আরও"
)
EXCLUSIVE: Final = pattern_of(
    r"\b(?:exclu(?:sive|siv\w+|ding|des?|ded)|without|strict\w*|as soon as|before|earlier|already"
    r"|no longer|not (?:include|count)|one (?:less|fewer)|leave out|enough|too much)\b"
    r"|বাদ|আগেই|সঙ্গে সঙ্গে|ছাড়া|আর ঘুরবে না"
)
ORDER: Final = pattern_of(
    r"\b(?:first|top|before|above|earlier|order|swap\w*|move\w*|reorder\w*|beginning|precedes?"
    r"|upwards?)\b|আগে|উপরে|ওপরে|প্রথমে|ক্রম"
)
PLACE: Final = pattern_of(
    r"\blines?\b|\b(?:the|your|this|that) (?:\w+ )?(?:loop|condition|comparison|branch|return|call"
    r"|range|sign|start|test|body|expression|statement|if|elif|while|for|list|index|slice|value)\b"
    r"|\bthere\b|\bhere\b|\byours?\b|লাইন|লুপ|শর্ত|শাখা|কল|আপনার|এখানে|সেখানে|ধাপ|return"
)
