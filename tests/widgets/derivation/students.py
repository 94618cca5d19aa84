"""Derivations that students meet: programs for either engine, with right and wrong answers.

name → (program, out, wrt, questions); question → (right answers, wrong answers with the causes that a
teacher would name; "mean" is a constant factor whose hint asks what the mean divides by).
"""

# ruff: noqa: E501  (one answer, one piece of a line)
from __future__ import annotations

STUDENTS = {
    'mean_chain': (
        'x = torch.ones(2, 2, requires_grad=True)\n'
        'y = x + 2\n'
        'z = y * y * 3\n'
        'out = z.mean()\n',
        'out', 'x',
        {
            '∂out/∂x': (
                ['1.5*(x+2)', '3/2*y', '6*y/4', '(1/4)*6*y', '6(x+2)/4', '1.5x + 3', 'torch.full((2,2), 4.5)', '4.5',
                 '[[4.5,4.5],[4.5,4.5]]', '4.5*torch.ones_like(x)', 'tensor([[4.5, 4.5], [4.5, 4.5]])',
                 '6 * y / z.numel()', '6*y/y.numel()', '∂out/∂x = 1.5·(x+2)', '3/2 y', '1.5 y', '6/4 × y',
                 '6*y / (2*2)', '9/2', '1/4 * ones_like(z) * 6 * y * 1', '(3*(x+2))/2', '0.25*6*y',
                 '6*y*0.25*torch.ones(2,2)', '\\frac{3}{2} y', '\\frac{6y}{4}', '3*y/2.', 'y + y/2', '1.5*y',
                 'np.full((2, 2), 4.5)', 'tensor(4.5)', '18/4',
                 'tensor([[4.5000, 4.5000],\n        [4.5000, 4.5000]])',
                 'tensor([[4.5000, 4.5000], [4.5000, 4.5000]], grad_fn=<MulBackward0>)', '[4.5, 4.5, 4.5, 4.5]',
                 '[[4.5 4.5], [4.5 4.5]]', '[[4.5 4.5]\n [4.5 4.5]]'],
                [('6*y', 'mean'), ('6*(x+2)', 'mean'), ('3*y/4', 'constant factor | wrong number | used twice'),
                 ('18', 'mean'), ('-1.5*y', 'sign'), ('6*x/4', 'wrong tensor | missing term'),
                 ('3/2*y*x', 'wrong power | extra factor | wrong tensor | wrong number'), ('3/2*y**2', 'wrong power'),
                 ('z/4', 'local factor | wrong power | not differentiated'), ('0', 'zero'),
                 ('3*y/2/2', 'constant factor | wrong number | used twice'), ('1/4', 'local factor'),
                 ('6*y/2', 'mean')],
            ),
            '∂z/∂y': (
                ['6*y', '6y', '2*3*y', '3*y+3*y', '3*2*y**1', 'y*6', '6*(x+2)', '18', '6·y'],
                [('3*y', 'used twice | constant factor'), ('6', 'wrong power | local factor'),
                 ('6*y**2', 'wrong power'), ('3*y**2', 'not differentiated | wrong power'),
                 ('2*y', 'constant factor | wrong number | wrong power')],
            ),
            '∂out/∂z': (
                ['1/4', '0.25', '1/z.numel()', 'torch.ones_like(z)/4', 'ones(2,2)/4', '1/4*ones_like(z)', '¼',
                 '0.25*ones(2,2)', '1/(2*2)', '2**-2', '[[.25,.25],[.25,.25]]', '.25'],
                [('1', 'mean'), ('1/2', 'mean'), ('4', 'mean'),
                 ('z/4', 'wrong power | extra factor | extra term | not differentiated | different'),
                 ('mean(z)', 'not differentiated | value')],
            ),
            '∂y/∂x': (
                ['1', 'ones_like(x)', '1.0', 'torch.ones(2,2)', 'x/x', 'x**0'],
                [('2', 'added constant'), ('3', 'value | wrong number | constant factor'),
                 ('x', 'wrong power | different | not differentiated | extra factor | extra term'), ('0', 'zero')],
            ),
        },
    ),
    'scalar_sin_sq': (
        'x = torch.tensor(0.7, requires_grad=True)\n'
        'u = x**2\n'
        'y = torch.sin(u)\n',
        'y', 'x',
        {
            '∂y/∂x': (
                ['2*x*cos(x**2)', '2x cos(x^2)', '2x·cos(x²)', 'cos(u)*2*x', 'torch.cos(x**2)*2*x',
                 '2*x*torch.cos(torch.pow(x, 2))', 'cos(x*x)*(x+x)', '2 x cos(x²)', '2*x*sin(pi/2 - u)', '1.2352',
                 '1.235', '2*x*math.cos(u)', '2x*cos u', '2*x*np.cos(u)', 'cos(x^2) 2x', 'dy/dx = 2x cos(x^2)',
                 "y' = 2x cos(x^2)"],
                [('cos(x**2)', 'missing inner derivative'), ('2*x*sin(u)', 'wrong function'), ('-2*x*cos(u)', 'sign'),
                 ('cos(2*x)', 'different | missing inner derivative | wrong number | wrong function | wrong tensor | wrong power'),
                 ('2*cos(x**2)', 'wrong power | missing factor | missing inner derivative | different'),
                 ('x*cos(u)', 'constant factor | wrong number'), ('sin(u)', 'not differentiated | value'),
                 ('2*x', 'local factor | missing inner derivative'), ('2*x*cos(x)', 'wrong tensor | wrong power')],
            ),
        },
    ),
    'product_rule': (
        'x = torch.tensor([0.5, 1.2, 2.0], requires_grad=True)\n'
        'y = x * torch.exp(x)\n'
        's = y.sum()\n',
        's', 'x',
        {
            '∂s/∂x': (
                ['exp(x) + x*exp(x)', '(1+x)*exp(x)', 'e^x (1 + x)', 'e**x*(x+1)', '(x+1) e^x', 'y + exp(x)',
                 'y*(1 + 1/x)', 'torch.exp(x)*(1+x)', 'y/x + y', 'exp(x).mul(1+x)', 'exp(x)+y',
                 '[2.473, 7.304, 22.167]', '[2.4731, 7.3043, 22.1672]', 'e^x + x·e^x', '\\exp(x)(1+x)',
                 '(1+x)exp(x)'],
                [('exp(x)', 'used twice | missing term | different'), ('x*exp(x)', 'used twice | not differentiated'),
                 ('exp(x) - x*exp(x)', 'sign'),
                 ('exp(x)*x*exp(x)', 'different | sign | extra factor | missing factor | missing inner derivative | missing term | wrong number | wrong function | wrong tensor | wrong power'),
                 ('x + exp(x)', 'different | wrong number | wrong function | wrong tensor | wrong power | missing factor | missing inner derivative | missing term'),
                 ('1*exp(x)', 'used twice | missing term | different')],
            ),
        },
    ),
    'sumsq': (
        'x = torch.tensor([1., -2., 3.], requires_grad=True)\n'
        's = (x**2).sum()\n',
        's', 'x',
        {
            '∂s/∂x': (
                ['2*x', '2x', 'x+x', '2·x', '2*x**1', 'x*2', '[2, -4, 6]', 'tensor([ 2., -4.,  6.])', '(2,-4,6)',
                 '2*ones(3)*x', '2*eye(3) @ x', 'x.mul(2)', '2 * x.view(3)', '2*sum(x)/sum(x)*x', '2x^1',
                 '\\nabla s = 2x', '∇s = 2x', 'grad s = 2x', '2x.T', '2*x.T', '2xᵀ'],
                [('x', 'constant factor | wrong number'), ('x**2', 'wrong power | not differentiated | different'),
                 ('2*x**2', 'wrong power'),
                 ('sum(2*x)', 'extra sum | missing factor | missing inner derivative | missing term'),
                 ('2', 'wrong power | missing factor'), ('-2*x', 'sign'),
                 ('2*s', 'not differentiated | value | different | wrong tensor')],
            ),
        },
    ),
    'mse_linear': (
        'X = torch.tensor([[1., 2.], [0.5, -1.], [3., 0.2], [-1., 1.]])\n'
        'w = torch.tensor([0.3, -0.7], requires_grad=True)\n'
        't = torch.tensor([1., 0., 2., -1.])\n'
        'p = X @ w\n'
        'loss = ((p - t)**2).mean()\n',
        'loss', 'w',
        {
            '∂loss/∂w': (
                ['2/4 * X.T @ (p - t)', 'X.T @ (X@w - t) / 2', '0.5*X.T @ (p-t)', '(p-t) @ X / 2',
                 'torch.matmul(X.T, p-t)/2', 'X.t().mv(p-t)/2', 'X.transpose(0,1) @ (p-t) * 0.5',
                 '2*(X.T@p - X.T@t)/4', '2*X.T@(p-t)/len(t)', '2/t.numel()*X.T@(p-t)', '(X*(p-t)[:,None]).sum(0)/2',
                 '(2*(p-t).unsqueeze(1)*X).mean(0)', "einsum('ij,i->j', X, p-t)/2",
                 'torch.einsum("ij,i->j", X, p - t) * 2/4', 'X.T @ (2*(p-t)/4)', '(2*(p-t)/4) @ X',
                 '2 * mean((p-t)[:,None]*X, dim=0)', '½ Xᵀ @ (p−t)', 'sum((p-t).reshape(4,1)*X, axis=0)*.5',
                 '2/X.shape[0] * X.T @ (p-t)', '2/4*X.T@(p-t)', '\\frac{2}{4} X^T (p - t)', 'X^T @ (p-t) / 2',
                 'X.mT @ (p-t)/2', 'np.dot(X.T, p-t)/2', 'X.T.dot(p-t)/2', '(X.T @ (p - t)) / 2',
                 '1/2 * X.T @ (p-t)'],
                [('2*X.T @ (p-t)', 'mean'), ('X.T @ (p-t)', 'mean | constant factor'),
                 ('0.5*X @ (p-t)', 'transposed operand | shapes'), ('0.5*X.T @ (t-p)', 'sign'),
                 ('2/4*(p-t)', 'local factor | missing inner derivative | wrong shape | different'),
                 ('0.5*X*(p-t)', 'shapes | element-wise against matrix product | transposed operand'),
                 ('0.5*X.T @ (p-t)**2', 'wrong power'), ('X.T@p/2', 'missing term | different | wrong tensor'),
                 ('0.5*X.T*(p-t)', 'missing sum | element-wise against matrix product'),
                 ('2/2*X.T@(p-t)', 'mean | constant factor')],
            ),
            '∂loss/∂p': (
                ['(p-t)/2', '2*(p-t)/4', '2/4*(X@w-t)', '0.5*(p-t)', '2*(p-t)*(1/4)', '(p - t)/2', '½(p−t)',
                 '-(t-p)/2', '-0.5*(t-p)', 'p/2 - t/2'],
                [('2*(p-t)', 'mean'), ('(p-t)**2/4', 'wrong power | not differentiated'), ('(t-p)/2', 'sign'),
                 ('p/2', 'missing term | different | wrong number | wrong function | wrong tensor | wrong power'),
                 ('(p-t)/4', 'constant factor | wrong number')],
            ),
        },
    ),
    'bias': (
        'X = torch.tensor([[1., 2.], [0.5, -1.], [3., 0.2]])\n'
        'W = torch.tensor([[0.3, -0.2, 1.], [0.5, 0.1, -1.]], requires_grad=True)\n'
        'b = torch.tensor([0.1, 0.2, 0.3], requires_grad=True)\n'
        'h = X @ W + b\n'
        's = (h**2).sum()\n',
        's', 'b',
        {
            '∂s/∂b': (
                ['2*h.sum(0)', '(2*h).sum(0)', '2*sum(h, 0)', 'torch.sum(2*h, dim=0)', '2*ones(3) @ h',
                 'ones(3)@(2*h)', '2*h.T@ones(3)', '2*(X@W).sum(0) + 6*b', 'h.sum(axis=0)*2', '2*(h[0]+h[1]+h[2])',
                 '2*h[0,:]+2*h[1,:]+2*h[2,:]', '2*sum(X@W+b, axis=0)', 'sum(2h, 0)', '2*3*mean(h,0)',
                 '2*np.sum(h, axis=0)', '2h.sum(0)', '2*h.sum(dim=0)', '2 * h.sum(0, keepdim=True)', '2*h.sum(-2)',
                 "einsum('ij->j', 2*h)"],
                [('2*h', 'missing sum'), ('2*h.sum(1)', 'wrong axis | missing sum'),
                 ('h.sum(0)', 'constant factor | wrong number'),
                 ('2*h.mean(0)', 'constant factor | wrong number | sum against mean'),
                 ('2*sum(h)', 'extra sum | missing sum'), ('2*(X@W).sum(0)', 'missing term | different'),
                 ('2*b', 'different | missing factor | missing inner derivative | missing term | wrong number | wrong function | wrong tensor | wrong power')],
            ),
        },
    ),
    'bias_W': (
        'X = torch.tensor([[1., 2.], [0.5, -1.], [3., 0.2]])\n'
        'W = torch.tensor([[0.3, -0.2, 1.], [0.5, 0.1, -1.]], requires_grad=True)\n'
        'b = torch.tensor([0.1, 0.2, 0.3], requires_grad=True)\n'
        'h = X @ W + b\n'
        's = (h**2).sum()\n',
        's', 'W',
        {
            '∂s/∂W': (
                ['2*X.T@h', 'X.T @ (2*h)', '2*X.t()@h', '2*torch.mm(X.t(), h)', '2*(h.T@X).T',
                 "2*einsum('ni,nj->ij', X, h)", '2*X.transpose(0,1).matmul(h)', '2*X.T@(X@W+b)',
                 '2*X.T@X@W + 2*X.T@(ones(3,3)*b)', '2*(X[:,:,None]*h[:,None,:]).sum(0)', '2Xᵀ@h',
                 '2*torch.matmul(X.T,h)', '(2*h).T.matmul(X).T', '2 X^T @ h', '2*X.T.mm(h)',
                 '2*sum(X.unsqueeze(2)*h.unsqueeze(1), 0)'],
                [('2*X@h', 'transposed operand | shapes'), ('2*h@X', 'transposed operand | shapes'),
                 ('2*h.T@X', 'transposed operand'), ('X.T@h', 'constant factor | wrong number'),
                 ('2*X.T*h', 'shapes | element-wise against matrix product'),
                 ('2*h', 'local factor | missing inner derivative | wrong shape | different'),
                 ('2*X.T@(X@W)', 'missing term | different'), ('-2*X.T@h', 'sign'), ('2*X.T@h**2', 'wrong power')],
            ),
        },
    ),
    'mm_sum': (
        'A = torch.tensor([[1., 2., 3.], [4., 5., 6.]], requires_grad=True)\n'
        'B = torch.tensor([[1., 0.5], [-1., 2.], [0.3, 0.7]], requires_grad=True)\n'
        's = (A @ B).sum()\n',
        's', 'A',
        {
            '∂s/∂A': (
                ['ones(2,2) @ B.T', 'torch.ones(2, 2) @ B.t()', 'B.sum(1)', 'ones(2,1) @ B.sum(1)[None,:]',
                 'B.sum(1).expand(2,3)', 'B.sum(dim=1, keepdim=True).T.expand(2, 3)', 'sum(B, 1)',
                 'outer(ones(2), B.sum(1))', 'ones_like(A)*B.sum(1)', '[[1.5, 1, 1],[1.5,1,1]]',
                 'torch.ones_like(A@B) @ B.T', 'ones((2,2)) @ B.transpose(0,1)',
                 'torch.ones(A.shape[0], B.shape[1]) @ B.T', 'B.sum(1).repeat(2,1)', '(B @ ones(2,2)).T',
                 "einsum('ik,jk->ij', ones(2,2), B)", 'torch.mm(ones(2,2), B.T)', 'ones(2,2) @ B^T',
                 '[B.sum(1), B.sum(1)]', 'stack([B.sum(1), B.sum(1)])'],
                [('ones(2,2) @ B', 'transposed operand | shapes'), ('B.T @ ones(2,2)', 'transposed operand | shapes'),
                 ('B.sum(0)', 'wrong axis | wrong shape | shapes | transposed operand'),
                 ('B.T', 'missing sum | extra factor | extra term | different | wrong number | wrong function | wrong tensor | wrong power | missing factor'),
                 ('B', 'transposed operand | wrong shape'), ('A.sum(0)', 'wrong tensor | wrong shape | different'),
                 ('sum(B)', 'extra sum | wrong axis')],
            ),
        },
    ),
    'mm_sum_B': (
        'A = torch.tensor([[1., 2., 3.], [4., 5., 6.]], requires_grad=True)\n'
        'B = torch.tensor([[1., 0.5], [-1., 2.], [0.3, 0.7]], requires_grad=True)\n'
        's = (A @ B).sum()\n',
        's', 'B',
        {
            '∂s/∂B': (
                ['A.T @ ones(2,2)', 'A.sum(0)[:,None]*ones(1,2)', 'A.sum(0).unsqueeze(1).expand(3,2)',
                 'outer(A.sum(0), ones(2))', 'A.t().mm(torch.ones(2,2))', '(ones(2,2)@A).T',
                 'A.sum(0, keepdim=True).T', 'A.sum(0)[:, None]', 'A.T.sum(1, keepdim=True)'],
                [('A @ ones(2,2)', 'transposed operand | shapes'), ('ones(2,2) @ A', 'transposed operand'),
                 ('-A.T@ones(2,2)', 'sign'), ('2*A.T@ones(2,2)', 'constant factor | wrong number')],
            ),
        },
    ),
    'quadratic': (
        'A = torch.tensor([[2., 1., 0.], [-1., 3., 0.5], [0.2, 0.4, 1.]])\n'
        'x = torch.tensor([1., -0.5, 2.], requires_grad=True)\n'
        'q = x @ A @ x\n',
        'q', 'x',
        {
            '∂q/∂x': (
                ['(A + A.T) @ x', 'A@x + A.T@x', 'x@A + A@x', 'x@(A+A.T)', 'A @ x + x @ A', 'torch.mv(A + A.t(), x)',
                 '(A+Aᵀ) @ x', '(A + A^T) x', 'A x + A^T x', "einsum('ij,j->i', A+A.T, x)", '(A+A.T).matmul(x)',
                 '(A + A.transpose(0,1)) @ x', '((A+A.T)*x).sum(1)', '(A + A.T) @ x.T', '(A+A.mT)@x', 'A@x+A.T@x'],
                [('2*A@x', 'transposed operand | used twice | different'), ('A@x', 'used twice'),
                 ('x@A', 'used twice'), ('(A - A.T)@x', 'sign'),
                 ('(A+A.T)*x', 'element-wise against matrix product | missing sum'),
                 ('2*x', 'different | missing factor | missing inner derivative | missing term'),
                 ('2*(A+A.T)@x', 'constant factor | wrong number'),
                 ('A+A.T', 'missing factor | wrong shape | different')],
            ),
        },
    ),
    'sigmoid': (
        'z = torch.tensor([-1., 0.3, 2.], requires_grad=True)\n'
        'p = torch.sigmoid(z)\n'
        's = p.sum()\n',
        's', 'z',
        {
            '∂s/∂z': (
                ['p*(1-p)', 'p - p**2', 'sigmoid(z)*(1 - sigmoid(z))', 'σ(z)(1-σ(z))', 'exp(-z)/(1+exp(-z))**2',
                 'e^-z/(1+e^-z)^2', 'e^(-z)/(1+e^(-z))^2', '1/(exp(z)+2+exp(-z))', 'p(1-p)', 'p·(1−p)',
                 'sigmoid(z)*sigmoid(-z)', '[0.1966, 0.2445, 0.105]', '[0.197, 0.244, 0.105]',
                 '1/4*(1 - tanh(z/2)**2)', 'torch.sigmoid(z)*(1-torch.sigmoid(z))', 'p - p^2',
                 'F.sigmoid(z)*(1-F.sigmoid(z))', 'p * (1 - p) * ones_like(z)', '\\sigma(z)(1-\\sigma(z))',
                 'p*(1.-p)', 'exp(z)/(1+exp(z))**2', '1/(4*cosh(z/2)**2)', 'expit(z)*(1-expit(z))',
                 'z.sigmoid()*(1-z.sigmoid())'],
                [('p*(1+p)', 'sign'), ('1-p', 'missing factor | different | wrong power | upside down'),
                 ('p', 'not differentiated | value | missing factor'), ('z*(1-z)', 'wrong tensor | different'),
                 ('p*(p-1)', 'sign'),
                 ('1-p**2', 'wrong function | different | missing factor | missing inner derivative | missing term | wrong number | wrong power'),
                 ('p**2*(1-p)', 'wrong power'), ('p*(1-z)', 'wrong tensor'),
                 ('exp(-z)/(1+exp(-z))', 'wrong power | missing factor | missing inner derivative | missing term | different')],
            ),
        },
    ),
    'tanh_0d': (
        'x = torch.tensor(0.5, requires_grad=True)\n'
        't = torch.tanh(3*x)\n'
        'y = t**2\n',
        'y', 'x',
        {
            '∂y/∂x': (
                ['2*t*(1-t**2)*3', '6*tanh(3*x)*(1-tanh(3*x)**2)', '6t(1-t²)', '6 t (1 - t^2)', '6*t/cosh(3*x)**2',
                 '6*tanh(3x)*sech(3x)**2', '6*t - 6*t**3', '6*(t-t**3)', '0.981', '0.9813', '2t·3(1−t²)',
                 '6 tanh(3x) sech²(3x)', '6 tanh(3x)(1 - tanh²(3x))', '6*t*(1-y)', '6*sqrt(y)*(1-y)'],
                [('2*t*(1-t**2)', 'missing inner derivative | constant factor'),
                 ('2*t', 'local factor | missing inner derivative'), ('6*t*(1+t**2)', 'sign'),
                 ('2*t*3', 'missing inner derivative | local factor | missing factor | different'),
                 ('6*t*(1-t)', 'wrong power'), ('3*(1-t**2)', 'local factor | missing inner derivative'),
                 ('6*t*(1-x**2)', 'wrong tensor | different')],
            ),
        },
    ),
    'relu_net': (
        'x = torch.tensor([-1., 2., 0.5, -0.3], requires_grad=True)\n'
        'a = torch.relu(x)\n'
        's = (a**2).sum()\n',
        's', 'x',
        {
            '∂s/∂x': (
                ['2*a*(x>0)', '2*a', '2*relu(x)', '2*x*(x > 0)', '2*x*(x>0).float()', 'where(x>0, 2*x, 0)',
                 'torch.where(x > 0, 2*x, torch.zeros_like(x))', '2*clamp(x, min=0)', '2*x.clamp(min=0)',
                 '2*maximum(x, 0)', '2*max(x, 0)', '2*max(0, x)', '2*x*step(x)', '[0,4,1,0]', '2*x*heaviside(x, 0)',
                 '2*a*sign(a)', 'x + abs(x)', 'x+|x|', '2*x*(a>0)', '2*x*(x>=0)', '2*np.maximum(0, x)',
                 '2*torch.relu(x)*(x>0).double()', '2*a*(0<x)', '2*x if x > 0 else 0', '2*F.relu(x)',
                 '2*x*(x>0).to(torch.float32)', '2*x*(x>0).type(torch.float)', '2*x*(x>0).int()',
                 '2*x*(x>0).astype(float)'],
                [('2*x', 'missing factor | partly right | wrong number | wrong function | wrong tensor | wrong power | missing inner derivative'),
                 ('2*a*(x<0)', 'wrong condition'), ('a', 'constant factor | wrong number'),
                 ('(x>0)', 'local factor | missing inner derivative | missing factor | wrong power'),
                 ('2*(x>0)', 'missing factor | wrong power | different'),
                 ('a**2', 'wrong power | not differentiated'), ('-2*a', 'sign')],
            ),
        },
    ),
    'clamp': (
        'x = torch.tensor([-2., 0.1, 0.6, 3.], requires_grad=True)\n'
        'c = x.clamp(-1, 1)\n'
        's = (c*3).sum()\n',
        's', 'x',
        {
            '∂s/∂x': (
                ['3*(x>-1)*(x<1)', '3*(abs(x)<1)', '3*((x > -1) & (x < 1))', 'where(abs(x)<1, 3, 0)', '[0,3,3,0]',
                 '3*(x>=-1)*(x<=1)', '3*(-1 < x)*(x < 1)', '3*(-1<x<1)', '3*(x.abs()<=1).float()', '3*(c == x)',
                 '3.*((x>-1)*(x<1)).float()', 'where((x>-1)&(x<1), 3., 0.)', '3*(|x|<1)', '3*logical_and(x>-1, x<1)',
                 'torch.where(x.abs() < 1, 3.0, 0.0)', '3*(1 - (abs(x)>1))'],
                [('3', 'partly right | missing factor'), ('3*(x>-1)', 'partly right | missing factor'),
                 ('3*c', 'not differentiated | partly right | wrong number | wrong function | wrong tensor | wrong power | different'),
                 ('(abs(x)<1)', 'constant factor | wrong number'),
                 ('3*(x>0)', 'partly right | different | wrong condition | wrong number'),
                 ('3*(abs(x)>1)', 'wrong condition')],
            ),
        },
    ),
    'softmax_weighted': (
        'z = torch.tensor([0.2, -1., 1.5], requires_grad=True)\n'
        'c = torch.tensor([1., 2., -1.])\n'
        'p = torch.softmax(z, 0)\n'
        's = (c*p).sum()\n',
        's', 'z',
        {
            '∂s/∂z': (
                ['p*(c - (c*p).sum())', 'p*(c - s)', 'c*p - p*s', 'p*c - p*(p@c)', '(diag(p) - outer(p,p)) @ c',
                 '(torch.diag(p) - p[:,None]*p[None,:]) @ c', 'softmax(z, 0)*(c - dot(c, p))', 'p*(c - dot(c,p))',
                 '(diag(p) - p.unsqueeze(1)@p.unsqueeze(0))@c', 'exp(z)/sum(exp(z))*(c-s)', 'p·(c−s)',
                 'c @ (diag(p) - outer(p, p))', 'p*(c - c@p)', '(diag(p)-outer(p,p)).T@c',
                 'torch.diag(p)@c - p*torch.dot(p,c)', '(eye(3)*p - outer(p,p))@c',
                 'p*(c - (c*p).sum(dim=-1, keepdim=True))', '(diag_embed(p) - torch.ger(p,p)) @ c'],
                [('c*p*(1-p)', 'different | partly right | missing factor | missing inner derivative | missing term | extra factor | extra term | wrong number | wrong function | wrong tensor | wrong power | element-wise against matrix product'),
                 ('c*p', 'missing term | different | used twice | extra factor | extra term'), ('p*(c + s)', 'sign'),
                 ('p*(s - c)', 'sign'),
                 ('p*c - p', 'different | missing factor | wrong number | wrong function | wrong tensor | wrong power'),
                 ('c', 'local factor | missing inner derivative'),
                 ('p*(c - p)', 'different | wrong tensor | wrong number | wrong function | wrong power'),
                 ('p*(1-p)', 'different | missing factor | missing inner derivative')],
            ),
        },
    ),
    'cross_entropy': (
        'z = torch.tensor([[0.2, -1., 1.5], [1., 0.1, 0.3]], requires_grad=True)\n'
        'target = torch.tensor([2, 0])\n'
        'onehot = torch.nn.functional.one_hot(target, 3).float()\n'
        'p = torch.softmax(z, 1)\n'
        'loss = torch.nn.functional.cross_entropy(z, target)\n',
        'loss', 'z',
        {
            '∂loss/∂z': (
                ['(p - onehot)/2', '(softmax(z,1) - onehot)/2', '(softmax(z, dim=1) - [[0,0,1],[1,0,0]])/2',
                 '(torch.softmax(z, -1) - torch.tensor([[0.,0.,1.],[1.,0.,0.]]))/2',
                 '0.5*(exp(z)/exp(z).sum(1, keepdim=True) - onehot)', '(softmax(z,1) - one_hot(target, 3))/2',
                 '(F.softmax(z, dim=1) - F.one_hot(target, 3))/len(target)', '(exp(log_softmax(z,1)) - onehot)/2',
                 '½(softmax(z,1) − onehot)', '(z.softmax(1) - onehot)/z.shape[0]', '(softmax(z) - onehot)/2',
                 '(softmax(z,1) - eye(3)[target])/2'],
                [('softmax(z,1) - onehot', 'mean | wrong number | constant factor'),
                 ('(onehot - softmax(z,1))/2', 'sign'), ('softmax(z,1)/2', 'missing term | partly right | different'),
                 ('(softmax(z,0) - onehot)/2', 'wrong axis | different | wrong number | wrong function | wrong tensor | wrong power'),
                 ('-onehot/2', 'different | partly right | missing factor | missing inner derivative | missing term'),
                 ('(softmax(z,1) - onehot)/6', 'mean | constant factor')],
            ),
        },
    ),
}  # fmt: skip
