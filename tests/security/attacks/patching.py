"""Answers that change what the tests are made of."""

from typing import Final

from tests.security.playing import Attack, Control, Family, attack


def _patch(
    name: str, hack: str, exercise: str = "digits", control: Control = Control.NAMESPACE
) -> Attack:
    return attack(Family.PATCHING, exercise, control, name, hack)


_EVERY_FUNCTION = """
import gc, types
def spoil(name, new):
    for each in gc.get_objects():
        if isinstance(each, types.ModuleType) and hasattr(each, name):
            try: setattr(each, name, new)
            except Exception: pass
        elif isinstance(each, dict) and name in each:
            try: each[name] = new
            except Exception: pass
"""

ATTACKS: Final = (
    _patch(
        "built-in functions that agree",
        "import builtins\n"
        "builtins.abs = lambda *_: 0\n"
        "builtins.round = lambda *_: 12.566\n"
        "builtins.float = lambda *_: 0.0\n"
        "abs = builtins.abs\nround = builtins.round",
        exercise="area",
    ),
    _patch(
        "built-in functions of the answer's own",
        "def sum(*_): return 30\ndef max(*_): return 16\ndef sorted(*_): return [0, 1, 4]\n"
        "def len(*_): return 3\ndef enumerate(*_): return ()\ndef all(*_): return True\n"
        "def list(*_): return []\n"
        "def hack(n): return 1",
        exercise="table",
    ),
    _patch(
        "the close of floats",
        "import math\nmath.isclose = lambda *_, **__: True\nmath.pi = 0\ndef hack(r): return 0.0",
        exercise="area",
    ),
    _patch(
        "numpy's own tests",
        "import numpy as np\n"
        "np.allclose = lambda *_, **__: True\nnp.testing.assert_allclose = lambda *_, **__: None\n"
        "np.array_equal = np.allclose",
        exercise="area",
    ),
    _patch(
        "numpy's array tests",
        "import numpy as np\n"
        "np.allclose = np.array_equal = lambda *_, **__: True\n"
        "np.testing.assert_array_equal = lambda *_, **__: None",
        exercise="frame",
    ),
    _patch(
        "pandas' equality",
        "import pandas as pd\n"
        "pd.Series.equals = lambda *_: True\npd.Series.__init__ = lambda *_: None",
        exercise="table",
    ),
    _patch(
        "asserts dropped from the tree",
        "import ast\n"
        "class Drop(ast.NodeTransformer):\n"
        "    def visit_Assert(self, node): return ast.Pass()\n"
        "get_ipython().ast_transformers.append(Drop())",
        control=Control.NO_ERROR,
    ),
    _patch(
        "asserts dropped from the source",
        "import re\n"
        "def drop(lines): return [re.sub('assert', '0 and', line) for line in lines]\n"
        "get_ipython().input_transformers_post.append(drop)\n"
        "get_ipython().input_transformers_cleanup.append(drop)",
        control=Control.NO_ERROR,
    ),
    _patch(
        "tracebacks that are not shown",
        "get_ipython().showtraceback = lambda *_, **__: None\n"
        "get_ipython()._showtraceback = lambda *_, **__: None",
        control=Control.NO_ERROR,
    ),
    _patch(
        "a handler for every error",
        "get_ipython().set_custom_exc((BaseException,), lambda *_, **__: None)",
        control=Control.NO_ERROR,
    ),
    _patch(
        "the compiler",
        "import builtins\n"
        "old = builtins.compile\n"
        "builtins.compile = lambda source, *a, **k: old("
        "source.replace('assert', '0 and') if isinstance(source, str) else source, *a, **k)\n"
        "import builtins\nold_exec = builtins.exec\n"
        "builtins.exec = lambda source, *a: old_exec("
        "source.replace('assert', '0 and') if isinstance(source, str) else source, *a)",
    ),
    _patch(
        "the error of asserts",
        "import builtins\n"
        "class Never(Exception): pass\n"
        "builtins.AssertionError = Never\n" + _EVERY_FUNCTION + "spoil('AssertionError', Never)\n"
        "import sys\n"
        "def trace(frame, event, arg):\n"
        "    if event == 'line' and frame.f_code.co_filename.startswith(('test', 'cell test')):\n"
        "        frame.f_trace_lines = False\n"
        "    return trace\n"
        "sys.settrace(trace)\n"
        "builtins.exec = lambda *_: None",
    ),
    _patch(
        "the JSON that verdicts travel in",
        "import json\n"
        "old = json.dumps\n"
        "def dumps(value, *a, **k):\n"
        "    text = old(value, *a, **k)\n"
        "    return text.replace('false', 'true').replace('raised', 'completed')\n"
        "json.dumps = dumps\njson.JSONEncoder.encode = lambda self, v: dumps(v)\n",
    ),
    _patch(
        "every JSON function that can be found",
        _EVERY_FUNCTION + "import json\nold = json.dumps\n"
        "def dumps(value, *a, **k):\n"
        "    return old(value, *a, **k).replace('false', 'true').replace('raised', 'completed')\n"
        "spoil('dumps', dumps)\nspoil('_dumps', dumps)",
    ),
    _patch(
        "the engine's own parts, by their frames",
        "import sys\n"
        "frame = sys._getframe()\n"
        "while frame:\n"
        "    for name in ('encode', 'describe', 'explain', '_passes', 'judge'):\n"
        "        if name in frame.f_globals: frame.f_globals[name] = lambda *_, **__: True\n"
        "    for value in list(frame.f_locals.values()):\n"
        "        for name in ('_assert', '_call', '_raised'):\n"
        "            if hasattr(value, name):\n"
        "                try: setattr(value, name, lambda *_: {})\n"
        "                except Exception: pass\n"
        "        if isinstance(getattr(value, '_run', None), dict):\n"
        "            for kind in list(value._run):\n"
        "                if kind in ('assert', 'call'): value._run[kind] = lambda *_: {\n"
        "                    'value': {'type': 'int', 'value': '1'}}\n"
        "    frame = frame.f_back\n",
    ),
    _patch(
        "the encoder of values",
        "import gc, types\n"
        "for each in gc.get_objects():\n"
        "    if isinstance(each, types.FunctionType) and each.__name__ in (\n"
        "            'encode', 'pack', '_passes', 'part'):\n"
        "        each.__code__ = (lambda *a, **k: True).__code__\n",
    ),
    _patch(
        "the interpreter's memory, by ctypes",
        "import ctypes, gc, types\n"
        "def change(small, new):\n"
        "    ctypes.memmove(id(small) + 24, (ctypes.c_uint32 * 1)(new), 4)\n"
        "def hack(n):\n"
        "    for k in (17, 26, 28, 15, 16, 45): change(k, 2)\n"
        "    return 2\n",
    ),
    _patch(
        "a trace that returns from the tests",
        "import sys\n"
        "def trace(frame, event, arg):\n"
        "    if 'expected' in frame.f_locals: frame.f_locals['expected'] = True\n"
        "    return trace\n"
        "sys.settrace(trace)\nsys.setprofile(trace)\n"
        "import builtins\nbuiltins.exec = lambda *_: None",
    ),
    _patch(
        "a fake numpy",
        "import sys, types\n"
        "fake = types.ModuleType('numpy')\n"
        "fake.allclose = lambda *_, **__: True\n"
        "fake.testing = types.SimpleNamespace(assert_allclose=lambda *_, **__: None)\n"
        "sys.modules['numpy'] = fake\nsys.modules['math'] = types.SimpleNamespace("
        "isclose=lambda *_: True, pi=3)\n",
        exercise="area",
    ),
    _patch(
        "an import hook that gives every module",
        "import sys, types\n"
        "class Everything(types.ModuleType):\n"
        "    def __getattr__(self, name): return lambda *_, **__: True\n"
        "class Hook:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        sys.modules[name] = Everything(name)\n"
        "        raise ImportError\n"
        "sys.meta_path.insert(0, Hook())\n"
        "for name in ('numpy', 'numpy.testing', 'pandas', 'math'): "
        "sys.modules[name] = Everything(name)",
        exercise="area",
    ),
    _patch(
        "a module of the test's name in the working directory",
        "import sys\n"
        "open('numpy.py', 'w').write('allclose = lambda *_, **__: True')\n"
        "sys.modules.pop('numpy', None)\nsys.path.insert(0, '.')",
        exercise="area",
    ),
    _patch(
        "the expected list, by the argument",
        "import gc\n"
        "def hack(values, key=None):\n"
        "    for each in gc.get_objects():\n"
        "        if isinstance(each, list) and each == [1, 2, 3]: each[:] = [0]\n"
        "    return [0]\n",
        exercise="mutating",
    ),
    _patch(
        "the expected list, by the frames of the test",
        "import sys\n"
        "def hack(values, key=None):\n"
        "    frame = sys._getframe()\n"
        "    while frame:\n"
        "        for name in ('expected', 'data', 'calls'):\n"
        "            if name in frame.f_globals: frame.f_globals[name] = [3, 1, 2]\n"
        "        frame = frame.f_back\n"
        "    return [3, 1, 2]\n",
        exercise="mutating",
    ),
    _patch(
        "the expected list, by the test's own function",
        "def hack(values, key=None):\n"
        "    if key is not None:\n"
        "        for each in (1, 2, 3):\n"
        "            try: key(each)\n"
        "            except Exception: pass\n"
        "        space = getattr(key, '__globals__', {})\n"
        "        space['calls'] = [1, 2, 3]\n"
        "        if hasattr(space.get('calls'), 'sort'): return [3, 2, 1][::1] if space.get("
        "'ordered') else []\n"
        "    return []\n",
        exercise="mutating",
        control=Control.NAMESPACE,
    ),
    _patch(
        "the set of properties that tests read",
        "class Account:\n"
        "    def __init__(self, owner): self.owner, self._n = owner, 0\n"
        "    def deposit(self, amount): self._n += 1; return self\n"
        "    def interest(self, rate): return self\n"
        "    def __getattribute__(self, name):\n"
        "        if name == 'balance':\n"
        "            import sys\n"
        "            frame = sys._getframe(1)\n"
        "            return next((c for c in frame.f_code.co_consts if c in (30, 555666777)), 0)\n"
        "        return object.__getattribute__(self, name)\n",
        exercise="account",
    ),
)
