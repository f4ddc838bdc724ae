"""The script that starts a warden and, under it, a kernel.

Called with the path of the connection file, that of the run's directory and the number of a
descriptor to which the kernel writes its process id when it is ready. The other modules are loaded
under a name of their own with a copy of the built-ins of their own: code of this package does not
notice what learner code does to `builtins`, and `jupyter_tutor` itself is never imported.
"""

import builtins
import importlib.util
import os
import sys
from pathlib import Path
from types import ModuleType

PACKAGE = "_jupyter_tutor_inside"
EARLY = ("sweeping", "warden")
LATE = ("limits", "encoding", "raising", "asserting", "streams", "bench", "kernel")


def load(name: str) -> ModuleType:
    """Load a module of this package under its private name."""
    full = f"{PACKAGE}.{name}"
    spec = importlib.util.spec_from_file_location(full, Path(__file__).with_name(f"{name}.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    module.__dict__["__builtins__"] = dict(vars(builtins))
    sys.modules[full] = module
    spec.loader.exec_module(module)
    return module


def main(connection_file: str, directory: str, ready: int) -> None:
    """Fork the kernel off and run it."""
    package = ModuleType(PACKAGE)
    package.__path__ = []
    sys.modules[PACKAGE] = package
    early = {name: load(name) for name in EARLY}
    early["warden"].fork_under_warden(directory)
    late = {name: load(name) for name in LATE}
    late["limits"].limit_process()

    def tell() -> None:
        os.write(ready, f"{os.getpid()}\n".encode())
        os.close(ready)

    late["kernel"].run_kernel(connection_file, f"{PACKAGE}.streams.MeteredStream", tell)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
