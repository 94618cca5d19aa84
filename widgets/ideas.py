"""The idea behind an error that an answer raised: a sentence after the error's own text."""

SHAPES = (
    "Write the two shapes beside each other: has one of them to be transposed, or do they change "
    "places?"
)
# A part of the text → the idea. The first that fits is said.
IDEAS = {
    "a leaf Variable that requires grad is being used": "The step must not be recorded: put it "
    "under with torch.no_grad():.",
    "does not require grad and does not have a grad_fn": "The history was cut: what is made under "
    "no_grad, by detach() or from plain numbers remembers nothing.",
    "a second time": "The first backward has freed what the second one needs.",
    "modified by an inplace operation": "A saved tensor was overwritten before the backward that "
    "needs its old values.",
    "appears to not have been used in the graph": "No path leads to the input that was asked for: "
    "it was not used, or the history was cut on the way.",
    "created only for scalar outputs": "A backward pass starts at one number: sum first, or say "
    "grad_outputs=….",
    "incorrect number of gradients": "backward returns one for each argument of forward, and None "
    "for an argument that has none.",
    "a gradient different than None": "A number has no gradient: return None in its place.",
    "expected Variable or None": "A gradient is a tensor of the shape of its input.",
    "returned an invalid gradient": "A gradient has the shape of its input.",
    "cannot be multiplied": SHAPES,
    "mismatch in its core dimension": SHAPES,
    "could not be broadcast together": "* goes entry by entry, and these shapes do not fit. Is it "
    "@, or a transpose?",
    "cannot reshape": "reshape keeps every entry. Here some have to be added up.",
    "expected 1, got 0": "Nothing was saved: forward has to call ctx.save_for_backward(…).",
    "converted to an index": "ctx.saved_tensors is a tuple, also of one: (s,) = ctx.saved_tensors.",
    "can only save variables": "What is no tensor is stored in ctx itself: ctx.name = value.",
    "has no attribute 'sources'": "It has to return an Array: return Array(numbers, sources).",
    "can't retain_grad": "Only what remembers can keep a gradient: was requires_grad asked of the "
    "leaf that it is computed from?",
    "'NoneType'": "Something is None here: a .grad into which no backward has put anything, or "
    "what a function without a return has returned.",
    "'numpy.ndarray' object is not callable": "A function belongs here: lambda g: ….",
    "cannot unpack non-iterable Array": "Each entry of sources is a pair: (array, function).",
    "<lambda>() takes 0 positional arguments but 1": "It is given the incoming gradient: "
    "lambda g: ….",
    "positional argument": "Count what the function is given: the names in its first line have to "
    "fit.",
    "'Array'": "The numbers of an Array are in its .data.",
    "name 'g' is not defined": "Only a function knows g: lambda g: ….",
    "name 'self' is not defined": "What was self is ctx today.",
    "is not defined": "Is it spelt right? Functions are methods or stand in torch: x.exp() or "
    "torch.exp(x); so do types: torch.float64.",
    "cannot access local variable": "A function that changes a number outside of it has to say "
    "so: nonlocal.",
    "recursion depth": "Every call waits within another one. A list of what is still to do needs "
    "no call.",
    "Boolean value of Tensor with more than one": "if asks one question; where asks it of every "
    "entry.",
}


def idea(text: str) -> str:
    """The idea behind an error's text; empty if there is nothing to add."""
    return next((said for words, said in IDEAS.items() if words in text), "")
