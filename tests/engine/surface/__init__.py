"""Lines of random programs, a module per area of the surface. See `test_surface_programs.py`.

In a line `{v}` is any tensor that is there, `{w}` one of the same shape (mostly), `{f}` and `{g}`
floating point ones of one shape, `{i}` one of integers, `{m}` a mask of the shape of `{v}`, `{x}`
one of the tensors that the program began with, `{n}` a new name, `{s}` the shape of `{v}`, `{d}`
and `{e}` two of its axes (now and then one too many), `{c}` a Python number, `{t}` a dtype, `{j}`
an index, `{k}` a small whole number.
"""

from tests.engine.surface import (
    assigning,
    autograd,
    creation,
    functions,
    graph,
    hooks,
    matrix,
    modes,
    network,
    numbers,
    printing,
    reductions,
    shapes,
    tangents,
    writing,
)

AREAS = {
    "numbers": numbers.LINES,
    "reductions": reductions.LINES,
    "shapes": shapes.LINES,
    "matrix": matrix.LINES,
    "assigning": assigning.LINES,
    "writing": writing.LINES,
    "creation": creation.LINES,
    "printing": printing.LINES,
    "modes": modes.LINES,
    "autograd": autograd.LINES,
    "hooks": hooks.LINES,
    "functions": functions.LINES,
    "graph": graph.LINES,
    "tangents": tangents.LINES,
    "network": network.LINES,
}
