"""Answers that try to leave their sandbox."""

from typing import Final

from tests.security.exercises import SHORT
from tests.security.playing import Attack, Control, Family, attack


def _escape(name: str, hack: str, *, weaker: bool = True) -> Attack:
    return attack(
        Family.ESCAPING, "digits", Control.LIMITS_ONLY, name, hack, weaker=weaker, limits=SHORT
    )


_LIBC = (
    "import ctypes, os, struct\n"
    "libc = ctypes.CDLL(None, use_errno=True)\n"
    "def won(result):\n"
    "    if result >= 0: print(@WON@, result, flush=True)\n"
)
_IN_CHILD = "if os.fork() == 0:\n    {0}\n    os._exit(0)\nos.wait()\n"

ATTACKS: Final = (
    _escape(
        "network: a connection",
        "import socket\n"
        "with socket.create_connection(('127.0.0.1', @PORT@), 1) as s: s.sendall(b'x')\n"
        "print(@WON@)",
    ),
    _escape(
        "network: a connection by another program",
        "import subprocess, sys\n"
        "open('tries.py', 'w').write('import socket\\n'\n"
        "    'socket.create_connection((\"127.0.0.1\", @PORT@), 1)\\n'\n"
        "    'print(\"reached\")')\n"
        "told = subprocess.run([sys.executable, 'tries.py'], capture_output=True, text=True)\n"
        "if 'reached' in told.stdout: print(@WON@)",
    ),
    _escape(
        "network: a datagram",
        "import socket\n"
        "s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)\n"
        "s.sendto(b'x', ('127.0.0.1', @PORT@))\nprint(@WON@)",
    ),
    _escape(
        "network: a server of its own",
        "import socket\ns = socket.socket(); s.bind(('127.0.0.1', 0)); s.listen(); print(@WON@)",
    ),
    _escape(
        "network: a name looked up by the library",
        "import socket\ns = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)\nprint(@WON@)",
    ),
    _escape(
        "network: netlink",
        "import socket\n"
        "s = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0); s.bind((0, 0)); print(@WON@)",
    ),
    _escape(
        "sockets: an abstract one of the machine",
        "import socket\n"
        "s = socket.socket(socket.AF_UNIX); s.connect('\\0@ABSTRACT@'); print(@WON@)",
    ),
    _escape(
        "sockets: one on a path",
        "import socket\n"
        "s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)\n"
        "s.sendto(b'x', '@DATAGRAMS@'); print(@WON@)",
    ),
    _escape(
        "sockets: half of a pair, to a path",
        "import socket\n"
        "s, _ = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)\n"
        "s.sendto(b'x', '@DATAGRAMS@'); print(@WON@)",
    ),
    _escape(
        "sockets: a descriptor of the template",
        "import os, socket\n"
        "for number in range(5, 200):\n"
        "    try: s = socket.socket(fileno=os.dup(number))\n"
        "    except OSError: continue\n"
        "    if s.family == socket.AF_UNIX and s.getpeername() is not None: print(@WON@)\n"
        "    s.close()\n"
        "import subprocess\n"
        "print(@WON@) if 'PLANTED' in subprocess.getoutput('cat @FILE@') else None",
    ),
    _escape("user namespace: unshare", _LIBC + _IN_CHILD.format("won(libc.unshare(0x10000000))")),
    _escape(
        "user namespace: clone",
        _LIBC + "if os.uname().machine == 'x86_64':\n"
        "    pid = libc.syscall(56, 0x10000000 | 17, 0, 0, 0, 0)\n"
        "else:\n"
        "    pid = libc.syscall(220, 0x10000000 | 17, 0, 0, 0, 0)\n"
        "if pid == 0: os._exit(0)\n"
        "won(pid)",
    ),
    _escape(
        "user namespace: clone3",
        _LIBC + "arguments = struct.pack('=11Q', 0x10000000, 0, 0, 0, 17, 0, 0, 0, 0, 0, 0)\n"
        "pid = libc.syscall(435, arguments, len(arguments))\n"
        "if pid == 0: os._exit(0)\n"
        "won(pid)",
    ),
    _escape(
        "user namespace: by another program",
        "import subprocess\n"
        "print(@WON@) if subprocess.run(['unshare', '-U', 'true'],"
        " stderr=-3).returncode == 0 else None",
    ),
    _escape(
        "mount: the old way, with a user namespace first",
        _LIBC
        + _IN_CHILD.format(
            "libc.unshare(0x10020000) == 0 and won(libc.mount(b'none', b'/tmp', b'tmpfs', 0, None))"
        ),
    ),
    _escape(
        "mount: the new way",
        _LIBC + _IN_CHILD.format("libc.unshare(0x10020000); won(libc.syscall(430, b'tmpfs', 0))"),
    ),
    _escape(
        "chroot, and out again",
        _LIBC
        + _IN_CHILD.format("libc.unshare(0x10000000); os.mkdir('jail'); won(libc.chroot(b'jail'))"),
    ),
    _escape(
        "other processes: signals",
        "import os, signal\nos.kill(@PID@, signal.SIGCONT)\nprint(@WON@)",
    ),
    _escape(
        "other processes: signals to all that can be found",
        "import os, signal\n"
        "for pid in [os.getppid(), @PID@]:\n"
        "    try: pid > 1 and os.kill(pid, 0); pid > 1 and print(@WON@)\n"
        "    except OSError: pass",
    ),
    _escape("other processes: ptrace", _LIBC + "won(libc.ptrace(16, @PID@, 0, 0))\n"),
    _escape(
        "other processes: memory",
        _LIBC + "class Vector(ctypes.Structure):\n"
        "    _fields_ = [('base', ctypes.c_void_p), ('length', ctypes.c_size_t)]\n"
        "buffer = ctypes.create_string_buffer(8)\n"
        "mine = Vector(ctypes.addressof(buffer), 8)\n"
        "theirs = Vector(int(open('/proc/@PID@/maps').read().split('-')[0], 16), 8)\n"
        "won(libc.process_vm_readv(@PID@, ctypes.byref(mine), 1, ctypes.byref(theirs), 1, 0))",
    ),
    _escape(
        "other processes: memory, as a file",
        "at = int(open('/proc/@PID@/maps').read().split('-')[0], 16)\n"
        "with open('/proc/@PID@/mem', 'rb', 0) as memory:\n"
        "    memory.seek(at); memory.read(8); print(@WON@)",
    ),
    _escape(
        "other processes: descriptors",
        "import os\n"
        "for n in os.listdir('/proc/@PID@/fd'): print(@WON@, os.readlink(f'/proc/@PID@/fd/{n}'))",
    ),
    _escape(
        "other processes: a handle of one",
        "import os, signal\n"
        "handle = os.pidfd_open(@PID@)\nsignal.pidfd_send_signal(handle, 0)\nprint(@WON@)",
    ),
    _escape(
        "keys of the kernel",
        _LIBC + "nr = 248 if os.uname().machine == 'x86_64' else 217\n"
        "won(libc.syscall(nr, b'user', b'tutor', b'x', 1, -2))",
    ),
    _escape(
        "programs in the kernel",
        _LIBC + "nr = 321 if os.uname().machine == 'x86_64' else 280\n"
        "attributes = struct.pack('=IIIII', 1, 4, 4, 1, 0) + bytes(100)\n"
        "won(libc.syscall(425, 8, bytes(200)))\n"
        "won(libc.syscall(nr, 0, attributes, 72))",
    ),
    _escape(
        "page faults of its own making",
        _LIBC + "nr = 323 if os.uname().machine == 'x86_64' else 282\nwon(libc.syscall(nr, 1))",
    ),
    _escape(
        "a program with set-user-id",
        "import os, subprocess\n"
        "for path in ('/usr/bin/su', '/usr/bin/passwd', '/usr/bin/mount', '/bin/su'):\n"
        "    if os.path.exists(path) and os.stat(path).st_mode & 0o4000:\n"
        "        status = subprocess.run(['/bin/sh', '-c', f'cp {path} x; true']).returncode\n"
        "flags = [l for l in open('/proc/self/status') if l.startswith('NoNewPrivs')]\n"
        "print(@WON@) if not flags or flags[0].split()[1] == '0' else None",
    ),
    _escape(
        "files: written beside the template",
        "import glob, os\n"
        "for place in ['@OPEN@', *glob.glob('/tmp/tutor-*'), '/var/tmp', '/dev/shm/..']:\n"
        "    try:\n"
        "        with open(place + '/left-by-attack', 'w') as file: file.write('x')\n"
        "    except OSError: continue\n"
        "    if place == '@OPEN@': print(@WON@)",
    ),
    _escape(
        "files: changed in the environment's packages",
        "import site, sys, os, json\n"
        "for place in [*site.getsitepackages(), os.path.dirname(json.__file__), '@OPEN@']:\n"
        "    try: open(place + '/left_by_attack.pth', 'w').close()\n"
        "    except OSError: continue\n"
        "    print(@WON@)",
    ),
    _escape(
        "files: permissions of what lies outside",
        "import os\nos.truncate('@SHARED@', 0)\nprint(@WON@)",
    ),
    _escape(
        "files: a hard link to what lies outside",
        "import os\nos.link('@SHARED@', '@OPEN@/linked')\nprint(@WON@)",
    ),
    _escape(
        "files: renamed outside",
        "import os\nos.rename('@SHARED@', '@SHARED@')\nos.utime('@SHARED@')\n"
        "os.chmod('@OPEN@', 0o777) if os.stat('@OPEN@').st_uid == os.getuid() else None\n"
        "print(@WON@)",
    ),
    _escape(
        "libraries: preloaded into children",
        "import os, subprocess\n"
        "os.environ['LD_PRELOAD'] = '@FILE@'\n"
        "print(subprocess.getoutput('cat @FILE@'))\n",
    ),
)
