"""Saving and loading, without pickle: a file can only ever hold values, never code.

    save(model.state_dict(), "model.pt")
    model.load_state_dict(load("model.pt"))

A file is a zip archive, uncompressed, of

    minigrad.json   {"format": 2, "value": …}: the structure
    0, 1, 2, …      one memory each, little-endian

In the JSON, numbers, strings, truth values, None and lists stand for themselves. Everything else
is an object with a "kind":

    {"kind": "tuple", "items": […]}        {"kind": "dict", "items": [[key, value], …]}
    {"kind": "tensor", "number": 0, "entries": "0", "dtype": "float32", "requires_grad": false,
     "shape": [2, 3], "stride": [3, 1], "offset": 0}

A tensor that is there twice has the same number; several may lie in one memory, as views do.

Loading takes no more memory than the file is long, a few times over: what is compressed, or says
that it is larger than it is, is refused.
"""

from __future__ import annotations

import json
import math
import os
from collections import OrderedDict
from typing import TYPE_CHECKING, Any

import numpy as np

from . import dtypes
from .memory import Geometry, address, geometry, owner, window
from .nn.parameter import Parameter
from .size import Size
from .tensor import Tensor, on_array
from .type_names import type_name

if TYPE_CHECKING:
    import zipfile  # slow to import, and few need it

FORMAT = 2  # in format 1 every tensor was written in rows, and had no number
STORED = 0  # zipfile.ZIP_STORED: not compressed
DAMAGE = (LookupError, TypeError, ValueError, AttributeError, ArithmeticError, RecursionError,
          NotImplementedError)  # fmt: skip
"""What reading a file that does not keep to the format may raise."""
STRUCTURE = "minigrad.json"
SEQUENCES: dict[str, Any] = {"tuple": tuple, "size": Size, "set": set}
DICTIONARIES: dict[str, Any] = {"dict": dict, "ordered_dict": OrderedDict}
TENSORS: dict[str, Any] = {"tensor": Tensor, "parameter": Parameter}


def save(obj: Any, f: Any) -> None:
    """Write `obj` to `f`, a path or a file open for writing bytes.

    obj: a tensor, parameter, dtype, Size, number, string or None, or lists, tuples, sets and
    dictionaries of them. Values, `requires_grad` and how they lie in memory are kept, the history
    is not. Tensors that share a memory do so after loading too; all of it is written, once.

    Raises TypeError for anything else, ValueError for a structure that contains itself,
    AttributeError for an `f` that is no path and no file; nothing is written then.
    """
    import zipfile

    if not isinstance(f, (str, os.PathLike)) and not hasattr(f, "write"):
        raise AttributeError(
            "expected 'f' to be string, path, or a file-like object with a 'write' attribute"
        )
    if isinstance(f, (str, os.PathLike)):
        parent = os.path.dirname(os.fspath(f))
        if parent and not os.path.isdir(parent):
            raise RuntimeError(f"Parent directory {parent} does not exist.")
    writer = _Writer()
    structure = json.dumps({"format": FORMAT, "value": writer.written(obj, "obj")})
    with zipfile.ZipFile(f, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr(STRUCTURE, structure)
        for name, array in writer.arrays.items():
            archive.writestr(name, array.tobytes())


def load(
    f: Any, map_location: Any = None, pickle_module: Any = None, *, weights_only: bool = True
) -> Any:
    """What `save` wrote to `f`, a path or a file open for reading bytes.

    map_location, pickle_module, weights_only: for PyTorch's sake; all is values, and on the CPU.
    Raises FileNotFoundError; RuntimeError for what is no such file, or a damaged one, and for a
    device that is not there.
    """
    import zipfile

    if isinstance(map_location, str) and map_location.startswith("cuda"):
        raise RuntimeError(
            "Attempting to deserialize object on a CUDA device but torch.cuda.is_available() is "
            "False. If you are running on a CPU-only machine, please use torch.load with "
            "map_location=torch.device('cpu') to map your storages to the CPU."
        )

    if not isinstance(f, (str, os.PathLike)) and not hasattr(f, "seek"):
        raise AttributeError(
            f"'{type_name(f)}' object has no attribute 'seek'. You can only torch.load from a file "
            "that is seekable. Please pre-load the data into a buffer like io.BytesIO and try to "
            "load from it instead."
        )
    try:
        with zipfile.ZipFile(f) as archive:
            return _Reader(archive).value
    except (zipfile.BadZipFile, EOFError) as error:
        raise RuntimeError(f"{_named(f)} is not a file that minigrad.save wrote: {error}") from None
    except DAMAGE as error:
        raise RuntimeError(
            f"{_named(f)} is damaged, or was not written by minigrad.save: "
            f"{type(error).__name__}: {error}"
        ) from None


def _named(f: Any) -> str:
    return str(f) if isinstance(f, (str, os.PathLike)) else "This"


class _Writer:
    """Turns values into what JSON can hold, and collects the arrays of the tensors."""

    def __init__(self) -> None:
        self.arrays: dict[str, np.ndarray] = {}
        self._names: dict[Any, str] = {}
        self._tensors: dict[int, int] = {}  # the number of each
        self._within: set[int] = set()  # the containers that are being written

    def written(self, value: Any, where: str) -> Any:
        """`value` for the JSON. `where` it is, for errors: "obj['state'][0]"."""
        kind = type(value)
        if value is None or kind in (bool, int, str) or (kind is float and math.isfinite(value)):
            return value
        if kind is float:
            return {"kind": "float", "text": repr(value)}
        if kind is dtypes.dtype:
            return {"kind": "dtype", "name": str(value).removeprefix("torch.")}
        for name, tensor_type in TENSORS.items():
            if kind is tensor_type:
                return {"kind": name, **self._tensor(value)}
        if id(value) in self._within:
            raise ValueError(f"save: {where} contains itself")
        self._within.add(id(value))
        try:
            return self._container(value, kind, where)
        except RecursionError:
            raise ValueError("save: the structure is nested too deeply") from None
        finally:
            self._within.remove(id(value))

    def _container(self, value: Any, kind: type, where: str) -> Any:
        if kind is list:
            return [self.written(part, f"{where}[{k}]") for k, part in enumerate(value)]
        for name, sequence in SEQUENCES.items():
            if kind is sequence:
                items = [self.written(part, f"{where}[{k}]") for k, part in enumerate(value)]
                return {"kind": name, "items": items}
        for name, dictionary in DICTIONARIES.items():
            if kind is dictionary:
                items = [
                    [
                        self.written(key, f"a key of {where}"),
                        self.written(part, f"{where}[{key!r}]"),
                    ]
                    for key, part in value.items()
                ]
                return {"kind": name, "items": items}
        raise TypeError(
            f"save: {where} is of type {kind.__module__}.{kind.__qualname__}. A file can hold "
            "tensors, parameters, dtypes, Sizes, numbers, strings, None, and lists, tuples, sets "
            "and dictionaries of them; of a module save its state_dict(), of an array "
            "from_numpy(array)."
        )

    def _tensor(self, tensor: Tensor) -> dict[str, Any]:
        memory, where = _memory_of(tensor._array)
        place = (address(memory), memory.size, memory.dtype)
        if place not in self._names:
            self._names[place] = name = str(len(self.arrays))
            self.arrays[name] = memory.astype(memory.dtype.newbyteorder("<"))
        return {
            "number": self._tensors.setdefault(id(tensor), len(self._tensors)),
            "entries": self._names[place],
            "dtype": str(tensor.dtype).removeprefix("torch."),
            "requires_grad": tensor.requires_grad,
            "shape": list(where.size),
            "stride": list(where.stride),
            "offset": where.offset,
        }


def _memory_of(array: np.ndarray) -> tuple[np.ndarray, Geometry]:
    """The memory that an array is a part of, and where in it the array lies."""
    memory = owner(array)
    if array.size == 0 or memory.nbytes % array.itemsize:
        memory = np.array(array, order="C").reshape(-1)
        return memory, geometry(memory.reshape(array.shape))
    memory = memory.view(array.dtype)
    return memory, geometry(array, memory)


class _Reader:
    """Turns the JSON back into values, and reads the arrays that it names."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        names = archive.namelist()
        if STRUCTURE not in names:
            made = "PyTorch, with pickle" if any(n.endswith(".pkl") for n in names) else "others"
            raise RuntimeError(
                f"this file was written by {made}, not by minigrad.save; load it there and save "
                "its values as NumPy arrays"
            )
        archive.fp.seek(0, os.SEEK_END)  # type: ignore[union-attr]
        size = archive.fp.tell()  # type: ignore[union-attr]
        entries = archive.infolist()
        if any(entry.compress_type != STORED for entry in entries) or (
            sum(entry.file_size for entry in entries) > size
        ):
            raise RuntimeError("this file holds compressed data, which minigrad.save never writes")
        self._archive = archive
        self._arrays: dict[Any, np.ndarray] = {}
        self._tensors: dict[int, Tensor] = {}
        structure = json.loads(archive.read(STRUCTURE))
        if structure["format"] not in range(1, FORMAT + 1):
            raise RuntimeError(
                f"this file is of format {structure['format']!r}, of a later minigrad; this one "
                f"reads formats up to {FORMAT}"
            )
        self.value = self.read(structure["value"])

    def read(self, written: Any) -> Any:
        """The value that was written so."""
        if isinstance(written, list):
            return [self.read(part) for part in written]
        if not isinstance(written, dict):
            return written
        kind = written["kind"]
        if kind == "float":
            return float(written["text"])
        if kind == "dtype":
            return self._dtype(written["name"])
        if kind in TENSORS:
            number = written.get("number")
            if number not in self._tensors:
                number = len(self._tensors) if number is None else number
                self._tensors[number] = self._tensor(written)
            return self._tensors[number]
        if kind in SEQUENCES:
            return SEQUENCES[kind](self.read(part) for part in written["items"])
        if kind in DICTIONARIES:
            items = written["items"]
            return DICTIONARIES[kind]((self.read(key), self.read(part)) for key, part in items)
        raise ValueError(f"unknown kind {kind!r}")

    def _dtype(self, name: str) -> Any:
        found = {str(dtype).removeprefix("torch."): dtype for dtype in dtypes.FROM_NUMPY.values()}
        return found[name]

    def _tensor(self, written: dict[str, Any]) -> Tensor:
        name = str(written["entries"])
        dtype = self._dtype(written["dtype"])
        if (name, dtype) not in self._arrays:
            little_endian = dtype.numpy.newbyteorder("<")
            array = np.frombuffer(self._archive.read(name), little_endian)
            self._arrays[name, dtype] = array.astype(dtype.numpy)
        memory, where = self._arrays[name, dtype], _place(written)
        if where.extent > memory.size or ("stride" not in written and where.extent < memory.size):
            raise ValueError(f"{memory.size} entries for a tensor that needs {where.extent}")
        tensor = on_array(window(memory, where))
        tensor.requires_grad_(bool(written["requires_grad"]))
        if written["kind"] == "parameter":
            tensor = Parameter(tensor.detach(), tensor.requires_grad)
        tensor._own_counter().value = 1  # as in PyTorch, where the values are written into it
        return tensor


def _place(written: dict[str, Any]) -> Geometry:
    """Where in its memory a tensor lies. Raises ValueError for what are no lengths and places."""
    shape = tuple(written["shape"])
    in_rows = [math.prod(shape[axis + 1 :]) for axis in range(len(shape))]
    where = Geometry(shape, tuple(written.get("stride", in_rows)), written.get("offset", 0))
    if any(type(n) is not int or n < 0 for n in (*shape, *where.stride, where.offset)):
        raise ValueError(f"a tensor of shape {shape}, strides {where.stride}")
    if len(where.stride) != len(shape):
        raise ValueError(f"{len(where.stride)} strides for a tensor of shape {shape}")
    return where
