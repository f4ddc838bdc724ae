"""What must not leave is taken out, and nothing else."""

import json
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from jupyter_tutor.domain.person_names import names_of
from jupyter_tutor.domain.redaction import redact, user_tag

COURSE = sorted((Path(__file__).resolve().parents[3] / "notebooks").glob("*.ipynb"))

JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhZGEifQ.c2lnbmF0dXJlLW9mLWl0"
RANDOM = "wJalrXUtnFEMIK7MDENGbPxRfiCYzK3Q8vL2nT5s"

SECRETS = [
    # Homes and other places, also of Windows, in tracebacks and in code.
    ('File "/home/ada/course/lesson.py", line 3', 'File "<path>", line 3'),
    ("open('/Users/ada.l/data.csv')", "open('<path>')"),
    ("/nfs/students/home/ada/x.txt failed", "<path> failed"),
    ("/root/secret/notes.md", "<path>"),
    ("~/notes/private.txt and ~ada/x.py", "<path> and <path>"),
    ("at file:///home/ada/x.ipynb", "at <path>"),
    ("/tmp/ipykernel_4711/1.py:2", "<path>:2"),
    ("/mnt/c/Users/ada/x.py", "<path>"),
    (r"C:\Users\Ada Lovelace\Desktop\x.py, line 3", "<path>, line 3"),
    ("C:\\\\Users\\\\ada\\\\x.py", "<path>"),
    ("C:/Users/ada/x.py", "<path>"),
    (r"\\fileserver\homes\ada", "<path>"),
    ("open('/nfs/homes/ada17/x.py')", "open('<path>')"),
    ("/export/students/ada17/x.py and /afs/uni/ada", "<path> and <path>"),
    (r"D:\students\ada17\x.py, D:/students/ada17/x.py", "<path>, <path>"),
    ('File "/usr/ada/x.py", line 3, in f', 'File "<path>", line 3, in f'),
    ("File /courses/ada/x.py:12, in f", "File <path>:12, in f"),
    # Mail.
    ("# ada.lovelace+py@uni-dhaka.ac.bd wrote it", "# <mail> wrote it"),
    # Keys and tokens of the usual forms. They are put together here, so that no scanner trips.
    ("sk-" + "ant-api03-AbCdEf0123456789_-x", "<key>"),
    ("gh" + "p_0123456789abcdefghijABCDEFGHIJ", "<key>"),
    ("key = 'AKIA" + "IOSFODNN7EXAMPLE'", "key = '<key>'"),
    ("AIza" + "SyA0123456789abcdefghijklmnopqrstuv", "<key>"),
    ("xox" + "b-0123456789-abcdefgh", "<key>"),
    ("glpat-" + "0123456789abcdefghij", "<key>"),
    ("hf_" + "abcdefghijklmnopqrstuvwxyz", "<key>"),
    (f"token {JWT}!", "token <token>!"),
    ("Authorization: Bearer abcdefghij0123456789", "Authorization: Bearer <token>"),
    ("http://host/lab?token=0a1b2c3d4e5f6071&x=1", "http://host/lab?token=<token>&x=1"),
    ("postgresql://ada:hunter22@db/x", "postgresql://<key>@db/x"),
    ('password = "correct-horse-9-battery"', 'password = "<key>"'),
    ("API_KEY: 'a1b2c3d4e5f6g7h8'", "API_KEY: '<key>'"),
    ("connect(password='hunter2')", "connect(password='<key>')"),
    ('password: str = "hunter2"', 'password: str = "<key>"'),
    ("os.environ['LAB_ACCESS_KEY'] = 'a1b2c3d4'", "os.environ['LAB_ACCESS_KEY'] = '<key>'"),
    ("JUPYTERHUB_API_TOKEN=0a1b2c3d4e5f60718293", "JUPYTERHUB_API_TOKEN=<key>"),
    ("%env DB_PASSWORD=hunter-2", "%env DB_PASSWORD=<key>"),
    ("auth_token: 0a1b2c3d4e5f", "auth_token: <key>"),
    ("9f86d081884c7d659a2feaa0c55ad015a3bf4f1b", "<secret>"),
    ("id 123e4567-e89b-12d3-a456-426614174000", "id <id>"),
    (RANDOM, "<secret>"),
    # Addresses.
    ("connect to 141.76.3.9:8888", "connect to <ip>:8888"),
    ("from fe80::1ff:fe23:4567:890a", "from <ip>"),
    ("2a02:8109:1:2::17", "<ip>"),
]


@pytest.mark.parametrize(("text", "left"), SECRETS)
def test_what_must_not_leave(text: str, left: str) -> None:
    assert redact(text) == left
    assert redact(redact(text)) == left


@pytest.mark.parametrize(
    "text",
    [
        "def mean(values):\n    return sum(values) / len(values)",
        "items[1::2] + items[::2] + items[::-1] + rows[10:200:3]",
        "a / b / c // d",
        "print('home/work', '/', '//', '~')",
        "url = 'https://www.example.com/home/page'",
        "'ada@example.com' in mails and 'x@mail.test' not in mails",
        "host = '127.0.0.1'; other = '192.0.2.7'; mask = '255.255.255.0'",
        "version = '3.11.2'; time = '12:30:45'; date = '2026-11-22'",
        "ALPHABET = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'",
        "print(1606938044258990275541962092341162602522202993782792835301376)",
        "dna = 'ACGTACGTACGTACGTACGTACGTACGTACGTACGTACGTACGT'",
        "def test_a_function_with_a_very_long_name_that_goes_on_and_on_for_2_lines(): ...",
        "token = tokens[0]; password = 'secret'; key = 'name'; secret = input('key: ')",
        "@dataclass\nclass Point: ...",
        "matrix @ other.matrix",
        "IndexError: list index out of range",
        "line[-3:] != '\\\\\\r\\n'",
        "deadbeef = 0xDEADBEEF",
        "if x <level: y = a>b",
        "MAX_TOKENS=100_000; KEY=make_key(3); TOKEN=tokens[17]; token=last_token_of_line2",
        "password = input('Password: '); passwords = {}; sorted(rows, key=student2score)",
        "token: Token2 = Token2(kind); key: str = keys_by_name_2024",
        "d = {'D': 1}; print('A:\\n' + name + '\\t3.5'); print('B:\\tx\\n0.5')",
        "'maximum', 'amax', 'imax', 'listing', 'alist', 'listOfMaximal', 'Almost'",
        "os.path.join('data', 'x.csv'); open('data/x.csv'); '/work', '/net', '/exports/x'",
    ],
)
def test_ordinary_code_is_left_alone(text: str) -> None:
    assert redact(text, hosts=["localhost"], names=["max", "list", "Al"]) == text


@pytest.mark.parametrize("path", COURSE, ids=[path.stem for path in COURSE])
def test_the_sample_course_is_left_alone(path: Path) -> None:
    cells = json.loads(path.read_text("utf-8"))["cells"]
    sources = ["".join(cell["source"]) for cell in cells]

    assert len(sources) > 10
    assert [redact(source) for source in sources] == sources


def test_names_of_machines_and_people() -> None:
    text = (
        "# Ada Lovelace, group 3\nprint('lab-pc-17.uni.example is lab-pc-17')  # ADA\nadapt(adam)"
    )

    left = redact(text, hosts=["lab-pc-17", "lab-pc-17.uni.example"], names=["Ada", "Lovelace"])

    assert left == ("# <name> <name>, group 3\nprint('<host> is <host>')  # <name>\nadapt(adam)")


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("def zephyrine_score(): ...", "def <name>_score(): ..."),
        ("quillfeather2 = ZQUILL_7 + zquill", "<name>2 = <name> + <name>"),
        ("by Zephyrine Quillfeather-Moss, Moss", "by <name>, <name>"),
        ("if x<moss: <zephyrine>", "if x<<name>: <<name>>"),
        ("zephyrines", "zephyrines"),
        ("# রহিমা লিখেছে", "# <name> লিখেছে"),
        ("zephyrineScore = bestZephyrine", "<name>Score = best<name>"),
        ("class ZephyrineQuillfeatherMoss", "class <name>"),
        ("MOSSScore, HTTPMoss, ZEPHYRINEMOSS", "<name>Score, HTTP<name>, <name>"),
        ("zmoss1 = moss_z", "<name>1 = <name>_z"),
        ("mossy, Mossy, MOSSY, embossed, emMossed", "mossy, Mossy, MOSSY, embossed, emMossed"),
    ],
)
def test_names_are_found_in_parts_and_within_names_of_code(text: str, left: str) -> None:
    names = names_of(["Zephyrine Quillfeather-Moss", "zquill_7", "রহিমা"])
    assert redact(text, names=names) == left
    assert redact(redact(text, names=names), names=names) == left


@pytest.mark.parametrize(
    ("called", "text", "left"),
    [
        ("আব্দুল করিম", "# আব্দুল লিখেছে, করিম নয়", "# <name> লিখেছে, <name> নয়"),
        ("আব্দুল করিম", "করিমের = আব্দুলকে", "<name>ের = <name>কে"),
        ("আব্দুল করিম", "আব্দুল_করিম2 = আব্দুলকরিম", "<name>_<name>2 = <name>"),
        ("করিম রবি", "করিমা, রবিন, রবীন্দ্র", "করিমা, রবিন, রবীন্দ্র"),
        ("সুমাইয়া আক্তার", "# সুমাইয়ার কাজ, আক্তারেরও", "# <name>র কাজ, <name>েরও"),
        ("প্রিয়াঙ্কা চক্রবর্তী", "প্রিয়াঙ্কা ও চক্রবর্তী", "<name> ও <name>"),
        ("अमित शर्मा", "# अमित ने लिखा, शर्मा", "# <name> ने लिखा, <name>"),
        ("সুমাইয\u09bcা", "# সুমাই\u09dfা, সুমাইয\u09bcা", "# <name>, <name>"),
        ("সুমাই\u09dfা", "# সুমাই\u09dfা, সুমাইয\u09bcা", "# <name>, <name>"),
        ("র\u200d্যাচেল", "# র্যাচেল, র\u200d্যাচেল", "# <name>, <name>"),
        ("José Müller", "# Jose, JOSÉ, Jose\u0301, muller", "# <name>, <name>, <name>, <name>"),
        ("José Müller", "joseph, josés", "joseph, josés"),
        ("王小明", "# 王小明 写", "# <name> 写"),
    ],
)
def test_names_of_any_script_are_found(called: str, text: str, left: str) -> None:
    names = names_of([called])
    assert redact(text, names=names) == left
    assert redact(left, names=names) == left


def test_no_part_of_a_word_becomes_a_name() -> None:
    assert all(len(name) > 3 for name in names_of(["প্রিয়াঙ্কা চক্রবর্তী", "রহিম"]))


def test_directories_of_this_machine_are_found_wherever_they_are() -> None:
    text = "open('/courses/py/ada/x.csv'); '/courses/python/x'; 'a/courses/py'; '/courses/py'"

    left = redact(text, places=["/courses/py/", "/", ""])

    assert left == "open('<path>'); '/courses/python/x'; 'a/courses/py'; '<path>'"
    assert redact("c = a / b", places=["/"]) == "c = a / b"


def test_who_is_called_like_a_placeholder_keeps_nobody_waiting() -> None:
    left = redact("# by name> and <path>", names=names_of(["name>", "path>"]))
    assert "by <" in left
    assert len(left) < 100


def test_who_is_called_like_a_sign_takes_no_code_away() -> None:
    names = names_of(["...", "===", "\u200d\u200d\u200d", "1.5", "\u09be\u09be\u09be", "   "])
    code = "def f(x: float = 1.5) -> None: ...\nif f === 2.50: pass"
    assert redact(code, names=names) == code


def test_what_somebody_is_called_is_taken_apart() -> None:
    assert names_of(["Ada Lovelace", "ada.l17@uni.example", "", "Bo 42"]) == {
        *("Ada Lovelace", "Ada", "Lovelace", "AdaLovelace", "LovelaceAda", "ALovelace"),
        *("ada.l17@uni.example", "ada.l17", "ada", "uni", "example", "Bo 42"),
    }


def test_lines_keep_their_numbers() -> None:
    begin, end = "-----BEGIN RSA PRIVATE " + "KEY-----", "-----END RSA PRIVATE " + "KEY-----"
    text = f"a = 1\nkey = '''{begin}\nMIIEabc\nxyz\n{end}'''\nb = 2"

    assert redact(text).split("\n") == ["a = 1", "key = '''<key>", "", "", "'''", "b = 2"]


_NAMES = names_of(["Ada Lovelace", "আব্দুল করিম", "token"])
_NAMED = ["Ada", "lovelace", "ADA", "adaScore", "আব্দুলের", "করিম", "path", "lab-pc"]
_piece = st.sampled_from([*(text for text, _ in SECRETS), *_NAMED]) | st.text(max_size=20)


@given(st.lists(_piece, max_size=6), st.sampled_from(["\n", " ", "", "'", ", ", "/", "=", "\\"]))
@example(["<path>", "<mail>", "<key>", "<token>", "<ip>", "<secret>", "<id>"], " ")
@example(["/root/secret/notes.md", r"\\fileserver\homes\ada"], "")
@example(["/root/secret/notes.md", r"\\fileserver\homes\ada", "/home/ada/x"], "")
@example(["9f86d081884c7d659a2feaa0c55ad015a3bf4f1b", "/nfs/students/home/ada/x.txt"], "")
def test_twice_is_like_once(pieces: list[str], between: str) -> None:
    text = between.join(pieces)
    once = redact(text, hosts=["path", "lab-pc"], names=_NAMES, places=["/courses"])

    assert redact(once, hosts=["path", "lab-pc"], names=_NAMES, places=["/courses"]) == once
    assert once.count("\n") == text.count("\n")


def test_what_follows_something_else_without_a_gap_goes_with_it_at_once() -> None:
    text = "/root/secret/notes.md" + 200 * (r"\\server\homes\ada" + "/root/x/y")

    assert redact(redact(text)) == redact(text)
    assert "ada" not in redact(text)


@given(st.text(alphabet="ab1_ /:.\\@~-=+'\n", max_size=400))
def test_any_text_is_read(text: str) -> None:
    assert redact(redact(text)) == redact(text)


def test_a_tag_tells_nothing_and_stays_the_same() -> None:
    learner = UUID("123e4567-e89b-12d3-a456-426614174000")
    tag = user_tag(b"secret of this installation", learner)

    # By openssl dgst -sha256 -hmac, of the sixteen bytes of the id.
    assert tag == "4d9a8773220c2832a113dfbae3da974d9bd1b6565d7e798d5d8b09b70d3033c7"
    assert str(learner) not in tag
    assert tag == user_tag(b"secret of this installation", learner)
    assert tag != user_tag(b"another secret", learner)
    assert tag != user_tag(b"secret of this installation", UUID(int=1))
    with pytest.raises(ValueError, match="needs a secret"):
        user_tag(b"", learner)
