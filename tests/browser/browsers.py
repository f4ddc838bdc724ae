"""Finding a browser on this machine: none is ever downloaded."""

import shutil

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find_browser() -> str:
    """Return the path of a Chromium; fails, saying how to get one, when there is none."""
    for name in _NAMES:
        found = shutil.which(name)
        if found:
            return found
    raise AssertionError(
        "The browser tests need Chromium, and none of " + ", ".join(_NAMES) + " is on PATH. "
        "Install it with: apt-get install chromium (Debian, Ubuntu; as root), "
        "dnf install chromium (Fedora) or brew install --cask chromium (macOS)."
    )
