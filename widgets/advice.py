"""What to do next: one sentence after PyTorch's own text, where no picture can be drawn."""

from __future__ import annotations

from typing import Any

GIVE_A_TENSOR = (
    "Give the gradient as a tensor of the shape of the tensor that you step through: "
    "gradient=torch.tensor([…])."
)

MODES = ("no_grad", "inference_mode")
NO_HISTORY = "element 0 of tensors does not require grad"
CUT = "The picture shows in red where its history was cut"

# The beginning of PyTorch's text → what to do.
ADVICE = {
    NO_HISTORY: (
        "There is no graph to step through: make a tensor that it is computed from with "
        "requires_grad=True, and do not compute it under torch.no_grad(). (If it was computed from "
        "gradients: ask for those with create_graph=True.)"
    ),
    "grad can be implicitly created only for scalar outputs": (
        "Step through one number, such as step_through(out.sum()), or give the gradient to start "
        "with: step_through(out, gradient=torch.ones_like(out))."
    ),
    "Trying to backward through the graph a second time": (
        "Run the forward pass again and step through its result, or call "
        "backward(retain_graph=True) before."
    ),
    "Mismatch in shape: grad_output": (
        "The gradient must have the shape of the tensor that you step through."
    ),
    "object is not iterable": GIVE_A_TENSOR,
    "gradients can be either Tensors or None": GIVE_A_TENSOR,
    "one of the variables needed for gradient computation has been modified": (
        "Step through the graph before the in-place operation, or write it out of place."
    ),
}


def told(text: str) -> str:
    """An engine's error with what to do about it."""
    for start, sentence in ADVICE.items():
        if start in text and sentence not in text:
            return f"{text}\n{sentence}"
    return text


def add(data: dict[str, Any]) -> None:
    """Add to the error of a trace what to do about it."""
    error = data["error"]
    if error is not None and NO_HISTORY in error["text"]:
        error["text"] += f"\n{CUT}: {_instead(data)}"
    elif error is not None:
        error["text"] = told(error["text"])


def _instead(data: dict[str, Any]) -> str:
    """How to go on, by what cut the history of what backward started from."""
    cuts = [edge["severed"]["reason"] for edge in data["edges"] if "severed" in edge]
    cut = cuts[-1] if cuts else ""
    if cut in MODES:
        return f"compute it outside of {cut}()."
    if cut.startswith(".") or cut.endswith(")"):
        return f"compute with the tensor itself, without {cut}."
    operation = cut.split(":")[0] or "what leads to it"
    return f"{operation} has no derivative, so compute the loss from what goes into it."


def not_a_tensor(value: Any) -> str:
    """The error for something that has no graph because it is no tensor."""
    kind = type(value).__name__
    return (
        "step_through() needs a Tensor that was computed from one with requires_grad=True, but "
        f"got {kind}. Pass the tensor that backward would start from, such as the loss: "
        "step_through(loss)."
    )
