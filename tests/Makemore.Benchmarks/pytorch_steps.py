"""Training steps of every model in eager PyTorch, as makemore.py trains them: AdamW on batches of 32 names in whole blocks,
recurrent cells unrolled in Python.

    python3 pytorch_steps.py WORDS THREADS

Prints its version and OpenBLAS's kernels, then answers line by line: "MODEL STEPS trim|whole" with the milliseconds of each of
the next STEPS steps, "rate" with the GFLOP/s of a matrix product of the Transformer's, "memory" with the peak resident set in MB
since the start, "MODEL until LOSS TRAIN TEST" with the seconds of training on TRAIN and the number of steps until a loss on TEST,
evaluated every 250 steps, "MODEL generate COUNT" with the seconds that a batch of sequences of COUNT tokens takes, sampled with a
cache. Sizes are the scripts' defaults; transformer/LAYERS/HEADS/WIDTH/BLOCK/BATCH is a Transformer of another size, on random
tokens.
"""
import ctypes
import math
import re
import sys
import time

import torch

from models import MLP, MODELS, V, Transformer, encode, loss

B = 32


def start(name, xs, ys):
    """Training steps of a model by its name, on names or, in other sizes, on random tokens."""
    if "/" not in name:
        return steps(MODELS[name](), xs, ys)
    model, block, batch = transformer(name)
    tokens = torch.randint(V, (1024, block + 1))
    return steps(model, tokens[:, :-1], tokens[:, 1:], batch)


def transformer(name):
    """A Transformer of another size, its block size and its batch size."""
    layers, heads, width, block, batch = map(int, name.split("/")[1:])
    return Transformer(width, layers, heads, block), block, batch


@torch.inference_mode()
def generate(name, count):
    """The seconds that a batch of sequences of that many tokens takes."""
    model, _, batch = transformer(name)
    x, cache, start = torch.zeros(batch, dtype=torch.long), model.start(batch), time.perf_counter()
    for t in range(count):
        x = torch.multinomial(torch.softmax(model.step(x, cache, t), -1), 1)[:, 0]
    return time.perf_counter() - start


def steps(model, xs, ys, batch=B):
    """Training steps without end: the milliseconds of each."""
    adam = torch.optim.AdamW(model.parameters(), lr=5e-4, betas=(0.9, 0.99), eps=1e-8, weight_decay=0.01)
    trim = yield
    while True:
        start = time.perf_counter()
        rows = torch.randint(len(xs), (batch,))
        x, y = xs[rows], ys[rows]
        if trim and not isinstance(model, MLP):
            longest = int((y != -1).sum(1).max())
            x, y = x[:, :longest], y[:, :longest]
        value = loss(model(x, y != -1), y)
        model.zero_grad(set_to_none=True)
        value.backward()
        adam.step()
        trim = yield (time.perf_counter() - start) * 1e3


def kernels():
    """The processor whose kernels OpenBLAS uses. Exits if they are wrong, which some versions are on some processors."""
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
    """GFLOP/s, the best of many products (512, 64) (256, 64)ᵀ. OPENBLAS_NUM_THREADS limits OpenBLAS's own threads."""
    x, w, best = torch.randn(512, 64), torch.randn(256, 64), math.inf
    for _ in range(2000):
        start = time.perf_counter()
        x @ w.T
        best = min(best, time.perf_counter() - start)
    return 2 * 512 * 64 * 256 / best / 1e9


def peak():
    """The peak resident set in MB; NaN where there is no /proc. That of getrusage begins with what the parent had."""
    try:
        with open("/proc/self/status") as file:
            return next(int(line.split()[1]) for line in file if line.startswith("VmHWM")) / 1024
    except OSError:
        return math.nan


def until(name, goal, train, test):
    """The seconds of training, evaluations excluded, and the number of steps until a new model reaches a loss."""
    torch.manual_seed(3407)
    model, (xs, ys) = MODELS[name](), test
    running, seconds, count = steps(model, *train), 0.0, 0
    next(running)
    while True:
        seconds, count = seconds + sum(running.send(False) for _ in range(250)) / 1e3, count + 250
        with torch.no_grad():
            if loss(model(xs, ys != -1), ys) <= goal:
                return seconds, count


def read(path):
    with open(path) as file:
        return encode([line.strip() for line in file if line.strip()])


def main():
    words, threads = sys.argv[1], int(sys.argv[2])
    torch.set_num_threads(threads)
    torch.manual_seed(3407)
    xs, ys = read(words)
    running, resident = {}, peak()
    print(f"PyTorch {torch.__version__}, {kernels()}", flush=True)
    for line in sys.stdin:
        if line.split() == ["rate"]:
            print(f"{rate():.1f}", flush=True)
            continue
        if line.split() == ["memory"]:
            print(f"{peak() - resident:.0f}", flush=True)
            continue
        if line.split()[1] == "until":
            name, _, goal, train, test = line.split()
            print(*until(name, float(goal), read(train), read(test)), flush=True)
            continue
        if line.split()[1] == "generate":
            name, _, count = line.split()
            print(f"{generate(name, int(count)):.6f}", flush=True)
            continue
        name, count, width = line.split()
        if name not in running:
            running[name] = start(name, xs, ys)
            next(running[name])
        print(*(f"{running[name].send(width == 'trim'):.4f}" for _ in range(int(count))), flush=True)


main()
