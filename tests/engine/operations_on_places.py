"""The rows of operations that move entries: shapes, axes, parts, joining, gathering, matrices.

See `rows.py`. Indices stand in the expressions, so most rows name their own shapes.
"""

from __future__ import annotations

from tests.engine.rows import CUBE, Row, Shapes

MATRIX: tuple[Shapes, ...] = (((2, 3),),)
LINE: tuple[Shapes, ...] = (((4,),),)
FACES: tuple[Shapes, ...] = (((3, 4),), ((2, 3, 4),))
PAIR: tuple[Shapes, ...] = (((2, 3), (2, 3)),)
K = "torch.tensor([[0, 1, 1], [1, 0, 0]])"
PLACES = "torch.tensor([1, 0, 1])"


def on(covers: str, shapes: tuple[Shapes, ...], *expressions: str, kinds: bool = False) -> Row:
    """An operation on inputs of these shapes."""
    return Row(covers, expressions, shapes, kinds=kinds)


TABLE = [
    # axes
    on("axes._permute", CUBE, "torch.permute(x, (1, 0, 2))",
       "x.movedim(0, 2)",
       "torch.movedim(x, (0, 1), (1, 0))", "torch.moveaxis(x, 0, 1)", kinds=True),
    on("axes._transpose", CUBE, "x.transpose(0, 2)", "torch.transpose(x, 1, -1)",
       "x.swapaxes(0, 1)",
       "torch.swapaxes(x, 0, 2)", "torch.swapdims(x, 1, 2)", "x.mT * 2", "torch.adjoint(x)"),
    on("axes.t_", MATRIX, "torch.t(x) * 2"),
    on("axes._flip", CUBE, "x.flip(0)", "torch.flip(x, (0, 2))", kinds=True),
    on("axes._roll", CUBE[:1], "x.roll(1, 0)", "torch.roll(x, 2)", "x.roll((1, -1), (0, 2))"),
    on("axes.alias", (((),),), "x.movedim(0, 0)", "x[...]"),
    # shape
    on("formats._laid_out", MATRIX, "x.t().contiguous()"),
    on("shape._reshape_alias", MATRIX, "x.t().reshape(3, 2, 1)", "x.t().reshape(-1)"),
    on("shape._squeeze_dims", (((2, 1, 3),),), "x.squeeze((0, 1))", "torch.squeeze(x, (1,))"),
    on("shape._view", CUBE, "x.flatten(1)", "torch.flatten(x)", "torch.ravel(x)",
       "x.unflatten(2, (2, 2))", "torch.unflatten(x, 2, (2, -1))"),
    on("shape._expand", (((3,),),), "torch.broadcast_to(x, (2, 3))",
       "torch.broadcast_tensors(x, torch.ones(2, 1))[0]", "x.expand(2, 3)"),
    on("shape._unsqueeze", (((3,),),), "torch.atleast_2d(x)", "torch.atleast_3d(x)",
       "x.unsqueeze(1)"),
    on("shape._view", (((),),), "torch.atleast_1d(x)"),
    # parts
    on("parts._split", CUBE, "x.split(2, 1)[0]", "torch.split(x, 2, 2)[1]", "x.chunk(2, 2)[1]",
       "torch.chunk(x, 3, 1)[0]"),
    on("parts._split_with_sizes", CUBE, "x.split([1, 3], 2)[1]",
       "torch.split_with_sizes(x, (1, 2), 1)[0]"),
    on("parts._unbind", CUBE, "x.unbind(1)[2]", "torch.unbind(x, 2)[0]"),
    on("parts._diagonal", FACES, "x.diagonal()", "torch.diagonal(x, 1, 0, -1)", "x.diagonal(-1)"),
    on("parts._unfold", CUBE, "x.unfold(2, 2, 1)", "x.unfold(1, 2, 2)"),
    on("indexing._slice", CUBE, "x.narrow(1, 1, 2)", "torch.narrow(x, 2, 0, 3)",
       "torch.tensor_split(x, 2, 2)[1]"),
    on("indexing._select", (((2, 3),),), "torch.select(x, 1, 2)", "x.select(0, -1)"),
    # joining
    on("joining.cat", PAIR, "torch.cat([x, y])", "torch.cat((x, y), 1)", "torch.concat([x, y])",
       "torch.concatenate([x, y], 1)", "torch.hstack([x, y])", "torch.vstack([x, y])",
       "torch.dstack([x, y])", "torch.column_stack([x, y])"),
    on("joining.stack", PAIR, "torch.stack([x, y])", "torch.stack((x, y), -1)"),
    on("joining._repeat", MATRIX, "x.repeat(2, 1)", "x.repeat(2, 1, 3)", "torch.tile(x, (2,))"),
    on("joining.repeat_interleave", MATRIX, "x.repeat_interleave(2)",
       "torch.repeat_interleave(x, 2, 1)"),
    on("joining.meshgrid", (((3,), (2,)),), "torch.meshgrid(x, y, indexing='ij')[0]",
       "torch.meshgrid(x, y, indexing='xy')[1]"),
    # gathering
    on("gathering._gather", MATRIX, f"x.gather(0, {K})", f"torch.gather(x, 1, {K}[:, :2])"),
    on("gathering._scatter", PAIR, f"x.scatter(0, {K}, y)", f"torch.scatter(x, 0, {K}[:1], y[:1])"),
    on("gathering._scatter_value", MATRIX, f"x.scatter(0, {K}[:1], 1.5)"),
    on("gathering._scatter_add", PAIR, f"x.scatter_add(0, {K}, y)",
       f"torch.scatter_add(x, 0, {K}, y)"),
    on("gathering._index_select", MATRIX, f"x.index_select(1, {PLACES})",
       f"torch.index_select(x, 0, {PLACES})"),
    on("gathering._index_add", PAIR, f"x.index_add(1, {PLACES}, y)",
       f"torch.index_add(x, 1, {PLACES}, y, alpha=2)"),
    on("gathering._index_copy", PAIR, "x.index_copy(1, torch.tensor([2, 0]), y[:, :2])",
       "torch.index_copy(x, 0, torch.tensor([1]), y[:1])"),
    on("gathering._index_fill", MATRIX, "x.index_fill(1, torch.tensor([0, 2]), 3)",
       "torch.index_fill(x, 0, torch.tensor([1]), -1.5)"),
    on("gathering._index_fill_tensor", (((2, 3), ()),), "x.index_fill(1, torch.tensor([0, 2]), y)"),
    on("gathering._masked_fill", MATRIX, "x.masked_fill(x > 0, 2)",
       "torch.masked_fill(x, x < 0, 0.5)"),
    on("gathering._masked_fill_tensor", (((2, 3), ()),), "x.masked_fill(x > 0, y)"),
    on("gathering._masked_scatter", PAIR, "x.masked_scatter(x > 0, y)",
       "torch.masked_scatter(x, x > 0, y)"),
    on("gathering._masked_select", MATRIX, "x.masked_select(x > 0)",
       "torch.masked_select(x, x < 0.5)"),
    on("gathering._take", MATRIX, f"x.take({K})", f"torch.take(x, {PLACES})"),
    on("assignment._index_put", PAIR, "x.index_put((torch.tensor([0, 1]),), y)",
       "torch.index_put(x, (torch.tensor([0, 0]),), y, accumulate=True)"),
    # sorting
    on("sorting._sort", FACES, "x.sort(-1)[0]", "torch.sort(x, 0, descending=True)[0]",
       "torch.msort(x)", "x.sort()[1]", "torch.argsort(x)", "x.argsort(0, descending=True)"),
    on("sorting._sort_stable", FACES, "x.sort(stable=True)[0]",
       "torch.sort(x, stable=True, dim=0)[0]"),
    on("sorting._topk", FACES, "x.topk(2)[0]", "torch.topk(x, 2, 0, largest=False)[0]",
       "x.topk(2)[1]"),
    on("sorting.nonzero", MATRIX, "torch.nonzero(x > 0)", "(x > 0).nonzero(as_tuple=True)[1]"),
    on("sorting.unique", LINE, "torch.unique(x.detach().round())",
       "x.sign().unique(return_counts=True)[1]",
       "torch.unique_consecutive(x.detach().sign())"),
    on("sorting.searchsorted", LINE,
       "torch.searchsorted(x.sort()[0], torch.tensor([0.0, 0.5]).to(x))",
       "torch.bucketize(x, torch.tensor([-1.0, 0.0, 1.0]).to(x))"),
    # matrices
    on("added_products._addmm", (((4,), (2, 3), (3, 4)),), "torch.addmm(x, y, z)",
       "torch.addmm(x, y, z, beta=2, alpha=0.5)", "torch.nn.functional.linear(y, z.t(), x)"),
    on("added_products._baddbmm",
       (((3, 2), (2, 3, 4), (2, 4, 2)), ((2, 1, 2), (2, 3, 1), (2, 1, 2))),
       "torch.baddbmm(x, y, z)", "x.baddbmm(y, z, beta=2, alpha=0.5)"),
    on("added_products._addbmm", (((2,), (2, 3, 4), (2, 4, 2)), ((3, 2), (0, 3, 4), (0, 4, 2))),
       "torch.addbmm(x, y, z)", "x.addbmm(y, z, beta=0.5, alpha=-2)"),
    on("added_products._addmv", (((2,), (2, 3), (3,)), ((1,), (2, 3), (3,))),
       "torch.addmv(x, y, z)", "x.addmv(y, z, beta=-1, alpha=0.5)"),
    on("added_products._addr", (((2, 3), (2,), (3,)), ((3,), (2,), (3,))),
       "torch.addr(x, y, z)", "x.addr(y, z, beta=2, alpha=0.5)"),
    on("matrix._bmm", (((2, 3, 4), (2, 4, 2)),), "torch.bmm(x, y)", "x @ y",
       "torch.einsum('bij,bjk->bik', x, y)"),
    on("matrix._mv", (((2, 3), (3,)),), "torch.mv(x, y)", "torch.inner(x, y)"),
    on("matrix._dot", (((3,), (3,)),), "torch.dot(x, y)"),
    on("matrix.outer", (((3,), (2,)),), "torch.outer(x, y)", "torch.ger(x, y)"),
    on("triangles._trace", MATRIX, "torch.trace(x)", "x.trace() * 2"),
    on("triangles._tril", FACES, "x.tril()", "torch.tril(x, 1)"),
    on("triangles._triu", FACES, "x.triu()", "torch.triu(x, -1)"),
    on("triangles._diag_embed", FACES, "torch.diag_embed(x)", "x[0].diag() if x.dim() == 2 else x",
       "torch.diagflat(x)", "x.diag_embed(1)"),
    on("triangles._diagonal_copy", MATRIX, "torch.diag(x)", "x.diag(1)"),
    on("strided._as_strided", MATRIX, "torch.as_strided(x, (2, 2), (1, 2))",
       "x.as_strided((3,), (1,), 2)"),
    # in place, of shape: on a copy, which has a history
    on("resizing._squeeze", (((2, 1, 3),),), "x.clone().squeeze_()"),
    on("resizing._squeeze_dim", (((2, 1, 3),),), "x.clone().squeeze_(1)"),
    on("resizing._squeeze_dims", (((2, 1, 3, 1),),), "x.clone().squeeze_((1, 3))"),
    on("resizing._t", MATRIX, "x.clone().t_()"),
    on("resizing._transpose", MATRIX, "x.clone().transpose_(0, 1)"),
    on("resizing._unsqueeze", MATRIX, "x.clone().unsqueeze_(1)"),
    on("resizing._placed", MATRIX, "x.clone().as_strided_((2, 2), (1, 2), 1)"),
    # losses and layers
    on("scattering._scatter_reduce", PAIR, *(
        f"torch.scatter_reduce(x, 0, {K}, y, '{how}')" for how in ("sum", "prod", "mean", "amax")),
        *(f"x.scatter_reduce(0, {K}, y, '{how}', include_self=False)"
          for how in ("sum", "prod", "mean", "amin"))),
    on("scattering._index_reduce", PAIR, *(
        f"torch.index_reduce(x, 1, {PLACES}, y, '{how}')" for how in ("mean", "amax")),
        f"(x * 1).index_reduce_(1, {PLACES}, y, 'mean')",
        *(f"x.index_reduce(1, {PLACES}, y, '{how}', include_self=False)"
          for how in ("mean", "amin"))),
    on("scattering._scatter_reduce", PAIR, f"(x * 1).scatter_reduce_(0, {K}, y, 'sum')",
       f"(x * 0).scatter_reduce(0, {K}, y * 1, 'prod')",
       f"x.scatter_reduce(0, {K}, y.floor(), 'amax')"),
    on("parts._unsafe_split", CUBE, "x.unsafe_split(2, 1)[0]", "torch.unsafe_split(x, 2, 2)[1]",
       "x.unsafe_split(1)[0] * x.unsafe_split(1)[1]"),
    on("parts._unsafe_split_with_sizes", CUBE, "x.unsafe_split_with_sizes((1, 1), 0)[1]",
       "torch.unsafe_split_with_sizes(x, [2, 2], 2)[0]"),
    on("parts._unsafe_split", CUBE, "torch.unsafe_chunk(x, 2, 2)[0]", "x.unsafe_chunk(2)[1]"),
    on("losses._smooth_l1_loss", PAIR, "torch.nn.functional.smooth_l1_loss(x, y)",
       "torch.nn.functional.smooth_l1_loss(x, y, reduction='none', beta=0.5)",
       "torch.nn.SmoothL1Loss(reduction='sum', beta=2.0)(x, y)",
       "torch.nn.functional.smooth_l1_loss(x, y, beta=0)"),
    on("losses._huber_loss", PAIR, "torch.nn.functional.huber_loss(x, y)",
       "torch.nn.functional.huber_loss(x, y, reduction='sum', delta=0.5)",
       "torch.nn.HuberLoss('none', 2.0)(x, y)"),
    on("norms.vector_norm", PAIR, "torch.nn.functional.normalize(x)",
       "torch.nn.functional.normalize(x, p=1, dim=0)"),
    on("combining._xlogy", PAIR, "torch.nn.functional.kl_div(x, y.exp(), reduction='sum')",
       "torch.nn.functional.kl_div(x, y.exp(), reduction='none')"),
    on("similarity.cosine_similarity", PAIR, "torch.cosine_similarity(x, y)",
       "torch.nn.functional.cosine_similarity(x, y, dim=0)"),
    on("losses._mse_loss", PAIR, "torch.nn.functional.mse_loss(x, y)",
       "torch.nn.functional.mse_loss(x, y, reduction='sum')"),
    on("losses._bce_with_logits", PAIR,
       "torch.nn.functional.binary_cross_entropy_with_logits(x, (y > 0).to(x.dtype))"),
    on("losses._binary_cross_entropy", PAIR,
       "torch.nn.functional.binary_cross_entropy(x.sigmoid(), (y > 0).to(x.dtype))"),
    on("losses._nll_loss", (((3, 4),),),
       "torch.nn.functional.nll_loss(x.log_softmax(1), torch.tensor([0, 3, 1]))",
       "torch.nn.functional.cross_entropy(x, torch.tensor([2, 0, 1]), reduction='sum')"),
    on("losses._nll_loss2d", (((2, 3, 2, 2),),),
       "torch.nn.functional.nll_loss(x.log_softmax(1), torch.ones(2, 2, 2).long())"),
    on("lookup._embedding", (((4, 3),),),
       "torch.nn.functional.embedding(torch.tensor([[0, 2], [2, 1]]), x)"),
    on("normalization._native_layer_norm", (((2, 3),),), "torch.nn.functional.layer_norm(x, (3,))"),
    on("normalization._native_batch_norm", (((4, 3),),),
       "torch.nn.functional.batch_norm(x, None, None, training=True)"),
]  # fmt: skip
