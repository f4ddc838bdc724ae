"""Language models behind the `HintModel` port; the offline model is the default and the fallback.

May import: domain, services (its ports) and, lazily, a model's SDK.
Must not import: other adapters, server, cli.
"""
