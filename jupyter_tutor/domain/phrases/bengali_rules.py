"""The phrases in Bengali: rules about the source of an answer, and secret tests as a count."""

from collections.abc import Mapping
from typing import Final

RULES: Final[Mapping[str, str]] = {
    "rule.forbidden": "এখানে এটি ব্যবহার করা যাবে না: {what}।",
    "rule.required": "এটি দরকার, কিন্তু এখনও নেই: {what}।",
    "rule.required_any": "এগুলোর একটি দরকার: {what}।",
    "rule.within": "{function}-এর ভেতরে {what}",
    "rule.places": "এটি আছে {places}।",
    "rule.unread": "এটি দেখা যায়নি, কারণ পাইথন উত্তরটি পড়তে পারছে না।",
    "rule.unread_because": "এটি দেখা যায়নি, কারণ {cause}।",
    "verdict.secret_names": "গোপন পরীক্ষাগুলো",
    "verdict.withheld_names": "স্থগিত পরীক্ষাগুলো",
    "verdict.sealed_count": ("পাস হয়েছে: {total}টির মধ্যে {passed}টি। এগুলো কী দেখে তা বলা হয় না।"),
    "construct.call": "{name}-কে ডাকা",
    "construct.any_call": "কোনো ফাংশন ডাকা",
    "construct.import": "{name} ইমপোর্ট করা",
    "construct.any_import": "কোনো ইমপোর্ট",
    "construct.loop": "একটি {name} লুপ",
    "construct.any_loop": "একটি লুপ",
    "construct.recursion": "নিজেকেই ডাকে এমন ফাংশন {name}",
    "construct.any_recursion": "নিজেকেই ডাকে এমন একটি ফাংশন",
    "construct.builtin": "পাইথনের নিজের নাম {name}",
    "construct.any_builtin": "পাইথনের নিজের কোনো নাম",
    "construct.name": "{name} নামটি",
    "construct.any_name": "কোনো নাম",
    "construct.comprehension": "একটি {name} কমপ্রিহেনশন",
    "construct.any_comprehension": "একটি কমপ্রিহেনশন",
    "construct.function": "আপনার নিজের ফাংশন {name}",
    "construct.any_function": "আপনার নিজের একটি ফাংশন",
    "construct.class": "আপনার নিজের ক্লাস {name}",
    "construct.any_class": "আপনার নিজের একটি ক্লাস",
    "construct.statement": "{name}",
    "construct.any_statement": "একটি স্টেটমেন্ট",
}
