"""Short exercises with one common mistake each, to see more kinds of edits than the course has."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Small:
    """An exercise in short.

    Attributes:
        slug: Of the exercise.
        prompt: What is asked.
        reference: The author's solution.
        line: Which line of it the learner has wrong, 1-based.
        wrong: What the learner has there; "" if nothing.
        visible: A test the learner sees, and what is expected.
        secret: One they do not see.
        hint: The author's nudge.
    """

    slug: str
    prompt: str
    reference: str
    line: int
    wrong: str
    visible: tuple[str, str]
    secret: tuple[str, str]
    hint: str


SMALL = (
    Small(
        "average",
        "Write `average(numbers)`: the mean of a list with at least one number.",
        """
        def average(numbers):
            total = 0
            for number in numbers:
                total = total + number
            return total / len(numbers)
        """,
        5,
        "    return total / len(numbers)",
        ("average([2, 4, 6])", "4.0"),
        ("average([10, 20, 33])", "21.0"),
        "How often does your loop run?",
    ),
    Small(
        "count-evens",
        "Write `count_evens(numbers)`: how many of the numbers are even.",
        """
        def count_evens(numbers):
            count = 0
            for number in numbers:
                if number % 2 == 0:
                    count = count + 1
            return count
        """,
        4,
        "if number % 2 == 1:",
        ("count_evens([1, 2, 3])", "1"),
        ("count_evens([18, 24, 31, 70])", "3"),
        "Which numbers does your function count?",
    ),
    Small(
        "can-ride",
        "Write `can_ride(height, age)`: whether a child may ride. It must be 120 cm tall, and it "
        "must be 8 years old.",
        """
        def can_ride(height, age):
            return height >= 120 and age >= 8
        """,
        2,
        "return height >= 120 or age >= 8",
        ("can_ride(150, 5)", "False"),
        ("can_ride(113, 14)", "False"),
        "Who may ride, and whom does your function let in?",
    ),
    Small(
        "greet",
        "Write `greet(name)`, which returns the text Hello, a comma, a blank and the name.",
        """
        def greet(name):
            return "Hello, " + name
        """,
        2,
        'print("Hello, " + name)',
        ('greet("Ana")', '"Hello, Ana"'),
        ('greet("Wilhelmina")', '"Hello, Wilhelmina"'),
        "What does somebody who calls your function get?",
    ),
    Small(
        "join-names",
        "Write `join_names(names)`: the names in one text, as people write a list.",
        """
        def join_names(names):
            return ", ".join(names)
        """,
        2,
        'return ",".join(names)',
        ('join_names(["Ana", "Ben"])', '"Ana, Ben"'),
        ('join_names(["Odile", "Pramit", "Quy"])', '"Odile, Pramit, Quy"'),
        "Compare your text with the wanted one, sign by sign.",
    ),
    Small(
        "factorial",
        "Write `factorial(n)`: the product of the numbers from 1 to n.",
        """
        def factorial(n):
            result = 1
            for i in range(1, n + 1):
                result = result * i
            return result
        """,
        2,
        "result = 0",
        ("factorial(3)", "6"),
        ("factorial(7)", "5040"),
        "What is your result after the first round?",
    ),
    Small(
        "is-prime",
        "Write `is_prime(n)`: whether a number from 2 on is prime.",
        """
        def is_prime(n):
            for d in range(2, n):
                if n % d == 0:
                    return False
            return True
        """,
        2,
        "for d in range(1, n):",
        ("is_prime(7)", "True"),
        ("is_prime(101)", "True"),
        "Which divisor does your function find?",
    ),
    Small(
        "countdown",
        "Write `countdown(n)`: a list of the numbers from n down to 1.",
        """
        def countdown(n):
            numbers = []
            for i in range(n, 0, -1):
                numbers.append(i)
            return numbers
        """,
        3,
        "for i in range(n, 0):",
        ("countdown(3)", "[3, 2, 1]"),
        ("countdown(6)", "[6, 5, 4, 3, 2, 1]"),
        "How often does your loop run?",
    ),
    Small(
        "unique",
        "Write `unique(items)`: the things of a list in order, each one once.",
        """
        def unique(items):
            seen = []
            for item in items:
                if item not in seen:
                    seen.append(item)
            return seen
        """,
        4,
        "if item in seen:",
        ('unique(["a", "b", "a"])', '["a", "b"]'),
        ("unique([41, 17, 41, 17, 5])", "[41, 17, 5]"),
        "What happens to the first thing of the list?",
    ),
    Small(
        "initials",
        "Write `initials(name)`: the first letters of the words of a name.",
        """
        def initials(name):
            letters = ""
            for word in name.split():
                letters = letters + word[0]
            return letters
        """,
        4,
        "letters = letters + word[1]",
        ('initials("Ada Lovelace")', '"AL"'),
        ('initials("Katherine Johnson")', '"KJ"'),
        "Which letters do you get?",
    ),
    Small(
        "change-due",
        "Write `change_due(paid, price)`: what a buyer gets back.",
        """
        def change_due(paid, price):
            return paid - price
        """,
        2,
        "return price - paid",
        ("change_due(20, 15)", "5"),
        ("change_due(500, 128)", "372"),
        "Would you be happy with that in a shop?",
    ),
    Small(
        "longest",
        "Write `longest(words)`: the first of the longest words.",
        """
        def longest(words):
            best = ""
            for word in words:
                if len(word) > len(best):
                    best = word
            return best
        """,
        4,
        "if word > best:",
        ('longest(["bee", "ox"])', '"bee"'),
        ('longest(["yak", "zebra", "zoo"])', '"zebra"'),
        "By which rule does your function choose?",
    ),
    Small(
        "total-price",
        "Write `total_price(price, count)`: what so many pieces cost.",
        """
        def total_price(price, count):
            return price * count
        """,
        2,
        "return price + count",
        ("total_price(3, 2)", "6"),
        ("total_price(250, 12)", "3000"),
        "What would you pay at the till?",
    ),
    Small(
        "next-age",
        "Write `next_age(answer)`. The answer is a text with digits, the age of somebody; give "
        "their age on the next birthday.",
        """
        def next_age(answer):
            return int(answer) + 1
        """,
        2,
        "return answer + 1",
        ('next_age("10")', "11"),
        ('next_age("98")', "99"),
        "What does the error say about the two sides of the plus?",
    ),
    Small(
        "running-total",
        "Write `running_total(values)`: a list with the sum so far at each place.",
        """
        def running_total(values):
            total, sums = 0, []
            for value in values:
                total = total + value
                sums.append(total)
            return sums
        """,
        4,
        "total = value",
        ("running_total([1, 2, 3])", "[1, 3, 6]"),
        ("running_total([40, 25, 7])", "[40, 65, 72]"),
        "What does your function remember of the rounds before?",
    ),
    Small(
        "tally",
        "Write `tally(votes)`: a dictionary from each vote to how often it was cast.",
        """
        def tally(votes):
            counts = {}
            for vote in votes:
                counts[vote] = counts.get(vote, 0) + 1
            return counts
        """,
        5,
        "",
        ('tally(["a", "b", "a"])', '{"a": 2, "b": 1}'),
        ('tally(["red", "red", "blue"])', '{"red": 2, "blue": 1}'),
        "What does somebody who calls your function get?",
    ),
    Small(
        "in-stock",
        "Write `in_stock(items, name)`: how many of a thing there are; a thing nobody has "
        "listed isn't there.",
        """
        def in_stock(items, name):
            return items.get(name, 0)
        """,
        2,
        "return items[name]",
        ('in_stock({"pear": 3}, "tea")', "0"),
        ('in_stock({"rope": 12, "lamp": 30}, "candle")', "0"),
        "What does the error say?",
    ),
)
