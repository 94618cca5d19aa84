"""Derivations that students meet; see students.py."""

# ruff: noqa: E501  (one answer, one piece of a line)
from __future__ import annotations

STUDENTS = {
    'variance': (
        'x = torch.tensor([[1., 2., 6.], [0., -1., 3.]], requires_grad=True)\n'
        'v = x.var(1, unbiased=False)\n'
        's = v.sum()\n',
        's', 'x',
        {
            '∂s/∂x': (
                ['2/3*(x - x.mean(1, keepdim=True))', '2*(x - x.mean(1,keepdim=True))/3',
                 '(2/3)*(x - mean(x, 1)[:,None])', '2/3*(x - x.mean(dim=1).unsqueeze(1))',
                 '2/3*(x - x.sum(1, keepdim=True)/3)', '2/x.shape[1]*(x - x.mean(1, keepdim=True))',
                 '2/3 (x - mean(x, axis=1, keepdims=True))', '0.667*(x - x.mean(1,keepdim=True))',
                 '0.6667*(x - x.mean(1,keepdim=True))', '2/3*x @ (eye(3) - ones(3,3)/3)',
                 '[[-1.333,-0.667,2],[-0.444,-1.111,1.556]]'],
                [('2*(x - x.mean(1, keepdim=True))', 'mean | constant factor'),
                 ('2/3*(x - x.mean())', 'wrong axis | extra factor | extra term'), ('2/3*x', 'missing term'),
                 ('(x - x.mean(1, keepdim=True))/3', 'constant factor | wrong number'),
                 ('2/3*(x-x.mean(1,keepdim=True))**2', 'wrong power'), ('2/3*(x.mean(1,keepdim=True)-x)', 'sign')],
            ),
        },
    ),
    'prod': (
        'x = torch.tensor([1.5, 2., -3.], requires_grad=True)\n'
        'y = x.prod()\n',
        'y', 'x',
        {
            '∂y/∂x': (
                ['y/x', 'x.prod()/x', 'prod(x)/x', '[x[1]*x[2], x[0]*x[2], x[0]*x[1]]', 'torch.prod(x)/x',
                 '[-6, -4.5, 3]', 'x[0]*x[1]*x[2]/x', '1/x*y', 'y*x**-1', 'y·x⁻¹', '[x[1]x[2], x[0]x[2], x[0]x[1]]',
                 'x.prod(0)/x'],
                [('y', 'not differentiated | value'), ('-y/x', 'sign'), ('1/x', 'missing factor'),
                 ('3*y/x', 'constant factor | wrong number')],
            ),
        },
    ),
    'l1': (
        'w = torch.tensor([1.5, -2., 0.3], requires_grad=True)\n'
        'r = 0.1*w.abs().sum()\n',
        'r', 'w',
        {
            '∂r/∂w': (
                ['0.1*sign(w)', '0.1*w/abs(w)', '0.1*torch.sign(w)', '0.1·sgn(w)', '0.1*(2*(w>0)-1)',
                 '[0.1,-0.1,0.1]', 'where(w>0, 0.1, -0.1)', '0.1*((w>0) - (w<0))', '0.1*w/|w|',
                 '0.1*((w>0).float() - (w<0).float())', '0.1 sign(w)', 'w.sign()/10', '0.1*abs(w)/w',
                 '0.1*w/sqrt(w**2)', '0.1*np.sign(w)'],
                [('sign(w)', 'constant factor | wrong number'),
                 ('0.1', 'partly right | missing factor | missing inner derivative'), ('-0.1*sign(w)', 'sign')],
            ),
        },
    ),
    'ridge': (
        'X = torch.tensor([[1., 2.], [0.5, -1.], [3., 0.2]])\n'
        'w = torch.tensor([0.3, -0.7], requires_grad=True)\n'
        't = torch.tensor([1., 0., 2.])\n'
        'loss = ((X@w - t)**2).sum() + 0.1*(w**2).sum()\n',
        'loss', 'w',
        {
            '∂loss/∂w': (
                ['2*X.T@(X@w-t) + 0.2*w', '2*(X@w-t)@X + 0.2*w', '2*X.T@X@w - 2*X.T@t + 0.2*w',
                 '2*(X.T@X + 0.1*eye(2))@w - 2*X.T@t', '2*(X.T@(X@w - t) + 0.1*w)', '2Xᵀ@(X@w−t) + 0.2w',
                 '0.2*w + 2*X.t().matmul(X.matmul(w)-t)', "2*einsum('ij,i->j', X, X@w-t)+0.2*w"],
                [('2*X.T@(X@w-t)', 'used twice | missing term'), ('2*X.T@(X@w-t) + 0.1*w', 'wrong number'),
                 ('2*X.T@(X@w-t) - 0.2*w', 'sign'), ('0.2*w', 'used twice'),
                 ('2*X@(X@w-t)+0.2*w', 'transposed operand | shapes'), ('X.T@(X@w-t) + 0.2*w', 'wrong number'),
                 ('2*X.T@(X@w-t) + 0.2*w**2', 'wrong power'), ('2*X.T@(X@w+t) + 0.2*w', 'sign')],
            ),
        },
    ),
    'trace': (
        'A = torch.tensor([[1., 2.], [3., 4.]], requires_grad=True)\n'
        'B = torch.tensor([[0.5, -1.], [2., 1.]])\n'
        's = torch.trace(A @ B)\n',
        's', 'A',
        {
            '∂s/∂A': (
                ['B.T', 'B.t()', 'Bᵀ', 'transpose(B)', 'eye(2) @ B.T', '[[0.5,2],[-1,1]]', 'B.transpose(0,1)', 'B^T',
                 '(B).T', "einsum('ij->ji', B)"],
                [('B', 'transposed operand'), ('-B.T', 'sign'), ('A.T', 'wrong tensor'),
                 ('2*B.T', 'constant factor | wrong number')],
            ),
        },
    ),
    'gaussian': (
        'x = torch.tensor([0.5, -1., 1.5], requires_grad=True)\n'
        'g = torch.exp(-x**2/2)\n'
        's = g.sum()\n',
        's', 'x',
        {
            '∂s/∂x': (
                ['-x*g', '-x*exp(-x**2/2)', '-x e^(-x²/2)', '-x*exp(-0.5*x^2)', '-x g', '-g*x', '-(x*g)',
                 '-2*x/2*exp(-x**2/2)', '−x·exp(−x²/2)', '-x*torch.exp(-x**2/2)', '[-0.4412, 0.6065, -0.487]',
                 '[-0.441, 0.607, -0.487]', 'g*(-x)', 'exp(-x**2/2)*(-2*x/2)', '-x * e**(-x**2/2)', '-x/exp(x**2/2)',
                 '-1*x*g', '-x\\cdot g'],
                [('x*g', 'sign'), ('g', 'not differentiated | value'), ('-2*x*g', 'constant factor | wrong number'),
                 ('-x', 'local factor | missing inner derivative | missing factor'),
                 ('-x*exp(x**2/2)', 'sign | upside down'), ('-g*x**2', 'wrong power'),
                 ('-x/2*g', 'constant factor | wrong number')],
            ),
        },
    ),
    'softplus': (
        'x = torch.tensor([0.5, -1., 1.5], requires_grad=True)\n'
        'y = torch.log(1 + torch.exp(x))\n'
        'm = y.mean()\n',
        'm', 'x',
        {
            '∂m/∂x': (
                ['sigmoid(x)/3', 'exp(x)/(1+exp(x))/3', '1/3*e^x/(1+e^x)', '1/(3*(1+exp(-x)))', '1/3 * 1/(1+e^-x)',
                 '(1 - exp(-y))/3', '1/3 σ(x)', 'exp(x)/(3+3*exp(x))', 'exp(x-y)/3', '[0.2075, 0.0896, 0.2725]',
                 '[0.207, 0.0896, 0.273]', 'torch.sigmoid(x)/x.numel()', '0.3333*sigmoid(x)', '(1+tanh(x/2))/6'],
                [('sigmoid(x)', 'mean'), ('1/(1+exp(x))/3', 'missing inner derivative | missing factor | sign'),
                 ('-sigmoid(x)/3', 'sign'), ('tanh(x)/3', 'wrong function'),
                 ('y/3', 'not differentiated | value | local factor')],
            ),
        },
    ),
    'outer': (
        'a = torch.tensor([1., 2., 3.], requires_grad=True)\n'
        'b = torch.tensor([0.5, -1.])\n'
        'C = torch.tensor([[1., 2.], [0., -1.], [3., 0.5]])\n'
        'O = torch.outer(a, b)\n'
        's = (C*O).sum()\n',
        's', 'a',
        {
            '∂s/∂a': (
                ['C @ b', '(C*b).sum(1)', 'torch.mv(C, b)', 'b @ C.T', 'C.matmul(b)', "einsum('ij,j->i', C, b)",
                 'sum(C*b, 1)', 'C[:,0]*b[0] + C[:,1]*b[1]', '[-1.5, 1, 1]', '(C @ b[:,None])[:,0]',
                 '(C@b).flatten()'],
                [('C*b', 'missing sum | element-wise against matrix product'),
                 ('C.T@b', 'transposed operand | shapes'), ('C@a', 'shapes | wrong tensor'), ('-C@b', 'sign'),
                 ('(C*b).sum(0)', 'wrong axis')],
            ),
        },
    ),
    'cat': (
        'a = torch.tensor([1., 2.], requires_grad=True)\n'
        'b = torch.tensor([3., 4., 5.], requires_grad=True)\n'
        'y = torch.cat([a, b])\n'
        'c = torch.tensor([1., -1., 2., 0.5, 3.])\n'
        's = (c*y**2).sum()\n',
        's', 'b',
        {
            '∂s/∂b': (
                ['2*c[2:]*b', '2*(c*y)[2:]', '2*c[2:5]*y[2:]', '[12,4,30]', '2*[2,0.5,3]*b', '(2*c*y)[2:]',
                 '(2*c*y)[-3:]', '2*c[-3:]*b', '2·c[2:]·b', '2*b*c[2:].clone()'],
                [('c[2:]*b', 'constant factor | wrong number'), ('2*c[2:]', 'missing factor | wrong power'),
                 ('2*c[2:]*b**2', 'wrong power')],
            ),
        },
    ),
    'einsum_fwd': (
        'A = torch.tensor([[1., 2., 3.], [4., 5., 6.]], requires_grad=True)\n'
        'u = torch.tensor([1., -1.])\n'
        'w = torch.tensor([0.5, 2., -1.])\n'
        "s = torch.einsum('i,ij,j->', u, A, w)\n",
        's', 'A',
        {
            '∂s/∂A': (
                ['outer(u, w)', 'u[:,None]*w', 'u[:,None] @ w[None,:]', 'torch.outer(u, w)',
                 "einsum('i,j->ij', u, w)", 'u.unsqueeze(1)*w.unsqueeze(0)', 'u.reshape(2,1) @ w.reshape(1,3)',
                 'u.view(-1,1)*w', 'torch.ger(u,w)', '[[0.5,2,-1],[-0.5,-2,1]]', '[w, -w]',
                 'u.view(2,1) @ w.view(1,3)', 'np.outer(u, w)', '(w[:,None]*u).T'],
                [('outer(w, u)', 'transposed operand'), ('u@w', 'shapes'),
                 ('u*w', 'shapes | element-wise against matrix product'), ('-outer(u,w)', 'sign'),
                 ('2*outer(u,w)', 'constant factor | wrong number')],
            ),
        },
    ),
    'detach': (
        'x = torch.tensor([1., 2., 3.], requires_grad=True)\n'
        'y = x.detach()*x**2\n'
        's = y.sum()\n',
        's', 'x',
        {
            '∂s/∂x': (
                ['2*x**2', '2x²', 'x.detach()*2*x', '2*x*x', '[2,8,18]', '2*x^2', 'x*2*x', '2 x^2'],
                [('x**2', 'constant factor | wrong number | used twice'), ('2*x', 'wrong power'),
                 ('-2*x**2', 'sign')],
            ),
        },
    ),
    'silu': (
        'x = torch.tensor([0.5, -1., 2.], requires_grad=True)\n'
        's_ = torch.sigmoid(x)\n'
        'y = x*s_\n'
        'out = y.sum()\n',
        'out', 'x',
        {
            '∂out/∂x': (
                ['sigmoid(x) + x*sigmoid(x)*(1-sigmoid(x))', 'sigmoid(x)*(1 + x*(1-sigmoid(x)))',
                 'σ(x)(1 + x(1-σ(x)))', 'y + sigmoid(x)*(1-y)', '1/(1+e^-x) + x e^-x/(1+e^-x)^2',
                 '1/(1+exp(-x)) + x*exp(-x)/(1+exp(-x))**2', '[0.740, 0.0723, 1.091]', 'σ(x) + x·σ(x)·(1−σ(x))'],
                [('sigmoid(x)', 'used twice'), ('x*sigmoid(x)*(1-sigmoid(x))', 'used twice'),
                 ('sigmoid(x) - x*sigmoid(x)*(1-sigmoid(x))', 'sign')],
            ),
        },
    ),
    'huber': (
        'e = torch.tensor([0.5, -2., 3., -0.2], requires_grad=True)\n'
        'h = torch.where(e.abs() < 1, 0.5*e**2, e.abs() - 0.5)\n'
        'L = h.sum()\n',
        'L', 'e',
        {
            '∂L/∂e': (
                ['where(abs(e)<1, e, sign(e))', 'clamp(e, -1, 1)', 'e.clamp(-1,1)',
                 'torch.where(e.abs()<1, e, torch.sign(e))', '[0.5,-1,1,-0.2]', 'e*(abs(e)<1) + sign(e)*(abs(e)>=1)',
                 'max(-1, min(1, e))', 'minimum(maximum(e, -1), 1)', 'np.clip(e, -1, 1)', 'where(|e|<1, e, sign(e))',
                 'e if |e| < 1 else sign(e)', 'maximum(-ones_like(e), minimum(e, ones_like(e)))'],
                [('e', 'partly right'), ('sign(e)', 'partly right'), ('-clamp(e,-1,1)', 'sign'),
                 ('where(abs(e)<1, 2*e, sign(e))', 'wrong number | partly right'),
                 ('where(abs(e)<1, 0.5*e, sign(e))', 'wrong number | partly right')],
            ),
        },
    ),
    'frob': (
        'A = torch.tensor([[1., 2.], [3., 4.], [0., -1.]], requires_grad=True)\n'
        'U = torch.tensor([[0.5, 1.], [-1., 0.3], [2., 0.]])\n'
        'V_ = torch.tensor([[1., 0.2], [0.1, 1.]])\n'
        'R = A @ V_ - U\n'
        'f = 0.5*(R*R).sum()\n',
        'f', 'A',
        {
            '∂f/∂A': (
                ['R @ [[1, 0.2],[0.1, 1]].T', '(R @ tensor([[1,0.1],[0.2,1]]))', 'R@[[1,0.1],[0.2,1]]'],
                [('R', 'local factor | missing inner derivative'), ('R@[[1,0.2],[0.1,1]]', 'transposed operand'),
                 ('-R@[[1,0.1],[0.2,1]]', 'sign')],
            ),
        },
    ),
    'rmsnorm': (
        'x = torch.tensor([1., 2., -2.], requires_grad=True)\n'
        'g = torch.tensor([1., 0.5, 2.])\n'
        'r = torch.sqrt((x**2).mean())\n'
        'y = x/r\n'
        'L = (g*y).sum()\n',
        'L', 'x',
        {
            '∂L/∂x': (
                ['g/r - x*(g*x).sum()/(3*r**3)', '(g - y*(g*y).mean())/r', '(g - y*mean(g*y))/r',
                 'g/r - x*mean(g*x)/r**3', 'g/r - L*x/(3*r**2)', '1/r*(g - y*dot(g,y)/3)', 'g/r - (g@x)*x/(3r³)',
                 '(eye(3)/r - outer(x,x)/(3*r**3)) @ g', 'g*r**-1 - x*(g@x)/3*r**-3'],
                [('g/r', 'used twice'), ('g/r + x*mean(g*x)/r**3', 'sign'), ('g/r - x*mean(g*x)/r**2', 'wrong power'),
                 ('g/r - x*sum(g*x)/r**3', 'sum against mean'), ('(g - mean(g*y))/r', 'missing factor')],
            ),
        },
    ),
    'log2': (
        'x = torch.tensor([1.5, 2., 4.], requires_grad=True)\n'
        'y = torch.log2(x)\n'
        'z = y**3\n'
        's = z.sum()\n',
        's', 'x',
        {
            '∂s/∂x': (
                ['3*y**2/(x*log(2))', '3*log2(x)**2/(x*ln(2))', '3y²/(x ln(2))', '3*y**2/x/0.6931', '3*y**2/x*1.4427',
                 '3y^2/(x*math.log(2))', '3*(log(x)/log(2))**2/(x*log(2))', '3*torch.log2(x)**2/(x*np.log(2))',
                 '3 y^2 / (x log 2)', '3*y**2/x * log2(e)'],
                [('3*y**2/x', 'constant factor | wrong number'),
                 ('3*y**2', 'local factor | missing inner derivative'), ('y**3/(x*log(2))', 'wrong power'),
                 ('3*y/(x*log(2))', 'wrong power'), ('-3*y**2/(x*log(2))', 'sign'),
                 ('1/(x*log(2))', 'local factor | missing inner derivative')],
            ),
        },
    ),
    'module': (
        'net = torch.nn.Linear(3, 2)\n'
        'x = torch.tensor([[1., 2., 3.], [0.5, -1., 1.]])\n'
        'y = net(x)\n'
        'L = (y**2).sum()\n',
        'L', 'net.weight',
        {
            '∂L/∂net.weight': (
                ['2*y.T @ x', '2*(x.T@y).T', '(2*y).t() @ x', "2*einsum('no,ni->oi', y, x)",
                 '2*(x@net.weight.T + net.bias).T @ x', '2yᵀ@x', '2*torch.mm(y.t(), x)'],
                [('2*y @ x', 'transposed operand | shapes'), ('2*x.T@y', 'transposed operand'),
                 ('y.T@x', 'constant factor | wrong number'), ('-2*y.T@x', 'sign'), ('2*y.T*x', 'shapes')],
            ),
        },
    ),
    'xsumx': (
        'x = torch.tensor([1., 2., 3.], requires_grad=True)\n'
        'c = torch.tensor([1., -1., 0.5])\n'
        'y = x * x.sum()\n'
        's = (c*y).sum()\n',
        's', 'x',
        {
            '∂s/∂x': (
                ['c*x.sum() + (c*x).sum()', 'c*sum(x) + c@x', 'c*x.sum() + dot(c, x)*ones(3)',
                 '(eye(3)*x.sum() + outer(ones(3), x)) @ c', 'c*x.sum() + s/x.sum()', 'sum(x)*c + sum(c*x)',
                 'c*x.sum() + (c@x)*ones_like(x)'],
                [('c*x.sum()', 'used twice'), ('(c*x).sum()', 'used twice'),
                 ('c*x.sum() + c*x', 'element-wise against matrix product'), ('c*x.sum() - c@x', 'sign')],
            ),
        },
    ),
    'diff': (
        'x = torch.tensor([1., 3., 2., 5.], requires_grad=True)\n'
        'd = x[1:] - x[:-1]\n'
        's = (d**2).sum()\n',
        's', 'x',
        {
            '∂s/∂x': (
                ['[-2*d[0], 2*d[0]-2*d[1], 2*d[1]-2*d[2], 2*d[2]]', '2*(cat([zeros(1), d]) - cat([d, zeros(1)]))',
                 '[-4, 6, -8, 6]', '2*cat([-d[:1], d[:-1]-d[1:], d[-1:]])', '2*(pad(d, (1,0)) - pad(d, (0,1)))',
                 '2*[-d[0], d[0]-d[1], d[1]-d[2], d[2]]',
                 '2*stack([x[0]-x[1], 2*x[1]-x[0]-x[2], 2*x[2]-x[1]-x[3], x[3]-x[2]])',
                 '2*[[1,-1,0,0],[-1,2,-1,0],[0,-1,2,-1],[0,0,-1,1]] @ x'],
                [('2*d', 'wrong shape'), ('[4,-6,8,-6]', 'sign'), ('[-2,3,-4,3]', 'constant factor | wrong number')],
            ),
        },
    ),
    'dot_cos': (
        'a = torch.tensor([1., 2., 2.], requires_grad=True)\n'
        'b = torch.tensor([0.5, -1., 3.])\n'
        'c = (a @ b)/(a.norm()*b.norm())\n',
        'c', 'a',
        {
            '∂c/∂a': (
                ['b/(norm(a)*norm(b)) - (a@b)*a/(norm(a)**3*norm(b))', '(b - (a@b)/(a@a)*a)/(norm(a)*norm(b))',
                 'b/(a.norm()*b.norm()) - c*a/a.norm()**2', 'b/(sqrt(a@a)*sqrt(b@b)) - c*a/(a@a)',
                 'b/(norm(a)*norm(b)) - c*a/norm(a)^2', 'b/(‖a‖‖b‖) - c a/‖a‖²'],
                [('b/(norm(a)*norm(b))', 'used twice'), ('b/(norm(a)*norm(b)) + c*a/(a@a)', 'sign'),
                 ('b/(norm(a)*norm(b)) - c*a/norm(a)', 'wrong power'),
                 ('a/(norm(a)*norm(b)) - c*a/(a@a)', 'wrong tensor')],
            ),
        },
    ),
}  # fmt: skip
