"""What PyTorch's optimizers and schedules do over 50 given gradients.

    python3 tests/Makemore.Tests/Optimizers/generate.py

Writes torch.safetensors next to this file. It needs PyTorch (Debian: apt-get install python3-torch; made with 1.13.1).

  start/w, start/b       the parameters before the first step: a matrix (4, 3) and a vector (3)
  grads/w, grads/b       the gradients of the steps, (50, 4, 3) and (50, 3)
  NAME/w, NAME/b         the parameters after each step with the optimizer NAME
  schedule/NAME          the learning rate of each step, (50), the base rate being 1
"""

import math
import pathlib
import sys

import torch
from torch.nn.utils import clip_grad_norm_, clip_grad_value_
from torch.optim import SGD, Adam, AdamW
from torch.optim.lr_scheduler import CosineAnnealingLR, LinearLR, OneCycleLR, SequentialLR, StepLR

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "PyTorch"))
from safetensors import save  # noqa: E402

STEPS = 50


def warmup(optimizer, steps, then):
    rise = LinearLR(optimizer, start_factor=1 / steps, total_iters=steps - 1)
    return SequentialLR(optimizer, [rise, then], milestones=[steps])


def onecycle(optimizer, **options):
    rate = optimizer.param_groups[0]["lr"]
    return OneCycleLR(optimizer, max_lr=rate, total_steps=STEPS, cycle_momentum=False, **options)


SCHEDULES = {
    "cosine": lambda o, rate: CosineAnnealingLR(o, T_max=STEPS),
    "warmup-cosine": lambda o, rate: warmup(o, 10, CosineAnnealingLR(o, T_max=40, eta_min=0.1 * rate)),
    "staircase": lambda o, rate: StepLR(o, step_size=7, gamma=0.3),
    "onecycle": lambda o, rate: onecycle(o),
    "onecycle-late": lambda o, rate: onecycle(o, pct_start=0.75),
}


class Muon(torch.optim.Optimizer):
    """Jordan et al. 2024 for matrices, as large as AdamW's updates (Liu et al. 2025), and AdamW for vectors."""

    def __init__(self, p, lr, weight_decay, momentum=0.95):
        super().__init__(p, dict(lr=lr, weight_decay=weight_decay))
        self.means = [torch.zeros_like(a, dtype=torch.float64) for a in p]
        self.vectors = AdamW([a for a in p if a.ndim < 2], lr=lr, betas=(0.9, 0.99), weight_decay=weight_decay)
        self.momentum = momentum

    @torch.no_grad()
    def step(self):
        self.vectors.step()
        group = self.param_groups[0]
        for p, mean in zip(group["params"], self.means):
            if p.ndim == 2:
                mean.lerp_(p.grad.double(), 1 - self.momentum)
                u, s, v = torch.linalg.svd(p.grad.double().lerp(mean, self.momentum), full_matrices=False)
                s = s / (s.square().sum().sqrt() + 1e-7)
                for _ in range(5):
                    s = 3.4445 * s - 4.7750 * s ** 3 + 2.0315 * s ** 5
                p.mul_(1 - group["lr"] * group["weight_decay"])
                p.sub_(group["lr"] * 0.2 * math.sqrt(max(p.shape)) * (u * s) @ v)


def matrices_decay(p):
    return [{"params": [p["w"]]}, {"params": [p["b"]], "weight_decay": 0}]


# Name: optimizer of the parameters by name, its schedule, and what is done to the gradients.
CASES = {
    "adam": (lambda p: Adam(p.values(), lr=0.05, betas=(0.9, 0.99)), None, None),
    "adam-betas": (lambda p: Adam(p.values(), lr=0.05, betas=(0.5, 0.8), eps=0.1), None, None),
    "adamw": (lambda p: AdamW(p.values(), lr=0.05), None, None),
    "adamw-decay": (lambda p: AdamW(p.values(), lr=0.05, weight_decay=0.5), None, None),
    "adamw-matrices": (lambda p: AdamW(matrices_decay(p), lr=0.05, weight_decay=0.5), None, None),
    "muon": (lambda p: Muon(list(p.values()), lr=0.05, weight_decay=0.5), None, None),
    "sgd": (lambda p: SGD(p.values(), lr=0.02), None, None),
    "sgd-decay": (lambda p: SGD(p.values(), lr=0.02, weight_decay=0.5), None, None),
    "sgd-momentum": (lambda p: SGD(p.values(), lr=0.02, momentum=0.9), None, None),
    "sgd-momentum-decay": (lambda p: SGD(matrices_decay(p), lr=0.02, momentum=0.9, weight_decay=0.5), None, None),
    "sgd-nesterov": (lambda p: SGD(p.values(), lr=0.02, momentum=0.8, nesterov=True), None, None),
    "sgd-clip-norm": (lambda p: SGD(p.values(), lr=0.05), None, lambda p: clip_grad_norm_(p, 2.0)),
    "sgd-clip-value": (lambda p: SGD(p.values(), lr=0.05), None, lambda p: clip_grad_value_(p, 0.5)),
    "adamw-clip-norm-warmup-cosine": (
        lambda p: AdamW(p.values(), lr=0.05, betas=(0.9, 0.99), weight_decay=0.1), "warmup-cosine",
        lambda p: clip_grad_norm_(p, 1.0)),
    "adamw-cosine": (lambda p: AdamW(p.values(), lr=0.05), "cosine", None),
    "sgd-staircase": (lambda p: SGD(p.values(), lr=0.05), "staircase", None),
    "sgd-nesterov-onecycle": (lambda p: SGD(p.values(), lr=0.05, momentum=0.9, nesterov=True), "onecycle", None),
}


def given():
    """Parameters, and gradients large and small, some elements always 0."""
    random = torch.Generator().manual_seed(4)
    start = {"w": torch.randn(4, 3, generator=random), "b": torch.randn(3, generator=random)}
    sizes = torch.tensor([10 ** math.sin(0.7 * step) for step in range(STEPS)])
    grads = {
        "w": torch.randn(STEPS, 4, 3, generator=random) * sizes[:, None, None],
        "b": torch.randn(STEPS, 3, generator=random) * sizes[:, None],
    }
    grads["w"][:, 1, 2] = 0
    grads["b"][:, 0] = 0
    return start, grads


def trajectory(case, start, grads):
    make, schedule, clip = case
    p = {name: value.clone().requires_grad_() for name, value in start.items()}
    optimizer = make(p)
    scheduler = SCHEDULES[schedule](optimizer, optimizer.param_groups[0]["lr"]) if schedule else None
    path = {name: [] for name in p}
    for step in range(STEPS):
        for name in p:
            p[name].grad = grads[name][step].clone()
        if clip:
            clip(list(p.values()))
        optimizer.step()
        if scheduler and step + 1 < STEPS:
            scheduler.step()
        for name in p:
            path[name].append(p[name].detach().clone())
    return {name: torch.stack(values) for name, values in path.items()}


def rates(schedule):
    optimizer = SGD([torch.zeros(1)], lr=1.0)
    scheduler, seen = schedule(optimizer, 1.0), []
    for step in range(STEPS):
        seen.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        if step + 1 < STEPS:
            scheduler.step()
    return torch.tensor(seen)


def main():
    start, grads = given()
    tensors = {f"start/{name}": value for name, value in start.items()}
    tensors |= {f"grads/{name}": value for name, value in grads.items()}
    for name, case in CASES.items():
        tensors |= {f"{name}/{leaf}": value for leaf, value in trajectory(case, start, grads).items()}
    tensors |= {f"schedule/{name}": rates(schedule) for name, schedule in SCHEDULES.items()}
    save(pathlib.Path(__file__).with_name("torch.safetensors"), tensors)


if __name__ == "__main__":
    main()
