"""Notebook format: reads source notebooks, proves and releases them.

May import: domain, services (its ports), nbformat, jsonschema.
Must not import: other adapters, server, cli; it never runs code.
"""
