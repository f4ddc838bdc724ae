"""The phrases in Bengali."""

from collections.abc import Mapping
from typing import Final

BENGALI: Final[Mapping[str, str]] = {
    "ladder.passed": "তোমার শেষ রানে সব পরীক্ষা পাস হয়েছে, তাই আর ইঙ্গিতের দরকার নেই। সাবাশ!",
    "ladder.run_first": "আগে পরীক্ষাগুলো চালাও: তার ফল দেখেই ইঙ্গিত শুরু হয়।",
    "ladder.time_or_run": (
        "শেষ ইঙ্গিতটা কাজে লাগিয়ে দেখো। উত্তর বদলে আবার চালালে, অথবা {seconds} সেকেন্ড পরে, পরের ইঙ্গিত খুলবে।"
    ),
    "ladder.changed_run": ("শেষ ইঙ্গিতটা কাজে লাগিয়ে দেখো। উত্তর বদলে আবার চালালে পরের ইঙ্গিত খুলবে।"),
    "ladder.more_runs_one": ("পরের ইঙ্গিতটা অনেকখানি বলে দেয়। নিজে আরও একবার চালালে সেটা খুলবে।"),
    "ladder.more_runs": ("পরের ইঙ্গিতটা অনেকখানি বলে দেয়। নিজে আরও {count} বার চালালে সেটা খুলবে।"),
    "ladder.exam": "পরীক্ষার হলে টিউটর শুধু রানের ফল বুঝিয়ে দেয়, আর কোনো ইঙ্গিত দেয় না।",
    "ladder.all_given": (
        "এই অনুশীলনীর সব ইঙ্গিত তোমার দেখা হয়ে গেছে। আবার পড়ে দেখো, অথবা শিক্ষককে জিজ্ঞেস করো।"
    ),
    "practice.new": "এখনও অনুশীলন করা হয়নি।",
    "practice.estimate": "এ রকম অনুশীলনীর প্রায় {percent}% তুমি পাস করো।",
    "practice.counts": "{n}টির মধ্যে {wins}টি পাস, ইঙ্গিত ছাড়া {unaided}টি।",
    "practice.just_now": "শেষ অনুশীলন এক দিনেরও কম আগে।",
    "practice.day_ago": "শেষ অনুশীলন এক দিন আগে।",
    "practice.days_ago": "শেষ অনুশীলন {days} দিন আগে।",
    "practice.shaky": "হিসাবটা এখনও নিশ্চিত নয়: আরও কয়েকটা অনুশীলনী করলে বোঝা যাবে।",
    "practice.locked": "আগে {topics} অনুশীলন করলে সুবিধা হবে।",
    "practice.begun": "এটা তুমি শুরু করে রেখেছ।",
    "practice.again": "এটা তুমি বেশ কিছুদিন আগে পাস করেছ: দেখো, এখনও পারো কি না।",
    "practice.chance": "এ রকম অনুশীলনীর প্রায় {percent}% তুমি পাস করো।",
    "practice.first": "শুরু করার জন্য এটা ভালো।",
    "practice.ready": "এর জন্য যতটা দরকার, {topics} তোমার ততটা জানা আছে।",
    "practice.and": "{first} ও {last}",
}
