"""The ten models in PyTorch, written as makemore.py writes them: for reading next to scripts/*.csx, for the parity fixtures
(Makemore.Tests/Parity/generate.py) and for the benchmark (Makemore.Benchmarks/pytorch_steps.py).

Every model is called with ids x (B, T) and with live (B, T), where there is a target, and returns logits (B, T, V). Default
sizes are the scripts'. Parameters have the names that the scripts' checkpoints have, in the same order.
"""
import math

import torch
from torch import nn
from torch.nn import functional as F

T, V = 16, 27       # block size; ".abc…z", and V itself is <BLANK>, which stands before the start of a word


def encode(names):
    """x (B, T) is 0, the letters, then zeros; y (B, T) is the letters, 0, then -1, which no loss counts."""
    x, y = torch.zeros(len(names), T, dtype=torch.long), torch.full((len(names), T), -1)
    for row, name in enumerate(names):
        ids = torch.tensor([ord(letter) - ord("a") + 1 for letter in name])
        x[row, 1:1 + len(ids)], y[row, :len(ids)], y[row, len(ids)] = ids, ids, 0
    return x, y


def loss(logits, y):
    """The mean over the targets that are not -1."""
    return F.cross_entropy(logits.reshape(-1, V), y.reshape(-1), ignore_index=-1)


class Bigram(nn.Module):
    def __init__(self):
        super().__init__()
        self.logits = nn.Parameter(torch.zeros(V, V))

    def forward(self, x, live):
        return self.logits[x]                                                   # (B, T, V)


def windows(x, n):
    """(B, T) → (B, T, n): the token and the n - 1 before it, newest first."""
    padded = torch.cat([torch.full((x.size(0), n - 1), V), x], 1)
    return torch.stack([padded[:, n - 1 - k:n - 1 - k + x.size(1)] for k in range(n)], -1)


class MLP(nn.Module):
    def __init__(self, n_embd=64, n_embd2=64):
        super().__init__()
        self.wte = nn.Embedding(V + 1, n_embd)
        self.mlp = nn.Sequential(nn.Linear(T * n_embd, n_embd2), nn.Tanh(), nn.Linear(n_embd2, V))

    def forward(self, x, live):
        return self.mlp(self.wte(windows(x, T)).flatten(2))


class LiveNorm(nn.Module):
    """nn.BatchNorm1d with statistics over the live positions only."""

    def __init__(self, n):
        super().__init__()
        self.weight, self.bias = nn.Parameter(torch.ones(n)), nn.Parameter(torch.zeros(n))
        self.register_buffer("running_mean", torch.zeros(n))
        self.register_buffer("running_var", torch.ones(n))

    def forward(self, h, live):
        mean, var = self.running_mean, self.running_var
        if self.training:
            seen = h[live]                                                      # (N, C)
            mean, var, n = seen.mean(0), seen.var(0, unbiased=False), seen.size(0)
            self.running_mean = 0.9 * self.running_mean + 0.1 * mean.detach()
            self.running_var = 0.9 * self.running_var + 0.1 * var.detach() * n / (n - 1)
        return (h - mean) / torch.sqrt(var + 1e-5) * self.weight + self.bias


class BatchNormMLP(nn.Module):
    def __init__(self, n_embd=10, n_embd2=200):
        super().__init__()
        self.wte, self.hidden = nn.Embedding(V + 1, n_embd), nn.Linear(3 * n_embd, n_embd2, bias=False)
        self.bn, self.head = LiveNorm(n_embd2), nn.Linear(n_embd2, V)

    def forward(self, x, live):
        h = self.hidden(self.wte(windows(x, 3)).flatten(2))                     # (B, T, H)
        return self.head(torch.tanh(self.bn(h, live)))


class Convolution(nn.Module):
    """A causal convolution of width 2 over positions that are `dilation` apart."""

    def __init__(self, n_in, n_out, dilation):
        super().__init__()
        self.conv, self.bn, self.dilation = nn.Linear(2 * n_in, n_out, bias=False), LiveNorm(n_out), dilation

    def forward(self, h, live):
        h = self.conv(torch.cat([h[:, :-self.dilation], h[:, self.dilation:]], -1))       # the older one first
        blanks = torch.zeros(h.size(0), h.size(1) - live.size(1), dtype=torch.bool)
        return torch.tanh(self.bn(h, torch.cat([blanks, live], 1)))


class WaveNet(nn.Module):
    """Dilations 1, 2, 4: 7 blanks before a word, so that every position sees 8 tokens."""

    def __init__(self, n_embd=24, n_embd2=128):
        super().__init__()
        self.wte = nn.Embedding(V + 1, n_embd)
        self.layers = nn.ModuleList(
            Convolution(n_in, n_embd2, dilation) for n_in, dilation in [(n_embd, 1), (n_embd2, 2), (n_embd2, 4)])
        self.head = nn.Linear(n_embd2, V)

    def forward(self, x, live):
        h = self.wte(torch.cat([torch.full((x.size(0), 7), V), x], 1))          # (B, 7 + T, E)
        for layer in self.layers:
            h = layer(h, live)                                                  # (B, 6 + T, H), (B, 4 + T, H), (B, T, H)
        return self.head(h)


class RNNCell(nn.Module):
    def __init__(self, e, h):
        super().__init__()
        self.xh_to_h = nn.Linear(e + h, h)

    def forward(self, x, h):
        return (torch.tanh(self.xh_to_h(torch.cat([x, h], 1))),)


class GRUCell(nn.Module):
    def __init__(self, e, h):
        super().__init__()
        self.xh_to_z, self.xh_to_r, self.xh_to_hbar = (nn.Linear(e + h, h) for _ in range(3))

    def forward(self, x, h):
        xh = torch.cat([x, h], 1)
        r, z = torch.sigmoid(self.xh_to_r(xh)), torch.sigmoid(self.xh_to_z(xh))
        hbar = torch.tanh(self.xh_to_hbar(torch.cat([x, r * h], 1)))
        return ((1 - z) * h + z * hbar,)


class LSTMCell(nn.Module):
    def __init__(self, e, h):
        super().__init__()
        self.xh_to_i, self.xh_to_f, self.xh_to_o, self.xh_to_g = (nn.Linear(e + h, h) for _ in range(4))

    def forward(self, x, h, c):
        xh = torch.cat([x, h], 1)
        i, f, o = torch.sigmoid(self.xh_to_i(xh)), torch.sigmoid(self.xh_to_f(xh)), torch.sigmoid(self.xh_to_o(xh))
        c = f * c + i * torch.tanh(self.xh_to_g(xh))
        return o * torch.tanh(c), c


class Recurrent(nn.Module):
    """A cell folded over the positions, from a state that is learned."""

    def __init__(self, cell, starts, n_embd, n_embd2):
        super().__init__()
        for start in starts:
            self.register_parameter(start, nn.Parameter(torch.zeros(1, n_embd2)))
        self.starts, self.wte, self.cell = starts, nn.Embedding(V, n_embd), cell(n_embd, n_embd2)
        self.lm_head = nn.Linear(n_embd2, V)

    def forward(self, x, live):
        e, hs = self.wte(x), []                                                 # (B, T, E)
        state = [getattr(self, start).expand(x.size(0), -1) for start in self.starts]
        for t in range(x.size(1)):
            state = self.cell(e[:, t], *state)
            hs.append(state[0])
        return self.lm_head(torch.stack(hs, 1))


def rnn(n_embd=64, n_embd2=64):
    return Recurrent(RNNCell, ["start"], n_embd, n_embd2)


def gru(n_embd=64, n_embd2=64):
    return Recurrent(GRUCell, ["start"], n_embd, n_embd2)


def lstm(n_embd=64, n_embd2=64):
    return Recurrent(LSTMCell, ["start", "start_cell"], n_embd, n_embd2)


def past(block=T):
    """(T, T) with 1 where a column is not in a row's future."""
    return torch.tril(torch.ones(block, block))


class ContextBlock(nn.Module):
    """The mean of all positions so far, then a small MLP."""

    def __init__(self, n_embd, n_embd2):
        super().__init__()
        self.mlp = nn.ModuleDict(dict(c_fc=nn.Linear(n_embd, n_embd2), c_proj=nn.Linear(n_embd2, n_embd)))
        self.register_buffer("past", past(), persistent=False)

    def forward(self, x):
        n, t, _ = x.shape
        scores = torch.zeros(n, t, t).masked_fill(self.past[:t, :t] == 0, -math.inf)
        x = x + F.softmax(scores, -1) @ x
        return x + self.mlp.c_proj(torch.tanh(self.mlp.c_fc(x)))


class BoW(nn.Module):
    def __init__(self, n_embd=64, n_embd2=64):
        super().__init__()
        self.wte, self.wpe = nn.Embedding(V, n_embd), nn.Embedding(T, n_embd)
        self.context_block, self.lm_head = ContextBlock(n_embd, n_embd2), nn.Linear(n_embd, V)

    def forward(self, x, live):
        return self.lm_head(self.context_block(self.wte(x) + self.wpe(torch.arange(x.size(1)))))


class Attention(nn.Module):
    def __init__(self, n_embd, n_head, block):
        super().__init__()
        self.n_head, self.c_attn, self.c_proj = n_head, nn.Linear(n_embd, 3 * n_embd), nn.Linear(n_embd, n_embd)
        self.register_buffer("past", past(block), persistent=False)

    def forward(self, x):
        n, t, c = x.shape
        q, k, v = (a.view(n, t, self.n_head, -1).transpose(1, 2) for a in self.c_attn(x).split(c, 2))   # (B, nh, T, hs)
        att = q @ k.transpose(-2, -1) * (1.0 / math.sqrt(k.size(-1)))                                   # (B, nh, T, T)
        att = F.softmax(att.masked_fill(self.past[:t, :t] == 0, -math.inf), -1)
        return self.c_proj((att @ v).transpose(1, 2).contiguous().view(n, t, c))

    def step(self, x, keys, values, t):
        """The row of position t (B, 1, C); keys and values (B, nh, block, hs) hold those of the positions before, and get its own."""
        n, _, c = x.shape
        q, k, v = (a.view(n, 1, self.n_head, -1).transpose(1, 2) for a in self.c_attn(x).split(c, 2))   # (B, nh, 1, hs)
        keys[:, :, t:t + 1], values[:, :, t:t + 1] = k, v
        att = F.softmax(q @ keys[:, :, :t + 1].transpose(-2, -1) * (1.0 / math.sqrt(k.size(-1))), -1)   # (B, nh, 1, t + 1)
        return self.c_proj((att @ values[:, :, :t + 1]).transpose(1, 2).reshape(n, 1, c))


class Block(nn.Module):
    def __init__(self, n_embd, n_head, block):
        super().__init__()
        self.ln_1, self.attn, self.ln_2 = nn.LayerNorm(n_embd), Attention(n_embd, n_head, block), nn.LayerNorm(n_embd)
        self.mlp = nn.ModuleDict(dict(c_fc=nn.Linear(n_embd, 4 * n_embd), c_proj=nn.Linear(4 * n_embd, n_embd)))

    def forward(self, x):
        return self.feed(x + self.attn(self.ln_1(x)))

    def step(self, x, cache, t):
        return self.feed(x + self.attn.step(self.ln_1(x), *cache, t))

    def feed(self, x):
        u = self.mlp.c_fc(self.ln_2(x))
        gelu = 0.5 * u * (1.0 + torch.tanh(math.sqrt(2.0 / math.pi) * (u + 0.044715 * torch.pow(u, 3.0))))
        return x + self.mlp.c_proj(gelu)


class Transformer(nn.Module):
    def __init__(self, n_embd=64, n_layer=4, n_head=4, block=T):
        super().__init__()
        self.transformer = nn.ModuleDict(dict(
            wte=nn.Embedding(V, n_embd), wpe=nn.Embedding(block, n_embd),
            h=nn.Sequential(*(Block(n_embd, n_head, block) for _ in range(n_layer))), ln_f=nn.LayerNorm(n_embd)))
        self.lm_head = nn.Linear(n_embd, V, bias=False)

    def forward(self, x, live):
        x = self.transformer.wte(x) + self.transformer.wpe(torch.arange(x.size(1)))
        return self.lm_head(self.transformer.ln_f(self.transformer.h(x)))

    def start(self, n):
        """An empty cache for n sequences: keys and values (n, nh, block, hs) of each layer."""
        (block, c), heads = self.transformer.wpe.weight.shape, self.transformer.h[0].attn.n_head
        return [(torch.empty(n, heads, block, c // heads), torch.empty(n, heads, block, c // heads)) for _ in self.transformer.h]

    def step(self, x, cache, t):
        """The logits (n, V) after the token x (n) at position t."""
        x = self.transformer.wte(x[:, None]) + self.transformer.wpe.weight[t]
        for block, own in zip(self.transformer.h, cache):
            x = block.step(x, own, t)
        return self.lm_head(self.transformer.ln_f(x))[:, 0]


class RMSNorm(nn.Module):
    def __init__(self, n):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(n))

    def forward(self, x):
        return x / torch.sqrt((x * x).mean(-1, keepdim=True) + 1e-5) * self.weight


def turn(x):
    """(..., T, C): rotary positions; element i of the first half and of the second are a pair."""
    half = x.size(-1) // 2
    rates = 10000 ** (-torch.arange(half) / half)
    angles = torch.arange(x.size(-2)).unsqueeze(1) * rates                      # (T, C / 2)
    a, b = x[..., :half], x[..., half:]
    return torch.cat([a * angles.cos() - b * angles.sin(), b * angles.cos() + a * angles.sin()], -1)


class GroupedAttention(nn.Module):
    """Two heads share their keys and values."""

    def __init__(self, n_embd, n_head):
        super().__init__()
        self.hs, shared = n_embd // n_head, n_embd // 2 if n_head % 2 == 0 else n_embd
        self.q, self.k, self.v, self.proj = (
            nn.Linear(n_embd, n_out, bias=False) for n_out in [n_embd, shared, shared, n_embd])
        self.q_norm, self.k_norm = RMSNorm(self.hs), RMSNorm(self.hs)
        self.register_buffer("past", past(), persistent=False)

    def forward(self, x):
        n, t, c = x.shape
        q, k, v = (a.view(n, t, -1, self.hs).transpose(1, 2) for a in [self.q(x), self.k(x), self.v(x)])
        q, k = turn(self.q_norm(q)), turn(self.k_norm(k))                       # (B, nh, T, hs), (B, ng, T, hs)
        k, v = (a.repeat_interleave(q.size(1) // a.size(1), 1) for a in [k, v])
        att = q @ k.transpose(-2, -1) / math.sqrt(self.hs)                      # (B, nh, T, T)
        att = F.softmax(att.masked_fill(self.past[:t, :t] == 0, -math.inf), -1)
        return self.proj((att @ v).transpose(1, 2).contiguous().view(n, t, c))


class SwiGLU(nn.Module):
    def __init__(self, n_embd):
        super().__init__()
        hidden = 8 * n_embd // 3
        self.gate, self.up, self.down = (
            nn.Linear(n_in, n_out, bias=False)
            for n_in, n_out in [(n_embd, hidden), (n_embd, hidden), (hidden, n_embd)])

    def forward(self, x):
        return self.down(F.silu(self.gate(x)) * self.up(x))


class ModernBlock(nn.Module):
    def __init__(self, n_embd, n_head):
        super().__init__()
        self.ln_1, self.attn = RMSNorm(n_embd), GroupedAttention(n_embd, n_head)
        self.ln_2, self.mlp = RMSNorm(n_embd), SwiGLU(n_embd)

    def forward(self, x):
        x = x + self.attn(self.ln_1(x))
        return x + self.mlp(self.ln_2(x))


class Modern(nn.Module):
    def __init__(self, n_embd=64, n_layer=4, n_head=4):
        super().__init__()
        self.wte = nn.Embedding(V, n_embd)
        self.h = nn.ModuleList(ModernBlock(n_embd, n_head) for _ in range(n_layer))
        self.ln_f = RMSNorm(n_embd)

    def forward(self, x, live):
        h = self.wte(x)
        for block in self.h:
            h = block(h)
        return F.linear(self.ln_f(h), self.wte.weight)                          # one table for input and output


MODELS = {
    "bigram": Bigram, "mlp": MLP, "batchnorm": BatchNormMLP, "wavenet": WaveNet, "rnn": rnn, "gru": gru, "lstm": lstm,
    "bow": BoW, "transformer": Transformer, "modern": Modern,
}
