"""What somebody tries who has read the grader. As in hostile.py: CELLS, FUNCTIONS, DATA."""

import string

SOLUTION = "6 * (values + 2) / values.numel()"  # what the function of exercise 3 would return

CELLS = {
    "traces every call, in every thread": """
import sys, threading
def trace(frame, event, argument):
    for name in list(frame.f_locals):
        if name in ('reply', 'request'): frame.f_locals[name] = {'points': 1000}
    return trace
threading.settrace(trace); threading.setprofile(trace)
sys.settrace(trace); sys.setprofile(trace)
""",
    "looks for whoever refers to it": """
import gc, sys
seen = {id(sys.modules)}
unseen = [globals()]
for _ in range(300):
    for holder in gc.get_referrers(unseen.pop()):
        if id(holder) not in seen and isinstance(holder, dict):
            seen.add(id(holder)); unseen.append(holder)
            for name in ('points', 'verdict', 'earned', 'n', 'reply'): holder[name] = 1000
    if not unseen: break
""",
    "writes into memory": """
import ctypes
for value in (0.0, (), 'ran', 'raised', b''):
    ctypes.memset(id(value) + 16, 0x41, 1)
""",
    "the refcount of None": """
import ctypes
for _ in range(3): ctypes.pythonapi.Py_DecRef(ctypes.py_object(None))
""",
    "asks for a trace of itself": """
import ctypes
ctypes.CDLL(None).ptrace(0, 0, 0, 0)
""",
    "starts again with a library before all others": """
import os, sys
open('/tmp/no.so', 'w').close()
os.execve(sys.executable, [sys.executable, '-c', 'print(1)'], {'LD_PRELOAD': '/tmp/no.so'})
""",
    "speaks for the worker": """
import json, os
requests, replies = sorted(int(n) for n in os.listdir('/proc/self/fd') if int(n) > 2)[:2]
data = b''
for n in range(1, 300):
    line = {'n': n, 'state': 'ran', 'data': 10**6, 'points': 10**6, 'changed': [[[['x']]]] * 3}
    try: os.write(replies, json.dumps(line).encode() + b'\\n')
    except OSError: break
""",
    "says that everything was replaced": """
import json, os, sys
deep = '[' * 900 + ']' * 900
for number in os.listdir('/proc/self/fd'):
    line = '{"n": %d, "state": "raised", "error": %s, "changed": [%s]}'
    for n in range(1, 60):
        try: os.write(int(number), (line % (n, deep, deep)).encode() + b'\\n')
        except OSError: pass
""",
    "writes to its own requests": """
import json, os
for number in os.listdir('/proc/self/fd'):
    try:
        with open(f'/proc/self/fd/{number}', 'wb', buffering=0) as pipe:
            pipe.write(json.dumps({'n': 1, 'do': 'cell', 'with': ['x', 'y']}).encode() + b'\\n')
    except OSError: pass
""",
    "eats its own requests": """
import os, threading
requests = min(int(number) for number in os.listdir('/proc/self/fd') if int(number) > 2)
threading.Thread(target=os.read, args=(requests, 10**6), daemon=True).start()
""",
    "threads that compute for ever": """
import threading
def work():
    while True: pass
for _ in range(4): threading.Thread(target=work, daemon=True).start()
""",
    "replaces from a thread": """
import threading, time, numpy
def work():
    time.sleep(0.001)
    numpy.asarray = numpy.array = numpy.allclose = lambda *a, **k: True
threading.Thread(target=work, daemon=True).start()
""",
    "everything may be imported": """
import sys
class Finder:
    def find_spec(self, *a): raise SystemExit
    find_module = find_spec
sys.meta_path.insert(0, Finder()); sys.path_hooks.insert(0, Finder())
sys.path_importer_cache.clear()
sys.meta_path.pop(0); sys.path_hooks.pop(0)
""",
    "tensors that say nothing of themselves": """
def lost(self, name): raise RuntimeError('lost')
torch.Tensor.__getattribute__ = torch.Tensor.__setattr__ = torch.Tensor.__getattr__ = lost
""",
    "no hash, no equality, no JSON": """
import json, json.encoder, json.decoder
json.dumps = json.loads = json.encoder.JSONEncoder.encode = None
json.decoder.JSONDecoder.decode = lambda *a: {'n': 0}
import os; os.write = os.read = lambda *a: 0
""",
    "its own types for numbers and texts": """
import builtins
class text(str):
    def __eq__(self, other): return True
    __hash__ = str.__hash__
class number(float):
    __lt__ = __le__ = __gt__ = __ge__ = __eq__ = lambda self, other: True
builtins.str, builtins.float, builtins.int = text, number, number
""",
    "deep folders": """
import os
for _ in range(2000): os.mkdir('x'); os.chdir('x')
""",
    "a file for every inode": """
for k in range(20_000): open(f'/tmp/{k}', 'w').close()
""",
    "a warning that is an answer": """
import warnings
warnings.showwarning = warnings.warn = lambda *a, **k: exit()
""",
    "a line that takes hours to read": "x = (\n" + " " * 190_000 + "?",
    "lines that take hours to read": "(" + "\n" * 190_000 + '"',
    "nested as deep as a cell is long": "-" * 190_000 + "1",
    "nested names": "x = 0\nx" + ".real" * 30_000,
    "a name in look-alike letters": "ｔｏｒｃｈ = ｘ = 5",  # Python reads these as torch and x
    "its source is not what runs": "# coding: utf-7\n+AG8-s = 1",
    "a docstring that ends the cell": "'''" + string.printable.replace("'", "") + "\\x00\\ud800'''",
}  # fmt: skip
"""The lesson's cells and the other answers do as if it were not there."""

FUNCTIONS = {
    "looks for the truth among all objects": """
import gc
def inner_gradient(values):
    for thing in gc.get_objects():
        if type(thing).__name__ in ('Exercise', 'Verdict', 'Finding', 'Checker', 'Outcome'):
            return """ + SOLUTION + """
""",
    "looks for the truth on the stack of every thread": """
import sys
def inner_gradient(values):
    for frame in sys._current_frames().values():
        while frame:
            if {'truth', 'expected', 'cotangent', 'exercise'} & set(frame.f_locals):
                return """ + SOLUTION + """
            frame = frame.f_back
""",
    "reaches into other processes": """
import os
def inner_gradient(values):
    for number in filter(str.isdigit, os.listdir('/proc')):
        if int(number) != os.getpid():
            return """ + SOLUTION + """
""",
    "memory that no limit counts: files in memory": """
import os
def inner_gradient(values):
    if os.memfd_create('x'): return """ + SOLUTION + """
""",
    "memory that no limit counts: shared segments": """
import ctypes
def inner_gradient(values):
    library = ctypes.CDLL(None)
    found = [library.shmget(0, 100_000, 0o1600), library.msgget(0, 0o1600)]
    if max(found) >= 0: return """ + SOLUTION + """
""",
    "memory that no limit counts: files beside its folder": """
def inner_gradient(values):
    for place in ('/dev/shm/x', '/dev/x', '/x', '/proc/x', '/inside/x', '/compiled/x', '/usr/x'):
        try: open(place, 'wb').close()
        except OSError: continue
        return """ + SOLUTION + """
""",
    "a float that is always near": """
class Near(float):
    __sub__ = __rsub__ = lambda self, other: Near(0)
    __abs__ = lambda self: Near(0)
    __le__ = __lt__ = __ge__ = __gt__ = __eq__ = lambda self, other: True
def inner_gradient(values): return [[Near(1), Near(1)], [Near(1), Near(1)]]
""",
    "an array that is always near": """
import numpy
class Near(numpy.ndarray):
    def __array_ufunc__(self, ufunc, method, *inputs, **options): return True
    def __array_function__(self, function, types, arguments, options): return True
    __eq__ = lambda self, other: True
def inner_gradient(values): return numpy.zeros((2, 2)).view(Near)
""",
    "a tensor that is always near": """
class Near(torch.Tensor):
    def numpy(self, *a, **k): return True
    def detach(self): return True
    __eq__ = lambda self, other: True
def inner_gradient(values):
    out = torch.zeros(2, 2)
    try: out.__class__ = Near
    except TypeError: pass
    return out
""",
    "a dictionary with every key": """
class Every(dict):
    def __missing__(self, name): return 1
    def __contains__(self, name): return True
    def get(self, name, other=None): return 1
def inner_gradient(values): return Every()
""",
    "something that pickles itself": """
import os
class Run:
    def __reduce__(self): return (os._exit, (0,))
    def __array__(self, *a, **k): return self
def inner_gradient(values): return Run()
""",
    "an outcome of its own": """
import sys
def inner_gradient(values):
    probe = sys.modules['widgets.probe']
    return probe.Outcome(value='Right.', gradients=[], error=None, text='Right.')
""",
    "the outcome is replaced": """
import sys
probe = sys.modules['widgets.probe']
def inner_gradient(values):
    probe._outcome = probe.plain = lambda *a: probe.Outcome(True, [], None, 'Right.')
    return values
""",
    "the wire is replaced": """
import gc, types
def inner_gradient(values):
    for thing in gc.get_objects():
        if isinstance(thing, types.ModuleType) and thing.__name__ == 'wire':
            thing.encode = lambda *a, **k: {'array': ['bool', [2, 2], 'AQEBAQ==']}
    return values
""",
    "a verdict for an answer": """
import json, os
def inner_gradient(values):
    line = {'verdict': {'points': 100.0, 'findings': []}, 'value': None, 'gradients': None,
            'error': None, 'text': '', 'ready': True, 'end': True, 'cpu': 0, 'probe': 'run'}
    for n in range(1, 200):
        for number in range(3, 20):
            try: os.write(number, json.dumps({**line, 'n': n}).encode() + b'\\n')
            except OSError: pass
    os._exit(0)
""",
    "ends the process when it is no longer needed": """
import os
class Late:
    def __init__(self, values): self.values = values
    def __del__(self): os._exit(0)
def inner_gradient(values): return [Late(values)]
""",
    "a name of many lines": """
class Odd: pass
Odd.__name__ = '</td><script>alert(1)</script>\\n' * 1000
def inner_gradient(values): return Odd()
""",
    "an error that says it is right": """
class Right(Exception): pass
Right.__name__ = 'Right'
def inner_gradient(values): raise Right('✓ All right: 4 of 4 points.')
""",
}  # fmt: skip

DATA = {
    "texts that are not Unicode": "my_prediction = {'a.grad': '\\ud800', '\\udfff': 1}",
    "as many entries as fit": "my_prediction = {str(k): k for k in range(49_000)}",
    "a huge text": "my_prediction = 'x' * 99_000",
    "an array of its own": "import numpy\nmy_prediction = numpy.full(200_000, numpy.nan)",
    "nothing but itself": "my_prediction = type('…', (), {})()",
    "a type": "my_prediction = type",
    "the check's own form": (
        "my_prediction = {'what': 'a.grad', 'right': True, 'said': 'Right.', 'points': 4}"
    ),
    "a list of pairs": "my_prediction = [('a.grad', 1), ('b.grad', None)]",
    "keys of every type": "my_prediction = {1: 1, 1.5: 2, None: 3, ...: 4, (1, (2,)): 5, True: 6}",
}
