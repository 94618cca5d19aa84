"""What the process may not do, set by itself before any student's code: limits, system calls.

The limits hold memory, processor time, files and processes. The filter of system calls (Linux,
seccomp; see the manual page seccomp(2)) refuses new processes, signals to others, sockets, and
memory that no limit counts: a program that needs none of them does not notice. Threads are allowed.
"""

from __future__ import annotations

import ctypes
import errno
import platform
import resource
import signal
import struct
import sys

# System calls by number: (x86-64, 64-bit ARM); None where the machine has no such call.
REFUSED = {
    "fork": (57, None),
    "vfork": (58, None),
    "kill": (62, 129),
    "tkill": (200, 130),
    "tgkill": (234, 131),
    "rt_sigqueueinfo": (129, 138),
    "pidfd_open": (434, 434),
    "socket": (41, 198),
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "unshare": (272, 97),
    "setns": (308, 268),
    "io_uring_setup": (425, 425),
    "setsid": (112, 157),
    "pidfd_send_signal": (424, 424),
    "pidfd_getfd": (438, 438),
    "memfd_create": (319, 279),
    "memfd_secret": (447, 447),
    "shmget": (29, 194),
    "semget": (64, 190),
    "msgget": (68, 186),
    "userfaultfd": (323, 282),
    "perf_event_open": (298, 241),
    "bpf": (321, 280),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "keyctl": (250, 219),
}
CLONE = (56, 220)
CLONE3 = (435, 435)  # its flags are behind a pointer; the C library takes "no such call" for a no
THREAD = 0x00010000
MACHINES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}

LOAD, EQUAL, AT_LEAST, ANY_BIT, RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
ALLOW, KILL = 0x7FFF0000, 0x80000000
NUMBER, ARCHITECTURE, FIRST_ARGUMENT = 0, 4, 16  # places in what the filter is shown


def refuse(code: int) -> int:
    """The filter's answer: the call fails with this error number."""
    return 0x00050000 | code


def filter_program(which: int, architecture: int) -> bytes:
    """The filter for one kind of machine: eight bytes per instruction."""
    program: list[tuple[int, int, int, int]] = [
        (LOAD, 0, 0, ARCHITECTURE),
        (EQUAL, 1, 0, architecture),
        (RETURN, 0, 0, KILL),
        (LOAD, 0, 0, NUMBER),
        (AT_LEAST, 0, 1, 0x40000000),  # the same calls under other numbers
        (RETURN, 0, 0, refuse(errno.EPERM)),
    ]
    for numbers in REFUSED.values():
        if numbers[which] is not None:
            program += [(EQUAL, 0, 1, numbers[which]), (RETURN, 0, 0, refuse(errno.EPERM))]
    program += [
        (EQUAL, 0, 1, CLONE3[which]),
        (RETURN, 0, 0, refuse(errno.ENOSYS)),
        (EQUAL, 0, 3, CLONE[which]),
        (LOAD, 0, 0, FIRST_ARGUMENT),
        (ANY_BIT, 1, 0, THREAD),
        (RETURN, 0, 0, refuse(errno.EPERM)),
        (RETURN, 0, 0, ALLOW),
    ]
    return b"".join(struct.pack("HBBI", *instruction) for instruction in program)


class _Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("code", ctypes.c_char_p)]


def end_with_the_grader() -> None:
    """If the process that started this one dies, so does this one."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGKILL, 0, 0, 0)


def limit(memory: int, cpu: int, file: int, files: int, processes: int) -> None:
    """Bytes of memory, seconds of processor time, bytes per file, open files, processes."""
    for what, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, cpu),
        (resource.RLIMIT_FSIZE, file),
        (resource.RLIMIT_NOFILE, files),
        (resource.RLIMIT_NPROC, processes),
        (resource.RLIMIT_CORE, 0),
    ):
        hard = resource.getrlimit(what)[1]
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (most, most))


def forbid() -> str:
    """Set the filter of system calls. What is in the way, as a sentence; empty if it is set."""
    if sys.platform != "linux" or platform.machine() not in MACHINES:
        return f"no filter of system calls on {sys.platform}, {platform.machine()}"
    code = filter_program(*MACHINES[platform.machine()])
    program = _Program(len(code) // 8, code)
    library = ctypes.CDLL(None, use_errno=True)
    if library.prctl(38, 1, 0, 0, 0) or library.prctl(22, 2, ctypes.byref(program), 0, 0):
        return f"no filter of system calls: error {ctypes.get_errno()}"
    return ""
