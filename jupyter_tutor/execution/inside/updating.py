"""Bringing the arguments of a call to what the answer made of them."""

from typing import Any

from .packing import containers_in


def take_over(old: Any, new: Any) -> None:
    """Bring arguments to what the answer made of them, keeping the objects themselves."""
    if type(old) is not type(new) or old is new:
        return
    if isinstance(old, tuple):
        for mine, theirs in zip(old, new, strict=False):
            take_over(mine, theirs)
    elif isinstance(old, list):
        old[:] = [_kept(mine, new[n]) if n < len(new) else None for n, mine in enumerate(old)][
            : len(new)
        ] + new[len(old) :]
    elif isinstance(old, dict):
        kept = {key: _kept(old[key], value) if key in old else value for key, value in new.items()}
        old.clear()
        old.update(kept)
    elif isinstance(old, set):
        old.clear()
        old.update(new)
    elif isinstance(old, bytearray):
        old[:] = new
    elif hasattr(old, "_update_inplace"):  # of pandas
        old._update_inplace(new)
    elif hasattr(old, "dtype") and old.shape == new.shape:
        old[...] = new
    elif hasattr(old, "extend"):
        old.clear()
        old.extend(new)


def _kept(mine: Any, theirs: Any) -> Any:
    """Return the old object, brought up to date, if it is one that can be; else the new one."""
    if type(mine) is not type(theirs) or not containers_in([mine]):
        return theirs
    take_over(mine, theirs)
    return mine
