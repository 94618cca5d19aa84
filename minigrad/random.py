"""Random numbers: for the same seed the same as PyTorch's on a CPU.

A Mersenne Twister (Matsumoto, Nishimura 1998; here that of `numpy.random`) makes words of 32 bits
from a seed. What becomes of them is PyTorch's way, as version 2.13 shows it: 24 bits of a word for
a float32, 53 bits of two for a float64, two uniform numbers for two normal ones (Box, Muller 1958).
"""

from __future__ import annotations

import math
import os
import struct
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from .device import device as device_class
from .dtypes import FROM_NUMPY
from .tensor import Tensor, on_array
from .type_names import WrittenInC, type_name
from .warn import warn

UNSEEDED = 67280421310721
"""The seed of a new `Generator`."""

STATE = struct.Struct("<QiiQ624Qdddi4xfi")
"""PyTorch's record of a generator: the seed, how many words are left, 1, the next word, all words,
three numbers (the second is the normal one that is at hand), 1 if it is, and two more.
"""


class Generator(metaclass=WrittenInC):
    """A source of random numbers. Its state is a uint8 tensor of 5056 entries, as in PyTorch."""

    def __init__(self, device: Any = "cpu") -> None:
        self.device = device_class(device) if isinstance(device, str) else device
        self.manual_seed(UNSEEDED)

    def manual_seed(self, seed: int) -> Generator:
        """Start anew from `seed`, -2⁶³ … 2⁶⁴ - 1. Returns the generator itself.

        Raises RuntimeError if it is no integer, ValueError if it is out of range.
        """
        if not isinstance(seed, int):
            raise RuntimeError(f"manual_seed expected a long, but got {type_name(seed)}")
        if not -(2**63) <= seed < 2**64:
            raise ValueError("Overflow when unpacking long long")
        self._seed = seed % 2**64
        self._twister: Any = None
        self._at_hand: float | None = None
        """The second of two normal numbers, while only the first has been used."""
        return self

    def seed(self) -> int:
        """Start anew from a seed that nobody knows, and return it."""
        return self.manual_seed(int.from_bytes(os.urandom(8), "little") >> 11).initial_seed()

    def initial_seed(self) -> int:
        """The seed that was last set."""
        return self._seed

    def get_state(self) -> Tensor:
        """All that the next numbers depend on."""
        self._start()
        state = self._twister.state["state"]
        used = int(state["pos"]) % 624
        spare = self._at_hand
        kept = STATE.pack(
            self._seed, 625 - used if used else 1, 1, used, *state["key"].tolist(),
            0.0, spare or 0.0, 0.0, spare is not None, 0.0, 0,
        )  # fmt: skip
        return on_array(np.frombuffer(kept, np.uint8).copy())

    def set_state(self, new_state: Tensor) -> Generator:
        """Go on from a state. Raises TypeError or RuntimeError if it is none."""
        if not isinstance(new_state, Tensor):
            raise TypeError(f"expected a torch.ByteTensor, but got {type_name(new_state)}")
        if new_state._array.dtype != np.uint8:
            raise TypeError("RNG state must be a torch.ByteTensor")
        if new_state.numel() != STATE.size:
            raise RuntimeError(
                f"Expected a CPUGeneratorImplState of size {STATE.size} but found the input RNG "
                f"state size to be {new_state.numel()}"
            )
        seed, left, _, used, *words, _, spare, _, known, _, _ = STATE.unpack(
            new_state._array.tobytes()
        )
        self.manual_seed(seed)
        self._twister = np.random.MT19937(0)
        place = 624 if left == 1 else used
        self._twister.state = {
            "bit_generator": "MT19937", "state": {"key": np.array(words, np.uint32), "pos": place}
        }  # fmt: skip
        self._at_hand = spare if known else None
        return self

    def clone_state(self) -> Generator:
        """Another generator that is as far as this one."""
        return Generator(self.device).set_state(self.get_state())

    def _start(self) -> None:
        if self._twister is None:  # now `numpy.random` is loaded
            first = np.random.RandomState(self._seed % 2**32).get_state(legacy=False)
            self._twister = np.random.MT19937()
            self._twister.state = first

    # ---- what is made of the words -----------------------------------------------------------

    def words(self, count: int) -> np.ndarray:
        """That many whole numbers of 32 bits, as uint64."""
        self._start()
        return self._twister.random_raw(count)

    def long_words(self, count: int) -> np.ndarray:
        """That many whole numbers of 64 bits."""
        first, second = self.words(2 * count).reshape(count, 2).T
        return first << np.uint64(32) | second

    def uniform(self, count: int, kind: Any, low: float = 0.0, high: float = 1.0) -> np.ndarray:
        """Uniform numbers from `low` up to but not `high`. `kind`: the NumPy dtype."""
        if np.dtype(kind) == np.float64:
            return _fraction(self.long_words(count), 53) * (high - low) + low
        start = np.float32(low)
        reach = float(np.float32(high) - start)
        values = _fraction(self.words(count), 24) * reach + float(start)
        values = values.astype(np.float32).astype(kind)  # with one rounding, then another
        values[values == values.dtype.type(high)] = low  # what was rounded up that far
        return values

    def normal(
        self, count: int, kind: Any, mean: float = 0.0, std: float = 1.0, by_rows: bool = True
    ) -> np.ndarray:
        """Normal numbers. by_rows: they will lie in a row, so that 16 and more are made in rows."""
        if by_rows and count >= 16:
            return self._in_rows(count, kind, mean, std)
        return (self._in_pairs(count) * std + mean).astype(kind)

    def _in_pairs(self, count: int) -> np.ndarray:
        """Standard normal numbers, two at a time; one that is left over is kept for next time."""
        kept = [] if self._at_hand is None else [self._at_hand]
        pairs = max(count - len(kept) + 1, 0) // 2
        turn, share = self.uniform(2 * pairs, np.float64).reshape(pairs, 2).T
        radius, angle = np.sqrt(-2 * np.log1p(-share)), 2 * math.pi * turn
        made = np.stack([radius * np.cos(angle), radius * np.sin(angle)], 1)
        values = np.concatenate([kept, made.ravel()])
        self._at_hand = float(values[count]) if len(values) > count else None
        return values[:count]

    def _in_rows(self, count: int, kind: Any, mean: float, std: float) -> np.ndarray:
        """Normal numbers, 16 at a time. If they do not come out even, the last 16 are made anew."""

        def made(uniform: np.ndarray) -> np.ndarray:
            share, turn = (1 - uniform[:, 0], uniform[:, 1])
            radius, angle = np.sqrt(-2 * np.log(share)), uniform.dtype.type(2 * math.pi) * turn
            return np.stack([radius * np.cos(angle), radius * np.sin(angle)], 1) * std + mean

        even = count // 16 * 16
        values = np.empty(count, kind)
        drawn = self.uniform(even if values.itemsize == 2 else count, kind)
        values[:even] = made(drawn[:even].reshape(-1, 2, 8)).ravel()
        if count % 16:
            values[-16:] = made(self.uniform(16, kind).reshape(1, 2, 8)).ravel()
        return values

    def integers(self, low: int, high: int, count: int) -> np.ndarray:
        """Whole numbers from `low` up to but not `high`, as int64."""
        span = high - low
        words = self.words(count) if span < 2**28 else self.long_words(count)
        return (words % np.uint64(span)).astype(np.int64) + low

    def permutation(self, n: int) -> np.ndarray:
        """The numbers 0 … n - 1 in random order (Fisher and Yates 1938)."""
        order = list(range(n))
        for place, word in enumerate(self.words(max(n - 1, 0)).tolist()):
            other = place + word % (n - place)
            order[place], order[other] = order[other], order[place]
        return np.array(order, np.int64)


def _fraction(words: np.ndarray, bits: int) -> np.ndarray:
    """The last bits of each word as a number from 0 up to 1."""
    return (words & np.uint64(2**bits - 1)).astype(np.float64) / 2.0**bits


Generator.__module__ = "torch._C"  # as it prints

default_generator = Generator()
default_generator.seed()


def source(generator: Generator | None) -> Generator:
    """Where random numbers come from: the generator that was given, or the common one."""
    return default_generator if generator is None else generator


def uniform_as(
    like: np.ndarray, generator: Generator | None, low: float = 0.0, high: float = 1.0
) -> np.ndarray:
    """Uniform numbers in the shape and dtype of an array."""
    return _as_it_lies(source(generator).uniform(like.size, like.dtype, low, high), like)


def normal_as(
    like: np.ndarray, generator: Generator | None, mean: float = 0.0, std: float = 1.0
) -> np.ndarray:
    """Normal numbers in the shape and dtype of an array."""
    in_rows = like.flags.c_contiguous
    return _as_it_lies(source(generator).normal(like.size, like.dtype, mean, std, in_rows), like)


def integers_as(
    like: np.ndarray, generator: Generator | None, low: int = 0, high: int | None = None
) -> np.ndarray:
    """Whole numbers from `low` up to but not `high` in the shape and dtype of an array; without an
    end as far as every whole number has its own entry.

    Raises RuntimeError if there are none, or the dtype does not reach so far.
    """
    kind, numbers = like.dtype, source(generator)
    most = _reach(kind)[1]
    end = most + 1 if high is None else high
    if low >= end:
        raise RuntimeError(
            f"random_ expects 'from' to be less than 'to', but got from={low} >= to={end}"
        )
    if high is not None:
        _check_end("from", low, kind)
        _check_end("to - 1", high - 1, kind)
    if (low, high, kind.itemsize) == (0, None, 4):
        values = (numbers.words(like.size) % np.uint64(end)).astype(np.int64)
    else:
        values = numbers.integers(low, end, like.size)
    return _as_it_lies(values.astype(kind), like)


def _reach(kind: np.dtype) -> tuple[int, int]:
    """From where to where every whole number has its own entry."""
    if kind.kind == "f":
        most = 2 ** (np.finfo(kind).nmant + 1)
        return -most, most
    return (0, 1) if kind.kind == "b" else (np.iinfo(kind).min, np.iinfo(kind).max)


def _check_end(name: str, value: int, kind: np.dtype) -> None:
    """Raise RuntimeError, or of floating point dtypes warn, if an end of a range is too far."""
    least, most = _reach(kind)
    if least <= value <= most:
        return
    word = FROM_NUMPY[kind].c_name
    if kind.kind != "f":
        raise RuntimeError(f"{name} is out of bounds for {word}")
    ends = f"[-(2^{most.bit_length() - 1}), 2^{most.bit_length() - 1}]"
    warn(
        f"{name} is out of bounds {ends}. Due to precision limitations {word} can support discrete "
        "uniform distribution only within this range. This warning will become an error in version "
        "1.7 release, please fix the code in advance"
    )


def below_as(like: np.ndarray, generator: Generator | None, chances: Any) -> np.ndarray:
    """True with the probabilities `chances` (an array or NumPy number), in the shape of an array.

    float64 chances are compared with numbers of 53 random bits, others with numbers of 24.
    """
    kind = np.float64 if chances.dtype == np.float64 else np.float32
    return _as_it_lies(source(generator).uniform(like.size, kind), like) < chances


def exponential_as(like: np.ndarray, generator: Generator | None, rate: float) -> np.ndarray:
    """Numbers of the exponential distribution in the shape of an array."""
    values = -np.log1p(-source(generator).uniform(like.size, np.float64)) / rate
    return _as_it_lies(values, like)


def _as_it_lies(values: np.ndarray, like: np.ndarray) -> np.ndarray:
    """Numbers in the shape of `like`, filled in in the order in which its entries lie."""
    axes = sorted(range(like.ndim), key=lambda axis: -like.strides[axis])
    return values.reshape([like.shape[axis] for axis in axes]).transpose(np.argsort(axes))


def manual_seed(seed: Any) -> Generator:
    """Start the common random numbers anew from `seed`. Returns their generator."""
    return default_generator.manual_seed(int(seed))


def seed() -> int:
    """Start the common random numbers anew from a seed that nobody knows, and return it."""
    return default_generator.seed()


def initial_seed() -> int:
    """The seed of the common random numbers."""
    return default_generator.initial_seed()


def get_rng_state() -> Tensor:
    """All that the next common random numbers depend on: uint8, 5056 entries."""
    return default_generator.get_state()


def set_rng_state(new_state: Tensor) -> None:
    """Go on from a state. Raises TypeError or RuntimeError if it is none."""
    default_generator.set_state(new_state)


@contextmanager
def fork_rng(devices: Iterable[Any] | None = None, enabled: bool = True) -> Iterator[None]:
    """Afterwards the common random numbers go on as if none had been drawn within."""
    state = get_rng_state()
    try:
        yield
    finally:
        if enabled:
            set_rng_state(state)
