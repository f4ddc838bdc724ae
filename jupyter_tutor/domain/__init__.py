"""The domain: what learners, exercises, verdicts, hints and memory are, as values and functions.

May import: the standard library and its own modules, nothing else.
Must not import: services, adapters, frameworks; it does no input or output and never reads a clock.
"""
