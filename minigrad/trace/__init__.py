"""A recorded run as plain data: what was computed, and every step of the way back.

    trace = record(out)       # out: a tensor with a graph; nobody's .grad is changed
    print(trace)              # a readable text version
    trace.to_json()           # schema version 1; views draw this and know nothing else

The schema:

    trace     {schema, engine, output, nodes, edges, forward, backward, error, layout}
    node      {id, kind, name, label, operation, expression, grad_fn, source, value,
               requires_grad, is_leaf, retains_grad, saved, scope}
              kind: "leaf", "operation", or "constant" (a tensor that requires no grad)
              label: the variable's name, or t1, t2, … for a value without one
              source: {where, line, text} or null;  value: array or null (it was not kept)
              now, writer: (else absent) of a leaf or a constant: an array, what it holds since it
              was written to (value: what it held when it was used), and what wrote last, or ""
              more: [{output, label, value}] (else absent), its results but for the first
              saved: [{name, node, label, version}], what it keeps for the backward pass
              now, writer: (else absent) the version has changed since, and what wrote last
              packed: true (else absent): a hook has packed what it saved, and `saved` leaves it out
              freed: true (else absent): an earlier backward has freed it; version is null then
              scope: [[kind, name, index], …], what an operation was computed in, outermost first;
              kind: "module", "function" or "loop"; index: which call or iteration. May be absent
              reached: false (else absent) of what requires grad, but no walk from the output comes
              to it. An operation that requires no grad has lost its inputs' history, or follows on
              one that has
    edge      {id, from, to, input}: data flows from → to, where it is the input of that name
              output: (else absent) not the first result of `from` flows there, but this one
              held, writer: (else absent) what it had become by then, an array: somebody had written
              to it, and `from` does not know of that; what wrote last, or ""
              severed: {reason, text} (else absent): the history ends here, no gradient goes back.
              reason: a word or two, such as "no_grad" or "detach()";  text: a sentence
    forward   [{node, text}]
    backward  [{kind, node, text, rule, incoming, products, nothing, accumulate, freed}]
              kind: "seed", "operation", or "accumulate" (at a leaf)
              nothing: ids of inputs to which a Function's backward sent None
              output, label: which result of the node `incoming` belongs to, and what that is
              called; absent: the first
              hooked: array (else absent): the sum that was sent here, which a hook has changed
    product   {edge, to, input, rule, jacobian, contribution, before, after}
              contribution: incoming · jacobian; before, after: what is gathered at `to`
              alone: array (else absent): what the node sends by its own derivative, incoming ·
              jacobian; a hook on the node has made `contribution` of it
              label: (else absent) what is sent to is not the first result of `to`, but this one
              nudged: jacobian (else absent): that of a Function's forward by differences, where the
              one that its backward gives is another
              more: [{output, label, incoming, jacobian}] (else absent) of the node's other
              results: the contribution is the sum
              kinks: {count, entries: [{at, left, right, used}]} (else absent): entries of the input
              at which the slopes to the left and to the right differ; the engine used a third
    jacobian  {kind, shape, values}: kind "dense", "row", "diagonal" (its entries only) or "large"
              rows are entries of the node's value, columns entries of the input, both in C order
              of a large one, if it was looked at, {structure, map} instead of values: structure
              "diagonal" (the map is one row: the diagonal), "broadcast", or null
              kind "omitted": beyond the first DETAILED steps of a large graph (data.py)
    map       {rows, columns, cells, max, exact}: a character per block of the matrix, row by row:
              "0" zero, "a" … "i" positive of level 1 … 9, "A" … "I" negative, "!" nan or infinite;
              level k is at most max · (k / 9)². exact: false if rows were taken together; all
              signs are then positive
    array     {shape, dtype, values}, or for more than 64 entries {shape, dtype, min, max, mean,
              corner}; nan and infinities are the strings "nan", "inf", "-inf"
    error     null (or absent), or {phase, node, type, text, operands, incoming}: the run failed at
              that node (an id, or null), after the steps above. phase: "forward" or "backward"
              type, text: the exception's, whole;  operands: [{label, shape, dtype}]
              incoming: the cotangent (an array) that the failing node had received, or null
    layout    filled in by `widgets.layout`
"""

from .data import Trace
from .record import record
from .replay import replay

__all__ = ["Trace", "record", "replay"]
