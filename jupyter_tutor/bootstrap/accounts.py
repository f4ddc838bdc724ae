"""Who this process runs as: on a laptop, that is who learns and teaches there."""

import getpass
import os
import sys

from jupyter_tutor.domain.people import Identity


def own_identity() -> Identity:
    """Return the identity of the account that this process runs under."""
    name = _account()
    return Identity("local", name, name)


def _account() -> str:
    """Return its name, whatever the environment says."""
    if sys.platform == "win32":
        return getpass.getuser()
    import pwd

    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        # A container may run under a number that nobody named.
        return f"uid-{os.getuid()}"
