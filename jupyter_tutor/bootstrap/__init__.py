"""Bootstrap: the only place that builds adapters and hands them to services, one module a purpose.

May import: domain, services, config, shipped, every adapter.
Must not import: server, cli.
"""
