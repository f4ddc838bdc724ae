"""What a sentence wants of its reader: to change a program, to look at something, or nothing.

A hint asks, points and explains; a dictation tells how a program ought to be. Both are a matter of
few and common words, whatever the exercise: orders to change, duties, what is lacking or too much,
contrasts, proposals, and the talk of what is right. English and Bengali.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from jupyter_tutor.domain.guard.lexicon import pattern_of

_ORDERS = """
    use change replace swap put write type make set let start begin wrap insert remove drop
    delete move turn pass add append extend divide multiply subtract store return give call
    initiali[sz]e seed assign join loop create include exclude place enclose surround group
    bracket convert rewrite fix correct increase increment decrease reduce shrink stop end switch
    tighten loosen relax cover sort order reverse lower raise bump lift tack stick slap glue
    attach prepend combine negate break continue iterate build collect skip hand erase cut cross
    scrap strip trim shorten lengthen widen narrow stretch grow pour feed supply apply catch save
    capture rethrow re-raise throw guard require demand allow accept reject admit permit forbid
    prevent avoid exchange substitute treat normali[sz]e lower-?case upper-?case capitali[sz]e
    parenthesi[sz]e nest hoist press hit spell leave have get define bring shift take compute
    calculate filter flip invert adjust modify edit alter update amend terminate restrict limit
    square double halve indent dedent unindent declare copy clone split merge ask introduce choose
    pick prefer check test compare calculate work swallow keep let run go enter wait round wire
    close open turn bind tie fold unify hook slide slot squeeze sandwich omit lose ditch exempt
    rename count sum total accumulate default fall step advance push pop
"""
_LOOKS = r"""
    print|run (?:it|your|the (?:program|function|code|cell|test)|through|by)|try|look|see|watch
    |count (?:the|how|them)|read|trace|walk|step through|follow|think|imagine|consider|remember
    |recall|note|notice|say|tell|explain|describe|draw|work (?:it )?(?:out|through)|find|mark
    |guess|predict|picture|suppose|list|play|take (?:your|a|an|some|somebody|another|two|the case)
    |write (?:down|it|them|the numbers|out|a \w+ of|tests)|go (?:through|over|back|on)
    |ask yourself|check (?:it|your|what|by)|compare (?:two|your|it|them|with|CODE
    |the (?:two|last|first))|test (?:it|your|with)|give it|put `?print|put (?:it|them|your|\d+)
    |put (?:\w+ ){1,4}(?:in|into) words|take \w+ =|ask (?:if|whether)|feel|keep (?:it|that|this)
    |leave (?:it
    |that|this|the rest) (?:as|alone)|have a look
    |make (?:yourself|a (?:table|drawing|sketch|note|list of (?:three|two|some)))
    |let's|get a
    |start (?:with (?:the|a) (?:case|test|example))|move (?:on|your)|use (?:pencil|paper
    |the (?:debugger|traceback|error))|ask (?:me|for)|add (?:a|some) prints?|wait
"""
_MODAL = r"""
    (?:(?:you|it|one|we|i|he|she|they|that|this)\s+)?(?:could|can|would|might|may|should|must
    |don't|do not|never|'d|shall|(?:need|have|has|want|wants|needs|ought|try|remember|forgot|like
    |got|better|enough|trick is|fix is|how|all you do is) to|had better|let(?:'s| us))
"""
_STRONG = r"""
    (?:you|i|we)(?:\s+(?:could|can|would|might|may)|'d)|should|must|had better|let(?:'s| us)
    |(?:need|have|has|want|wants|needs|ought|try|remember|forgot|got|better|trick is|fix is
    |all you do is) to
"""
_FILLERS = r"""
    and|then|please|just|simply|also|only|or|first|next|finally|now|so|but|not|never|always|better
    |rather|instead|perhaps|maybe|here|there|merely|go and
"""
_NO_NOUN = r"""
    (?!\W+(?:is|are|was|were|should|must|has|needs?|gives?|goes|runs?|of|will|does|can)\b|s\b
    |['’]s\b)
"""
_PLAIN_ORDERS = """
    use replace put write add append extend insert remove delete drop let make give pass store apply
    include exclude multiply divide subtract compute wrap raise swap keep type take require accept
    allow collect build sort go carry
"""
_BENGALI_ORDERS = r"""
    (?<!প্রিন্ট )(?<!হিসাব )(?<!তুলনা )(?<!চেষ্টা )(?:করো|করুন)
    |রাখো|নাও|বসাও|লাফাও|দাও|লেখো|বদলাও|সরাও|লাগাও|ধরো|মুছে|জুড়ে|যোগ করে|করে নিন
    |বদলান|পাল্টান|বসান|লিখুন|লাগান|সরান|আনুন|আসুন|পাঠান|ঢোকান|নিন(?=[।,\s]|$)
    |দিন(?=[।,\s]|$)|রাখুন|বাড়ান|কমান|মুছুন|তুলুন|সাজান
"""
_NO_VERBS = """
    in on at for with of by from to into after before behind under over between inside outside
    around near without within through like as than since until because if when while where which
    what who how why whether that this these those it there here not is are was were be does do did
    has have had will can could should would may might must only both all each every some any no so
    but and or nor yet even just also then now first next again still too very once twice about
    above below against during except despite per via unless though although whereas half such
    quite namely maybe perhaps you your he she they we i one two three more less most least
    yes well good right fine nice rather instead its my our their me whose during across along
"""
_MORE_LOOKS = """
    pretend sketch open restart save send show visit study enjoy repeat solve answer reread inspect
    observe examine evaluate verify measure pay stand sit carry underline circle highlight rest
    meet share discuss talk practise spot cover wonder ignore forget know see give mind beware
    pick choose count point leave keep ask name state
"""
_BY_HAND = r"""
    \bon paper\b|pencil|\bby hand\b|দেখুন|দেখো|ভাবো|ভাবুন|তাকান|প্রিন্ট|পড়ুন|আঁক|এঁক|মিলিয়ে|ভয়
"""


def _joined(table: str) -> str:
    """Return the lines of a table as one; a line begins with the sign that parts it from others."""
    return "".join(line.strip() for line in table.split("\n"))


def _orders() -> tuple[str, str]:
    """Return what orders begin with, to change something and to look at something."""
    modal, looks = _joined(_MODAL), _joined(_LOOKS)
    fillers = rf"(?:(?:{_joined(_FILLERS)}|{modal})\s+)*"
    after = f"and|then|please|just|simply|so|instead|now|{_joined(_STRONG)}"
    start = rf"(?:^\W*|[,;:.!?()\-–—]\s*\W*|\b(?:{after})\s+)"
    verbs, plain = "|".join(_ORDERS.split()), "|".join(_PLAIN_ORDERS.split())
    # "On the last round let it through": after a place, only verbs that are no nouns.
    placed = (
        r"^(?:on|in|at|before|after|for|with|inside|behind|around|instead of|to|from) (?:\w+ ){1,5}"
    )
    objects = r"(?:it|the|a|an|your|all|only|every|both|one|two|its|\d)\b"
    # Whatever stands first and has an object is an order, in whatever verb.
    others = "|".join([*_NO_VERBS.split(), *_MORE_LOOKS.split()])
    verb = rf"(?!(?:{looks}|{others})\b)[a-z]{{2,12}}(?<!s)(?<!ed)(?<!ing)(?<!ly)"
    after_verb = r"(?: (?:out|up|down|off|in|away|back|over))?"
    given = r"(?:the|a|an|your|it|them|its|both|all|every|CODE|\w+_\w+)\b"
    any_verb = rf"(?:^\W*|[,;:.!?—]\s+|\b(?:and|then|please|just) )(?:then |please |just )?{verb}"
    change = (
        rf"{any_verb}{after_verb} {given}"
        rf"|{start}{fillers}(?!(?:{looks})\b)(?:{verbs})\b{_joined(_NO_NOUN)}"
        rf"|{placed}(?:{plain}) {objects}|{_joined(_BENGALI_ORDERS)}"
    )
    return change, rf"{start}{fillers}(?:{looks})\b|{_joined(_BY_HAND)}"


_CUES: Final = {
    "ensure": r"""
        \b(?:make (?:sure|certain)|ensure|see to it|be (?:sure|careful) to|don't forget
        |remember to|the trick is|all (?:it takes|you need|that is needed|that's needed
        |you have to)|a matter of|enough to|(?:boils|comes) down to|so that|that way|this way
        |hint:|remedy|then it (?:works|passes|will)|(?:problem|bug|error|issue|fault|trouble
        |culprit|mistake) (?:is|lies|comes|sits)|nothing but|(?:is|are) (?:enough|all)
        |away from)\b
    """,
    "duty": r"""
        \b(?:should|must|needs?|has to|have to|had to|ought|shall|supposed to|had better|requires?
        |required|(?:is|are) to (?:be|get|have|go)|(?:is|are) meant to|deserves?|calls for|(?:you
        |i|we)(?:'ll|'d)? (?:really )?(?:want|need)|you don't (?:want|need)|wants?|(?:is
        |are) (?:needed|necessary|called for)|belongs?|demands?)\b|উচিত|দরকার|লাগবে|(?:তে|করতে|াতে
        |ে) হবে|প্রয়োজন
    """,
    "permit": r"""
        \b(?:may|might|can|could) (?:\w+ )?(?:be|coincide|meet|have|get|stay|pass|use|stand|appear
        |come|run|go)\b|\b(?:let in|legal|valid|permitted|acceptable|allowed)\b
    """,
    "lack": r"""
        \b(?:missing|lack\w*|forg[eo]t\w*|absent|omit\w*|left (?:off|out)|leaves? (?:\w+ )?(?:off
        |out)|neglect\w*|overlook\w*|one (?:short|off|too)|off by|not enough|insufficient|short by
        |swallow\w*|throws? away|never (?:count|add|use|store|keep|increase|change)\w*
        |is not needed|too (?:short|small|low|few|little|early|late|strict|lax|loose|narrow|long
        |much|many|large|high|far|soon|big|greedy|generous|wide)|wrong|mistaken?|bug|culprit|bad
        |shy of|superfluous|unneeded|unnecessary|redundant|get rid|does not belong)\b|কম পড়|ভুল
        |অনুপস্থিত|লাগবে না|বেশি হয়ে
    """,
    "contrast": r"""
        \b(?:instead|rather|in place of|replac\w+|swap\w*|opposite|versus|vs|in lieu|as opposed to
        |not\b[^.?!]{1,60}\bbut|neither|swapped|exchang\w+|turns? into|into|better than
        |changed? to|different (?:sign|operator|number|method|end|start|order))\b
        |,\s*(?:and )?(?:not|never)\b|\b(?:not|isn't|n't)\b[^.?!]{1,40}[:,;](?! (?:so|and you
        |that))|বদলে|পরিবর্তে|জায়গায়|নয়,|না,
    """,
    "offer": r"""
        \b(?:what (?:about|if)|how about|why (?:not|don't|doesn't)|(?:have
        |had) you (?:ever )?(?:thought|tried|considered)|wouldn't|couldn't|shouldn't|should it not
        |isn't it|could it|would it (?:help|be|work)|could (?:you|your)
        |would you(?! say| think| expect| call| want)|might|perhaps
        |better (?:choice|off)|do you (?:perhaps|maybe|not)|if (?:you|it|the \w+|your \w+
        |\w+) (?:were|had|also|used|started|looped|asked|began|instead|called|wrote|put|added
        |took)|suggest\w*|recommend\w*|worth \w+ing|consider \w+ing|try \w+ing)\b|কেমন হয়
        |হলে কেমন
    """,
    "right": r"""
        \b(?:turns? green|went green|all green|green when|pass(?:ed)? (?:once|when|if|with)|i ran it
        |i tried|i've checked|\d/\d passed|all (?:\w+ )?tests (?:turn|go|went|pass|are)
        |number is right|comes right)\b|\b(?:(?:right|correct|proper|needed|remaining|magic
        |appropriate|suitable|missing|best|intended|desired|new|upper|lower|second
        |first) (?:answer|sign|operator|value|version
        |symbol|start|stop|end|choice|condition|order|call|method|comparison|step|seed|fix|bound
        |limit|argument|character|test)|answers?|fix(?:es|ed)?|remedy|cures?|cured|correction
        |repairs?|secret|key is|is what|what (?:you|line|it|the \w+) (?:want|need|lack|is missing)
        |what is (?:missing|needed|wanted)|will do|would do|suffices?|solve[sd]?|mends?
        |only (?:one|the)|all (?:the )?tests pass\w*|(?:come|came|comes) out right|the blank
        |would work|had the same)\b|সঠিক|সমাধান|উত্তর|ঠিক হবে|কাজ হবে
    """,
    "only": r"""
        \b(?:i would|i'd|i used|my (?:version|neighbour|solution)|the author|reference|one would
        |you only|only (?:if|when|once|while|at|accept|those|in)|until|unless|as long as
        |so long as|as soon as|once|provided|comes? on top|only|even (?:if|when))\b|যতক্ষণ|হলেই
        |তবেই|হলেও|শুধু
    """,
    "program": r"""
        \b(?:line|loop|condition|comparison|branch|range|sign|symbol|argument|call|slice|return
        |limit|bound|body|expression|statement|elif|while|index|operator|division|denominator
        |except|pass|assignment|bracket\w*|parenthes\w+|parens?|test of|your test|cursor)e?s?\b
        |লাইন|লুপ|শর্ত|শাখা|কল|স্লাইস|চিহ্ন|return
    """,
    "line": r"""
        \bline \d|\bthat line|the (?:last|first|final|third|second) (?:line|return|slice|branch
        |call|argument)|লাইন
    """,
    "task": r"""
        \b(?:tests? (?:expects?|wants?|says?|fails?|pass|with|calls?|asks?|is|that)|expect(?:s|ed)
        |the (?:task|table|exercise)|says|said|should (?:be|give|return|print|come)\W+(?:\d|CODE)
        |printed|returned|gave|your (?:output|result)|result (?:is|was)|you get|function (?:says
        |returns|gives))\b|টেস্ট|প্রশ্নে|ফলাফল
    """,
    "praise": r"""
        \b(?:good|(?:is|was|are|that's|part|did that|got that|do that) (?:fine|right|correct|sound
        |neat|nice)|well done|nice|neat|great|already|as (?:it should|you do|they should|the task)
        |agrees?|no problem|don't worry|protects?|handles?|are right|and needed|you have it
        |as it is|just as you|stands there|and it is|you do)\b|ঠিক আছে|ভালো|চিন্তা|দারুণ
    """,
    "refuse": r"""
        \b(?:can't|cannot|won't|not going to|rather not|sorry|i can only|i don't give)\b
    """,
    "example": r"""
        \b(?:for (?:example|instance)|e\.g|think of|imagine|suppose|such as|called|stands for
        |short for|python|is like|are like|a (?:friend|shop|lift|clock|computer|thermometer))\b
        |যেমন|উদাহরণ|ধারণা|পাইথন
    """,
    "by": r"""
        \b(?:by|of|for) (?!looking|trying|reading|printing|running|thinking|counting|working|doing
        |being|hand)\w{2,}ing\b|\busing\b|দিয়ে
    """,
    "spare": r"""
        \b(?:no|don't|not|without) (?:\w+\W+){0,3}(?:need(?:ed)?|necessary)\b|\bneeds? no\b
    """,
    "trial": r"""
        \b(?:take|try|with|for|let|suppose|set|say|when|if|give|gives|at) \W?\w+\W? (?:=|is|be
        |to be|of|as|and|are) \W?\d|\b(?:with|for|take) (?:\w+ ){0,2}\W?\d+|\bCODE (?:gives|is|was
        |gave|should)\b
    """,
    "general": r"""
        ^\W*CODE (?:is|means|gives|does|asks|makes|has|stands|returns|adds|removes|puts|keeps
        |stops|takes|walks|goes|counts|calls|looks|exists|works|cuts|only|never|in|and)\b
        |^(?!.*\b(?:missing|needed)\b)\W*(?:in |if |when |with |for |to )?(?:an?|two|rules|every
        |things|texts|lists|some|many|each|no|computers|letters|you can|python)\b|^\W*\w+s (?:are
        |have|can|count|keep)\b
    """,
    "definite": r"""
        \b(?:your|yours|line \d+|this|here|there|(?:the|that|its) (?:\w+ ){0,2}(?:loop|condition
        |comparison|branch|range|sign|symbol|argument|call|slice|return|limit|bound|expression
        |elif|while|index|operator|division|denominator|assignment|brackets?|test|list|end|start
        |stop|if|except|text|line|step|name|names))\b|আপনার|লাইন|লুপ|শর্ত|শাখা|এখানে
    """,
    "question": r"""
        [?？]\s*[\"')*_]*$
    """,
}
_CHANGE, _LOOK = _orders()
_PATTERNS: Final = {
    "order": pattern_of(_CHANGE),
    "look": pattern_of(_LOOK),
    **{name: pattern_of(_joined(table)) for name, table in _CUES.items()},
}
_URGES = ("order", "duty", "offer", "lack", "contrast")
_INDIRECT: Final = pattern_of(
    r"\b(?:see|find|show|tell|know|ask|wonder|note|look|decide|say|explain|think|watch|learn)\w*"
    r"(?: \w+){0,3} (?:what|where|which|who|how|why|whether|when)\b[^.;:!?]*"
    r"|\b(?:that|which|what) should be\b(?=\W*(?:[.,?]|$))"
)
"""A question within a sentence: it says nothing of how things ought to be."""


@lru_cache(maxsize=1024)
def stance_of(text: str) -> Mapping[str, float]:
    """Say which cues a sentence has: 1 or 0 by the name of the cue.

    Args:
        text: A sentence; its code may be left out.
    """
    text = _INDIRECT.sub("look", text)
    return {name: float(bool(pattern.search(text))) for name, pattern in _PATTERNS.items()}


def only_looks(text: str) -> bool:
    """Whether a sentence orders to look at something, or says what is not needed, and no more."""
    stance = stance_of(text)
    urges = [cue for cue in _URGES if stance[cue] and not (cue == "duty" and stance["spare"])]
    return bool(stance["look"] or stance["spare"]) and not urges
