"""Identity: which person an authenticated request is from. Never read from a request's body."""

import os

from jupyter_server.auth.identity import IdentityProvider, PasswordIdentityProvider, User

from jupyter_tutor.bootstrap.accounts import own_identity
from jupyter_tutor.domain.people import Identity


def identity_of(provider: IdentityProvider, user: User) -> Identity:
    """Return the identity behind a request that the server has authenticated.

    The server's own token and password tell nobody apart: they make up a random name for each
    browser. Whoever holds them owns the account the server runs under, so that account it is.
    """
    if type(provider) in (IdentityProvider, PasswordIdentityProvider):
        return own_identity()
    hub = "JUPYTERHUB_USER" in os.environ
    name = "jupyterhub" if hub else type(provider).__name__
    return Identity(name, user.username, user.display_name or user.name or user.username)
