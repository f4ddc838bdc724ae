"""Language models: adapters behind the `HintModel` port. Today only the offline one, in the services.

May import: domain, services (its ports) and, lazily, a model's SDK.
Must not import: other adapters, server, cli.
"""
