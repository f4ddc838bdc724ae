"""The phrases in English: why Python raised an exception."""

from collections.abc import Mapping
from typing import Final

ERRORS: Final[Mapping[str, str]] = {
    "error.not_written": (
        "This part is not written yet: put your own code in the place of "
        "`raise NotImplementedError()`."
    ),
    "error.unbound": (
        "The function gives `{name}` a value, so inside it `{name}` is a name of its own, and this "
        "line uses it before it has one. Give it a first value above, on every way through."
    ),
    "error.name": (
        "Python knows no name `{name}` here. Does it get a value before this line, and is it spelt "
        "the same everywhere? A text needs quotes."
    ),
    "error.name_close": "Python knows no name `{name}`. Did you mean `{close}`?",
    "error.name_import": (
        "Python knows no name `{name}` yet. Import the module `{module}` above the first use of "
        "that name."
    ),
    "error.tabs": "Tabs and spaces are mixed at the beginnings of the lines. Use spaces only.",
    "error.indent_missing": (
        "After a line that ends in a colon, the next line has to begin further to the right, by "
        "four spaces."
    ),
    "error.indent_between": (
        "This line begins at a depth that no block above it has. Lines of one block begin at "
        "exactly the same depth."
    ),
    "error.indent_extra": (
        "This line begins further to the right than the one before, and no block begins here. "
        "Lines of one block begin at the same depth."
    ),
    "error.colon": (
        "A colon is missing at the end of a line that begins a block, such as `if`, `for`, `while` "
        "or `def`."
    ),
    "error.never_closed": "The bracket `{name}` is opened here and never closed.",
    "error.unmatched": "The bracket `{name}` does not fit the brackets that are open here.",
    "error.quote": "A text begins with a quote here, and the quote that ends it is missing.",
    "error.equals": (
        "One `=` gives a name a value. To ask whether two values are equal, write `==`."
    ),
    "error.assign": (
        "What stands to the left of `=` has to be a name, or a place in a list or dictionary; the "
        "value to store stands to the right. To compare two values, write `==`."
    ),
    "error.print_brackets": "`print` is a function: what it prints stands in round brackets.",
    "error.outside": (
        "This `{name}` stands outside of every function. Is its line indented far enough?"
    ),
    "error.outside_loop": (
        "This `{name}` stands outside of every loop. Is its line indented far enough?"
    ),
    "error.comma": "Between two values something is missing here: a comma, or a sign such as `+`.",
    "error.syntax": (
        "Python cannot read this line. Look at the marked place and at the line before it: a "
        "bracket, a quote, a colon or a sign may be missing or too many."
    ),
    "error.none_operand": (
        "One of the two sides of `{op}` is `None`. A function without `return`, or one that only "
        "prints, gives back `None`."
    ),
    "error.none_used": (
        "A value on this line is `None`, and `None` has no parts. A function without `return` "
        "gives back `None`, and so do methods that change a list in place, such as `sort`."
    ),
    "error.none_attribute": (
        "`.{name}` is asked of `None`. A function without `return` gives back `None`, and so do "
        "methods that change a list in place, such as `sort` and `append`."
    ),
    "error.concatenate": (
        "`+` joins a `{left}` only with another `{left}`, and the other side is of type "
        "`{right}`. Turn one of them into the type of the other first."
    ),
    "error.operands": (
        "`{op}` does not work between a value of type `{left}` and one of type `{right}`. One of "
        "the two is not what you think it is."
    ),
    "error.operands_same": (
        "`{op}` does not work with values of type `{left}`. Are they of the type that you expect?"
    ),
    "error.square_call": (
        "Square brackets follow the name of a function here. A function is called with round "
        "brackets."
    ),
    "error.not_called": (
        "A function itself stands here, and not the value it gives. To call it, write round "
        "brackets after its name."
    ),
    "error.repeat": (
        "A text or a list can be repeated a whole number of times, and here it meets a value of "
        "type `{kind}`. Is one of the two still a text?"
    ),
    "error.self": (
        "A method gets its object as the first value. Its first parameter has to be there for "
        "that, by custom with the name `self`."
    ),
    "error.no_arguments": (
        "`{name}` takes no values. Is there an `__init__` in the class, with two underscores on "
        "each side?"
    ),
    "error.slice_kind": (
        "The borders of a slice have to be whole numbers. Note that `/` gives a `float`, and `//` "
        "of whole numbers a whole number."
    ),
    "error.math": (
        "A function of `math` got a number that it has no result for, such as the root of a "
        "negative number. Which values can come here?"
    ),
    "error.no_extreme": (
        "`{name}` has nothing to choose from: there are no items here. What should come out for "
        "nothing at all?"
    ),
    "error.step_zero": "The step of a `range` or a slice is 0, so it would never get anywhere.",
    "error.closed_file": (
        "The file is closed at this point. What is read from it has to be read inside its `with` "
        "block."
    ),
    "error.encoding": (
        "The file is not written in the encoding that it is read with. For most files that is "
        '`encoding="utf-8"`.'
    ),
    "error.changed_size": (
        "A dictionary or a set gets larger or smaller while a loop goes through it. Python does "
        "not allow that. What else could the loop go through?"
    ),
    "error.folder": "A file is needed here, and this is the name of a folder.",
    "error.compare": (
        "`{op}` cannot compare a value of type `{left}` with one of type `{right}`. Turn one of "
        "them into the type of the other first."
    ),
    "error.few_arguments": "The call of `{name}` gives too few values. Missing: {missing}.",
    "error.many_arguments": (
        "The call of `{name}` gives more values than the function has parameters. Compare the call "
        "with the line that begins with `def`."
    ),
    "error.keyword_argument": "The function `{name}` has no parameter called `{argument}`.",
    "error.not_callable": (
        "Round brackets after a name call a function, but here they follow a value of type "
        "`{kind}`. Is a `*` missing, or is a function's name used for a value as well?"
    ),
    "error.index_kind": (
        "An index has to be a whole number, and here it is of type `{kind}`. A `for` loop over a "
        "list gives its items, not their indexes."
    ),
    "error.no_items": (
        "Square brackets ask for one item of a value, but a value of type `{kind}` has no items."
    ),
    "error.not_iterable": (
        "A value of type `{kind}` cannot be walked through item by item. Is `range` missing around "
        "a number?"
    ),
    "error.fixed": (
        "A value of type `{kind}` cannot be changed in place. Build a new value instead."
    ),
    "error.unhashable": (
        "A value of type `{kind}` can change, so it can be no key of a dictionary and no element "
        "of a set. A `tuple` can."
    ),
    "error.not_whole": (
        "A whole number is needed here, and the value is of type `{kind}`. Note that `/` gives a "
        "`float`, and `//` of whole numbers a whole number."
    ),
    "error.type": (
        "A value on this line has a type that does not fit what is done with it. Print `type(...)` "
        "of each value to see which."
    ),
    "error.pop_empty": "There is nothing left to take out: the list is empty at this point.",
    "error.index": (
        "There is no item at this index. A list of 3 items has the indexes 0, 1 and 2. Does a loop "
        "go one step too far, or is the list empty?"
    ),
    "error.key": (
        "The dictionary has no key {key}. Is it spelt the same and of the same type, and was it "
        "put in before?"
    ),
    "error.zero": (
        "Something is divided by zero. Which value is zero here, and what should come out in that "
        "case?"
    ),
    "error.module": "The module `{kind}` has nothing called `{name}`. Is it spelt right?",
    "error.attribute": (
        "A value of type `{kind}` has no `.{name}`. Is the value of the type that you expect, and "
        "is the name spelt right?"
    ),
    "error.attribute_close": "A value of type `{kind}` has no `.{name}`. Did you mean `.{close}`?",
    "error.int": (
        "`int` cannot read {text} as a whole number. Only digits, a sign in front and blanks "
        "around them are allowed."
    ),
    "error.float": "`float` cannot read {text} as a number.",
    "error.unpack": (
        "The number of names to the left of `=` or after `for` is not the number of values to the "
        "right."
    ),
    "error.not_in": "What is looked for is not there. Ask with `in` first.",
    "error.value": "The type of a value is right here, but not the value itself.",
    "error.recursion": (
        "A function calls itself again and again without end. For which input should it give a "
        "result without another call, and is that input ever reached?"
    ),
    "error.assertion": "A check in the code, an `assert`, does not hold.",
    "error.no_module": "There is no module `{name}` here. Is its name spelt right?",
    "error.no_module_close": (
        "There is no module `{name}` here. With names like that there are: {modules}."
    ),
    "error.no_import": "The module has nothing called `{name}`. Is the name spelt right?",
    "error.no_file": (
        "There is no file {text}. Is its name the same, also in upper and lower case?"
    ),
    "error.input": (
        "`input()` finds nothing to read. Nobody types while tests run: a program gets the lines "
        "of its test, and all else gets none. Does `input()` run more often than there are lines?"
    ),
    "error.limit": "This is where the limit was reached.",
    "error.stop_iteration": "`next` was asked for more items than there are.",
    "error.overflow": "A number became too large to be worked with.",
    "error.memory": "The memory is used up. Does a list or a text grow without end?",
    "error.other": "Python stopped here with `{type}`. Its message says what it did not accept.",
}
