"""The phrases in Bengali: verdicts, first differences, statuses and refusals."""

from collections.abc import Mapping
from typing import Final

_OUTCOMES: Final = {
    "verdict.what_cell": "{cell} সেল",
    "verdict.what_program": "প্রোগ্রামটি",
    "verdict.what_test": "পরীক্ষাটি",
    "verdict.place_only": " (আপনার সেলের {line} নম্বর লাইনে)",
    "verdict.place": " ({cell} সেলের {line} নম্বর লাইনে)",
    "verdict.returned": "{what} ফেরত দিয়েছে {got}, দেওয়ার কথা {expected}।",
    "verdict.returned_none": "{what} কোনো মান ফেরত দেয়নি। `return` কি বাদ পড়েছে?",
    "verdict.printed": "{what} ঠিক মানটিই ছাপে, কিন্তু কিছু ফেরত দেয় না: `return` ব্যবহার করুন।",
    "verdict.unreadable": "{what} থেকে পাওয়া মানটি পড়া যায়নি।",
    "verdict.not_printed": "{what} যা ছাপার কথা তা ছাপেনি।",
    "verdict.changed_arguments": (
        "{what} যে মানগুলো হাতে পেয়েছে সেগুলো বদলে ফেলেছে; সেগুলো যেমন ছিল তেমনই রাখতে হবে।"
    ),
    "verdict.must_raise": "{what} ফেরত দিয়েছে {got}, কিন্তু তোলার কথা {expected}।",
    "verdict.other_message": "{what} তুলেছে {error}, কিন্তু তার বার্তাটি যেমন হওয়ার কথা তেমন নয়।",
    "verdict.expects_nothing": "এই পরীক্ষা কিছুই আশা করে না; শিক্ষককে জানান।",
    "verdict.output": "এই ইনপুটের জন্য প্রোগ্রামটি যা ছাপার কথা তা ছাপেনি।",
    "verdict.check": "একটি শর্ত মেলেনি: {check}।",
    "verdict.raises_like": "{expected}, যার বার্তা {pattern}-এর মতো",
    "verdict.stopped": "{what} থেমে গেছে এই বার্তা দিয়ে: {error}{place}।",
    "verdict.not_written": "উত্তরটি এখনও লেখা হয়নি{place}।",
    "verdict.not_defined": "{name} নামটি কোথাও মান পায়নি{place}। নামটির বানান কি যেমন চাওয়া হয়েছে তেমন?",
    "verdict.not_defined_because": "{name} নামটি মান পায়নি, কারণ {cause}।",
    "verdict.timeout": "{what} {seconds} সেকেন্ড পরেও চলছিল{place}। কোনো লুপ কি কখনো শেষ হয় না?",
    "verdict.cpu_limit": "{what} প্রসেসরকে {seconds} সেকেন্ডের বেশি ব্যস্ত রেখেছে{place}।",
    "verdict.memory_limit": "{what} চালাতে {size} মেবিবাইটের বেশি মেমোরি লেগেছে{place}।",
    "verdict.output_limit": (
        "{what} {size} বাইটের বেশি ছেপেছে{place}। কোনো লুপ কি অবিরাম ছেপেই চলেছে?"
    ),
    "verdict.process_limit": "{what} {count}টির বেশি প্রসেস বা থ্রেড চালু করেছে।",
    "verdict.died": "{what} পুরো পাইথন প্রসেসটিই শেষ করে দিয়েছে, যেমন `os._exit` বা ক্র্যাশ করলে হয়।",
    "verdict.not_run": "চালানো হয়নি।",
    "verdict.not_run_because": "চালানো হয়নি, কারণ {cause}।",
    "verdict.out_of_time": "চালানো হয়নি, কারণ অন্য {count}টি পরীক্ষার সময় ফুরিয়ে গেছে।",
    "verdict.cause_stopped": "{cell} সেল থেমে গেছে এই বার্তা দিয়ে: {error}{place}",
    "verdict.cause_unfinished": "{cell} সেল শেষ পর্যন্ত চলেনি",
    "verdict.sealed": "এই পরীক্ষাটি গোপন: এটি কী দেখে তা বলা হয় না।",
    "verdict.secret_name": "গোপন পরীক্ষা {number}",
    "verdict.withheld_name": "স্থগিত পরীক্ষা {number}",
    "verdict.none_yet": "জমা দেওয়ার শেষ সময়ের আগে এই অনুশীলনীর কোনো পরীক্ষা চলে না।",
    "verdict.all_pass": "সব পরীক্ষা পাস হয়েছে।",
    "verdict.some_pass": "{total}টি পরীক্ষার মধ্যে {passed}টি পাস হয়েছে।",
    "verdict.stopped_early": "{count}টি পরীক্ষার সময় ফুরিয়ে গেছে; বাকিগুলো চালানো হয়নি।",
    "verdict.no_answer_yet": "জমা দেওয়ার শেষ সময়ের আগে এই কুইজের কোনো প্রশ্ন বিচার করা হয় না।",
    "verdict.one_right": "আপনার উত্তর ঠিক হয়েছে।",
    "verdict.one_wrong": "আপনার উত্তর এখনও ঠিক হয়নি।",
    "verdict.all_right": "সব উত্তর ঠিক হয়েছে।",
    "verdict.some_right": "{total}টি উত্তরের মধ্যে {passed}টি ঠিক হয়েছে।",
}

_DIFFERENCES: Final = {
    "difference.at": "{path}-এ: {what}",
    "difference.index": "ইনডেক্স {n}",
    "difference.key": "চাবি {value}",
    "difference.field": "ফিল্ড {name}",
    "difference.argument": "আর্গুমেন্ট {n}",
    "difference.column": "কলাম {value}",
    "difference.row": "সারি {n}",
    "difference.series_name": "নাম",
    "difference.labels": "লেবেল",
    "difference.a": "একটি {kind}",
    "difference.an": "একটি {kind}",
    "difference.values": "হওয়ার কথা {expected}, হয়েছে {got}",
    "difference.kinds": "হওয়ার কথা {kind_expected}, হয়েছে {kind_got}: {got}",
    "difference.shapes": "আকার হওয়ার কথা {expected}, হয়েছে {got}",
    "difference.rows": "সারি থাকার কথা {n}টি, আছে {m}টি",
    "difference.missing_at": "{step} নেই: হওয়ার কথা {expected}",
    "difference.extra_at": "{step} থাকার কথা নয়: আছে {got}",
    "difference.missing_step": "{step} নেই",
    "difference.extra_step": "{step} থাকার কথা নয়",
    "difference.missing": "{value} নেই",
    "difference.extra": "{value} থাকার কথা নয়",
    "difference.column_order": "কলামগুলোর ক্রম আলাদা: {what}",
    "difference.incomparable": "{kind_got} তুলনা করা যায় না",
    "difference.cut": "মানটি তুলনা করা যায় না: {reason}",
    "difference.line": "লাইন {n}: {what}",
    "difference.line_missing": "লাইন {n} নেই: হওয়ার কথা {expected}",
    "difference.line_extra": "লাইন {n} বাড়তি: {got}",
    "difference.nothing_printed": "কিছুই ছাপা হয়নি; ছাপার কথা {expected}",
    "difference.argument_changed": "ডাকার ফলে একটি আর্গুমেন্ট বদলে গেছে",
    "difference.remark": "{what} ({note})",
    "difference.lengths": "দৈর্ঘ্য হওয়ার কথা {n}, হয়েছে {m}",
    "difference.others": "আরও {n}টি",
    "difference.blanks": "শুধু ফাঁকা জায়গায় তফাত",
    "difference.case": "শুধু বড় হাতের আর ছোট হাতের অক্ষরে তফাত",
    "difference.position": "প্রথম অমিল {n} নম্বর অবস্থানে",
}

_STATUSES: Final = {
    "status.queued": "চালানোর জায়গা খালি হওয়ার অপেক্ষায়।",
    "status.running": "চলছে।",
    "status.failed": (
        "এটি চালানো যায়নি, আর দোষটা আমাদের, আপনার নয়: এটি গোনা হবে না। আবার চেষ্টা করুন; না হলে শিক্ষককে জানান।"
    ),
    "status.needs_review": "আপনার শিক্ষক এটি দেখবেন।",
}

_QUIZ: Final = {
    "quiz.unanswered": "এখনও উত্তর দেওয়া হয়নি।",
    "quiz.choice": "এটি ঠিক উত্তর নয়।",
    "quiz.number": "সংখ্যাটি ঠিক নয়।",
    "quiz.text": "উত্তরটি ঠিক নয়।",
}

_REFUSALS: Final = {
    "refusal.past_due": (
        "জমা দেওয়ার সময় শেষ হয়েছে {when}। পরীক্ষাগুলো এখনও চালানো যায়; বাড়তি সময়ের জন্য শিক্ষককে বলুন।"
    ),
    "refusal.used_up": (
        "এই অনুশীলনী {count} বার জমা দেওয়া যায়, আর সব কয়বারই ব্যবহার হয়ে গেছে। পরীক্ষাগুলো এখনও চালানো যায়।"
    ),
    "refusal.pace": (
        "গত এক ঘণ্টায় আপনি {count} বার জমা দিয়েছেন, আর এই অনুশীলনীতে গোপন পরীক্ষা আছে: কী ভুল হলো তা "
        "{minutes} মিনিট ভাবুন, তারপর আবার জমা দিন।"
    ),
    "refusal.pace_checks": (
        "গত এক ঘণ্টায় আপনি {count} বার পরীক্ষা চালিয়েছেন, আর এই অনুশীলনীতে গোপন পরীক্ষা আছে: কী ভুল হলো তা "
        "{minutes} মিনিট ভাবুন, তারপর আবার চালান।"
    ),
    "status.ahead": "আপনার আগে {count}টি, প্রায় {seconds} সেকেন্ড।",
    "status.ahead_only": "আপনার আগে {count}টি।",
    "refusal.waiting": "আপনার {count}টি উত্তর এখনও চালানোর অপেক্ষায়। একটি শেষ হওয়া পর্যন্ত অপেক্ষা করুন।",
    "refusal.revision_changed": (
        "এই অনুশীলনীর নতুন একটি সংস্করণ প্রকাশিত হয়েছে। সেটি পেতে পাঠটি হালনাগাদ করুন: আপনার উত্তর থেকে যাবে।"
    ),
    "refusal.cells": (
        "{exercise} অনুশীলনীর উত্তরের সেল {wanted}, এই ক্রমে, প্রতিটি একবার; পাওয়া গেছে {got}। যে "
        "নোটবুকে সব কয়টি আছে সেখান থেকে চালান।"
    ),
    "refusal.no_question": "এখানে {question} নামে কোনো প্রশ্ন নেই; প্রশ্নগুলো হলো {known}।",
    "refusal.one_choice": "{question} প্রশ্নের উত্তর হবে একটি পছন্দের নাম: {known}।",
    "refusal.choices": "{question} প্রশ্নের উত্তর হবে আলাদা আলাদা পছন্দের নামের তালিকা: {known}।",
    "refusal.number": "{question} প্রশ্নের উত্তর হবে একটি সংখ্যা, যেমন `3` বা `3.14`।",
    "refusal.text": "{question} প্রশ্নের উত্তর হবে সর্বোচ্চ {count} অক্ষরের একটি লেখা।",
}

VERDICTS: Final[Mapping[str, str]] = {
    **_OUTCOMES,
    **_DIFFERENCES,
    **_STATUSES,
    **_QUIZ,
    **_REFUSALS,
}
