"""The script that starts a template under its warden.

It reads its configuration, JSON, from the socket whose descriptor is named on the command line; the
warden's lifeline is its standard input. The other modules are loaded under a name of their own with
a copy of the built-ins of their own: code of this package does not notice what learner code does to
`builtins`, and `jupyter_tutor` itself is never imported.
"""

import builtins
import importlib.util
import os
import socket
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

PACKAGE = "_jupyter_tutor_inside"
EARLY = ("wire", "linux", "seccomp", "landlock", "room", "confinement", "sweeping", "warden")
LATE = (
    "semaphores",
    "interrupts",
    "encoding",
    "modules",
    "raising",
    "asserting",
    "streams",
    "tabular",
    "packing",
    "sharing",
    "operating",
    "telling",
    "doubles",
    "guests",
    "foreign",
    "updating",
    "making",
    "views",
    "lending",
    "guarding",
    "stand_ins",
    "methods",
    "mirrored_errors",
    "oracle",
    "names",
    "scopes",
    "magics",
    "binding",
    "facts",
    "proving",
    "arguments",
    "alarms",
    "tracing",
    "splicing",
    "rearranging",
    "repairing",
    "renaming",
    "mutating",
    "donors",
    "donating",
    "grafting",
    "exploring",
    "bench",
    "serving",
    "shell",
    "template",
)


def load(name: str) -> Any:
    """Load a module of this package under its private name."""
    full = f"{PACKAGE}.{name}"
    place = Path(__file__).with_name(f"{name}.py")
    spec = importlib.util.spec_from_file_location(full, place)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    module.__dict__["__builtins__"] = dict(vars(builtins))
    sys.modules[full] = module
    setattr(sys.modules[PACKAGE], name, module)
    spec.loader.exec_module(module)
    return module


def main(descriptor: int) -> None:
    """Read the configuration, separate from the rest of the machine, and become a template."""
    package = ModuleType(PACKAGE)
    package.__path__ = []
    sys.modules[PACKAGE] = package
    loaded = {name: load(name) for name in (*EARLY, *LATE)}
    control = socket.socket(fileno=descriptor)
    conversation = loaded["wire"].Wire(control)
    options = conversation.receive()[1]
    kernels = any(name.startswith("ipykernel") for name in options["packages"])
    run_kernel = load("zmq_kernel").run_kernel if kernels else None
    try:
        loaded["warden"].separate(options)
        confining = loaded["confinement"].Confinement(
            options["level"], options["visible"], options["scratch"]
        )
        confining.close_to(options["hidden"])
        confining.try_scratch()
    except OSError as error:
        conversation.send(["failed", str(error)])
        return
    if options["level"] == loaded["confinement"].LANDLOCK:
        loaded["semaphores"].install()
    template = loaded["template"].Template(control, confining, run_kernel)
    missing = template.prepare(options["packages"])
    for name in [name for name in sys.modules if name.startswith(PACKAGE)]:
        del sys.modules[name]
    conversation.send(["ready", os.getpid(), missing])
    template.serve()


if __name__ == "__main__":
    main(int(sys.argv[1]))
