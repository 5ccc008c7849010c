"""What PyTorch's operations give, and their gradients, in double precision.

    python3 tests/Makemore.Tests/Tensors/generate.py

Writes torch.safetensors next to this file. It needs PyTorch (Debian: apt-get install python3-torch; made with 1.13.0).

  NAME/0, NAME/1, ...        the operands of a case
  NAME/value                 the result
  NAME/grad0, NAME/grad1     the gradient of the weighted sum of the result, for operands that are numbers, where there is one

The weight of element i is 0.5 + (7 i mod 11) / 10. A case is named as the operation in src/Makemore/Tensors/README.md, with a variant after
a comma.
"""

import pathlib
import sys

import torch
from torch.nn import functional

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "PyTorch"))
from safetensors import save  # noqa: E402

RANDOM = torch.Generator().manual_seed(5)
INF = float("inf")


def normal(*shape):
    return torch.randn(*shape, generator=RANDOM)


def positive(*shape):
    return torch.rand(*shape, generator=RANDOM) + 0.3


def ints(high, *shape, low=0):
    return torch.randint(low, high, shape, generator=RANDOM)


def standardize(x, *others):
    return functional.layer_norm(x, [x.shape[-1]], *others)


def batch_norm(x, weight, bias):
    return functional.batch_norm(x.flatten(0, 1), None, None, weight, bias, training=True).reshape(x.shape)


def mask_future(x):
    return x.masked_fill(torch.ones(x.shape[-2:], dtype=torch.bool).triu(x.shape[-1] - x.shape[-2] + 1), 7.0)


def losses(logits, targets, **options):
    return functional.cross_entropy(logits.flatten(0, 1), targets.flatten(), ignore_index=-1, **options)


def recurrence(a, b):
    steps = [b[:, 0]]
    for t in range(1, b.shape[1]):
        steps.append(a[:, t] * steps[-1] + b[:, t])
    return torch.stack(steps, 1)


TARGETS = torch.tensor([[2, -1, 0], [1, 2, -1]])
PLACES = torch.tensor([[2, 0, 1, 1], [3, 3, 0, 2], [4, 1, 1, 0]])
DISTINCT = torch.tensor([[2, 0], [3, 1], [4, 0]])

CASES = {
    "Add": (lambda a, b: a + b, normal(2, 3), normal(3)),
    "Add, integers": (lambda a, b: a + b, ints(9, 2, 3, low=-9), ints(9, 3, low=-9)),
    "Add, an integer and a number": (lambda a, b: a + b, ints(9, 2, 3, low=-9), normal(3)),
    "Subtract": (lambda a, b: a - b, normal(2, 3), normal(2, 1)),
    "Subtract, integers": (lambda a, b: a - b, ints(9, 2, 3, low=-9), ints(9, 3, low=-9)),
    "Multiply": (lambda a, b: a * b, normal(2, 3), normal(3)),
    "Multiply, integers": (lambda a, b: a * b, ints(9, 2, 3, low=-9), ints(9, 3, low=-9)),
    "Divide": (lambda a, b: a / b, normal(2, 3), positive(3)),
    "Divide, integers": (lambda a, b: torch.div(a, b, rounding_mode="trunc"), ints(99, 2, 3, low=-99), ints(9, 3, low=1)),
    "Divide, a number": (lambda x: 1 / x, positive(2, 3)),
    "Remainder": (torch.fmod, normal(2, 3), positive(3)),
    "Remainder, integers": (torch.fmod, ints(99, 2, 3, low=-99), ints(9, 3, low=1)),
    "Minimum": (torch.minimum, normal(2, 3), normal(3)),
    "Maximum": (torch.maximum, normal(2, 3), normal(3)),
    "Maximum, equal elements": (torch.maximum, torch.tensor([1.0, 2, 3]), torch.tensor([1.0, 3, 2])),
    "Clip": (lambda x: x.clamp(-0.5, 0.7), normal(4, 5)),
    "Clip, at the bounds": (lambda x: x.clamp(-0.5, 0.75), torch.tensor([-1, -0.5, 0, 0.75, 1])),
    "Affine": (lambda x: 1.5 * x - 2, normal(2, 3)),
    "OnesLike": (torch.ones_like, normal(2, 3)),
    "ZerosLike": (torch.zeros_like, normal(2, 3)),
    "Equal": (lambda a, b: a == b, ints(3, 4, 5), ints(3, 5)),
    "NotEqual": (lambda a, b: a != b, ints(3, 4, 5), ints(3, 5)),
    "Less": (lambda a, b: a < b, ints(3, 4, 5), ints(3, 5)),
    "LessOrEqual": (lambda a, b: a <= b, ints(3, 4, 5), ints(3, 5)),
    "Greater": (lambda a, b: a > b, ints(3, 4, 5), ints(3, 5)),
    "GreaterOrEqual": (lambda a, b: a >= b, ints(3, 4, 5), ints(3, 5)),
    "GreaterOrEqual, NaN": (lambda a, b: a >= b, torch.tensor([1, float("nan"), 2]), torch.tensor([float("nan"), 1, 2])),
    "IsAtLeast": (lambda x: x >= 1, ints(3, 4, 5)),
    "Where": (lambda m, a, b: torch.where(m > 0, a, b), ints(2, 2, 3), normal(2, 3), normal(3)),
    "OneHot": (lambda x: functional.one_hot(x, 4).float(), ints(4, 2, 3)),
    "Exp": (torch.exp, normal(2, 3)),
    "Log": (torch.log, positive(2, 3)),
    "Sqrt": (torch.sqrt, positive(2, 3)),
    "Rsqrt": (torch.rsqrt, positive(2, 3)),
    "Power": (lambda x: x.pow(3), normal(2, 3)),
    "Power, 0.3": (lambda x: x.pow(0.3), positive(2, 3)),
    "Abs": (torch.abs, torch.cat([normal(5), torch.zeros(1)])),
    "Sign": (torch.sign, torch.cat([normal(5), torch.zeros(1)])),
    "Sin": (torch.sin, 9 * normal(4, 5)),
    "Cos": (torch.cos, 9 * normal(4, 5)),
    "Erf": (torch.erf, 2 * normal(4, 5)),
    "Tanh": (torch.tanh, normal(2, 3)),
    "Sigmoid": (torch.sigmoid, normal(2, 3)),
    "Relu": (torch.relu, normal(4, 5)),
    "Gelu": (lambda x: functional.gelu(x, approximate="tanh"), 2 * normal(4, 5)),
    "GeluExact": (functional.gelu, 2 * normal(4, 5)),
    "Silu": (functional.silu, 2 * normal(4, 5)),
    "Softplus": (lambda x: functional.softplus(x, threshold=1000), 9 * normal(4, 5)),
    "Softmax": (lambda x: x.softmax(-1), normal(2, 3, 4)),
    "Softmax, a dimension": (lambda x: x.softmax(1), normal(2, 3, 4)),
    "Softmax, several dimensions": (lambda x: x.transpose(0, 1).flatten(1).softmax(-1).reshape(3, 2, 4).transpose(0, 1), normal(2, 3, 4)),
    "LogSoftmax": (lambda x: x.log_softmax(-1), normal(2, 3, 4)),
    "LogSoftmax, a dimension": (lambda x: x.log_softmax(0), normal(2, 3, 4)),
    "Standardize": (standardize, normal(2, 3, 5)),
    "LayerNormalize": (standardize, normal(2, 3, 5), normal(5), normal(5)),
    "BatchNormalize": (batch_norm, normal(4, 3, 5), normal(5), normal(5)),
    "MaskFuture": (mask_future, normal(2, 3, 5)),
    "TokenLoss": (lambda x: losses(x, TARGETS, reduction="none").reshape(2, 3), normal(2, 3, 4)),
    "CrossEntropy": (lambda x: losses(x, TARGETS), normal(2, 3, 4)),
    "CrossEntropy, smoothed": (lambda x: losses(x, TARGETS, label_smoothing=0.1), normal(2, 3, 4)),
    "LiveCount": (lambda x: (x >= 0).sum().float(), ints(3, 2, 3, low=-1)),
    "Sum": (torch.sum, normal(2, 3)),
    "Sum, a dimension": (lambda x: x.sum(1), normal(2, 3, 4)),
    "Sum, several dimensions": (lambda x: x.sum([0, 2]), normal(2, 3, 4)),
    "Mean": (torch.mean, normal(2, 3)),
    "Mean, several dimensions": (lambda x: x.mean([1, 2], keepdim=True), normal(2, 3, 4)),
    "Max": (lambda x: x.amax(1), normal(2, 5, 2)),
    "Max, equal elements": (lambda x: x.amax(0), torch.tensor([1.0, 3, 2, 3])),
    "Max, several dimensions": (lambda x: x.amax([0, 2]), normal(2, 3, 4)),
    "Min": (lambda x: x.amin(1), normal(2, 5, 2)),
    "LogSumExp": (lambda x: x.logsumexp(1), 50 * normal(2, 5, 2)),
    "LogSumExp, several dimensions": (lambda x: x.logsumexp([0, 2]), normal(2, 3, 4)),
    "Variance": (lambda x: x.var(1), normal(2, 5, 2)),
    "Variance, several dimensions": (lambda x: x.var([0, 2], unbiased=False), normal(2, 3, 4)),
    "StandardDeviation": (lambda x: x.std(1), normal(2, 5, 2)),
    "Norm": (lambda x: torch.linalg.vector_norm(x, dim=1), normal(2, 5, 2)),
    "Norm, at zero": (lambda x: torch.linalg.vector_norm(x, dim=0), torch.zeros(3)),
    "Norm, order 1": (lambda x: torch.linalg.vector_norm(x, 1, dim=1), normal(2, 5, 2)),
    "Norm, order 3": (lambda x: torch.linalg.vector_norm(x, 3, dim=1), normal(2, 5, 2)),
    "Norm, order infinity": (lambda x: torch.linalg.vector_norm(x, INF, dim=1), normal(2, 5, 2)),
    "CumulativeSum": (lambda x: x.cumsum(1), normal(2, 5, 2)),
    "CumulativeMax": (lambda x: x.cummax(1).values, normal(2, 5, 2)),
    "CumulativeMax, equal elements": (lambda x: x.cummax(0).values, torch.tensor([1.0, 1, 0, 3, 3, 2])),
    "LogCumulativeSumExp": (lambda x: x.logcumsumexp(1), 50 * normal(2, 5, 2)),
    "LinearRecurrence": (recurrence, normal(2, 5, 2), normal(2, 5, 2)),
    "ArgMax": (lambda x: x.argmax(1), normal(2, 5, 2)),
    "ArgMin": (lambda x: x.argmin(1), normal(2, 5, 2)),
    "ArgSort": (lambda x: x.sort(stable=True, dim=1).indices, ints(3, 2, 9, 2)),
    "ArgSort, descending": (lambda x: x.sort(stable=True, dim=1, descending=True).indices, ints(3, 2, 9, 2).float()),
    "Sort": (lambda x: x.sort(1).values, normal(2, 5, 2)),
    "Sort, descending": (lambda x: x.sort(1, descending=True).values, normal(2, 5, 2)),
    "TopK": (lambda x: x.topk(2, 1).values, normal(2, 5, 2)),
    "Gather": (lambda x, i: functional.embedding(i, x), normal(4, 3), ints(4, 2, 3)),
    "Take": (lambda x, i: x.index_select(1, i), normal(2, 5, 3), ints(5, 4)),
    "GatherAlong": (lambda x: x.gather(1, PLACES), normal(3, 5)),
    "ScatterAlong": (lambda x, y: x.scatter(1, DISTINCT, y), normal(3, 5), normal(3, 2)),
    "ScatterAddAlong": (lambda x, y: x.scatter_add(1, PLACES, y), normal(3, 5), normal(3, 4)),
    "IndexAdd": (lambda x, i, y: x.index_add(1, i, y), normal(2, 5, 3), ints(5, 4), normal(2, 4, 3)),
    "Reshape": (lambda x: x.reshape(3, -1), normal(2, 3, 2)),
    "Flatten": (lambda x: x.flatten(1), normal(2, 3, 2)),
    "Transpose": (lambda x: x.transpose(0, 2), normal(2, 3, 4)),
    "Permute": (lambda x: x.permute(2, 0, 1), normal(2, 3, 4)),
    "Slice": (lambda x: x.narrow(1, 1, 2), normal(2, 4, 2)),
    "Slice, indexer": (lambda x: x[:, 1:3], normal(2, 4, 2)),
    "At": (lambda x: x.select(1, 2), normal(2, 4, 2)),
    "At, indexer": (lambda x: x[-1, :, 0], normal(2, 4, 2)),
    "Split": (lambda x: x.split([1, 3], 1)[1], normal(2, 4, 2)),
    "Concat": (lambda a, b: torch.cat([a, b], 1), normal(2, 3), normal(2, 1)),
    "Stack": (lambda a, b: torch.stack([a, b], 1), normal(2, 3), normal(2, 3)),
    "BroadcastTo": (lambda x: torch.broadcast_to(x, (2, 4, 3)), normal(4, 1)),
    "Flip": (lambda x: x.flip(1), normal(2, 4, 2)),
    "Roll": (lambda x: x.roll(-3, 1), normal(2, 4, 2)),
    "Repeat": (lambda x: x.repeat_interleave(3, 1), normal(2, 3, 2)),
    "Tile": (lambda x: x.repeat(1, 3, 1), normal(2, 3, 2)),
    "Pad": (lambda x: functional.pad(x, (0, 0, 1, 2), value=0.5), normal(2, 3, 2)),
    "LowerTriangle": (lambda x: x.tril(1), normal(2, 3, 4)),
    "UpperTriangle": (lambda x: x.triu(-1), normal(2, 3, 4)),
    "MatMul": (torch.matmul, normal(2, 2, 3), normal(3, 4)),
    "LinearMap": (functional.linear, normal(2, 2, 3), normal(4, 3), normal(4)),
    "Einsum": (lambda a, b: torch.einsum("bthd,bshd->bhts", a, b), normal(2, 3, 2, 4), normal(2, 3, 2, 4)),
    "Einsum, three operands": (lambda a, b, c: torch.einsum("ab,bc,dc->da", a, b, c), normal(2, 3), normal(3, 4), normal(2, 4)),
    "Einsum, without an arrow": (lambda a, b: torch.einsum("ba,bc", a, b), normal(2, 3), normal(2, 4)),
}


def run(function, *operands):
    """The tensors of a case by name."""
    inputs = [x.double().requires_grad_() if x.is_floating_point() else x for x in operands]
    value = function(*inputs)
    value = value.double() if value.dtype == torch.bool else value
    tensors = {str(i): x for i, x in enumerate(operands)} | {"value": value}
    if value.requires_grad:
        weights = 0.5 + (7 * torch.arange(value.numel()) % 11) / 10
        (value * weights.reshape(value.shape)).sum().backward()
        tensors |= {f"grad{i}": x.grad for i, x in enumerate(inputs) if x.is_floating_point()}
    return tensors


def main():
    tensors = {f"{name}/{part}": tensor for name, case in CASES.items() for part, tensor in run(*case).items()}
    save(pathlib.Path(__file__).with_name("torch.safetensors"), tensors)


if __name__ == "__main__":
    main()
