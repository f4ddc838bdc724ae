"""What loading the extension costs a server: `python -m tests.benchmarks.extension_start [rounds]`.

Processor time of one process that makes a Jupyter server without the extension, and then loads the
extension into it as a server does at its start; the first is the baseline. The ratio says more than
the seconds, which differ from machine to machine.
"""

import json
import statistics
import subprocess
import sys

TARGET = 0.3
"""Seconds of processor time that the extension may add."""

PROGRAM = """
import json, sys, time
from jupyter_server.serverapp import ServerApp
app = ServerApp(allow_root=True, open_browser=False, port=0, log_level="ERROR")
app.jpserver_extensions = {}
app.initialize(argv=[], find_extensions=False)
server, modules = time.process_time(), len(sys.modules)
manager = app.extension_manager
manager.add_extension("jupyter_tutor", enabled=True)
manager.link_all_extensions()
manager.load_all_extensions()
assert list(manager.extension_apps) == ["jupyter_tutor"]
print(json.dumps([server, time.process_time() - server, len(sys.modules) - modules]))
app.http_server.stop()
"""


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    measured = []
    for _ in range(rounds):
        ran = subprocess.run(
            [sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True
        )
        measured.append(json.loads(ran.stdout))
    servers, added, modules = zip(*measured, strict=True)
    print(f"{'processor time, seconds':28}{'server':>10}{'extension':>12}{'ratio':>8}")
    for name, of in (("least", min), ("median", statistics.median)):
        base, ours = of(servers), of(added)
        print(f"{name:28}{base:>10.3f}{ours:>12.3f}{ours / base:>8.3f}")
    verdict = "met" if min(added) < TARGET else "missed"
    print(f"{modules[0]} modules are imported for it. Target of less than {TARGET} s: {verdict}.")


if __name__ == "__main__":
    main()
