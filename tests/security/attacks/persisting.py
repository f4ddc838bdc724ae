"""Answers that want to find something again in the next submission, or to outlive their own."""

from typing import Final

from tests.security.exercises import SHORT
from tests.security.playing import Attack, Control, Family, attack

_KEEP = "PLANTED-BY-FIRST"


def _persist(name: str, hack: str, then: str, control: Control = Control.LIMITS_ONLY) -> Attack:
    return attack(
        Family.PERSISTING,
        "digits",
        control,
        name,
        hack,
        then=(then,),
        limits=SHORT,
    )


_PLACES = "['.', '..', '/tmp', '/dev/shm', '/var/tmp', '@OPEN@', os.path.expanduser('~')]"
_WRITE = (
    "import os\n"
    "for place in " + _PLACES + ":\n"
    "    try:\n"
    "        path = place + '/@TOKEN@'\n"
    "        with open(path, 'w') as file: file.write('kept')\n"
    "        os.chmod(path, 0o666)\n"
    "    except OSError: pass\n"
)
_LOOK = (
    "import glob, os\n"
    "for place in [*" + _PLACES + ", *glob.glob('/tmp/tutor-*/scratch/*'),\n"
    "              *glob.glob('../../*/work')]:\n"
    "    if os.path.exists(place + '/@TOKEN@'): print(@WON@, place)\n"
)
_DAEMON = (
    "import os, signal, time\n"
    "if os.fork() == 0:\n"
    "    os.setsid()\n"
    "    if os.fork() == 0:\n"
    "        for number in (1, 2, 13, 15): signal.signal(number, signal.SIG_IGN)\n"
    "        os.closerange(0, 100)\n"
    "        {0}\n"
    "        os._exit(0)\n"
    "    os._exit(0)\n"
    "os.wait()\n"
)

ATTACKS: Final = (
    _persist("files in every place", _WRITE, _LOOK),
    _persist(
        "files of a daemon, written later",
        _DAEMON.format("time.sleep(0.3); " + "exec(" + repr(_WRITE) + ")"),
        "import time; time.sleep(0.6)\n" + _LOOK,
        control=Control.NAMESPACE,
    ),
    _persist(
        "a daemon that stays",
        _DAEMON.format("os.execv('/bin/sleep', ['sleep', '@SECONDS@'])"),
        "import glob, time\n"
        "for path in glob.glob('/proc/[0-9]*/cmdline'):\n"
        "    try:\n"
        "        if '@SECONDS@' in open(path).read(): print(@WON@)\n"
        "    except OSError: pass",
        control=Control.NAMESPACE,
    ),
    _persist(
        "a daemon that leaves the group and ignores signals",
        _DAEMON.format("time.sleep(3)").replace("os.setsid()", "os.setpgid(0, 0)")
        + "import subprocess\n"
        "subprocess.Popen(['sleep', '@SECONDS@'], start_new_session=True)",
        "import subprocess\n"
        "out = subprocess.getoutput('cat /proc/[0-9]*/cmdline')\n"
        "print(@WON@) if '@SECONDS@' in out else None",
        control=Control.NAMESPACE,
    ),
    _persist(
        "a module of the interpreter",
        "import json, random, math\njson.kept = math.kept = random.kept = True\n" + _WRITE,
        "import json, math\nprint(@WON@) if hasattr(json, 'kept') or hasattr(math, 'kept')"
        " else None\n" + _LOOK,
    ),
    _persist(
        "code that starts with the interpreter",
        "import os, site, sys\n"
        "for place in [site.getusersitepackages(), os.path.expanduser('~'), '@OPEN@', '.']:\n"
        "    try:\n"
        "        os.makedirs(place, exist_ok=True)\n"
        "        for name in ('usercustomize.py', 'sitecustomize.py', 'x.pth', '@TOKEN@'):\n"
        "            open(os.path.join(place, name), 'w').write('import sys; sys.kept = 1')\n"
        "    except OSError: pass",
        "import sys\nprint(@WON@) if hasattr(sys, 'kept') else None\n" + _LOOK,
    ),
    _persist(
        "shared memory, the old kind",
        "import ctypes\nlibc = ctypes.CDLL(None)\nlibc.shmget(0x5151, 4096, 0o1666)\n" + _WRITE,
        "import ctypes\n"
        "libc = ctypes.CDLL(None)\n"
        "print(@WON@) if libc.shmget(0x5151, 4096, 0o666) >= 0 else None\n" + _LOOK,
    ),
    _persist(
        "a queue of messages",
        "import ctypes\nlibc = ctypes.CDLL(None)\nlibc.msgget(0x5252, 0o1666)\n" + _WRITE,
        "import ctypes\nlibc = ctypes.CDLL(None)\n"
        "print(@WON@) if libc.msgget(0x5252, 0o666) >= 0 else None\n" + _LOOK,
    ),
    _persist(
        "an abstract socket of a daemon",
        "import socket\n"
        + _DAEMON.format(
            "s = socket.socket(socket.AF_UNIX); s.bind('\\0@TOKEN@'); s.listen(); time.sleep(3)"
        ),
        "import socket\ns = socket.socket(socket.AF_UNIX)\ns.connect('\\0@TOKEN@')\nprint(@WON@)",
        control=Control.NAMESPACE,
    ),
    _persist(
        "start files of IPython",
        "import os\n"
        "for home in (os.path.expanduser('~'), '@OPEN@'):\n"
        "    try:\n"
        "        os.makedirs(home + '/.ipython/profile_default/startup', exist_ok=True)\n"
        "        open(home + '/.ipython/profile_default/startup/0.py', 'w').write('kept = 1')\n"
        "    except OSError: pass\n" + _WRITE,
        "print(@WON@) if 'kept' in globals() else None\n" + _LOOK,
    ),
    _persist(
        "a deep chain of directories",
        "import os\n" + _WRITE + "for _ in range(1200):\n    os.mkdir('d'); os.chdir('d')\n",
        _LOOK,
    ),
)
