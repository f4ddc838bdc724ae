"""What `guard.evidence` has learned of messages.

Written by `python -m tests.benchmarks.guard_weights`, and not by hand.
"""

from collections.abc import Mapping
from typing import Final

WEIGHTS: Final[Mapping[str, float]] = {
    "bias": -3.09,
    "push": 1.20,
    "asks": -1.49,
    "alone": 0.73,
    "push_named": 1.00,
    "push_circled": 1.43,
    "push_context": 0.18,
    "push_line": 0.56,
    "push_definite": 0.39,
    "push_moving": 0.60,
    "push_foreign": -0.26,
    "push_quotes": -1.11,
    "push_task": -0.34,
    "push_trial": -0.70,
    "push_look": -0.51,
    "order": 1.15,
    "offer": -0.18,
    "contrast": -0.00,
    "right": -0.12,
    "only": -0.52,
    "line": -0.28,
    "circled": 2.41,
    "circled_context": 0.08,
    "circled_definite": 0.06,
    "much": 0.46,
    "context": 0.32,
    "topic": -0.05,
    "moving": 1.60,
    "definite": 0.15,
    "general": -1.07,
    "praise": -0.70,
    "task": -0.95,
    "trial": -0.88,
    "look": -0.10,
    "spare": -0.42,
    "refuse": -0.59,
    "placeless": -0.28,
    "both": -0.24,
    "foreign": -0.82,
    "foreign_circled": -0.36,
    "quotes": -0.74,
    "exchange": 0.67,
    "brief": 0.50,
    "first": 0.07,
}
"""Of the figures of a sentence."""

_TABLE = """
    ! 0.25 . -1.20 : 0.42 ; 0.46 ? -1.05 CODE -0.78 CTX 1.06 NAME 0.15 NEW 0.60 NEWISH 0.32 NUM
    -0.59 OLD 0.49 QUOTE -1.11 SIGN 0.43 a -0.23 about -0.11 again -0.12 alik 0.22 all 0.37 alway
    -0.19 an -0.58 and -0.80 anoth 0.18 answ -0.16 any 0.19 are -0.68 argument 0.18 around 0.17 as
    -0.27 ask 0.90 back 0.17 be 0.42 becaus -0.33 becom 0.17 been -0.16 befor 0.70 begin -0.13
    behind 0.36 between 0.24 big 0.38 both -0.19 branch -0.32 built -0.13 by 0.19 call 0.19 can't
    -0.14 chang -0.51 charact 0.15 clos 0.14 code -0.30 colon 0.23 com -0.19 come 0.28 comma 0.24
    compar -0.13 comparison -0.17 different -0.19 do 0.33 does -0.24 doesn't -0.21 don't 0.33 done
    -0.11 dot 0.13 down 0.19 draw -0.21 e 0.21 each -0.68 end 0.35 ends 0.11 error -0.16 every 0.19
    everybody 0.20 everyth -0.12 exercis -0.12 fail -0.40 fals -0.18 fill -0.13 first -0.11 follow
    -0.13 for -0.23 forget 0.11 formula -0.10 found -0.30 from 0.27 full 0.17 funct -0.67 gets 0.51
    giv -0.49 give -0.24 go 0.48 goes -0.30 green 0.13 had -0.11 happen -0.37 has 0.24 have 0.17
    here -0.38 hold 0.20 i -0.22 in 0.11 index 0.17 into -0.25 is -0.83 it's -0.20 its 0.27 itself
    -0.14 join 0.25 jump -0.28 just 0.29 keep 0.16 larg 0.24 left 0.39 len 0.29 less 0.26 let 0.38
    lets -0.15 like -0.22 lin -0.24 line -0.22 littl 0.28 look -0.28 mak 0.15 make -0.11 matt -0.36
    may -0.38 me -0.11 mean -0.37 middl 0.49 miss 0.35 more 0.26 must 0.11 name 0.17 neat 0.17 need
    -0.20 nev -0.19 next 0.24 no -0.38 nobody -0.25 not 0.29 noth -0.34 numb -0.20 of 0.27 off 0.26
    old 0.27 on 0.40 once 0.36 open 0.19 or 0.12 oth 0.26 ought 0.40 out 0.11 outsid 0.12 over 0.85
    own -0.27 pair 0.38 pap -0.29 part -0.29 pass 0.18 pay 0.19 pick 0.16 plac -0.23 print -0.36
    program -0.32 python -0.23 quest -0.17 quot 0.11 rang 0.35 rath -0.14 read -0.49 real -0.15
    right 0.21 round -0.15 rule -0.10 run -0.25 runs -0.26 s 0.36 say -0.23 says -0.17 second 0.15
    see -0.11 seen 0.20 sees -0.12 send 0.18 sheet -0.37 short -0.40 show -0.19 sid -0.30 side -0.11
    sign 0.64 sinc -0.22 so 0.21 some -0.19 somebody -0.29 someth -0.24 sorry -0.19 stand -0.10
    start 0.28 step 0.51 still 0.23 such -0.16 tabl -0.38 tak 0.12 take -0.54 taken -0.18 task -0.26
    tell 0.12 text -0.60 that 0.21 that' 0.21 the 0.42 their -0.13 them -0.13 then 0.34 they -0.16
    think 0.17 third 0.41 this -0.24 thos 0.23 through -0.10 to 0.66 too 0.13 top 0.32 troubl -0.11
    true -0.40 try -0.11 up 0.36 upp 0.54 valu -0.31 want -0.19 way -0.13 well 0.23 were -0.15 when
    0.16 wher -0.22 which -0.52 whil 0.23 who 0.56 why -0.15 will 0.13 with -0.16 without 0.24 word
    0.13 would -0.68 writ -0.68 wrong -0.21 x -0.26 year 0.14 yes -0.22 yet 0.15 you 0.14 your 0.14
    yourself -0.12 আপন -0.11 উদ 0.16 একট 0.14 এর -0.14 ক -0.26 কথ -0.15 করল -0.15 খ -0.13 চল -0.18 ছ
    -0.13 ট -0.14 ঠ -0.14 ড -0.23 তর 0.19 থ -0.20 ন -0.44 নম -0.23 নয 0.20 প -0.19 পর 0.14 ফ 0.12 বর
    -0.23 ভ 0.16 ম -0.40 য -0.24 ল -0.59 হ 0.12 হওয -0.14 হব 0.21 হল -0.30
"""
_PARTS = _TABLE.split()
WORDS: Final[Mapping[str, float]] = {
    word: float(weight) for word, weight in zip(_PARTS[::2], _PARTS[1::2], strict=True)
}
"""Of the stems and roles in a sentence: those that stand in messages about many exercises."""
