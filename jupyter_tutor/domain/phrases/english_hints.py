"""The phrases in English: what a diagnosis found, rung by rung."""

from collections.abc import Mapping
from typing import Final

_COUNTEREXAMPLES: Final = {
    "explain.secret_other": (
        "All public tests pass, and a secret test fails. What it tries is not shown. Here is "
        "another input that goes wrong."
    ),
    "explain.smaller": "A smaller input goes wrong, too.",
    "explain.counter": "For {called} your function returns {got}, expected {expected}.",
    "explain.counter_error": "For {called} Python stops with {got}, expected {expected}.",
    "explain.counter_endless": (
        "For {called} your function does not come to an end, expected {expected}."
    ),
    "explain.counter_arguments": (
        "For {called} your function returns the right value, and it changes the values it is "
        "given. It has to leave them as they are."
    ),
    "explain.counter_output": (
        "For {called} your answer prints:\n\n{got}\n\nExpected:\n\n{expected}"
    ),
    "explain.counter_nothing": "For {called} your answer prints nothing. Expected:\n\n{expected}",
    "explain.typed": (
        "For this input:\n\n{called}\n\nyour program prints:\n\n{got}\n\nExpected:\n\n{expected}"
    ),
    "explain.typed_nothing": (
        "For this input:\n\n{called}\n\nyour program prints nothing. Expected:\n\n{expected}"
    ),
    "explain.typed_error": (
        "For this input:\n\n{called}\n\nPython stops with {got}. Expected:\n\n{expected}"
    ),
    "explain.typed_endless": (
        "For this input:\n\n{called}\n\nyour program does not come to an end. Expected:"
        "\n\n{expected}"
    ),
}

_NUDGES: Final = {
    "nudge.held": (
        "Take {called}. Say first which values {name} should get on the way, then print those it "
        "gets. Do they agree?"
    ),
    "nudge.counter": (
        "For {called} your function returns {got}, expected {expected}. Walk through it on paper. "
        "At which step does your code do something other than you expect?"
    ),
    "nudge.region": "Think of {called}. Which lines of {function} run for it, and in which order?",
    "nudge.typed": (
        "Play the computer with the input {called}. Which line of the output is the first to go "
        "wrong?"
    ),
    "nudge.changed": (
        "Print the values that you give to your function, before and after {called}. Which line "
        "of yours changes them?"
    ),
}

_POINTERS: Final = {
    "explain.pointer": "The place to look at is {place}: a change there makes every test pass.",
    "explain.pointer_before": (
        "The place to look at is {place}: just before it, something is still missing."
    ),
    "explain.pointer_after": (
        "The place to look at is {place}: just after it, something is still missing."
    ),
    "explain.pointer_one": (
        "One place to look at is {place}: something has to change there. It is not the only one, "
        "but take it first."
    ),
    "explain.one_of_two": "That is the first of two places. Run the tests again before you go on.",
    "explain.pointer_held": "With {called}, {name} is {value} the last time that line is reached.",
    "explain.pointer_gives": "With {called} your answer gives {got} now, and not {expected}.",
    "explain.pointer_stopped": (
        "The place to look at is where Python stopped, and what stands just before it. What did "
        "you expect to be there, and what is there?"
    ),
    "explain.pointer_value": (
        "With {called}, {name} comes to hold {value}. Look at each step that sets it. Is that the "
        "value it should have there?"
    ),
    "explain.pointer_region": (
        "The place to look at is in {function}: the inputs that fail pass through it. Which step "
        "there is the first to give something that you do not expect?"
    ),
    "explain.pointer_anywhere": (
        "Take {called}, and print what each name holds after each step. Which value is the first "
        "that you do not expect?"
    ),
    "explain.pointer_asks": "What should this line do, and what does it do?",
    "explain.lesson": "The lesson “{lesson}” tells more about this.",
    "explain.line_shown": (
        "Write this in {place}. Then say in a sentence of your own why it works:"
    ),
    "explain.lines_shown": (
        "Put this in the place of {place}. Then say in a sentence of your own why it works:"
    ),
    "explain.line_added": (
        "Write this just before {place}. Then say in a sentence of your own why it works:"
    ),
    "explain.line_appended": (
        "Write this just after {place}. Then say in a sentence of your own why it works:"
    ),
    "explain.line_removed": (
        "Take {place} out. Then say in a sentence of your own why it works without it."
    ),
    "place.lines": "lines {line} to {last}",
    "place.lines_cell": "lines {line} to {last} of cell {cell}",
    "place.small_input": "a small input",
    "place.typed": "the input {called}",
}

_PLANS: Final = {
    "explain.plan_trace": (
        "1. Take {called}.\n2. Make a table with a column for each name.\n3. Fill in a row for "
        "each line that runs.\n4. Stop at the first row that surprises you, and mend its line."
    ),
    "explain.plan_border": (
        "1. Take {called}.\n2. Write down the first and the last value that each loop, slice or "
        "comparison lets through.\n3. Beside them write what the task wants.\n4. Where they "
        "differ, move the border."
    ),
    "explain.plan_condition": (
        "1. Take {called}.\n2. Write down each condition on its way, and whether it is true.\n"
        "3. Beside it write what you want there.\n4. Mend the first one where they differ."
    ),
    "explain.plan_collect": (
        "1. Take {called}.\n2. Find the name that collects the result.\n3. Note its value before "
        "the loop, after each round, and at the end.\n4. Work it out by hand, too. Mend the line "
        "that makes the first difference."
    ),
    "explain.plan_return": (
        "1. Mark each line where your function can end.\n2. Take {called}, and find the mark "
        "where it ends.\n3. Check that all the work is done there.\n4. Check that the result is "
        "handed back there, and not only shown."
    ),
    "explain.plan_types": (
        "1. Go to the line that goes wrong.\n2. Note the type of each value on it: `type(x)` "
        "tells.\n3. Find out which types the sign or the call there can work with.\n4. Turn the "
        "value that does not fit into the right type before that line."
    ),
    "explain.plan_names": (
        "1. Write down what each of your names holds, in a few words.\n2. Read each line aloud "
        "with these words in place of the names.\n3. Check each number and text that you typed "
        "against the task.\n4. Mend the line that sounds wrong."
    ),
    "explain.plan_copy": (
        "1. Mark each line that changes a list, a dictionary or a text.\n2. Say for each mark "
        "whether the old value has to stay.\n3. Where it has to, work on a copy.\n4. Where a new "
        "value is made, check that a name keeps it."
    ),
    "explain.plan_text": (
        "1. Write the expected text and yours below each other.\n2. Find the first letter or sign "
        "that differs: `repr(text)` shows blanks.\n3. Find the line of your code that makes it.\n"
        "4. Mend that line, and compare again."
    ),
    "explain.plan_edge": (
        "1. List the smallest inputs: nothing, one thing, 0, equal things.\n2. Write down what "
        "should come out for each.\n3. Follow the first one that goes wrong through your code.\n"
        "4. Treat it before the line where it goes wrong."
    ),
    "explain.plan_steps": (
        "1. Solve {called} by hand.\n2. Write down each of your steps in words.\n3. Beside each "
        "step write the line of code that does it.\n4. Mend what is left over: a step without a "
        "line, or a line without a step."
    ),
    "explain.plan_loop": (
        "1. Write down what has to be true for the loop, or the chain of calls, to stop.\n2. Take "
        "{called}, and note the values after each of the first three rounds.\n3. Check that they "
        "come closer to the stop.\n4. Mend the line that should bring them closer."
    ),
    "explain.plan_read": (
        "1. Read the last line of the error message.\n2. Go to the line of code it names, and "
        "read the line above it, too.\n3. Check brackets, quotes, colons and depth, one by one.\n"
        "4. Mend the first thing you find, and run again."
    ),
}

HINTS: Final[Mapping[str, str]] = {
    **_COUNTEREXAMPLES,
    **_NUDGES,
    **_POINTERS,
    **_PLANS,
}
