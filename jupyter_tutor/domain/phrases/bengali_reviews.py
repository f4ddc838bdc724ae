"""What is said of reviews, in Bengali."""

from collections.abc import Mapping
from typing import Final

REVIEWS: Final[Mapping[str, str]] = {
    "review.waiting": "একজন শিক্ষকও এই উত্তরটি পড়বেন।",
    "review.released": "একজন শিক্ষক এই উত্তরটি পড়েছেন।",
    "review.no_model": "কোনো ভাষা মডেল ঠিক করা নেই, তাই কোনো খসড়া নেই।",
    "review.no_consent": "শিক্ষার্থী ভাষা মডেলকে নিজের কাজ পড়তে দেননি।",
    "review.no_cloud": "এই কোর্স বাইরে কিছু পাঠায় না, আর মডেলটি বাইরে।",
    "review.switched_off": "এই শিক্ষার্থী বা অনুশীলনের জন্য মডেল বন্ধ আছে।",
    "review.budget": "এই মাসে কোর্সের বাজেটে এর জন্য জায়গা নেই।",
    "review.too_long": "উত্তরটি এত লম্বা যে পুরোটা পড়া যায় না।",
    "review.unreadable": "মন্তব্য ও স্ট্রিং বাদ দিলে উত্তরটি পড়ার মতো Python নয়।",
    "review.failed": "মডেল ব্যবহার করার মতো কোনো পাঠ দেয়নি।",
    "review.audited": (
        "এই খসড়াটি যাচাইয়ের জন্য: এটি না দেখে সিদ্ধান্ত নেওয়ার পর আপনি এটি দেখবেন, "
        "আর তখন জানবেন কতটা মিল হয়েছে।"
    ),
    "review.batch_planned": "ব্যাচটি এখনই জমা দেওয়া হবে।",
    "review.batch_running": "ব্যাচটি পড়া হচ্ছে; এতে এক দিন পর্যন্ত লাগতে পারে।",
    "review.batch_collected": "ব্যাচটি পড়া হয়েছে।",
    "review.batch_refused": "ব্যাচটি গ্রহণ করা হয়নি।",
    "review.batch_lost": (
        "ব্যাচটি জমা দেওয়ার সময় টিউটর থেমে গিয়েছিল। সেটি গৃহীত হয়েছে কি না, আর তার দাম ধরা হবে কি না, "
        "জানা যায় না; এটি নিজে থেকে আবার জমা দেওয়া হয় না।"
    ),
}
