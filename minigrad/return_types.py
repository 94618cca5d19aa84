"""What operations with several named results return: tuples that can be asked by name."""

from __future__ import annotations

import operator
from typing import Any


class _Named(tuple):
    """A tuple that prints as PyTorch's named results do."""

    __slots__ = ()
    names: tuple[str, ...] = ()

    def __getattr__(self, name: str) -> Any:
        kind = f"torch.return_types.{type(self).__name__}"
        raise AttributeError(f"'{kind}' object has no attribute {name!r}")

    def __repr__(self) -> str:
        parts = [f"{name}={value!r}" for name, value in zip(self.names, self, strict=True)]
        return f"torch.return_types.{type(self).__name__}(\n" + ",\n".join(parts) + ")"


def _named(name: str, *names: str) -> Any:
    fields: dict[str, Any] = {
        field: property(operator.itemgetter(k), doc=f"Result {k}.") for k, field in enumerate(names)
    }
    return type(
        name,
        (_Named,),
        fields
        | {"__slots__": (), "names": names, "__module__": "torch.return_types"}
        | {"n_fields": len(names), "n_sequence_fields": len(names), "n_unnamed_fields": 0},
    )


max, min = (_named(name, "values", "indices") for name in ("max", "min"))
median, nanmedian = (_named(name, "values", "indices") for name in ("median", "nanmedian"))
sort, topk = (_named(name, "values", "indices") for name in ("sort", "topk"))
aminmax = _named("aminmax", "min", "max")
linalg_svd = _named("linalg_svd", "U", "S", "Vh")
linalg_slogdet, slogdet = (
    _named(name, "sign", "logabsdet") for name in ("linalg_slogdet", "slogdet")
)
linalg_eigh = _named("linalg_eigh", "eigenvalues", "eigenvectors")
linalg_qr, qr = (_named(name, "Q", "R") for name in ("linalg_qr", "qr"))


def of_out(kind: Any, values: tuple[Any, ...]) -> Any:
    """What a function with results of this kind returns after writing them into `out`."""
    names = getattr(kind, "names", ())
    return _named(f"{kind.__name__}_out", *names)(values) if names else kind(values)
