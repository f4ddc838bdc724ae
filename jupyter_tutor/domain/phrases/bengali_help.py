"""What the tutor says of help in Bengali: its price, consent, money and conversations."""

from typing import Final

HELP: Final = {
    "refusal.explain_empty": "আগে এক বাক্যে লিখুন: কোডটি কেন কাজ করে?",
    "refusal.text_long": "লেখাটি বেশি বড়: সর্বোচ্চ {count}টি অক্ষর লেখা যায়।",
    "refusal.not_shown": "এই ইঙ্গিতে কোনো কোড দেখানো হয়নি, তাই ব্যাখ্যা করার কিছু নেই।",
    "ladder.shown": "এভাবে লেখা যায়। নিজে টাইপ করুন, আর প্রতিটি লাইন কেন আছে তা ভাবুন।",
}
