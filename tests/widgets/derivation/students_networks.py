"""Derivations that students meet; see students.py."""

# ruff: noqa: E501  (one answer, one piece of a line)
from __future__ import annotations

STUDENTS = {
    'nll_index': (
        'z = torch.tensor([0.2, -1., 1.5], requires_grad=True)\n'
        'p = torch.softmax(z, 0)\n'
        'loss = -torch.log(p[2])\n',
        'loss', 'z',
        {
            '∂loss/∂z': (
                ['p - [0,0,1]', 'softmax(z,0) - tensor([0.,0.,1.])', '[p[0], p[1], p[2]-1]',
                 'stack([p[0],p[1],p[2]-1])', 'p - eye(3)[2]', 'exp(z)/sum(exp(z)) - [0, 0, 1]',
                 '(p[0], p[1], p[2] - 1)', 'cat([p[:2], p[2:] - 1])', '[0.2012, 0.0606, -0.2618]',
                 '[0.201, 0.061, -0.262]', 'p - one_hot(2, 3)'],
                [('p', 'missing term | partly right | different | not differentiated | local factor'),
                 ('[0,0,1]-p', 'sign'),
                 ('-1/p', 'local factor | missing inner derivative | different | partly right'),
                 ('p - 1', 'partly right | different | missing factor | missing inner derivative | missing term | wrong number'),
                 ('[0,0,-1/p[2]]', 'local factor | partly right | different')],
            ),
            '∂loss/∂p': (
                ['[0, 0, -1/p[2]]', '-[0,0,1]/p', '-tensor([0,0,1])/p', '-eye(3)[2]/p', '-1/p*[0,0,1]',
                 '[0,0,-1.3546]', '-1/p * (p==p[2])'],
                [('-1/p', 'partly right'), ('[0,0,1/p[2]]', 'sign'), ('-1/p[2]', 'partly right | extra sum'),
                 ('[0,0,-log(p[2])]', 'different | wrong function | partly right')],
            ),
        },
    ),
    'layernorm': (
        'x = torch.tensor([1., 2., 4., -1.], requires_grad=True)\n'
        'c = torch.tensor([1., -2., 0.5, 3.])\n'
        'm = x.mean()\n'
        'v = ((x - m)**2).mean()\n'
        'y = (x - m)/torch.sqrt(v)\n'
        's = (c*y).sum()\n',
        's', 'x',
        {
            '∂s/∂x': (
                ['(c - c.mean() - y*(c*y).mean())/sqrt(v)', '1/sqrt(v)*(c - mean(c) - y*mean(c*y))',
                 '(c - c.mean() - y*s/4)/v.sqrt()', '(4*c - c.sum() - y*sum(c*y))/(4*sqrt(v))',
                 '(c - c.mean() - y*(c@y)/4)/v**0.5', 'v**(-1/2)*(c - mean(c)) - v**(-1/2)*y*mean(c*y)',
                 'rsqrt(v)*(c - mean(c) - y*mean(c*y))', '(c - mean(c) - y*mean(c*y))/√v',
                 '(c - c.mean() - (x-m)*(c*(x-m)).mean()/v)/sqrt(v)',
                 '(c - c.mean() - y*(c*y).mean())/x.std(unbiased=False)'],
                [('c/sqrt(v)', 'missing factor | missing inner derivative | missing term | different | local factor | used twice'),
                 ('(c - c.mean())/sqrt(v)', 'missing term | different | used twice'),
                 ('(c - c.mean() + y*(c*y).mean())/sqrt(v)', 'sign'),
                 ('(c - c.mean() - y*(c*y).mean())/v', 'wrong power'),
                 ('(c - c.sum() - y*(c*y).mean())/sqrt(v)', 'sum against mean'),
                 ('(c - c.mean() - y*(c*y).mean())*sqrt(v)', 'upside down | wrong power')],
            ),
        },
    ),
    'norm': (
        'x = torch.tensor([3., -4., 1.], requires_grad=True)\n'
        'n = (x**2).sum().sqrt()\n',
        'n', 'x',
        {
            '∂n/∂x': (
                ['x/n', 'x/norm(x)', 'x/sqrt(sum(x**2))', 'x/x.norm()', 'x/sqrt(x@x)', 'x*n**-1', 'x/||x||',
                 'x/torch.linalg.norm(x)', '1/2*(x**2).sum()**(-1/2)*2*x', 'x / torch.sqrt((x**2).sum())',
                 '[0.588, -0.784, 0.196]', '[0.5883, -0.7845, 0.1961]', 'x*(x@x)**(-0.5)', 'x/(x@x)**.5', '2*x/(2*n)',
                 'x/torch.norm(x)', 'x·n⁻¹', 'F.normalize(x, dim=0)', 'x * rsqrt(dot(x,x))',
                 'x/torch.linalg.vector_norm(x)'],
                [('1/(2*n)', 'missing inner derivative | missing factor | local factor'),
                 ('2*x/n', 'constant factor | wrong number'), ('x/n**2', 'wrong power'),
                 ('x*n', 'wrong power | upside down'),
                 ('2*x', 'local factor | missing inner derivative | different | missing factor | missing term | wrong number | wrong function | wrong tensor | wrong power'),
                 ('x/(2*n)', 'constant factor | wrong number'), ('-x/n', 'sign'),
                 ('x/abs(x)', 'different | wrong function | wrong number | wrong tensor | wrong power'),
                 ('sqrt(2*x)', 'different | undefined')],
            ),
        },
    ),
    'lse': (
        'x = torch.tensor([0.1, 1., -0.5, 2.], requires_grad=True)\n'
        'y = torch.logsumexp(x, 0)\n',
        'y', 'x',
        {
            '∂y/∂x': (
                ['softmax(x, 0)', 'exp(x)/sum(exp(x))', 'torch.softmax(x, dim=0)', 'exp(x - y)', 'e^x/sum(e^x)',
                 'e^(x-y)', 'exp(x)/exp(y)', 'exp(x)/exp(x).sum()', 'x.softmax(0)', 'F.softmax(x, dim=-1)',
                 '1/sum(exp(x))*exp(x)', '[0.0935, 0.2300, 0.0513, 0.6251]', '[0.094, 0.230, 0.051, 0.625]',
                 'e**x/(e**x).sum()', 'exp(log_softmax(x,0))', '1/sum(exp(x[None,:]-x[:,None]), 1)',
                 'exp(x)/(exp(x[0])+exp(x[1])+exp(x[2])+exp(x[3]))'],
                [('exp(x)', 'missing factor | missing inner derivative | missing term | different | extra factor | extra term | upside down | constant factor | wrong number | wrong function | wrong tensor | wrong power'),
                 ('1/sum(exp(x))', 'missing inner derivative | missing factor | wrong power'),
                 ('log(softmax(x,0))', 'wrong function | extra factor | extra term | different | not differentiated'),
                 ('softmax(x,0)*(1-softmax(x,0))', 'different | extra factor | extra term | wrong number | wrong function | wrong tensor | wrong power | missing factor | missing inner derivative | missing term'),
                 ('-softmax(x,0)', 'sign'), ('exp(x)/mean(exp(x))', 'sum against mean | constant factor'),
                 ('sigmoid(x)', 'wrong function')],
            ),
        },
    ),
    'max': (
        'x = torch.tensor([1., 5., 2.], requires_grad=True)\n'
        'y = 2*x.max()\n',
        'y', 'x',
        {
            '∂y/∂x': (
                ['[0, 2, 0]', '2*(x == x.max())', '2*(x==max(x)).float()', 'tensor([0., 2., 0.])',
                 '2*where(x == x.max(), 1, 0)', '2*eye(3)[1]', '2*(x >= x.max())', '2*one_hot(argmax(x), 3)',
                 '2*(x == amax(x))', '[0,2,0] * 1', '2*F.one_hot(x.argmax(), 3)', '2*(2*x == y)'],
                [('[0,1,0]', 'constant factor | wrong number'), ('2', 'partly right | missing factor | extra sum'),
                 ('[2,2,2]', 'partly right | extra sum'), ('2*x.max()', 'different | not differentiated | value'),
                 ('[2,0,0]', 'different | partly right'), ('2*(x == x.min())', 'wrong function')],
            ),
        },
    ),
    'cumsum': (
        'x = torch.tensor([1., 2., 3., 4.], requires_grad=True)\n'
        'c = torch.tensor([1., -1., 2., 0.5])\n'
        'y = torch.cumsum(x, 0)\n'
        's = (c*y).sum()\n',
        's', 'x',
        {
            '∂s/∂x': (
                ['tril(ones(4,4)).T @ c', 'c @ tril(ones(4,4))', 'triu(ones(4,4)) @ c',
                 'flip(cumsum(flip(c, 0), 0), 0)', 'c.flip(0).cumsum(0).flip(0)', '[2.5, 1.5, 2.5, 0.5]',
                 'sum(c) - cumsum(c, 0) + c', '[c[0]+c[1]+c[2]+c[3], c[1]+c[2]+c[3], c[2]+c[3], c[3]]',
                 '[c.sum(), c[1:].sum(), c[2:].sum(), c[3]]', 'c.sum() - c.cumsum(0) + c',
                 'stack([c[0:].sum(), c[1:].sum(), c[2:].sum(), c[3:].sum()])', 'c[::-1].cumsum(0)[::-1]',
                 'torch.flip(torch.cumsum(torch.flip(c, [0]), 0), [0])'],
                [('tril(ones(4,4)) @ c', 'transposed operand'),
                 ('c', 'local factor | missing inner derivative | partly right'),
                 ('triu(ones(4,4))', 'missing factor | wrong shape | local factor | different'),
                 ('-triu(ones(4,4))@c', 'sign'), ('sum(c)', 'extra sum | partly right')],
            ),
        },
    ),
    'transpose': (
        'A = torch.tensor([[1., 2., 3.], [4., 5., 6.]], requires_grad=True)\n'
        'C = torch.tensor([[1., 0.5], [-1., 2.], [0.3, 0.7]])\n'
        's = (A.T * C).sum()\n',
        's', 'A',
        {
            '∂s/∂A': (
                ['C.T', 'C.t()', 'transpose(C)', 'C.transpose(0,1)', 'Cᵀ', 'C^T', 'ones_like(A)*C.T',
                 'C.permute(1,0)', '[[1,-1,0.3],[0.5,2,0.7]]', 'C.mT', 'C.swapaxes(0,1)', 'torch.transpose(C, 0, 1)',
                 'torch.t(C)', "einsum('ij->ji', C)", 'np.transpose(C)', 'C⊤', 'C.adjoint()', 'C.H'],
                [('C', 'transposed operand'), ('-C.T', 'sign'), ('A', 'wrong tensor | different'),
                 ('C.T*A', 'extra factor | extra term | wrong number | wrong function | wrong tensor | wrong power | different | not differentiated'),
                 ('1', 'missing factor | different | wrong number | wrong function | wrong tensor | wrong power')],
            ),
        },
    ),
    'index_row': (
        'x = torch.tensor([[1., 2., 3.], [4., 5., 6.]], requires_grad=True)\n'
        'r = x[1]\n'
        's = (r**2).sum()\n',
        's', 'x',
        {
            '∂s/∂x': (
                ['[[0,0,0],[8,10,12]]', '[[0,0,0], 2*r]', '2*x*[[0],[1]]', '2*x*tensor([[0.],[1.]])',
                 'stack([zeros(3), 2*x[1]])', 'cat([zeros(1,3), 2*x[1:]])', 'outer([0,1], 2*r)', '[zeros(3), 2*r]',
                 '2*diag([0,1])@x', 'torch.stack([torch.zeros(3), 2*r])', 'torch.tensor([[0,0,0],[8,10,12]])',
                 '2*outer([0,1], r)'],
                [('2*x', 'partly right | missing factor'), ('2*r', 'partly right | wrong shape | local factor'),
                 ('[[0,0,0],r]', 'constant factor | wrong number'),
                 ('[[0,0,0], r**2]', 'wrong power | different | partly right')],
            ),
        },
    ),
    'two_inputs': (
        'a = torch.tensor(2., requires_grad=True)\n'
        'b = torch.tensor(-3., requires_grad=True)\n'
        'c = a*b\n'
        'd = c + a\n'
        'e = d**2\n',
        'e', 'a',
        {
            '∂e/∂a': (
                ['2*d*(b+1)', '2*(a*b+a)*(b+1)', '2d(b+1)', '2*d*b + 2*d', '2*(c+a)*(1+b)', '2*a*(b+1)**2',
                 '2a(b+1)²', '16', '2*d + 2*d*b', '2d·(1+b)', '2*a*(1 + 2*b + b^2)', '2 a (b+1)^2', '16.0', '8 + 8',
                 'tensor(16.)'],
                [('2*d*b', 'used twice'), ('2*d', 'used twice | local factor'), ('2*d*(b-1)', 'sign'),
                 ('2*(b+1)', 'wrong power | missing factor | wrong number | wrong function | wrong tensor'),
                 ('d*(b+1)', 'constant factor | wrong number'), ('-16', 'sign'), ('2*d*(a+1)', 'wrong tensor')],
            ),
            '∂e/∂d': (
                ['2*d', '2d', '-8', '2*(c+a)', 'd+d', '2*d**1'],
                [('d**2', 'not differentiated | value | wrong power'), ('d', 'constant factor | wrong number'),
                 ('2', 'wrong power | missing factor'), ('2*d**2', 'wrong power'),
                 ('16', 'value | not differentiated | wrong number | constant factor')],
            ),
            '∂d/∂a': (
                ['1', 'b+1', '1.0'],
                [('0', 'zero')],
            ),
        },
    ),
    'matvec': (
        'W = torch.tensor([[1., 2., 3.], [4., 5., 6.]])\n'
        'x = torch.tensor([1., -1., 0.5], requires_grad=True)\n'
        'y = W @ x\n',
        'y', 'x',
        {
            '∂y/∂x': (
                ['W', 'W.T @ v', 'v @ W', '[[1,2,3],[4,5,6]]', 'v@W', '(W.T*v).sum(1)', 'Wᵀ @ v', 'torch.mv(W.T, v)',
                 "einsum('ij,i->j', W, v)", 'v[0]*W[0] + v[1]*W[1]', 'W*1', 'W.t() @ v', 'W^T v', 'J = W',
                 '∂y/∂x = W', 'eye(2) @ W'],
                [('W.T', 'transposed operand'), ('W @ x', 'not differentiated | value'), ('-W', 'sign'),
                 ('2*W', 'constant factor | wrong number'), ('W @ v', 'transposed operand | shapes'),
                 ('W.T*v', 'missing sum | element-wise against matrix product')],
            ),
        },
    ),
    'square_vec': (
        'x = torch.tensor([1., -2., 0.5], requires_grad=True)\n'
        'y = x**2 + 3*x\n',
        'y', 'x',
        {
            '∂y/∂x': (
                ['2*x + 3', '2x+3', '(2*x+3)*v', 'diag(2*x+3)', 'v*(2*x+3)', '[5,-1,4]', '2*x + 3*ones_like(x)',
                 'x + x + 3', 'eye(3)*(2*x+3)', 'diag(2*x + 3) @ v', '3+2·x', 'torch.diag(2*x+3)', '2*(x + 1.5)',
                 '[[5,0,0],[0,-1,0],[0,0,4]]'],
                [('2*x', 'missing term | used twice | different'),
                 ('2*x+3*x', 'wrong power | extra factor | extra term | different | missing factor | missing inner derivative | missing term | wrong number | wrong function | wrong tensor'),
                 ('x+3', 'wrong number | constant factor | different'), ('x**2+3', 'wrong power | different'),
                 ('2*x-3', 'sign'), ('3', 'used twice | different | partly right'), ('(2*x+3).sum()', 'extra sum')],
            ),
        },
    ),
    'bmm': (
        'A = torch.arange(12.).reshape(2, 2, 3).requires_grad_()\n'
        'B = torch.linspace(-1, 1, 24).reshape(2, 3, 4)\n'
        'Y = torch.bmm(A, B)\n'
        's = (Y**2).sum()\n',
        's', 'A',
        {
            '∂s/∂A': (
                ['2*Y @ B.mT', '2*Y @ B.transpose(1,2)', '2*torch.bmm(Y, B.transpose(1, 2))',
                 '2*bmm(A@B, B.transpose(-1,-2))', '2*A @ (B @ B.mT)', "einsum('bik,bjk->bij', 2*Y, B)",
                 '2*matmul(Y, B.permute(0,2,1))', '2*Y@B.swapaxes(1,2)', "2*einsum('bik,bjk->bij', Y, B)",
                 '2*Y @ B.transpose(-2,-1)', '(2*(Y[:,:,None,:]*B[:,None,:,:])).sum(-1)', '2*(B @ Y.mT).mT',
                 '2*Y @ B.T'],
                [('2*Y @ B', 'transposed operand | shapes'), ('Y @ B.mT', 'constant factor | wrong number'),
                 ('2*B.mT @ Y', 'transposed operand | shapes'),
                 ('2*Y*B', 'shapes | element-wise against matrix product'), ('-2*Y@B.mT', 'sign'),
                 ('2*Y', 'local factor | missing inner derivative | wrong shape | different'),
                 ('2*Y**2 @ B.mT', 'wrong power')],
            ),
        },
    ),
    'log_ratio': (
        'x = torch.tensor([0.5, 1.5, 2.5], requires_grad=True)\n'
        'r = x/(1 + x)\n'
        's = torch.log(r).sum()\n',
        's', 'x',
        {
            '∂s/∂x': (
                ['1/(x*(1+x))', '1/x - 1/(1+x)', '1/(x+x**2)', '1/r * 1/(1+x)**2', '1/(r*(1+x)**2)',
                 '((1+x)-x)/(1+x)**2/r', '1/(x(1+x))', 'x**-1 - (1+x)**-1', '1/(x*(x+1))', '[1.333, 0.267, 0.114]',
                 '[1.3333, 0.2667, 0.1143]', '(1/x)*(1/(1+x))', '1/(x²+x)', '1/x · 1/(1+x)', '(1-r)/x',
                 '(x + x^2)^-1', 'r/x**2'],
                [('1/r', 'missing inner derivative | local factor'),
                 ('1/(1+x)**2', 'local factor | missing inner derivative'), ('1/x + 1/(1+x)', 'sign'),
                 ('x*(1+x)', 'upside down'),
                 ('1/x', 'used twice | different | missing factor | missing inner derivative | missing term | local factor'),
                 ('-1/(x*(1+x))', 'sign'),
                 ('1/(r*(1+x))', 'wrong power | missing factor | missing inner derivative | missing term | different')],
            ),
        },
    ),
    'powers': (
        'x = torch.tensor([0.5, 1.5, 2.5], requires_grad=True)\n'
        'y = (1 + 2*x)**0.5\n'
        'm = y.mean()\n',
        'm', 'x',
        {
            '∂m/∂x': (
                ['1/(3*y)', '1/3*(1+2*x)**-0.5', '1/(3*sqrt(1+2*x))', '(1+2*x)**(-1/2)/3',
                 '1/3 * 1/2 * (1+2*x)**(-1/2) * 2', 'y**-1/3', '1/(3√(1+2x))', 'rsqrt(1+2*x)/3', 'reciprocal(y)/3',
                 '1/(3 sqrt(1+2x))', '[0.2357, 0.1667, 0.1361]', '[0.236, 0.167, 0.136]', '1/3·y⁻¹',
                 '(1+2x)^(-1/2)/3', 'pow(1+2*x, -0.5)/3', '0.333*(1+2*x)**-0.5', '0.3333/y'],
                [('1/y', 'mean'), ('1/(6*y)', 'missing inner derivative | constant factor | wrong number'),
                 ('y/3', 'wrong power | upside down'), ('0.5*(1+2*x)**0.5/3*2', 'wrong power'),
                 ('1/(2*y)', 'mean | wrong number | constant factor | missing inner derivative'),
                 ('-1/(3*y)', 'sign'), ('1/3', 'local factor | missing inner derivative'),
                 ('1/(3*(1+2*x))', 'wrong power')],
            ),
        },
    ),
    'bce': (
        'z = torch.tensor([0.5, -1.5, 2.5, 0.1], requires_grad=True)\n'
        't = torch.tensor([1., 0., 1., 0.])\n'
        'p = torch.sigmoid(z)\n'
        'loss = -(t*torch.log(p) + (1-t)*torch.log(1-p)).mean()\n',
        'loss', 'z',
        {
            '∂loss/∂z': (
                ['(p - t)/4', '(sigmoid(z)-t)/4', '1/4*(p-t)', '0.25(p−t)', '-(t - p)/4', '(p-t)/len(z)',
                 '(p - t)/z.numel()', '((p-t)/(p*(1-p))*p*(1-p))/4', '-(t*(1-p) - (1-t)*p)/4', '(1/(1+e^(-z)) - t)/4',
                 '¼(p-t)', '(p-t)/t.size(0)', '(p-t)/t.shape[0]', 'p/4 - t/4'],
                [('p - t', 'mean'), ('(t-p)/4', 'sign'),
                 ('(p-t)/(p*(1-p))/4', 'local factor | missing inner derivative'),
                 ('p/4', 'missing term | different | partly right'),
                 ('p*(1-p)/4', 'local factor | missing inner derivative | different'),
                 ('(p-t)*p*(1-p)/4', 'extra factor'), ('(p-t)**2/4', 'wrong power')],
            ),
            '∂loss/∂p': (
                ['(p-t)/(p*(1-p))/4', '-(t/p - (1-t)/(1-p))/4', '(-t/p + (1-t)/(1-p))/4', '1/4*((1-t)/(1-p) - t/p)',
                 '(p-t)/(4p(1-p))', '-1/4*(t/p-(1-t)/(1-p))', '(p-t)/(4*p - 4*p**2)'],
                [('(t/p - (1-t)/(1-p))/4', 'sign'), ('-(t/p + (1-t)/(1-p))/4', 'sign'),
                 ('-t/p/4', 'used twice | partly right | missing factor | missing inner derivative | missing term'),
                 ('-(t/p - (1-t)/(1-p))', 'mean'),
                 ('(p-t)/4', 'local factor | missing inner derivative | different | missing factor | missing term')],
            ),
        },
    ),
    'mlp': (
        'X = torch.tensor([[1., 2.], [0.5, -1.], [3., 0.2]])\n'
        'W1 = torch.tensor([[0.3, -0.2, 1., 0.4], [0.5, 0.1, -1., 0.2]], requires_grad=True)\n'
        'w2 = torch.tensor([1., -1., 0.5, 0.3], requires_grad=True)\n'
        'h = X @ W1\n'
        'a = torch.tanh(h)\n'
        'o = a @ w2\n'
        'loss = o.sum()\n',
        'loss', 'W1',
        {
            '∂loss/∂W1': (
                ['X.T @ (w2*(1-a**2))', 'X.T @ ((1 - a**2)*w2)', 'X.t() @ (outer(ones(3), w2)*(1-tanh(h)**2))',
                 'X.T@((1-a*a)*w2[None,:])', 'Xᵀ@(w2·(1−a²))', 'torch.mm(X.T, (1-a**2)*w2)',
                 "einsum('ni,nj,j->ij', X, 1-a**2, w2)", 'X.T @ (1-a**2) * w2', 'X.T @ (1-a**2) @ diag(w2)',
                 '((w2*(1-a**2)).T @ X).T', 'X.T @ (w2/cosh(h)**2)', 'X.T @ (w2*(1-a.pow(2)))',
                 'X.T @ (w2*(1-a.square()))', 'X^T @ (w2 * (1 - a^2))'],
                [('X @ (w2*(1-a**2))', 'transposed operand | shapes'),
                 ('X.T @ (1-a**2)', 'missing factor | missing inner derivative | used twice | different | constant factor'),
                 ('X.T @ (ones(3,4)*w2)', 'missing inner derivative | missing factor | different'),
                 ('X.T @ (w2*(1+a**2))', 'sign'), ('X.T @ (w2*(1-a))', 'wrong power'),
                 ('w2*(1-a**2)', 'local factor | missing inner derivative | wrong shape'),
                 ('(w2*(1-a**2)).T@X', 'transposed operand')],
            ),
            '∂loss/∂a': (
                ['w2', 'ones(3,1)*w2', 'outer(ones(3), w2)', 'w2.expand(3,4)', 'w2[None,:]', 'ones(3,4)*w2',
                 '[w2,w2,w2]', 'w2.repeat(3,1)', 'torch.ones(3)[:,None]*w2'],
                [('-w2', 'sign'), ('w2.sum()', 'extra sum'), ('2*w2', 'constant factor | wrong number')],
            ),
            '∂a/∂h': (
                ['1 - a**2', '1-a*a', '1-tanh(h)**2', '1/cosh(h)**2', 'sech(h)**2', '1 - a²', '(1-a)*(1+a)',
                 '1-torch.tanh(X@W1)**2'],
                [('1-a', 'wrong power'), ('1+a**2', 'sign'),
                 ('a*(1-a)', 'wrong function | different | missing factor | missing inner derivative | missing term | wrong number | wrong tensor | wrong power'),
                 ('a', 'not differentiated | value'), ('1 - h**2', 'wrong tensor')],
            ),
        },
    ),
    'attention': (
        'q = torch.tensor([[1., 0.5], [-1., 2.]], requires_grad=True)\n'
        'k = torch.tensor([[0.3, 1.], [2., -1.], [1., 1.]])\n'
        'g = torch.tensor([[1., 2., 3.], [-1., 0.5, 2.]])\n'
        'S = q @ k.T / 2**0.5\n'
        's = (g*S).sum()\n',
        's', 'q',
        {
            '∂s/∂q': (
                ['g @ k / 2**0.5', 'g@k/sqrt(2)', 'g @ k * 2**-0.5', '(g@k)/1.4142',
                 'torch.matmul(g, k)/math.sqrt(2)', "einsum('ij,jk->ik', g, k)/sqrt(2)", 'g@k/√2',
                 '(k.T@g.T).T/2**.5', 'g.mm(k)/2**0.5', '1/sqrt(2) * g @ k', '0.7071*g@k', '0.707*g@k',
                 'g @ k / math.sqrt(k.shape[1])', 'g @ k / k.shape[-1]**0.5', 'g@k/q.size(-1)**0.5'],
                [('g @ k', 'constant factor | wrong number'), ('g @ k.T/2**0.5', 'transposed operand | shapes'),
                 ('k.T@g.T/2**.5', 'transposed operand'), ('g@k*2**.5', 'constant factor | wrong number'),
                 ('-g@k/2**0.5', 'sign'), ('g@k/2', 'constant factor | wrong number | wrong power'),
                 ('g', 'local factor | missing inner derivative'), ('k/2**0.5', 'missing factor')],
            ),
        },
    ),
    'reshape': (
        'x = torch.tensor([1., 2., 3., 4., 5., 6.], requires_grad=True)\n'
        'M = x.view(2, 3)\n'
        'C = torch.tensor([[1., 0., -1.], [2., 3., 0.5]])\n'
        's = (C*M**2).sum()\n',
        's', 'x',
        {
            '∂s/∂x': (
                ['2*x*C.view(6)', '2*(C*M).reshape(6)', '2*(C*M).flatten()', '2*C.ravel()*x', '2*x*C.reshape(-1)',
                 '(2*C*M).view(-1)', '[2,0,-6,16,30,6]', '2*x*[1,0,-1,2,3,0.5]', '2·x·C.flatten()',
                 '(2*C*M).reshape(x.shape)', '(2*C*M).view(x.size())', '(2*C*M).view_as(x)', '2*C.view_as(x)*x'],
                [('2*C*M', 'local factor'), ('2*x', 'missing inner derivative | missing factor'),
                 ('C.view(6)*x', 'constant factor | wrong number'), ('2*C.T.reshape(6)*x', 'transposed operand'),
                 ('2*C.view(6)', 'missing factor | wrong power'), ('2*C.view(6)*x**2', 'wrong power'),
                 ('2*C', 'missing factor | wrong power')],
            ),
        },
    ),
}  # fmt: skip
