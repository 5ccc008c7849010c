"""Training steps of every model in eager PyTorch, as makemore.py trains them: AdamW on batches of 32 names in whole blocks,
recurrent cells unrolled in Python.

    python3 pytorch_steps.py WORDS THREADS

Says its version and OpenBLAS's kernels, then answers lines: "MODEL STEPS trim|whole" with the milliseconds of each of the
next STEPS steps, "rate" with the GFLOP/s of a matrix product of the transformer's, "MODEL until LOSS TRAIN TEST" with the
seconds of training and the steps that it takes from TRAIN words to a loss on TEST words, looked at every 250 steps. Sizes are
the scripts' defaults.
"""
import ctypes
import math
import re
import sys
import time

import torch
from torch import nn
from torch.nn import functional as F

T, V, B = 16, 27, 32


class Bigram(nn.Module):
    def __init__(self):
        super().__init__()
        self.logits = nn.Parameter(torch.zeros(V, V))

    def forward(self, x, live):
        return self.logits[x]


def windows(x, n):
    """(B, T) -> (B, T, n): the token and the n - 1 before it, newest first, a blank before the start."""
    padded = torch.cat([torch.full((x.size(0), n - 1), V), x], 1)
    return torch.stack([padded[:, n - 1 - k:n - 1 - k + x.size(1)] for k in range(n)], -1)


class MLP(nn.Module):
    def __init__(self, e=64, h=64):
        super().__init__()
        self.wte = nn.Embedding(V + 1, e)
        self.mlp = nn.Sequential(nn.Linear(T * e, h), nn.Tanh(), nn.Linear(h, V))

    def forward(self, x, live):
        return self.mlp(self.wte(windows(x, T)).flatten(2))


class LiveNorm(nn.Module):
    """Batch normalization whose statistics are over the live positions."""

    def __init__(self, n):
        super().__init__()
        self.weight, self.bias = nn.Parameter(torch.ones(n)), nn.Parameter(torch.zeros(n))
        self.register_buffer("mean", torch.zeros(n))
        self.register_buffer("var", torch.ones(n))

    def forward(self, h, live):
        seen = h[live]
        mean, var, n = seen.mean(0), seen.var(0, unbiased=False), seen.size(0)
        self.mean = 0.9 * self.mean + 0.1 * mean.detach()
        self.var = 0.9 * self.var + 0.1 * var.detach() * n / (n - 1)
        return (h - mean) / torch.sqrt(var + 1e-5) * self.weight + self.bias


class BatchNormMLP(nn.Module):
    def __init__(self, e=10, h=200):
        super().__init__()
        self.wte, self.hidden = nn.Embedding(V + 1, e), nn.Linear(3 * e, h, bias=False)
        self.bn, self.head = LiveNorm(h), nn.Linear(h, V)

    def forward(self, x, live):
        h = self.hidden(self.wte(windows(x, 3)).flatten(2))
        return self.head(torch.tanh(self.bn(h, live)))


class WaveNet(nn.Module):
    def __init__(self, e=24, h=128, layers=3):
        super().__init__()
        self.wte = nn.Embedding(V + 1, e)
        self.convs = nn.ModuleList(nn.Linear(2 * (h if l else e), h, bias=False) for l in range(layers))
        self.bns, self.head = nn.ModuleList(LiveNorm(h) for _ in range(layers)), nn.Linear(h, V)

    def forward(self, x, live):
        h = self.wte(torch.cat([torch.full((x.size(0), 2 ** len(self.convs) - 1), V), x], 1))
        for l, (conv, bn) in enumerate(zip(self.convs, self.bns)):
            h = conv(torch.cat([h[:, :-2 ** l], h[:, 2 ** l:]], -1))
            blanks = torch.zeros(x.size(0), h.size(1) - x.size(1), dtype=torch.bool)
            h = torch.tanh(bn(h, torch.cat([blanks, live], 1)))
        return self.head(h)


class RNNCell(nn.Module):
    states = 1

    def __init__(self, e, h):
        super().__init__()
        self.xh_to_h = nn.Linear(e + h, h)

    def forward(self, x, h):
        return (torch.tanh(self.xh_to_h(torch.cat([x, h], 1))),)


class GRUCell(nn.Module):
    states = 1

    def __init__(self, e, h):
        super().__init__()
        self.z, self.r, self.hbar = (nn.Linear(e + h, h) for _ in range(3))

    def forward(self, x, h):
        xh = torch.cat([x, h], 1)
        r, z = torch.sigmoid(self.r(xh)), torch.sigmoid(self.z(xh))
        hbar = torch.tanh(self.hbar(torch.cat([x, r * h], 1)))
        return ((1 - z) * h + z * hbar,)


class LSTMCell(nn.Module):
    states = 2

    def __init__(self, e, h):
        super().__init__()
        self.i, self.f, self.o, self.g = (nn.Linear(e + h, h) for _ in range(4))

    def forward(self, x, h, c):
        xh = torch.cat([x, h], 1)
        i, f, o = torch.sigmoid(self.i(xh)), torch.sigmoid(self.f(xh)), torch.sigmoid(self.o(xh))
        c = f * c + i * torch.tanh(self.g(xh))
        return o * torch.tanh(c), c


class Recurrent(nn.Module):
    def __init__(self, cell, e=64, h=64):
        super().__init__()
        self.start = nn.ParameterList(nn.Parameter(torch.zeros(1, h)) for _ in range(cell.states))
        self.wte, self.cell, self.head = nn.Embedding(V, e), cell(e, h), nn.Linear(h, V)

    def forward(self, x, live):
        e, state, hs = self.wte(x), tuple(s.expand(x.size(0), -1) for s in self.start), []
        for t in range(x.size(1)):
            state = self.cell(e[:, t], *state)
            hs.append(state[0])
        return self.head(torch.stack(hs, 1))


class BoW(nn.Module):
    def __init__(self, e=64, h=64):
        super().__init__()
        self.wte, self.wpe = nn.Embedding(V, e), nn.Embedding(T, e)
        self.fc, self.proj, self.head = nn.Linear(e, h), nn.Linear(h, e), nn.Linear(e, V)
        self.register_buffer("past", torch.tril(torch.ones(T, T)))

    def forward(self, x, live):
        n, t = x.shape
        h = self.wte(x) + self.wpe(torch.arange(t))
        scores = torch.zeros(n, t, t).masked_fill(self.past[:t, :t] == 0, -math.inf)
        h = h + F.softmax(scores, -1) @ h
        return self.head(h + self.proj(torch.tanh(self.fc(h))))


class Block(nn.Module):
    def __init__(self, c, heads):
        super().__init__()
        self.heads, self.ln1, self.ln2 = heads, nn.LayerNorm(c), nn.LayerNorm(c)
        self.attn, self.attn_proj = nn.Linear(c, 3 * c), nn.Linear(c, c)
        self.fc, self.proj = nn.Linear(c, 4 * c), nn.Linear(4 * c, c)
        self.register_buffer("past", torch.tril(torch.ones(T, T)))

    def attend(self, x):
        n, t, c = x.shape
        q, k, v = (a.view(n, t, self.heads, -1).transpose(1, 2) for a in self.attn(x).split(c, 2))
        att = q @ k.transpose(-2, -1) * (1.0 / math.sqrt(k.size(-1)))
        att = F.softmax(att.masked_fill(self.past[:t, :t] == 0, -math.inf), -1)
        return self.attn_proj((att @ v).transpose(1, 2).contiguous().view(n, t, c))

    def forward(self, x):
        x = x + self.attend(self.ln1(x))
        u = self.fc(self.ln2(x))
        return x + self.proj(0.5 * u * (1.0 + torch.tanh(math.sqrt(2.0 / math.pi) * (u + 0.044715 * torch.pow(u, 3.0)))))


class Transformer(nn.Module):
    def __init__(self, c=64, layers=4, heads=4):
        super().__init__()
        self.wte, self.wpe = nn.Embedding(V, c), nn.Embedding(T, c)
        self.h = nn.Sequential(*(Block(c, heads) for _ in range(layers)))
        self.ln_f, self.lm_head = nn.LayerNorm(c), nn.Linear(c, V, bias=False)

    def forward(self, x, live):
        x = self.wte(x) + self.wpe(torch.arange(x.size(1)))
        return self.lm_head(self.ln_f(self.h(x)))


MODELS = {
    "bigram": Bigram, "mlp": MLP, "batchnorm": BatchNormMLP, "wavenet": WaveNet, "rnn": lambda: Recurrent(RNNCell),
    "gru": lambda: Recurrent(GRUCell), "lstm": lambda: Recurrent(LSTMCell), "bow": BoW, "transformer": Transformer,
}


def encode(names):
    x, y = torch.zeros(len(names), T, dtype=torch.long), torch.full((len(names), T), -1)
    for row, name in enumerate(names):
        ids = torch.tensor([ord(c) - 96 for c in name])
        x[row, 1:1 + len(ids)], y[row, :len(ids)], y[row, len(ids)] = ids, ids, 0
    return x, y


def steps(model, xs, ys):
    """Endlessly: one training step, and the milliseconds it took."""
    adam = torch.optim.AdamW(model.parameters(), lr=5e-4, betas=(0.9, 0.99), eps=1e-8, weight_decay=0.01)
    trim = yield
    while True:
        start = time.perf_counter()
        rows = torch.randint(len(xs), (B,))
        x, y = xs[rows], ys[rows]
        if trim and not isinstance(model, MLP):
            longest = int((y != -1).sum(1).max())
            x, y = x[:, :longest], y[:, :longest]
        logits = model(x, y != -1)
        loss = F.cross_entropy(logits.reshape(-1, V), y.reshape(-1), ignore_index=-1)
        model.zero_grad(set_to_none=True)
        loss.backward()
        adam.step()
        trim = yield (time.perf_counter() - start) * 1e3


def kernels():
    """The processor whose kernels OpenBLAS has taken. On some processors some of its versions err: then this ends."""
    x, w = torch.randn(512, 256), torch.randn(64, 256)
    if not torch.allclose(x @ w.T, (x.double() @ w.double().T).float(), rtol=1e-3, atol=1e-3):
        sys.exit("OpenBLAS multiplies wrongly on this processor")
    try:
        with open("/proc/self/maps") as file:
            library = re.search(r"/\S*openblas\S*", file.read())
        name = ctypes.CDLL(library.group()).openblas_get_corename
        name.restype = ctypes.c_char_p
        return f"OpenBLAS for {name().decode()}"
    except (OSError, AttributeError):
        return "kernels unknown"


def rate():
    """The best of many products (512, 64) (64, 256)ᵀ. OpenBLAS has threads of its own: OPENBLAS_NUM_THREADS bounds them."""
    x, w, best = torch.randn(512, 64), torch.randn(256, 64), math.inf
    for _ in range(2000):
        start = time.perf_counter()
        x @ w.T
        best = min(best, time.perf_counter() - start)
    return 2 * 512 * 64 * 256 / best / 1e9


def until(name, loss, train, test):
    """The seconds of training, evaluations left out, and the steps that bring a new model to a loss."""
    torch.manual_seed(3407)
    model, (xs, ys) = MODELS[name](), test
    running, seconds, count = steps(model, *train), 0.0, 0
    next(running)
    while True:
        seconds, count = seconds + sum(running.send(False) for _ in range(250)) / 1e3, count + 250
        with torch.no_grad():
            logits = model(xs, ys != -1)
            if F.cross_entropy(logits.reshape(-1, V), ys.reshape(-1), ignore_index=-1) <= loss:
                return seconds, count


def read(path):
    with open(path) as file:
        return encode([line.strip() for line in file if line.strip()])


def main():
    words, threads = sys.argv[1], int(sys.argv[2])
    torch.set_num_threads(threads)
    torch.manual_seed(3407)
    xs, ys = read(words)
    running = {}
    print(f"PyTorch {torch.__version__}, {kernels()}", flush=True)
    for line in sys.stdin:
        if line.split() == ["rate"]:
            print(f"{rate():.1f}", flush=True)
            continue
        if line.split()[1] == "until":
            name, _, loss, train, test = line.split()
            print(*until(name, float(loss), read(train), read(test)), flush=True)
            continue
        name, count, width = line.split()
        if name not in running:
            running[name] = steps(MODELS[name](), xs, ys)
            next(running[name])
        print(*(f"{running[name].send(width == 'trim'):.4f}" for _ in range(int(count))), flush=True)


main()
