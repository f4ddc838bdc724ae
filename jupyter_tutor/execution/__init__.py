"""Execution: runs learner code in a process of its own and reports what was observed.

May import: domain, services (its ports), nbclient, jupyter_client, nbformat.
Must not import: other adapters, server, cli; it reports observations, the domain gives the verdict.
"""
