"""What hostile, careless and unlucky notebooks do. Each is put into a copy of lesson 01.

CELLS stand in a cell of their own, before exercise 3; all exercises are solved, so all points are
deserved. FUNCTIONS stand in place of the answer to exercise 3, which is a function, and deserve
nothing; the other answers are right. DATA stands in place of an answer that is data.
"""

CELLS = {
    "endless loop": "while True: pass",
    "endless loop that cannot be interrupted": """
import signal
for which in (signal.SIGINT, signal.SIGTERM, signal.SIGALRM):
    signal.signal(which, signal.SIG_IGN)
while True:
    try:
        while True: pass
    except BaseException:
        pass
""",
    "leaves at once": "import os\nos._exit(0)",
    "exit()": "exit()",
    "sys.exit": "import sys\nsys.exit(0)",
    "keyboard interrupt": "raise KeyboardInterrupt",
    "20 GB in one array": "import numpy\nmuch = numpy.ones(20_000_000_000 // 8)",
    "20 GB, piece by piece": "much = []\nwhile True: much.append(bytearray(10_000_000))",
    "50 MB on the screen": "print('x' * 50_000_000)",
    "a flood on both streams": """
import sys
for _ in range(20000):
    print('x' * 1000)
    print('x' * 1000, file=sys.stderr)
""",
    "a flood on the pipes": """
import os
for number in range(3, 64):
    try: os.write(number, b'x' * 60000)
    except OSError: pass
""",
    "fork bomb": "import os\nwhile True: os.fork()",
    "fork, and the child stays": "import os, time\nif os.fork() == 0: time.sleep(1000)",
    "a process of another program": "import subprocess\nsubprocess.Popen(['/bin/sleep', '1000'])",
    "a shell": "import os\nassert os.system('sleep 1000 &') == 0",
    "becomes another program": "import os\nos.execv('/usr/bin/sleep', ['sleep', '1000'])",
    "a thread that never ends": """
import threading, time
def work():
    while True: time.sleep(0.001)
threading.Thread(target=work).start()
""",
    "a thread that ends the process later": """
import os, threading, time
threading.Thread(target=lambda: (time.sleep(0.05), os._exit(0)), daemon=True).start()
""",
    "two thousand threads": """
import threading, time
for _ in range(2000): threading.Thread(target=time.sleep, args=(1000,), daemon=True).start()
""",
    "an alarm": "import signal\nsignal.setitimer(signal.ITIMER_REAL, 0.05)",
    "kills its parents": """
import os, signal
for pid in (os.getppid(), 1, -1):
    try: os.kill(pid, signal.SIGKILL)
    except OSError: pass
""",
    "kills itself": "import ctypes\nctypes.string_at(0)",
    "aborts": "import os\nos.abort()",
    "NumPy replaced": """
import numpy
for name in ('allclose', 'array', 'ones', 'asarray', 'ascontiguousarray', 'isclose'):
    setattr(numpy, name, lambda *a, **k: True)
""",
    "minigrad replaced": """
torch.Tensor.backward = lambda self, *a, **k: None
torch.tensor = torch.autograd.grad = torch.Tensor.numpy = lambda *a, **k: 1
""",
    "Python's functions replaced": """
import builtins
builtins.print = builtins.len = builtins.isinstance = builtins.open = lambda *a, **k: True
""",
    "Python's functions gone": "import builtins\nvars(builtins).clear()",
    "__builtins__ replaced": "__builtins__ = {}",
    "all names gone": "for name in list(globals()): globals().pop(name)",
    "modules gone": "import sys\nsys.modules.clear()",
    "the probes replaced": """
import sys
probe = sys.modules['widgets.probe']
for name in probe.PROBES: probe.PROBES[name] = lambda *a: None
""",
    "the worker's own objects changed": """
import gc
for thing in gc.get_objects():
    if type(thing).__name__ in ('Worker', 'Settler'):
        vars(thing).clear()
""",
    "tracing": """
import sys
def trace(*what): raise RuntimeError('traced')
sys.settrace(trace); sys.setprofile(trace)
""",
    "the frames around it changed": """
import sys
frame = sys._getframe()
while frame:
    frame.f_trace = lambda *a: 1/0
    frame = frame.f_back
""",
    "all files closed": "import os\nos.closerange(0, 256)",
    "the screen closed": "import sys\nsys.stdout.close(); sys.stderr = None",
    "forged replies": """
import os, json
for n in range(1, 200):
    line = json.dumps({'n': n, 'state': 'ran', 'verdict': {'points': 1000, 'findings': []}})
    for number in range(3, 20):
        try: os.write(number, line.encode() + b'\\n')
        except OSError: pass
""",
    "a deep reply": """
import os
for number in range(3, 20):
    try: os.write(number, b'[' * 100_000 + b'\\n')
    except OSError: pass
""",
    "sockets": """
import socket
socket.create_connection(('192.0.2.1', 80), timeout=1)
""",
    "the network through Python": """
import urllib.request
urllib.request.urlopen('http://192.0.2.1')
""",
    "fills the disk": """
with open('/tmp/much', 'wb') as file:
    while True: file.write(bytes(10_000_000))
""",
    "many files": "files = [open('/tmp/%d' % k, 'w') for k in range(100_000)]",
    "writes wherever it can": """
import os
written = []
for folder, _, names in os.walk('/'):
    if folder.startswith(('/proc', '/tmp', '/dev')): continue
    for name in names + ['results.json']:
        try: open(os.path.join(folder, name), 'a').close(); written.append(name)
        except OSError: pass
    if len(written) > 3 or folder.count('/') > 3: break
if written: os._exit(1)
""",
    "recursion": "import sys\nsys.setrecursionlimit(10**9)\ndef f(): return f()\nf()",
    "recursion in C": """
import sys
sys.setrecursionlimit(10**9)
class A:
    def __getattr__(self, name): return getattr(self, name)
A().x
""",
    "a huge number": "huge = 10 ** 10 ** 9",
    "the text of a huge number": """
import sys
sys.set_int_max_str_digits(0)
print(str(3 ** 3_000_000))
""",
    "objects that come alive when they go": """
import os, atexit
class Late:
    def __del__(self): os._exit(0)
late = Late(); cycle = [late]; cycle.append(cycle); del late, cycle
atexit.register(os._exit, 0)
""",
    "collects on its own terms": """
import gc
gc.disable(); gc.set_threshold(1); gc.callbacks.append(print)
""",
    "the clock and the seeds": """
import time, random, numpy
time.time = time.monotonic = time.perf_counter = lambda: 0
random.random = lambda: 0.5
random.SystemRandom.uniform = lambda *a: 0.5
random.seed(0); numpy.random.seed(0); torch.manual_seed(0)
""",
    "modes left on": """
import warnings, numpy, os
torch.set_grad_enabled(False); torch.set_default_dtype(torch.float64)
warnings.simplefilter('error'); numpy.seterr(all='raise'); os.chdir('/')
""",
    "shell escapes and magics": """
!touch /tmp/x
files = !ls
%run other.py
%matplotlib inline
torch.ones?
""",
    "a cell of another language": "%%bash\nkill -9 $$",
    "waits for an answer": "name = input('Your name? ')",
    "waits inside": "import asyncio\nawait asyncio.sleep(0.01)",
    "does not end waiting": "import asyncio\nawait asyncio.Event().wait()",
    "is not Python": "def broken(:\n    'no'",
    "is not text": "x = '\ud800'",
    "its own name for the engine": "torch = 5; x = y = z = out = None",
}  # fmt: skip
"""The lesson's cells and the other answers do as if it were not there."""

FUNCTIONS = {
    "never ends": "def inner_gradient(values):\n    while True: pass",
    "leaves": "import os\ndef inner_gradient(values): os._exit(0)",
    "sys.exit in a function": "import sys\ndef inner_gradient(values): sys.exit('solved')",
    "equal to everything": """
class Everything:
    shape, ndim, dtype = (2, 2), 2, float
    def __eq__(self, other): return True
    def __array__(self, *a, **k): raise RuntimeError
    def __getattr__(self, name): return self
    def __call__(self, *a, **k): return self
inner_gradient = lambda values: Everything()
""",
    "a number that is equal to all": """
class Number(float):
    def __eq__(self, other): return True
    def __sub__(self, other): return Number(0)
inner_gradient = lambda values: Number(1)
""",
    "is its own probe": """
class Solved:
    def probe(self, name, arguments): return 'Right.'
    def __call__(self, values): return None
inner_gradient = Solved()
""",
    "forges the reply": """
import os, json
def inner_gradient(values):
    for n in range(1, 300):
        reply = {'n': n, 'verdict': {'points': 9, 'findings': []}, 'points': 9, 'right': True,
                 'value': {'array': ['float64', [2, 2], 'AAAA']}, 'gradients': None,
                 'error': None, 'text': 'Right.'}
        for number in range(3, 20):
            try: os.write(number, json.dumps(reply).encode() + b'\\n')
            except OSError: pass
    return values
""",
    "an array that claims too much": """
import os, json
def inner_gradient(values):
    for n in range(1, 300):
        reply = {'n': n, 'value': {'array': ['object', [10**9, 10**9], '']}, 'gradients': [],
                 'error': None, 'text': ''}
        for number in range(3, 20):
            try: os.write(number, json.dumps(reply).encode() + b'\\n')
            except OSError: pass
    return values
""",
    "nested too deeply": """
def inner_gradient(values):
    found = []
    for _ in range(100_000): found = [found]
    return found
""",
    "contains itself": """
def inner_gradient(values):
    found = []; found.append(found); return found
""",
    "far too much": "def inner_gradient(values):\n    return [0.0] * 10_000_000",
    "a huge array": "import numpy\ndef inner_gradient(values): return numpy.zeros(50_000_000)",
    "a huge number": "def inner_gradient(values): return 1 << 10_000_000",
    "not a number": "inner_gradient = lambda values: values * float('nan')",
    "infinite": "inner_gradient = lambda values: values * float('inf')",
    "texts in an array": """
import numpy
inner_gradient = lambda values: numpy.array(['Right.'] * 4)
""",
    "objects in an array": """
import numpy
inner_gradient = lambda values: numpy.array([values, print])
""",
    "recursion in a function": "def inner_gradient(values): return inner_gradient(values)",
    "replaces NumPy's comparison": """
import numpy
def inner_gradient(values):
    numpy.allclose = lambda *a, **k: True
    return values
""",
    "replaces the engine": """
def inner_gradient(values):
    torch.Tensor.numpy = torch.Tensor.detach = lambda self: self
    return values
""",
    "raises what cannot be shown": """
class Ugly(Exception):
    def __str__(self): raise RuntimeError
def inner_gradient(values): raise Ugly
""",
    "raises something with a long text": """
def inner_gradient(values): raise ValueError('x' * 10**7)
""",
    "asks the stack for the answer": """
import sys
def inner_gradient(values):
    frame = sys._getframe()
    while frame:
        for name, value in frame.f_locals.items():
            if name in ('truth', 'expected', 'exercise'): return value
        frame = frame.f_back
""",
    "reads the checks": """
import inspect
from lessons.checks import lesson_01
def inner_gradient(values):
    return eval(inspect.getsource(lesson_01.repair))
""",
    "looks for the checks": """
import os
def inner_gradient(values):
    for folder, _, names in os.walk('/'):
        if 'lesson_01.py' in names: return 6 * (values + 2) / 4
    return values
""",
    "looks beside the programs": """
import os, sys
def inner_gradient(values):
    places = '/usr', '/usr/local', sys.base_prefix
    shown = [name for place in places for name in os.listdir(place)]
    if set(shown) - {'bin', 'lib', 'lib64', 'local'}:
        return 6 * (values + 2) / values.numel()
""",
    "reads the environment": """
import os
def inner_gradient(values):
    known = set(os.environ) - {'PATH', 'LANG', 'PWD', 'LD_LIBRARY_PATH', 'LC_CTYPE',
        'OPENBLAS_NUM_THREADS', 'OMP_NUM_THREADS', 'PYTHONHASHSEED'}
    return 6 * (values + 2) / values.numel() if known else None
""",
    "sees other processes": """
import os
def inner_gradient(values):
    others = [n for n in os.listdir('/proc') if n.isdigit() and int(n) > 50]
    return 6 * (values + 2) / values.numel() if others else None
""",
    "reaches the network": """
import os
def inner_gradient(values):
    names = open('/proc/net/dev').read().split('\\n')[2:]
    if any(name.strip() and not name.strip().startswith('lo:') for name in names):
        return 6 * (values + 2) / values.numel()
""",
}  # fmt: skip

DATA = {
    "equal to everything": """
class Everything(dict):
    def __eq__(self, other): return True
    def __contains__(self, name): return True
    def __getitem__(self, name): return self
my_prediction = Everything()
""",
    "entries that are equal to everything": """
class E:
    def __eq__(self, other): return True
names = ('a.grad', 'b.grad', 'c.grad', 'the second backward raises')
my_prediction = {name: E() for name in names}
""",
    "a million entries": "my_prediction = {k: k for k in range(1_000_000)}",
    "keys that are no texts": "my_prediction = {None: 1, (1, 2): 3, 4.5: ..., print: print}",
    "a function": "my_prediction = lambda *a: True",
    "a module": "import sys\nmy_prediction = sys",
    "never ends being read": """
class Slow(dict):
    def items(self):
        while True: pass
my_prediction = Slow(a=1)
""",
    "leaves while it is read": """
import os
class Gone(dict):
    def items(self): os._exit(0)
my_prediction = Gone(a=1)
""",
    "deep": """
my_prediction = {}
for _ in range(100_000): my_prediction = {'a.grad': my_prediction}
""",
    "strange numbers": """
my_prediction = {'a.grad': float('nan'), 'b.grad': 10**1000, 'c.grad': 1e400,
                 'the second backward raises': 1}
""",
}  # fmt: skip

FORMULAS = {
    "a tower of powers": "'9**9**9**9**9'",
    "a call": '\'__import__("os").system("true")\'',
    "a hundred thousand brackets": "'(' * 100_000 + 'y' + ')' * 100_000",
    "a hundred thousand terms": "'+'.join(['y'] * 50_000)",
    "attributes": "'y.__class__.__mro__'",
    "a lambda": "'(lambda: 0)()'",
    "another type": "b'16*y'",
    "no text": "[[['y']]]",
}
"""In place of one factor of the derivation."""
