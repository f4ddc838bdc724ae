"""What an administrator can enable so that answers are kept apart better."""

from pathlib import Path
from typing import Final

CONTAINER: Final = (
    "In a container: start it with a seccomp profile that allows unshare, clone, mount and "
    "pivot_root, or without one, and with nothing masked in /proc:\n"
    "docker run --security-opt seccomp=unconfined --security-opt systempaths=unconfined ..."
)

_SWITCHES: Final = (
    ("user/max_user_namespaces", False, "user.max_user_namespaces=15000"),
    ("kernel/unprivileged_userns_clone", False, "kernel.unprivileged_userns_clone=1"),
    (
        "kernel/apparmor_restrict_unprivileged_userns",
        True,
        "kernel.apparmor_restrict_unprivileged_userns=0",
    ),
)
"""Settings of the kernel: whether they have to be 0, and how to set them."""


def switches(proc: Path = Path("/proc/sys")) -> dict[str, int]:
    """Return the kernel's settings that concern user namespaces, those that exist here."""
    found = {}
    for name, _, _ in _SWITCHES:
        try:
            found[name] = int((proc / name).read_text())
        except (OSError, ValueError):
            continue
    return found


def remedies(proc: Path = Path("/proc/sys"), *, has_landlock: bool = False) -> list[str]:
    """Return what to do so that answers are kept apart better; commands on lines of their own.

    Args:
        proc: Where the kernel shows its settings.
        has_landlock: Whether Landlock works here already.
    """
    values = switches(proc)
    wrong = [
        setting
        for name, zero, setting in _SWITCHES
        if name in values and (values[name] == 0) is not zero
    ]
    advice = []
    if wrong:
        commands = " ".join(wrong)
        told = "Allow user namespaces (for good: by a file with that in /etc/sysctl.d), as root:"
        advice.append(f"{told}\nsysctl -w {commands}")
    advice.append(CONTAINER)
    if not has_landlock:
        landlock = "Or have Landlock: Linux 5.13 or newer, with `landlock` in the kernel's lsm=."
        advice.append(landlock)
    return advice
