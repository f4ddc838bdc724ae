"""Services: the use cases of the product as synchronous calls, one transaction at a time.

May import: the domain and, from its own package, `ports`.
Must not import: adapters, tornado, SQLAlchemy, nbclient; what they need arrives through a port.
"""
