"""What `guard.evidence` has learned of messages.

Written by `python -m tests.benchmarks.guard_weights`, and not by hand.
"""

from collections.abc import Mapping
from typing import Final

WEIGHTS: Final[Mapping[str, float]] = {
    "bias": -4.80,
    "push": 1.21,
    "asks": -0.82,
    "alone": 0.72,
    "push_named": 1.35,
    "push_circled": 1.89,
    "push_context": 0.06,
    "push_line": 0.76,
    "push_definite": 0.58,
    "push_moving": 1.02,
    "push_foreign": -0.28,
    "push_quotes": -1.87,
    "push_task": -0.46,
    "push_trial": -0.14,
    "push_look": -0.46,
    "order": 1.08,
    "offer": 0.17,
    "contrast": 0.08,
    "right": 0.28,
    "only": -0.01,
    "line": -0.55,
    "circled": 2.01,
    "circled_context": 0.50,
    "circled_definite": 0.09,
    "much": 0.61,
    "context": 1.35,
    "topic": 0.18,
    "moving": 1.12,
    "definite": -0.06,
    "general": -0.99,
    "praise": -0.43,
    "task": -0.76,
    "trial": -0.45,
    "look": -0.31,
    "spare": -0.22,
    "refuse": -0.46,
    "placeless": -0.46,
    "both": 0.11,
    "foreign": -0.56,
    "foreign_circled": -0.22,
    "quotes": -1.49,
}
"""Of the figures of a sentence."""

_TABLE = """
    above -0.17 add 0.10 adds -0.17 after 0.13 all 0.51 already 0.32 also 0.33 always -0.15 an -0.34
    and -0.32 another 0.13 answer -0.25 anything 0.20 append 0.39 are -0.75 argument 0.15 around
    0.33 as -0.11 ask 0.23 asked 0.16 at 0.13 back 0.10 be 0.60 because -0.34 become -0.19 before
    0.17 belong -0.10 between 0.19 bracket 0.37 branches -0.35 call 0.18 can -0.40 case 0.11 change
    -0.33 changes -0.18 closing 0.14 code -0.30 colon 0.48 come 0.32 compare -0.44 comparison -0.10
    condition -0.10 could -0.11 count 0.18 cut -0.15 did -0.20 different -0.14 divide 0.42 divides
    0.16 don 0.33 dot 0.21 down 0.26 draw -0.11 each -0.43 element -0.12 else 0.16 end 0.15 equals
    0.64 every 0.21 exactly -0.26 exercise -0.14 fails -0.13 false -0.15 first -0.26 five 0.41 for
    -0.35 forgot 0.16 from -0.31 full 0.26 function -0.47 get 0.24 gets 0.32 give -0.16 gives -0.11
    go 0.24 goes -0.25 green 0.12 have 0.37 here -0.33 hold 0.20 holds 0.17 if 0.15 in 0.29 index
    0.15 inside 0.19 instead 0.29 into -0.45 is -0.66 it -0.29 its 0.37 jumps -0.11 keep 0.37 key
    0.14 larger -0.20 last -0.22 leaves 0.16 left 0.16 less 0.46 let 0.48 lets -0.27 letter 0.38
    like -0.28 line -0.40 lines -0.16 list 0.34 lists -0.14 long 0.32 look -0.15 make -0.34 makes
    0.21 many -0.13 may -0.23 means -0.24 middle 0.36 minus 0.27 modulo 0.12 more 0.34 need -0.21
    neighbours -0.19 no -0.43 not 0.24 nothing -0.23 now 0.15 number -0.11 of 0.50 old 0.13 once
    0.27 one 0.25 ones 0.16 or 0.20 order -0.17 out 0.16 over 0.31 own -0.17 pair 0.25 paper -0.22
    part -0.17 pass 0.17 past 0.14 percent 0.26 place -0.29 plus 0.48 print -0.33 program -0.29
    question 0.21 raise 0.14 range 0.50 rather -0.18 reached 0.11 return 0.17 right 0.19 rule -0.11
    run -0.20 same -0.34 says -0.20 second 0.18 see -0.13 sees -0.13 several -0.14 sheet -0.32
    shorter -0.27 should 0.10 show -0.12 sign 0.45 signs 0.44 slice 0.18 some -0.11 somebody -0.15
    something -0.16 soon -0.13 sorry -0.10 stands -0.14 stay 0.12 step 0.17 still 0.14 stop -0.11
    such -0.11 take -0.46 taken 0.12 task -0.10 text -0.38 texts -0.16 than 0.13 that 0.45 the 0.47
    them -0.22 then 0.37 they -0.16 think 0.27 third 0.22 to 0.76 too -0.11 top 0.33 two 0.25 until
    0.29 up 0.19 upper 0.28 values -0.14 very -0.28 was 0.12 way -0.12 well 0.21 were -0.13 whether
    0.21 which -0.33 while 0.40 who 0.17 will 0.16 with -0.15 without 0.14 word 0.33 words -0.11
    would -0.47 wrap 0.17 write -0.62 wrong -0.14 yes -0.24 you 0.11 your 0.11 zero 0.65
"""
_PARTS = _TABLE.split()
WORDS: Final[Mapping[str, float]] = {
    word: float(weight) for word, weight in zip(_PARTS[::2], _PARTS[1::2], strict=True)
}
"""Of the words of a sentence: common ones, that stand in messages about any exercise."""
