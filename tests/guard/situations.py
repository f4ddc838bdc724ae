"""What messages are about: exercises, each with one wrong answer of a learner.

Fifteen exercises are those of the sample course, read from its notebooks; the other six are written
here. Whole situations are held out, so that what is tuned on the others has seen neither their
code nor their sentences.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from textwrap import dedent

from jupyter_tutor.domain.diagnosis import VerifiedEdit
from jupyter_tutor.domain.exercises import (
    AssertCell,
    CallCase,
    ExerciseContent,
    HintLevel,
    ProgramCase,
    Visibility,
)
from jupyter_tutor.domain.mistakes import Mistake
from jupyter_tutor.domain.sources import ExerciseSource
from jupyter_tutor.notebook_format.course_folder import CourseFolder
from tests.guard.small_situations import SMALL, Small

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"


@dataclass(frozen=True, slots=True)
class ShownTest:
    """A test as text: what is called or typed, and what has to come of it."""

    call: str
    expected: str


@dataclass(frozen=True, slots=True)
class Situation:
    """An exercise and a learner's wrong answer.

    Attributes:
        slug: Of the exercise.
        held_out: Whether it is left aside while the guard is tuned.
        prompts: What is asked, per language.
        starter: What the learner began with.
        setup: What runs before the answer.
        reference: The author's solution.
        learner: The learner's answer.
        edit: The edit that mends it, if one line does.
        visible: Tests the learner sees.
        secret: Tests they do not see.
        hints: The author's hints by rung and language.
    """

    slug: str
    held_out: bool
    prompts: tuple[str, ...]
    starter: str
    setup: tuple[str, ...]
    reference: str
    learner: str
    edit: VerifiedEdit | None
    visible: tuple[ShownTest, ...]
    secret: tuple[ShownTest, ...]
    hints: dict[tuple[HintLevel, str], str]


def edited(learner: str, line: int, after: str, *, inserted: bool = False) -> VerifiedEdit:
    """Return the edit of a line, 1-based; the indentation of `after` is that of the line."""
    old = learner.split("\n")[line - 1]
    indented = old[: len(old) - len(old.lstrip())] + after
    before = "" if inserted else old
    return VerifiedEdit("answer", line, "edit", Mistake.VALUE, before, indented)


_COURSE: dict[str, tuple[bool, str, int, str]] = {
    "race-clock": (
        False,
        """
        def split_seconds(total_seconds):
            hours = total_seconds // 3600
            minutes = total_seconds // 60
            seconds = total_seconds % 60
            return hours, minutes, seconds
        """,
        3,
        "minutes = total_seconds % 3600 // 60",
    ),
    "tea-and-milk": (
        False,
        """
        def mixed_temperature(tea_ml, tea_celsius, milk_ml, milk_celsius):
            heat = tea_ml * tea_celsius + milk_ml * milk_celsius
            return heat / tea_ml + milk_ml
        """,
        3,
        "return heat / (tea_ml + milk_ml)",
    ),
    "income-tax": (
        False,
        """
        def income_tax(income):
            if income <= 12000:
                return 0
            if income <= 40000:
                return (income - 12000) * 0.2
            return (income - 40000) * 0.4
        """,
        6,
        "return 28000 * 0.2 + (income - 40000) * 0.4",
    ),
    "month-length": (
        True,
        """
        def days_in_month(year, month):
            if month < 1 or month > 12:
                raise ValueError("no such month")
            if month == 2:
                if year % 4 == 0 and year % 100 != 0:
                    return 29
                return 28
            if month in (4, 6, 9, 11):
                return 30
            return 31
        """,
        5,
        "if year % 400 == 0 or (year % 4 == 0 and year % 100 != 0):",
    ),
    "cinema-ticket": (
        False,
        """
        def ticket_price(age, weekday):
            if age < 6:
                price = 0
            elif age < 18:
                price = 700
            elif age <= 65:
                price = 1100
            elif age >= 65:
                price = 800
            if price > 0 and (weekday == "Tuesday" or weekday == "Wednesday"):
                price = price - 200
            return price
        """,
        6,
        "elif age < 65:",
    ),
    "isbn-check": (
        False,
        """
        def is_isbn10(text):
            characters = text.replace("-", "")
            if len(characters) != 10:
                return False
            checksum = 0
            weight = 10
            for character in characters:
                if character in "0123456789":
                    checksum += weight * int(character)
                elif character == "X":
                    checksum += 10
                else:
                    return False
                weight -= 1
            return checksum % 11 == 0
        """,
        10,
        'elif character == "X" and weight == 1:',
    ),
    "savings-plan": (
        True,
        """
        def years_until_doubled(start_cents, percent):
            if start_cents * percent // 100 == 0:
                raise ValueError("it never grows")
            balance = start_cents
            years = 0
            while balance <= 2 * start_cents:
                balance += balance * percent // 100
                years += 1
            return years
        """,
        6,
        "while balance < 2 * start_cents:",
    ),
    "turn-the-rota": (
        False,
        """
        def rota_after(names, weeks):
            if not names:
                return []
            return names[weeks:] + names[:weeks]
        """,
        -4,
        "weeks = weeks % len(names)",
    ),
    "guest-list-that-skips": (False, "", 0, ""),
    "back-of-the-book": (
        True,
        """
        def print_index(pages):
            found = {}
            for page in pages:
                for term in pages[page]:
                    numbers = found.setdefault(term.lower(), [])
                    if page not in numbers:
                        numbers.append(page)
            for term in sorted(found):
                print(term + ": " + ", ".join(str(page) for page in found[term]))
        """,
        3,
        "for page in sorted(pages):",
    ),
    "ways-to-pay": (
        False,
        """
        def ways_to_pay(amount, coins):
            if amount == 0:
                return 1
            if amount < 0 or not coins:
                return 0
            with_first = ways_to_pay(amount - coins[0], coins[1:])
            without_first = ways_to_pay(amount, coins[1:])
            return with_first + without_first
        """,
        6,
        "with_first = ways_to_pay(amount - coins[0], coins)",
    ),
    "boxes-in-boxes": (
        True,
        """
        def unpack(box):
            things = []
            for thing in box:
                if isinstance(thing, list):
                    unpack(thing)
                else:
                    things.append(thing)
            return things
        """,
        5,
        "things.extend(unpack(thing))",
    ),
    "rail-fence": (
        True,
        """
        def rail_fence(message):
            letters = message.replace(" ", "").upper()
            return letters[0::4] + letters[1::3] + letters[2::4]
        """,
        3,
        "return letters[0::4] + letters[1::2] + letters[2::4]",
    ),
    "call-again": (
        False,
        """
        def call_again(fetch, tries):
            if tries < 1:
                raise ValueError("at least one try is needed")
            for attempt in range(1, tries + 1):
                try:
                    return fetch()
                except ConnectionError:
                    pass
        """,
        8,
        "if attempt == tries: raise",
    ),
    "night-of-gaps": (
        True,
        """
        def fill_gaps(readings):
            filled = dict(readings)
            hours = sorted(readings)
            for before, after in zip(hours, hours[1:]):
                slope = (readings[after] - readings[before]) / after - before
                for hour in range(before + 1, after):
                    filled[hour] = readings[before] + slope * (hour - before)
            return filled
        """,
        5,
        "slope = (readings[after] - readings[before]) / (after - before)",
    ),
}
"""By slug: held out, the learner's answer ("": the starter), line (negative: before it), edit."""


@cache
def course_sources() -> dict[str, ExerciseSource]:
    """Return the exercises of the sample course by slug."""
    folder = CourseFolder()
    course = folder.read_course(NOTEBOOKS)
    lessons = (folder.read_lesson(file, course.course) for file in course.lessons)
    return {each.content.slug: each for lesson in lessons for each in lesson.exercises}


@cache
def situations() -> dict[str, Situation]:
    """Return all situations by slug."""
    found = {slug: _of_course(slug) for slug in _COURSE}
    own = (*_own(), *map(_of_small, SMALL))
    return found | {each.slug: each for each in own}


def _of_small(small: Small) -> Situation:
    right = dedent(small.reference).strip("\n").split("\n")
    place = small.line - 1
    after = right[place]
    blanks = after[: len(after) - len(after.lstrip())]
    wrong = [blanks + small.wrong] if small.wrong else []
    learner = "\n".join([*right[:place], *wrong, *right[small.line :]])
    before = wrong[0] if wrong else ""
    return Situation(
        slug=small.slug,
        held_out=False,
        prompts=(small.prompt,),
        starter=right[0] + "\n    ...",
        setup=(),
        reference="\n".join(right),
        learner=learner,
        edit=VerifiedEdit("answer", small.line, "edit", Mistake.VALUE, before, after),
        visible=(ShownTest(*small.visible),),
        secret=(ShownTest(*small.secret),),
        hints={(HintLevel.NUDGE, "en"): small.hint},
    )


def _of_course(slug: str) -> Situation:
    held_out, text, line, after = _COURSE[slug]
    source = course_sources()[slug]
    content = source.content
    learner = dedent(text).strip("\n") or content.answer_cells[0].starter
    edit = edited(learner, abs(line), after, inserted=line < 0) if line else None
    return of_content(source, learner, edit, held_out=held_out)


def of_content(
    source: ExerciseSource, learner: str, edit: VerifiedEdit | None, *, held_out: bool = False
) -> Situation:
    """Return the situation of a learner in an exercise of a course."""
    content = source.content
    return Situation(
        slug=content.slug,
        held_out=held_out,
        prompts=tuple(text.prompt for text in content.texts.values()),
        starter="\n".join(cell.starter for cell in content.answer_cells),
        setup=content.setup,
        reference="\n".join(cell.reference for cell in content.answer_cells),
        learner=learner,
        edit=edit,
        visible=tuple(_shown(content, source.expected, secret=False)),
        secret=tuple(_shown(content, source.expected, secret=True)),
        hints={
            (level, language): hint
            for language, text in content.texts.items()
            for level, hint in text.hints.items()
        },
    )


def _shown(
    content: ExerciseContent, values: Mapping[str, str], *, secret: bool
) -> Iterator[ShownTest]:
    for test in content.tests:
        if (test.visibility is not Visibility.PUBLIC) is not secret:
            continue
        match test.spec:
            case CallCase(call=call):
                yield ShownTest(call, values.get(test.name, ""))
            case ProgramCase(stdin=stdin, stdout=stdout):
                yield ShownTest(stdin, stdout)
            case AssertCell(source=source):
                yield ShownTest(source, "")


def _own() -> Iterator[Situation]:
    yield _situation(
        "sum-to",
        "Write `sum_to(n)`, which adds the whole numbers from 1 up to n, by a loop.",
        """
        def sum_to(n):
            total = 0
            for i in range(n + 1):
                total = total + i
            return total
        """,
        (3, "for i in range(n):"),
        visible=[("sum_to(3)", "6"), ("sum_to(4)", "10"), ("sum_to(1)", "1")],
        secret=[("sum_to(1000)", "500500"), ("sum_to(0)", "0")],
        hint="Which number is the last one that should be added?",
    )
    yield _situation(
        "largest",
        "Write `largest(numbers)`. It returns the largest number of a list with at least one.",
        """
        def largest(numbers):
            best = numbers[0]
            for number in numbers:
                if number > best:
                    best = number
            return best
        """,
        (2, "best = 0"),
        visible=[("largest([3, 9, 4])", "9"), ("largest([-5, -2])", "-2")],
        secret=[("largest([-8, -3, -11])", "-3"), ("largest([0])", "0")],
        hint="What does your function give when all numbers are below 0?",
        held_out=True,
    )
    yield _situation(
        "count-words",
        "Write `count_words(text)`: a dictionary from each word, in small letters, to how often "
        "it stands in the text.",
        """
        def count_words(text):
            counts = {}
            for word in text.lower().split():
                counts[word] = counts.get(word, 0) + 1
            return counts
        """,
        (4, "counts[word] = counts.get(word, 0)"),
        visible=[('count_words("a b a")', '{"a": 2, "b": 1}'), ('count_words("")', "{}")],
        secret=[('count_words("No no NO maybe")', '{"no": 3, "maybe": 1}')],
        hint="What happens to the number of a word when you meet it again?",
        held_out=True,
    )
    yield _situation(
        "palindrome",
        "Write `is_palindrome(text)`: whether the letters of a text read the same from both ends. "
        "Only letters count, and capitals make no difference.",
        """
        def is_palindrome(text):
            letters = [c for c in text.lower() if c.isalpha()]
            return letters == letters[::-1]
        """,
        (2, "letters = [c for c in text if c.isalpha()]"),
        visible=[('is_palindrome("Anna")', "True"), ('is_palindrome("Never odd or even")', "True")],
        secret=[
            ('is_palindrome("Was it a car or a cat I saw")', "True"),
            ('is_palindrome("Ab")', "False"),
        ],
        hint="Do capitals and small letters count as the same here?",
    )
    yield _fizz_buzz()
    yield _situation(
        "binary-search",
        "Write `find(items, target)`: the place of target in a sorted list, or -1. Halve what is "
        "left in each round.",
        """
        def find(items, target):
            low = 0
            high = len(items) - 1
            while low <= high:
                middle = (low + high) // 2
                if items[middle] == target:
                    return middle
                if items[middle] < target:
                    low = middle + 1
                else:
                    high = middle - 1
            return -1
        """,
        (4, "while low < high:"),
        visible=[("find([1, 2, 3], 2)", "1"), ("find([2, 4, 6], 6)", "2")],
        secret=[("find([4], 4)", "0"), ("find([1, 3, 5, 7, 9], 9)", "4"), ("find([], 1)", "-1")],
        hint="What is left to look at when low and high are the same?",
    )


def _fizz_buzz() -> Situation:
    learner = """
    def fizz_buzz(n):
        lines = []
        for i in range(1, n + 1):
            if i % 3 == 0:
                lines.append("Fizz")
            elif i % 5 == 0:
                lines.append("Buzz")
            elif i % 3 == 0 and i % 5 == 0:
                lines.append("FizzBuzz")
            else:
                lines.append(str(i))
        return lines
    """
    return _situation(
        "fizz-buzz",
        "Write `fizz_buzz(n)`: a list of texts for 1 to n, with Fizz for what 3 divides, Buzz for "
        "what 5 divides, and FizzBuzz for what both divide.",
        """
        def fizz_buzz(n):
            lines = []
            for i in range(1, n + 1):
                if i % 15 == 0:
                    lines.append("FizzBuzz")
                elif i % 3 == 0:
                    lines.append("Fizz")
                elif i % 5 == 0:
                    lines.append("Buzz")
                else:
                    lines.append(str(i))
            return lines
        """,
        learner,
        visible=[("fizz_buzz(3)", '["1", "2", "Fizz"]'), ("fizz_buzz(15)[14]", '"FizzBuzz"')],
        secret=[("fizz_buzz(30)[29]", '"FizzBuzz"'), ("fizz_buzz(0)", "[]")],
        hint="Which numbers fit more than one of your branches?",
    )


def _situation(
    slug: str,
    prompt: str,
    reference: str,
    wrong: tuple[int, str] | str,
    *,
    visible: list[tuple[str, str]],
    secret: list[tuple[str, str]],
    hint: str,
    held_out: bool = False,
) -> Situation:
    """Make a situation; `wrong` is the learner's answer, or a line of it and its text."""
    right = dedent(reference).strip("\n")
    edit = None
    if isinstance(wrong, str):
        learner = dedent(wrong).strip("\n")
    else:
        number, text = wrong
        lines = right.split("\n")
        mended = lines[number - 1].strip()
        lines[number - 1] = lines[number - 1].replace(mended, text)
        learner = "\n".join(lines)
        edit = edited(learner, number, mended)
    return Situation(
        slug=slug,
        held_out=held_out,
        prompts=(prompt,),
        starter=right.split("\n", 1)[0] + "\n    ...",
        setup=(),
        reference=right,
        learner=learner,
        edit=edit,
        visible=tuple(ShownTest(*each) for each in visible),
        secret=tuple(ShownTest(*each) for each in secret),
        hints={(HintLevel.NUDGE, "en"): hint},
    )
