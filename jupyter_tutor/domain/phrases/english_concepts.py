"""The phrases in English: the concept behind each kind of mistake."""

from collections.abc import Mapping
from typing import Final

CONCEPTS: Final[Mapping[str, str]] = {
    "concept.not_written": (
        "The idea is **one small step at a time**. Write the simplest line that is right for one "
        "input, run it, and go on from there. A function that always gives 0 is a start: "
        "`def area(side): return 0`."
    ),
    "concept.name": (
        "The idea is **names**. A name exists from the line that gives it a value, and capital "
        "letters count. After `total = 3`, `total + 1` works, and `Total + 1` is a `NameError`."
    ),
    "concept.unbound": (
        "The idea is **names inside functions**. A name that gets a value anywhere in a function "
        "belongs to that function alone. Give it a first value at the top: `best = 0`, then "
        "`if mark > best: best = mark`."
    ),
    "concept.syntax": (
        "The idea is **pairs and line ends**. Each bracket and each quote needs its partner, and a "
        "line that begins a block ends in a colon: `if len(word) > 3:`. The mark often stands one "
        "line after the mistake."
    ),
    "concept.indentation": (
        "The idea is **blocks**. What belongs to an `if`, a loop or a function stands under it, "
        "all lines equally far to the right. A line further to the left is outside of the block "
        "again, and runs after it."
    ),
    "concept.no_return": (
        "The idea is that **every way out needs a `return`**. In "
        "`def sign(n):` with only `if n > 0: return 1`, the call `sign(-5)` gives back `None`, "
        "since no `return` is met on that way."
    ),
    "concept.printed": (
        "The idea is **`return` against `print`**. `print(7)` shows 7 to people and gives back "
        "`None`; `return 7` hands 7 to the caller, who can go on with it: `double(7) + 1` needs a "
        "`return` in `double`."
    ),
    "concept.none": (
        "The idea is **`None`: no value**. It comes from a function without `return` and from "
        "methods that change a list in place. After `marks = marks.sort()`, `marks` is `None`. "
        "Write `marks.sort()` alone."
    ),
    "concept.types": (
        "The idea is **types**. What a sign does depends on the types beside it: `2 + 2` is `4`, "
        '`"2" + "2"` is `"22"`, and `2 + "2"` is an error. `int("2")` and `str(2)` turn one into '
        "the other."
    ),
    "concept.call": (
        "The idea is **calling a function**. The brackets carry one value for each parameter, in "
        "their order: after `def area(width, height):` the call `area(3, 4)` is right, and "
        "`area(3)` lacks one."
    ),
    "concept.index": (
        "The idea is **indexes begin at 0**. For `row = [5, 6, 7]` they are 0, 1 and 2, so "
        "`row[3]` is an error and the last item is `row[len(row) - 1]`, or `row[-1]`. An empty "
        "list has none at all."
    ),
    "concept.key": (
        'The idea is **keys of a dictionary**. `ages["Ada"]` works only once that key is there. '
        '`ages.get("Ada", 0)` gives 0 when it is not, and `"Ada" in ages` asks first.'
    ),
    "concept.zero": (
        "The idea is **guarding a division**. A mean divides by how many there are, and for an "
        "empty list that is 0. Say first what should come out then: `if not marks: return 0`."
    ),
    "concept.attribute": (
        "The idea is that **methods belong to types**. A text has `upper`, a list has `append`, a "
        "dictionary has `items`. `type(x)` tells what `x` is, and `dir(x)` lists what it can do."
    ),
    "concept.number_text": (
        'The idea is **turning text into numbers**. `int(" 42 ")` is 42, but `int("4.2")`, '
        '`int("")` and `int("4 kg")` are errors. Cut the number out first, or say what should '
        "happen to such a text."
    ),
    "concept.unpacking": (
        "The idea is **unpacking**. `a, b = pair` needs exactly two values in `pair`. "
        "`for name, age in people` needs two in every item. Print one item to see how many it has."
    ),
    "concept.recursion": (
        "The idea is the **base case**. A function that calls itself needs an input for which it "
        "answers at once, and each call has to come closer to it: `count(n)` may ask "
        "`count(n - 1)`, and `count(0)` is 0."
    ),
    "concept.endless": (
        "The idea is that **a loop has to come closer to its end**. In `while n > 0:` some line "
        "inside has to make `n` smaller, on every way through the loop. Without `n = n - 1` it "
        "runs for ever."
    ),
    "concept.input": (
        "The idea is **one `input()` for one line**. If the first line tells how many follow, read "
        "it once before the loop, and then one line in each round: `for _ in range(count):`."
    ),
    "concept.files": (
        "The idea is **file names**. A name without a folder means a file beside the notebook. "
        "Capital letters and the ending count: `Rain.csv` is not `rain.csv`."
    ),
    "concept.exception": (
        "The idea is **reading an error from its end**. The last line says what went wrong, and "
        "the lines above it where. Then print the values of that line just before it: "
        "`print(repr(x))`."
    ),
    "concept.must_raise": (
        "The idea is **refusing bad input**. To refuse, a function raises an error instead of "
        'giving back a value: `if age < 0: raise ValueError("age is negative")`. Check this '
        "before the work begins."
    ),
    "concept.changed_arguments": (
        "The idea is **a list is shared, not copied**. After `b = a`, both names mean one list, "
        "and `b.append(1)` is seen through `a` too. `b = a[:]` makes a copy, and `sorted(a)` a new "
        "list."
    ),
    "concept.off_by_one": (
        "The result is one away, so look at **borders**. `range(1, 5)` stops at 4. There are 5 "
        "posts in a fence of 4 gaps. Is the first or the last one counted, and should it be?"
    ),
    "concept.sign": (
        "Only the **sign** is wrong. Look at the order of a subtraction: `5 - 8` is `-3`, and "
        "`8 - 5` is `3`. A comparison can stand the wrong way round, too."
    ),
    "concept.rounding": (
        "The result is close, so look at **rounding**. `7 // 2` is 3 and `7 / 2` is 3.5; "
        "`int(2.9)` cuts to 2 and `round(2.9)` gives 3. Round as late as possible, and only where "
        "the task asks for it."
    ),
    "concept.opposite": (
        "The answer is the **opposite** of what it should be, so look at a condition. The opposite "
        "of `a and b` is `not a or not b`, and the opposite of `x < 3` is `x >= 3`."
    ),
    "concept.kind": (
        'The result is of another **type** than it should be. `"3"` is a text and `3` a number; '
        "`[1, 2]` is a list and `(1, 2)` a tuple. Look at what the task asks you to give back."
    ),
    "concept.blanks": (
        'Only **blanks or line ends** differ. `print("a", "b")` puts a blank between, and '
        '`print` ends the line; `sep=""` and `end=""` change that. `" a ".strip()` takes '
        "blanks off the ends."
    ),
    "concept.case": (
        'Only **capital and small letters** differ. `"Ada"` and `"ada"` are different texts. '
        "`lower()` and `upper()` give a new text; the old one stays as it was."
    ),
    "concept.order": (
        "The right items come in the wrong **order**. `sorted(words)` puts texts in the order of "
        "their letters, `sorted(words, key=len)` by length, and `reverse=True` turns it round."
    ),
    "concept.item_missing": (
        "Something is **left out**. Look at the borders of a slice or a `range`, at a condition "
        "that is too strict, and at a `return` that stands inside the loop and ends it in the "
        "first round."
    ),
    "concept.item_extra": (
        "There is **too much** in the result. Look at a condition that lets too much through, at "
        "a border that goes one too far, and at a list that still holds values from before."
    ),
    "concept.value": (
        "The idea is **tracing**. Make a table with one column for each name and one row for each "
        "step, and fill it for a small input. The first row that surprises you is where to look."
    ),
    "concept.edge_case": (
        "The idea is **edge cases**: inputs at the border of what is allowed. For a text they are "
        '`""` and one letter; for a list `[]`, one item, and equal items; for a number 0, 1 and '
        "negative ones."
    ),
    "concept.quiz": (
        "The idea is **trying it out**. Most questions about Python can be asked of Python: write "
        "the line in a cell of your own, say first what you expect, then run it and compare."
    ),
    "concept.border": (
        "Look at **borders in comparisons**. `age < 18` leaves 18 out, and `age <= 18` lets it "
        "in. Ask of each comparison: what should happen when both sides are equal?"
    ),
    "concept.loop_range": (
        "Look at **where a loop begins and ends**. `range(5)` gives 0 to 4, and `range(1, 5)` "
        "gives 1 to 4. Write down the first and the last value that your loop gets."
    ),
    "concept.operator": (
        "Look at the **signs of arithmetic**. `7 / 2` is 3.5, `7 // 2` is 3, and `7 % 2` is 1. "
        "Brackets decide what comes first: `2 + 3 * 4` is 14, and `(2 + 3) * 4` is 20."
    ),
    "concept.wrong_name": (
        "Look at **which name stands where**. In `area = width * width` each name exists, so "
        "Python does not complain, and yet the area is wrong. Say aloud what each name of "
        "yours holds."
    ),
    "concept.constant": (
        "Look at the **numbers and texts that you typed** into the code. In `price * 1.2` the "
        "1.2 has to come from the task. Check each of yours against what the task says."
    ),
    "concept.start_value": (
        "Look at **first values**. A sum starts at 0 and a product at 1. With `best = 0` the "
        "search for a largest number fails when all of them are negative."
    ),
    "concept.early_return": (
        "Look at **when a loop ends**. `return` and `break` leave it at once, even in the "
        "first round. What is known only after the last item belongs below the loop."
    ),
    "concept.condition": (
        "Look at **joined conditions**. `a and b` needs both, `a or b` needs one, and `not a` "
        "is the opposite of `a`. Make a table with a row for each way they can turn out."
    ),
    "concept.update": (
        "Look at **adding and replacing**. `total = price` forgets the old total, and `total "
        "+= price` adds to it. Ask of each `=` in a loop: is the old value still needed?"
    ),
    "concept.lost_result": (
        "Look at **results that get lost**. A text never changes: `word.upper()` makes a new "
        "text, and it is gone if no name keeps it. `word = word.upper()` keeps it."
    ),
    "concept.function": (
        "Look at **what each call does**. Some are easy to mix up: on the list `[1]`, "
        "`append([2])` makes `[1, [2]]`, and `extend([2])` makes `[1, 2]`. Try each of your "
        "calls alone."
    ),
    "concept.block": (
        "Look at **which block a line is in**. A line inside a loop runs in each round; a line "
        "below the loop runs once. Say for each line how often it should run."
    ),
    "concept.missing_step": (
        "**A step is missing.** Solve a small case by hand and write down each step you take. "
        "Then find the line of your code for each step."
    ),
    "concept.extra_step": (
        "**A step is too much.** Go through your code with a small case. Ask of each line: "
        "what would be lost without it?"
    ),
    "concept.walk": (
        "Look at **a loop over something that changes**. When an item is taken out of a list that "
        "a loop walks over, the loop skips the next one. Walk over one list, and change another."
    ),
    "concept.line_order": (
        "Look at the **order of your lines**. After `a = b` and then `b = 0` the name `a` keeps "
        "the old value of `b`; the other way round it does not. Say for each line what has to be "
        "done before it."
    ),
}
