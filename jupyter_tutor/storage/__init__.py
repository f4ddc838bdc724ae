"""Storage: PostgreSQL tables, repositories, read queries, the job queue and the embedded server.

May import: domain, services (its ports), SQLAlchemy, psycopg, Alembic, procrastinate.
Must not import: other adapters, server, cli; no ORM row ever leaves this package.
"""
