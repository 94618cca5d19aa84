"""NumPy's warnings of 1/0 and log(0) stay in, whatever the filters say: PyTorch has none."""

import contextlib
import importlib
import pydoc
import sys
import warnings

import numpy as np
import pytest

import minigrad as torch
from tests.engine.test_operations import CASES


@pytest.mark.parametrize("action", ["error", "always"])
def test_nothing_is_said_of_nan_and_overflow(action):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter(action)
        x = torch.tensor([-1.0, 0.0, 1e38], requires_grad=True)
        y = x.log() + 1 / x + x * x + (x / 0).sqrt() + x.var() + x.norm() + x.softmax(0)
        y.sum().backward()
        torch.tensor([1]) // torch.tensor([3])
        x.detach().mul_(1e30).exp_()
        torch.nn.functional.binary_cross_entropy_with_logits(x * 1e30, x)
        torch.optim.SGD([x], lr=1e38).step()
    assert not caught
    assert x.isnan().any()


def test_the_readers_own_arrays_still_warn():
    with pytest.warns(RuntimeWarning, match="divide by zero"):
        np.log(np.zeros(2))


def test_a_quiet_module_keeps_its_name():
    name = "minigrad.ops.arithmetic"
    module = sys.modules[name]
    assert vars(module)["__name__"] is None
    assert module.__name__ == name
    assert name in repr(module)
    assert name in pydoc.render_doc(module)
    assert importlib.import_module(name) is module


@pytest.mark.filterwarnings("ignore:index_reduce")  # it warns, as PyTorch's does
@pytest.mark.parametrize("row, expression, shapes", CASES)
def test_no_operation_lets_numpy_warn(row, expression, shapes):
    """Entries that overflow, that are infinite or no numbers: forward, backward, and once more."""
    wild = np.array([3e38, -3e38, np.inf, -np.inf, np.nan, 0.0, 1e-45, 1.0], np.float32)
    names = {"torch": torch, "np": np}
    for name, shape in zip("xyz", shapes, strict=False):
        start = "xyz".index(name)
        entries = wild[(np.arange(int(np.prod(shape))) + start) % len(wild)].reshape(shape)
        names[name] = torch.tensor(entries, requires_grad=True)
    with warnings.catch_warnings():
        warnings.simplefilter("error", RuntimeWarning)
        with contextlib.suppress(RuntimeError, ValueError, NotImplementedError, AssertionError):
            out = eval(expression, names)
            out = out[0] if isinstance(out, tuple) else out
            grads = torch.autograd.grad(
                out, [v for v in map(names.get, "xyz") if v is not None],
                torch.full_like(out, 1e38), create_graph=True, allow_unused=True,
            )  # fmt: skip
            torch.autograd.backward([g.sum() for g in grads if g is not None and g.requires_grad])


def test_classes_made_in_quiet_modules_know_their_module():
    class Double(torch.autograd.Function):
        forward = staticmethod(lambda ctx, x: x * 2)
        backward = staticmethod(lambda ctx, grad: grad * 2)

    node = Double.apply(torch.ones(1, requires_grad=True)).grad_fn
    assert str(type(node)) == "<class 'minigrad.autograd.function.DoubleBackward'>"
