"""Derivations that students meet; see students.py; written after the checker, to be fair."""

# ruff: noqa: E501  (one answer, one piece of a line)
from __future__ import annotations

STUDENTS = {
    'triple': (
        'x = torch.tensor([0.5, 1.5, 2.], requires_grad=True)\n'
        'y = x**2 * torch.exp(-x) * torch.sin(x)\n'
        'L = y.sum()\n',
        'L', 'x',
        {
            '∂L/∂x': (
                ['2*x*exp(-x)*sin(x) - x**2*exp(-x)*sin(x) + x**2*exp(-x)*cos(x)',
                 'e^-x (2x sin(x) - x² sin(x) + x² cos(x))', 'x e^(-x) (2 sin(x) - x sin x + x cos x)',
                 'y*(2/x - 1 + 1/tan(x))', 'y (2/x - 1 + cot(x))'],
                [('2*x*exp(-x)*sin(x)', 'used twice'),
                 ('2*x*exp(-x)*cos(x)', 'different | used twice | wrong function | sign | missing factor | missing inner derivative | missing term | extra factor | extra term'),
                 ('2*x*exp(-x)*sin(x) + x**2*exp(-x)*sin(x) + x**2*exp(-x)*cos(x)', 'sign'),
                 ('y', 'not differentiated | value'),
                 ('2*x*exp(-x)*sin(x) - x**2*exp(-x)*sin(x) - x**2*exp(-x)*cos(x)', 'sign'),
                 ('2*x*exp(-x)*sin(x) - x**2*exp(-x)*sin(x) + x*exp(-x)*cos(x)', 'wrong power')],
            ),
        },
    ),
    'arctan': (
        'x = torch.tensor(1.3, requires_grad=True)\n'
        'y = torch.atan(x/2)\n',
        'y', 'x',
        {
            '∂y/∂x': (
                ['1/2/(1+x**2/4)', '2/(4+x²)', '0.5/(1+(x/2)**2)', '1/(2*(1+(x/2)^2))', '2/(x*x+4)',
                 '\\frac{2}{4+x^2}', '0.3515', '0.351', '1/2 cos²(y)', 'cos(y)**2/2', '0.35149'],
                [('1/(1+(x/2)**2)', 'constant factor | wrong number | missing inner derivative'),
                 ('0.5/(1+x**2)', 'wrong power | different | missing factor | missing inner derivative | missing term | wrong number | wrong function | wrong tensor'),
                 ('0.5/(1-(x/2)**2)', 'sign'), ('-0.5/(1+(x/2)**2)', 'sign'), ('y', 'not differentiated | value'),
                 ('0.5*(1+(x/2)**2)', 'upside down | wrong power')],
            ),
        },
    ),
    'kl': (
        'p = torch.tensor([0.2, 0.5, 0.3])\n'
        'z = torch.tensor([0.1, -0.4, 1.], requires_grad=True)\n'
        'q = torch.softmax(z, 0)\n'
        'D = (p*(p.log() - q.log())).sum()\n',
        'D', 'z',
        {
            '∂D/∂z': (
                ['q - p', '-(p - q)', 'softmax(z,0) - p', 'e^z/sum(e^z) - p', 'q·1 - p', 'q - p*p.sum()/1', '-p + q',
                 '(diag(q) - outer(q,q)) @ (-p/q)', 'q-p'],
                [('p - q', 'sign'),
                 ('-p/q', 'local factor | missing inner derivative | missing factor | missing term'),
                 ('q', 'missing term | partly right | different | local factor | not differentiated'),
                 ('p*q', 'different | missing factor | missing inner derivative | missing term | wrong number | wrong function | wrong tensor | wrong power | extra factor | extra term'),
                 ('q - 1', 'different | wrong number | wrong function | wrong tensor | wrong power | missing factor | missing inner derivative | missing term'),
                 ('2*(q-p)', 'constant factor | wrong number'), ('z - p', 'wrong tensor | different')],
            ),
        },
    ),
    'hinge': (
        's = torch.tensor([0.5, -1., 2., 0.3], requires_grad=True)\n'
        't = torch.tensor([1., 1., -1., -1.])\n'
        'm = torch.clamp(1 - t*s, min=0)\n'
        'loss = m.mean()\n',
        'loss', 's',
        {
            '∂loss/∂s': (
                ['-t*(1 - t*s > 0)/4', '-t/4*(t*s < 1)', 'where(t*s<1, -t, 0)/4', '-t*(m>0)/4',
                 '[-0.25,-0.25,0.25,0.25]', '-0.25*t*(m>0)', '-(t*(m>0))/len(s)', '-1/4 t·1[m>0]', '-t*step(1-t*s)/4',
                 '-t*sign(m)/4'],
                [('t*(m>0)/4', 'sign'), ('-t*(m>0)', 'mean'), ('-s*(m>0)/4', 'wrong tensor | different'),
                 ('-(m>0)/4', 'missing inner derivative | missing factor'), ('-t*(m<0)/4', 'wrong condition | zero')],
            ),
        },
    ),
    'rnn': (
        'h0 = torch.tensor([0.2, -0.4])\n'
        'W = torch.tensor([[0.5, -0.3], [0.8, 0.1]], requires_grad=True)\n'
        'u = torch.tensor([1., 0.5])\n'
        'h1 = torch.tanh(W @ h0 + u)\n'
        'h2 = torch.tanh(W @ h1 + u)\n'
        'L = (h2**2).sum()\n',
        'L', 'W',
        {
            '∂L/∂W': (
                ['outer(2*h2*(1-h2**2), h1) + outer((W.T @ (2*h2*(1-h2**2)))*(1-h1**2), h0)',
                 '(2*h2*(1-h2²))[:,None]*h1 + ((W.T@(2*h2*(1-h2²)))*(1-h1²))[:,None]*h0',
                 'outer(2*h2*(1-h2^2), h1) + outer((2*h2*(1-h2^2)) @ W * (1-h1^2), h0)'],
                [('outer(2*h2*(1-h2**2), h1)', 'used twice'),
                 ('outer(2*h2*(1-h2**2), h1) + outer((W @ (2*h2*(1-h2**2)))*(1-h1**2), h0)', 'transposed operand'),
                 ('outer(2*h2, h1) + outer((W.T @ (2*h2))*(1-h1**2), h0)', 'missing inner derivative | missing factor | different'),
                 ('outer(h1, 2*h2*(1-h2**2)) + outer((W.T @ (2*h2*(1-h2**2)))*(1-h1**2), h0)', 'transposed operand'),
                 ('outer(2*h2*(1-h2**2), h1) + outer((W.T @ (2*h2*(1-h2**2))), h0)', 'missing inner derivative | missing factor | missing term'),
                 ('outer(2*h2*(1-h2**2), h1) - outer((W.T @ (2*h2*(1-h2**2)))*(1-h1**2), h0)', 'sign')],
            ),
        },
    ),
    'batchnorm_mean': (
        'X = torch.tensor([[1., 2.], [3., -1.], [0.5, 4.]], requires_grad=True)\n'
        'G = torch.tensor([[1., 0.], [2., -1.], [0.5, 1.]])\n'
        'mu = X.mean(0)\n'
        'Y = X - mu\n'
        'L = (G*Y).sum()\n',
        'L', 'X',
        {
            '∂L/∂X': (
                ['G - G.mean(0)', 'G - mean(G, 0)', 'G - G.sum(0)/3', 'G - ones(3,3) @ G/3',
                 '(eye(3) - ones(3,3)/3) @ G', 'G - G.mean(dim=0, keepdim=True)', 'G - 1/3*G.sum(0)',
                 'G - torch.mean(G, dim=0)[None,:]'],
                [('G', 'used twice | local factor'), ('G - G.mean()', 'wrong axis'),
                 ('G - G.mean(1, keepdim=True)', 'wrong axis'), ('G + G.mean(0)', 'sign'),
                 ('G - G.sum(0)', 'sum against mean')],
            ),
        },
    ),
    'power_both': (
        'a = torch.tensor([1.5, 2., 0.7], requires_grad=True)\n'
        'b = torch.tensor([2., -1., 0.5], requires_grad=True)\n'
        'y = a**b\n'
        's = y.sum()\n',
        's', 'b',
        {
            '∂s/∂b': (
                ['y*log(a)', 'a**b*ln(a)', 'a^b ln(a)', 'y·ln(a)', 'exp(b*log(a))*log(a)', 'a**b * torch.log(a)',
                 'log(a)*y', 'y ln a'],
                [('y', 'not differentiated | missing factor | missing inner derivative | missing term'),
                 ('log(a)', 'missing inner derivative | missing factor | wrong power | extra factor | extra term | upside down'),
                 ('y*log(b)', 'wrong tensor | undefined'), ('y*exp(a)', 'wrong function'), ('-y*log(a)', 'sign')],
            ),
        },
    ),
    'temperature': (
        'z = torch.tensor([1., 2., 0.5], requires_grad=True)\n'
        'T = torch.tensor(2., requires_grad=True)\n'
        'p = torch.softmax(z/T, 0)\n'
        'L = -torch.log(p[1])\n',
        'L', 'z',
        {
            '∂L/∂z': (
                ['(p - [0,1,0])/T', '1/T*(p - eye(3)[1])', '(softmax(z/T, 0) - [0,1,0])/T', '(p - one_hot(1,3))/T',
                 '[p[0]/T, (p[1]-1)/T, p[2]/T]', 'p/T - [0, 1/T, 0]'],
                [('p - [0,1,0]', 'missing inner derivative | missing factor'), ('([0,1,0] - p)/T', 'sign'),
                 ('p/T', 'partly right | missing factor | missing inner derivative | missing term'),
                 ('(p - [0,1,0])*T', 'upside down | wrong power'), ('(p-1)/T', 'partly right | wrong number'),
                 ('(p - [1,0,0])/T', 'partly right')],
            ),
        },
    ),
    'gather': (
        'X = torch.tensor([[1., 2., 3.], [4., 5., 6.]], requires_grad=True)\n'
        'y = X[:, 1:]\n'
        'L = (y**2).sum()/2\n',
        'L', 'X',
        {
            '∂L/∂X': (
                ['X*[0,1,1]', 'X*tensor([0.,1.,1.])', '[[0,2,3],[0,5,6]]', 'cat([zeros(2,1), X[:,1:]], 1)',
                 'cat([zeros(2,1), y], dim=1)', 'X*(arange(3)>0)', 'pad(y, (1,0))', 'X - X*[1,0,0]',
                 'hstack([zeros(2,1), y])'],
                [('X', 'partly right | missing factor | missing inner derivative | missing term'),
                 ('2*X*[0,1,1]', 'constant factor | wrong number'), ('y', 'local factor | wrong shape'),
                 ('X*[1,1,0]', 'partly right'), ('-X*[0,1,1]', 'sign'), ('X**2*[0,1,1]', 'wrong power')],
            ),
        },
    ),
    'mean3d': (
        'X = torch.arange(24.).reshape(2,3,4).requires_grad_()\n'
        'c = torch.tensor([1., -1., 2.])\n'
        'm = X.mean((0,2))\n'
        'L = (c*m).sum()\n',
        'L', 'X',
        {
            '∂L/∂X': (
                ['c[None,:,None]/8*ones(2,3,4)', 'c.view(1,3,1)/8', 'c.reshape(1,3,1).expand(2,3,4)/8', 'c[:,None]/8',
                 'c.unsqueeze(1)/8', 'ones_like(X)*c[:,None]/8', 'c[None,:,None]*ones_like(X)/(2*4)'],
                [('c[:,None]', 'mean | constant factor'), ('c[:,None]/24', 'constant factor | wrong number | mean'),
                 ('c', 'local factor | wrong shape'), ('-c[:,None]/8', 'sign'),
                 ('1/8', 'missing inner derivative | missing factor'),
                 ('c[:,None]*X/8', 'wrong power | extra factor | extra term')],
            ),
        },
    ),
    'normalise': (
        'x = torch.tensor([1., 2., 3.], requires_grad=True)\n'
        'S = x.sum()\n'
        'p = x/S\n'
        'c = torch.tensor([1., 0., 2.])\n'
        'L = (c*p).sum()\n',
        'L', 'x',
        {
            '∂L/∂x': (
                ['(c - L)/S', 'c/S - (c*x).sum()/S**2', 'c/S - L/S', '1/S*(c - c@p)', 'c/sum(x) - (c@x)/sum(x)^2',
                 '(c*S - c@x)/S²'],
                [('c/S', 'used twice | local factor | missing factor | missing inner derivative | missing term'),
                 ('c/S + L/S', 'sign'), ('c/S - L/S**2', 'wrong power'), ('-L/S', 'used twice'),
                 ('c - L', 'missing inner derivative | missing factor')],
            ),
        },
    ),
    'self_attention_like': (
        'X = torch.tensor([[1., 0.5], [0.2, -1.], [2., 1.]], requires_grad=True)\n'
        'G = X @ X.T\n'
        'L = G.sum()\n',
        'L', 'X',
        {
            '∂L/∂X': (
                ['2*ones(3,3) @ X', '(ones(3,3) + ones(3,3).T) @ X', '2*X.sum(0)*ones(3,1)', '2*X.sum(0)',
                 '2 * torch.ones(3,3) @ X', 'ones_like(G) @ X + ones_like(G).T @ X',
                 '2*X.sum(0, keepdim=True).expand(3,2)', '2*outer(ones(3), X.sum(0))'],
                [('ones(3,3)@X', 'used twice | constant factor'),
                 ('2*X', 'missing inner derivative | missing factor | different'),
                 ('2*X@ones(2,2)', 'transposed operand'), ('2*X.T@ones(3,3)', 'transposed operand'),
                 ('-2*ones(3,3)@X', 'sign')],
            ),
        },
    ),
    'compound': (
        'r = torch.tensor(0.05, requires_grad=True)\n'
        'K = 100*(1 + r)**10\n',
        'K', 'r',
        {
            '∂K/∂r': (
                ['1000*(1+r)**9', '1000(1+r)^9', '100*10*(1+r)**9', '10*K/(1+r)', '1551.33', '1551', '1.551e3',
                 '1551.3', '10 K/(1+r)'],
                [('100*(1+r)**9', 'constant factor | wrong number'), ('1000*(1+r)**10', 'wrong power'),
                 ('1000*r**9', 'wrong power | different'), ('10*(1+r)**9', 'constant factor | wrong number'),
                 ('K', 'not differentiated | value'), ('1000*(1+r)', 'wrong power'),
                 ('162.89', 'not differentiated | value')],
            ),
        },
    ),
    'logdet_like': (
        'A = torch.tensor([[2., 0.5], [0.3, 1.]], requires_grad=True)\n'
        'd = A[0,0]*A[1,1] - A[0,1]*A[1,0]\n'
        'L = torch.log(d)\n',
        'L', 'A',
        {
            '∂L/∂A': (
                ['inv(A).T', 'inverse(A.T)', 'A.inverse().T', 'torch.linalg.inv(A).T',
                 '[[A[1,1], -A[1,0]], [-A[0,1], A[0,0]]]/d', '[[A[1,1]/d, -A[1,0]/d], [-A[0,1]/d, A[0,0]/d]]',
                 'inv(A)ᵀ', 'linalg.inv(A.T)', 'inv(A).t()'],
                [('inv(A)', 'transposed operand'),
                 ('[[A[1,1], -A[1,0]], [-A[0,1], A[0,0]]]', 'missing inner derivative | missing factor | local factor'),
                 ('[[A[1,1], A[1,0]], [A[0,1], A[0,0]]]/d', 'sign | partly right'), ('-inv(A).T', 'sign')],
            ),
        },
    ),
    'leaky': (
        'x = torch.tensor([-1., 2., -0.5], requires_grad=True)\n'
        'y = torch.nn.functional.leaky_relu(x, 0.1)\n'
        'L = (y**2).sum()\n',
        'L', 'x',
        {
            '∂L/∂x': (
                ['2*y*where(x>0, 1, 0.1)', 'where(x>0, 2*x, 0.02*x)', '2*y*((x>0) + 0.1*(x<=0))',
                 '2x if x > 0 else 0.02x', '2*leaky_relu(x, 0.1)*where(x>0,1,0.1)', '2*y*(0.1 + 0.9*(x>0))',
                 '2*y*(1 if x > 0 else 0.1)', '[-0.02, 4, -0.01]'],
                [('2*y', 'missing inner derivative | missing factor | partly right'), ('2*y*(x>0)', 'partly right'),
                 ('2*y*where(x<0,1,0.1)', 'wrong condition'),
                 ('y*where(x>0,1,0.1)', 'constant factor | wrong number'),
                 ('where(x>0, 1, 0.1)', 'local factor | missing factor | missing inner derivative | missing term'),
                 ('-2*y*where(x>0,1,0.1)', 'sign')],
            ),
        },
    ),
    'dist': (
        'a = torch.tensor([[1., 2.], [0., 1.]], requires_grad=True)\n'
        'b = torch.tensor([[0.5, 1.], [2., -1.], [1., 1.]])\n'
        'D = ((a[:,None,:] - b[None,:,:])**2).sum(-1)\n'
        'L = D.sum()\n',
        'L', 'a',
        {
            '∂L/∂a': (
                ['2*(3*a - b.sum(0))', '6*a - 2*b.sum(0)', '(2*(a[:,None,:]-b[None,:,:])).sum(1)',
                 '2*(a[:,None]-b).sum(1)', '6*(a - b.mean(0))', '2*3*a - 2*sum(b, 0)', '6a - 2·b.sum(0)'],
                [('2*(a[:,None,:]-b[None,:,:])', 'missing sum'), ('2*(a - b.sum(0))', 'wrong number'),
                 ('6*a + 2*b.sum(0)', 'sign'), ('2*(b.sum(0) - 3*a)', 'sign'), ('6*a', 'missing term'),
                 ('3*a - b.sum(0)', 'constant factor | wrong number'),
                 ('2*(a - b.mean(0))', 'constant factor | wrong number')],
            ),
        },
    ),
    'vec_out_mm': (
        'x = torch.tensor([0.5, -0.2], requires_grad=True)\n'
        'W = torch.tensor([[1., 2.], [3., 4.], [5., 6.]])\n'
        'y = torch.sigmoid(W @ x)\n',
        'y', 'x',
        {
            '∂y/∂x': (
                ['(y*(1-y))[:,None]*W', 'diag(y*(1-y)) @ W', 'W.T @ (v*y*(1-y))', '(v*y*(1-y)) @ W',
                 'diag(y - y**2) @ W', 'Wᵀ @ (v·y·(1−y))', '(y*(1-y)).unsqueeze(1)*W',
                 "einsum('i,ij->ij', y*(1-y), W)"],
                [('W.T @ v', 'missing inner derivative | missing factor'),
                 ('W', 'missing inner derivative | missing factor'), ('W.T @ (y*(1-y))', 'missing cotangent'),
                 ('-diag(y*(1-y)) @ W', 'sign'), ('(diag(y*(1-y)) @ W).T', 'transposed operand'),
                 ('W.T @ (v*y*(1+y))', 'sign'), ('2*diag(y*(1-y)) @ W', 'constant factor | wrong number')],
            ),
        },
    ),
    'nograd_max': (
        'x = torch.tensor([1., 3., 2.], requires_grad=True)\n'
        'with torch.no_grad():\n'
        '    m = x.max()\n'
        'e = torch.exp(x - m)\n'
        'L = torch.log(e.sum()) + m\n',
        'L', 'x',
        {
            '∂L/∂x': (
                ['softmax(x, 0)', 'e/e.sum()', 'exp(x)/exp(x).sum()', 'exp(x - L)', 'exp(x-m)/sum(exp(x-m))'],
                [('e', 'missing factor | missing inner derivative | missing term | local factor | upside down | different | not differentiated'),
                 ('-softmax(x,0)', 'sign'), ('e/e.mean()', 'sum against mean | constant factor')],
            ),
        },
    ),
}  # fmt: skip
