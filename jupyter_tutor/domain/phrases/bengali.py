"""The phrases in Bengali. Learners are addressed as আপনি; numbers in prose have Bengali digits."""

from collections.abc import Mapping
from typing import Final

from jupyter_tutor.domain.phrases.bengali_concepts import CONCEPTS
from jupyter_tutor.domain.phrases.bengali_errors import ERRORS
from jupyter_tutor.domain.phrases.bengali_help import HELP
from jupyter_tutor.domain.phrases.bengali_hints import HINTS
from jupyter_tutor.domain.phrases.bengali_reviews import REVIEWS
from jupyter_tutor.domain.phrases.bengali_rules import RULES
from jupyter_tutor.domain.phrases.bengali_verdicts import VERDICTS

_LADDER: Final = {
    "ladder.passed": ("শেষবার চালানোর সময় সব পরীক্ষা পাস হয়েছে, তাই আর ইঙ্গিতের দরকার নেই। খুব ভালো হয়েছে!"),
    "ladder.run_first": "আগে পরীক্ষাগুলো চালান: সেগুলোর ফল দেখেই ইঙ্গিত শুরু হয়।",
    "ladder.time_or_run": (
        "শেষ ইঙ্গিতটি কাজে লাগিয়ে দেখুন। উত্তর বদলে আবার চালালে, অথবা {seconds} সেকেন্ড পরে, "
        "পরের ইঙ্গিতটি খুলবে।"
    ),
    "ladder.changed_run": ("শেষ ইঙ্গিতটি কাজে লাগিয়ে দেখুন। উত্তর বদলে আবার চালালে পরের ইঙ্গিতটি খুলবে।"),
    "ladder.more_runs_one": ("পরের ইঙ্গিতটি অনেকখানি বলে দেয়। নিজে আরও একবার চালালে সেটি খুলবে।"),
    "ladder.more_runs": ("পরের ইঙ্গিতটি অনেকখানি বলে দেয়। নিজে আরও {count} বার চালালে সেটি খুলবে।"),
    "ladder.exam": ("মূল্যায়ন পরীক্ষা চলার সময় টিউটর শুধু চালানোর ফল বুঝিয়ে দেয়, আর কোনো ইঙ্গিত দেয় না।"),
    "ladder.all_given": (
        "এই অনুশীলনীর সব ইঙ্গিত আপনি দেখেছেন। সেগুলো আবার পড়ুন, অথবা শিক্ষককে জিজ্ঞেস করুন।"
    ),
    "ladder.capped": (
        "এই অনুশীলনে যতগুলো ইঙ্গিত দেওয়া যায়, সব নেওয়া হয়ে গেছে। সেগুলো আবার পড়ুন, অথবা শিক্ষককে জিজ্ঞেস করুন।"
    ),
    "ladder.not_made": "ইঙ্গিতটি এবার তৈরি করা গেল না। এর জন্য কিছুই কাটা যায়নি। একটু পরে আবার চান।",
    "ladder.price": "পরের ইঙ্গিতটি নিলে নম্বর কাটা যাবে: {points}। চাইলে তবেই নিন।",
    "ladder.explain": "এই ধাপের কোড আপনি দেখেছেন। এটি কেন কাজ করে, নিজের ভাষায় এক বাক্যে লিখুন।",
    "ladder.twin": "এরপর সাহায্য ছাড়া “{title}” করে দেখুন: একই জিনিস অন্যভাবে চাওয়া হয়েছে।",
}

_PRACTICE: Final = {
    "practice.new": "এখনও অনুশীলন করা হয়নি।",
    "practice.estimate": "অনুমান: এ রকম অনুশীলনীর প্রায় {percent}% আপনি পাস করেন।",
    "practice.counts": "{n}টির মধ্যে {wins}টি পাস, তার মধ্যে ইঙ্গিত ছাড়া {unaided}টি।",
    "practice.day_ago": "শেষ অনুশীলন এক দিন আগে।",
    "practice.days_ago": "শেষ অনুশীলন {days} দিন আগে।",
    "practice.shaky": "হিসাবটি এখনও নিশ্চিত নয়: আরও কয়েকটি অনুশীলনী করলে বোঝা যাবে।",
    "practice.locked": "আগে {topics} অনুশীলন করলে সুবিধা হবে।",
    "practice.begun": "এটি আপনি শুরু করে রেখেছেন।",
    "practice.again": "এটি আপনি কিছুদিন আগে পাস করেছেন: দেখুন, এখনও পারেন কি না।",
    "practice.chance": "অনুমান: এ রকম অনুশীলনীর প্রায় {percent}% আপনি পাস করেন।",
    "practice.first": "শুরু করার জন্য এটি ভালো।",
    "practice.ready": "এর জন্য যতটা দরকার, {topics} আপনার ততটা জানা আছে।",
    "practice.and": "{first} ও {last}",
    "practice.twin": "এরকম একটির সমাধান আপনি দেখেছেন: এবার নিজে নিজে পারেন কি না দেখুন।",
}

_EXPLAIN: Final = {
    "explain.passed": "সব পরীক্ষা পাস হয়েছে। খুব ভালো হয়েছে!",
    "explain.visible_passed": "আপনি যে পরীক্ষাগুলো দেখতে পান, সেগুলো সবই পাস হয়েছে।",
    "explain.value": "{called} থেকে পাওয়ার কথা {expected}। আপনার উত্তর থেকে পাওয়া গেছে {got}।",
    "explain.difference": "প্রথম অমিল: {difference}।",
    "explain.item": "{place} নম্বর ইনডেক্সে থাকার কথা {expected}, আছে {got}",
    "explain.line": "{place} নম্বর লাইন হওয়ার কথা {expected}, হয়েছে {got}",
    "explain.part": "{place} জায়গায় থাকার কথা {expected}, আছে {got}",
    "explain.adds": "পরীক্ষাটি আরও বলে: {message}।",
    "explain.printed": (
        "{called} ঠিক মানটিই ছাপে, কিন্তু ফেরত দেয় `None`। `print` মানটি শুধু মানুষকে দেখায়; "
        "`return` সেটি যে ডেকেছে তার হাতে তুলে দেয়। এখানে `return` ব্যবহার করুন।"
    ),
    "explain.no_return": (
        "{called} থেকে পাওয়ার কথা {expected}। আপনার উত্তর ফেরত দেয় `None`: এই ইনপুট যে পথে চলে, "
        "সেই পথে মানসহ কোনো `return` নেই।"
    ),
    "explain.must_raise": (
        "{called} ডাকলে {expected} এক্সেপশন তোলার কথা। তার বদলে আপনার উত্তর ফেরত দেয় {got}।"
    ),
    "explain.other_exception": ("{called} ডাকলে {expected} এক্সেপশন তোলার কথা। তার বদলে উঠেছে {got}।"),
    "explain.changed_arguments": (
        "{called} যে মানগুলো হাতে পায় সেগুলোকেই বদলে ফেলে, অথচ সেগুলো যেমন ছিল তেমনই থাকার কথা। "
        "একটি নকল বানিয়ে তার ওপর কাজ করুন।"
    ),
    "explain.output": "{called} ডাকলে ছাপার কথা:\n\n{expected}\n\nআপনার উত্তর ছাপে:\n\n{got}",
    "explain.output_nothing": (
        "{called} ডাকলে ছাপার কথা:\n\n{expected}\n\nআপনার উত্তর কিছুই ছাপে না। `print` পর্যন্ত কি পৌঁছানো যায়?"
    ),
    "explain.program": (
        "এই ইনপুটের জন্য:\n\n{called}\n\nপ্রোগ্রামটির ছাপার কথা:\n\n{expected}\n\nপ্রোগ্রামটি ছাপে:\n\n{got}"
    ),
    "explain.program_nothing": (
        "এই ইনপুটের জন্য:\n\n{called}\n\nপ্রোগ্রামটির ছাপার কথা:\n\n{expected}\n\nপ্রোগ্রামটি কিছুই "
        "ছাপে না। `print` পর্যন্ত কি পৌঁছানো যায়?"
    ),
    "explain.check": "“{name}” পরীক্ষায় এই শর্তটি মেলেনি: {check}।",
    "explain.stopped": (
        "{called} থেকে পাওয়ার কথা {expected}, কিন্তু পাইথন থেমে গেছে এই বার্তা দিয়ে: {error}।"
    ),
    "explain.program_stopped": "এই ইনপুটের জন্য:\n\n{called}\n\nপাইথন থেমে গেছে এই বার্তা দিয়ে: {error}।",
    "explain.test_stopped": "“{name}” পরীক্ষায় পাইথন থেমে গেছে এই বার্তা দিয়ে: {error}।",
    "explain.cell_stopped": "আপনার উত্তর শেষ পর্যন্ত চলতে পারেনি: পাইথন থেমে গেছে এই বার্তা দিয়ে: {error}।",
    "explain.what_call": "{called}",
    "explain.what_program": "প্রোগ্রামটি",
    "explain.what_test": "“{name}” পরীক্ষাটি",
    "explain.what_cell": "আপনার উত্তর",
    "explain.timeout": (
        "সময় ফুরিয়ে যাওয়ার পরও {what} চলছিল। প্রায়ই এর কারণ এমন একটি লুপ যা কখনো শেষ হয় না: কোন "
        "শর্তে সেটি থামবে, আর লুপের ভেতরে সেই শর্ত আদৌ বদলায় কি না, দেখুন।"
    ),
    "explain.memory_limit": (
        "{what} চালাতে যতটা মেমোরি আছে তার চেয়ে বেশি লেগেছে। কোনো লিস্ট বা লেখা কি বেড়েই চলেছে?"
    ),
    "explain.output_limit": (
        "{what} যতটা ছাপার অনুমতি আছে তার চেয়ে বেশি ছেপেছে। প্রায়ই এর কারণ ছাপতে থাকা এমন একটি লুপ "
        "যা কখনো শেষ হয় না।"
    ),
    "explain.process_limit": "{what} অনুমতির চেয়ে বেশি প্রসেস বা থ্রেড চালু করেছে।",
    "explain.died": "{what} পুরো পাইথন প্রসেসটিই শেষ করে দিয়েছে, যেমন `exit` বা ক্র্যাশ করলে হয়।",
    "explain.not_run": "{what} চালানো হয়নি, কারণ তার আগেই কিছু একটা থেমে গেছে।",
    "explain.secret": (
        "প্রকাশ্য সব পরীক্ষা পাস হয়েছে, কিন্তু একটি গোপন পরীক্ষা পাস হয়নি। প্রকাশ্য পরীক্ষাগুলো যা "
        "দেখে না, সেটি তা-ই দেখে: সীমার ইনপুটগুলো নিয়ে ভাবুন, যেমন খালি কিছু, মাত্র একটি উপাদান, "
        "শূন্য, ঋণাত্মক সংখ্যা, কিংবা সমান মান।"
    ),
    "explain.question": "এই প্রশ্নের উত্তর এখনও ঠিক হয়নি: {question}",
    "explain.unanswered": "এই প্রশ্নের উত্তর এখনও দেওয়া হয়নি: {question}",
    "explain.failed": "“{name}” পরীক্ষাটি পাস হয়নি।",
}

_PLACES: Final = {
    "place.line": "{line} নম্বর লাইনে",
    "place.cell": "{cell} সেলের {line} নম্বর লাইনে",
    "place.yours": "আপনার সেলের {line} নম্বর লাইনে",
    "place.still": "তখনও চলছিল {place}: {source}।",
    "place.still_bare": "তখনও চলছিল {place}।",
    "place.shows": "ভুলটি ধরা পড়েছে {place}: {source}।",
    "place.shows_bare": "ভুলটি ধরা পড়েছে {place}।",
}

_NUDGES: Final = {
    "nudge.start": ("সবচেয়ে ছোট যে ইনপুট আপনার মাথায় আসে সেটি নিন। কাগজে কোন কোন ধাপে আপনি তার ফলে পৌঁছান?"),
    "nudge.passed": "আপনার উত্তর পাস করেছে। এটি কেন কাজ করে, তা কি কোনো বন্ধুকে বোঝাতে পারবেন?",
    "nudge.not_written": (
        "একটি জায়গায় এখনও কিছু লেখা হয়নি। কাজটি হাতে করতে হলে একেবারে প্রথম ধাপটি কী হতো?"
    ),
    "nudge.syntax": (
        "কোডটি ওপর থেকে একটি একটি চিহ্ন ধরে জোরে পড়ুন। কোন জিনিসটি খুলেছেন বা শুরু করেছেন, অথচ বন্ধ "
        "বা শেষ করেননি?"
    ),
    "nudge.endless": (
        "কাগজে লুপটির প্রথম তিন পাক অনুসরণ করুন। প্রতি পাকে কোন মানটি শেষের দিকে একটু করে এগোয়?"
    ),
    "nudge.error": ("{called} নিয়ে ভাবুন। পাইথন থামার ঠিক আগে প্রতিটি নামের মান আর টাইপ কী?"),
    "nudge.error_anywhere": (
        "পাইথন যেখানে থেমেছে সেই জায়গাটি দেখুন। ঠিক তার আগে প্রতিটি নামের মান আর টাইপ কী?"
    ),
    "nudge.returned": (
        "{called} ডাকার পর ফাংশনের ভেতর দিয়ে পথটি অনুসরণ করুন। শেষ যে লাইনটি চলে, সেটি কী ফেরত দেয়?"
    ),
    "nudge.value": ("{called} কাগজে এক ধাপ এক ধাপ করে চালান। কোন ধাপে কোডটি আপনার ভাবনার চেয়ে আলাদা কিছু করে?"),
    "nudge.program": (
        "নিজে কম্পিউটার সাজুন: ইনপুটের প্রথম লাইনগুলো নিয়ে প্রোগ্রামটির ভেতর দিয়ে চলুন। আউটপুটের কোন "
        "লাইনটি সবার আগে ভুল হয়?"
    ),
    "nudge.check": (
        "“{name}” পরীক্ষাটি একটি বাক্যের মতো করে পড়ুন। এতে কী কথা দেওয়া আছে, যা আপনার কোড রাখে না?"
    ),
    "nudge.secret": (
        "যতটা সম্ভব আলাদা আলাদা পাঁচটি ইনপুট লিখুন। কোনটির বেলায় কোডটি কী করবে তা নিয়ে আপনি সবচেয়ে কম নিশ্চিত?"
    ),
    "nudge.quiz": ("যে প্রশ্নটি ভুল হয়েছে সেটি নিন। নিজের একটি সেলে উত্তরটি কীভাবে পরখ করে দেখতে পারেন?"),
}

BENGALI: Final[Mapping[str, str]] = {
    **_LADDER,
    **_PRACTICE,
    **_EXPLAIN,
    **_PLACES,
    **_NUDGES,
    **HINTS,
    **ERRORS,
    **HELP,
    **CONCEPTS,
    **REVIEWS,
    **RULES,
    **VERDICTS,
}
