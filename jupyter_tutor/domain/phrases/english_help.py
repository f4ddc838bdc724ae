"""What the tutor says of help in English: its price, consent, money and conversations."""

from typing import Final

HELP: Final = {
    "refusal.explain_empty": "Write a sentence first: why does the code work?",
    "refusal.text_long": "The text is too long: {count} characters at most.",
    "refusal.not_shown": "This hint showed no code, so there is nothing to explain.",
    "ladder.shown": (
        "This is one way to write it. Type it yourself, and ask of each line what it is for."
    ),
    "consent.question": (
        "May a language model read your work in this course, so that its hints fit you better? "
        "You get hints either way."
    ),
    "consent.sent": (
        "What is sent: your code, what the tests showed, what you ask, and the last messages and "
        "hints. With it go the text of the exercise, a correction of your code, and how many "
        "exercises of its topic you have solved. It goes under a made-up name."
    ),
    "consent.to_cloud": (
        "To whom: the service at {host}. It is outside of your school, and may keep what it gets "
        "for some time."
    ),
    "consent.to_proxy": (
        "To whom: a service outside of your school, by way of {host}. It may keep what it gets for "
        "some time."
    ),
    "consent.to_local": "To whom: {host}, which your school or you run. It goes nowhere else.",
    "consent.to_nobody": "To whom: nobody. No language model is set up here.",
    "consent.never": (
        "What is never sent: your marks, when you work, and names, numbers or texts that only "
        "others wrote. Your name, your mail, your user name and where your files are, are taken "
        "out first wherever they can be recognised."
    ),
    "consent.revoke": (
        "You can say no at any time, and then nothing more is sent. What was sent before can't be "
        "called back."
    ),
    "consent.refused": (
        "You said that no language model may read your work, so this hint comes from rules."
    ),
    "consent.not_asked": (
        "Hints come from rules until you say whether a language model may read your work."
    ),
    "quota.no_answer": (
        "The language model gave nothing that could be used this time, so this hint comes from "
        "rules."
    ),
    "quota.soft": (
        "Hints by a language model are nearly used up. After that, hints come from rules."
    ),
    "quota.day": (
        "Hints by a language model are used up for today. Hints by rules go on as before."
    ),
    "quota.month": (
        "Hints by a language model are used up for this month. Hints by rules go on as before."
    ),
    "quota.course": (
        "The course has used up its hints by a language model for this month. Hints by rules go "
        "on as before."
    ),
    "quota.exam": "In an exam no language model is asked.",
    "quota.model_off": "This course gives hints by rules, without a language model.",
    "quota.chat_off": "There is no chat here: your instructor has turned it off.",
    "quota.no_cloud": "This course sends nothing to services outside, so hints come from rules.",
    "refusal.consent_text": (
        "The text has changed since you were asked. Reload the page and read it again."
    ),
    "refusal.conversations_hidden": (
        "In this course what learners say to the tutor is their own. Its settings can change that, "
        "and learners are told."
    ),
    "refusal.message_empty": "Write something first.",
    "refusal.not_confirmed": (
        "That is not the name you are known by here. Type it as it is shown. Nothing was erased."
    ),
    "refusal.exporting": (
        "Your data is being put together already. Wait until that download has begun."
    ),
    "chat.not_asked": (
        "In the chat a language model answers. Say first whether it may read your work. The Hint "
        "button helps either way."
    ),
    "chat.refused": (
        "In the chat a language model answers, and you said that none may read your work. You can "
        "change your mind. The Hint button helps either way."
    ),
    "chat.no_model": (
        "In the chat a language model answers, and none is set up here. The Hint button helps "
        "without one."
    ),
    "chat.cloud": (
        "In the chat a language model answers, and this course sends nothing to services outside. "
        "The Hint button helps without one."
    ),
    "chat.rests": "Until there is a new budget the chat is closed.",
    "chat.scope": (
        "I help with this exercise and the Python it needs, and with nothing else. Ask me about "
        "your code, or about a test that fails."
    ),
    "chat.offline": "I can't answer that now. The Hint button can still help you.",
    "chat.offline_run": "I can't answer that now. This is what your last run shows:",
    "chat.result_only": "In this exercise I explain what a run shows, and no more.",
    "chat.capped": (
        "You have had as many hints as this exercise gives. So I explain what a run shows, and no "
        "more."
    ),
    "chat.unpaid": (
        "Hints for this exercise cost points, and you have not taken one. So I explain what a run "
        "shows, and no more. The Hint button tells you the price."
    ),
    "chat.deleted": "This part of the conversation was deleted.",
    "consent.conversations_seen": "Your instructors can read what you and the tutor write here.",
    "consent.conversations_own": "What you and the tutor write here is yours alone.",
}
