"""Server: the Jupyter server extension: routes, authentication, wire types.

May import: domain, services, bootstrap, jupyter_server, tornado, pydantic.
Must not import: adapters, cli; a handler calls one service and maps the result to the wire.
"""
