"""The parity fixtures: what PyTorch computes in float64 for each of the ten models, rounded to float32 at the end.

    python3 tests/Makemore.Tests/Parity/generate.py [--out FOLDER] [--seed N] [--n-embd N] [--n-embd2 N] [--n-layer N] [--n-head N]

Writes MODEL.safetensors next to this file; the models are in tests/PyTorch/models.py. Run it after a model, its parameters or
their names have changed. It needs PyTorch (Debian: apt-get install python3-torch libopenblas0-pthread; the fixtures were made
with 1.13.1).

With --out and other sizes it makes fixtures that the tests take as well: MAKEMORE_PARITY=FOLDER dotnet test.

    param/NAME         the parameters
    buffer/NAME        running statistics (batch normalization), and eval_logits: the logits (B, T, V) by them
    x, y               the batch (B, T)
    logits, loss       forward in training mode: (B, T, V), and a single number
    grad/NAME          the gradient of the loss
    buffer_after/NAME  the running statistics after that forward
    adamw/NAME         the parameters after three AdamW steps, and adamw_losses: the loss before each of them
"""
import argparse
import inspect
import math
import pathlib
import sys

import torch
from torch import nn

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "PyTorch"))
from models import MODELS, T, V, LiveNorm, RMSNorm, encode, loss  # noqa: E402
from safetensors import save  # noqa: E402

NAMES = ["emma", "olivia", "ava", "maximilianoalex", "jo", "zoey"]
SIZES = {"n_embd": 8, "n_embd2": 12, "n_layer": 2, "n_head": 2}


def draw(model, seed):
    """Draws every parameter in order, and each layer's running statistics from a seed of their own."""
    random = torch.Generator().manual_seed(seed)
    for module in model.modules():
        for name, parameter in module.named_parameters(recurse=False):
            mean, deviation = 0, 1
            if isinstance(module, (LiveNorm, RMSNorm, nn.LayerNorm)):
                mean, deviation = int(name == "weight"), 0.1
            elif isinstance(module, nn.Linear):
                deviation = 1 / math.sqrt(module.in_features) if name == "weight" else 0.1
            fill(parameter, torch.randn(parameter.shape, generator=random) * deviation + mean)
        if isinstance(module, LiveNorm):
            own = torch.Generator().manual_seed(seed + 1)
            fill(module.running_mean, torch.randn(len(module.bias), generator=own) * 0.1)
            fill(module.running_var, torch.rand(len(module.bias), generator=own) + 0.5)


def fill(tensor, values):
    """Fills a tensor with numbers that float32 holds exactly, so that both sides start from the same."""
    tensor.data = values.float().double()


def fixture(model):
    """All tensors of a fixture. Adam's epsilon is large because a few gradients are 0 in theory (those of attention's key
    biases, for one): with 1e-8 it would turn their rounding errors into whole steps."""
    x, y = encode(NAMES)
    live = y != -1
    parameters = dict(model.named_parameters())
    buffers = {name: value for name, value in model.state_dict().items() if name not in parameters}
    tensors = named("param", parameters) | named("buffer", buffers)
    if buffers:
        with torch.no_grad():
            tensors["eval_logits"] = model.eval()(x, live)
    model.train()
    adam = torch.optim.AdamW(parameters.values(), lr=1e-2, betas=(0.9, 0.99), eps=1e-4, weight_decay=0.01)
    losses = []
    for step in range(3):
        logits = model(x, live)
        adam.zero_grad()
        value = loss(logits, y)
        value.backward()
        losses.append(value.item())
        if step == 0:
            tensors |= {"x": x, "y": y, "logits": logits, "loss": value}
            tensors |= named("grad", {name: without_dust(parameter.grad) for name, parameter in parameters.items()})
            tensors |= named("buffer_after", {name: value for name, value in model.state_dict().items() if name in buffers})
        adam.step()
    return tensors | named("adamw", parameters) | {"adamw_losses": torch.tensor(losses)}


def without_dust(gradient):
    """Rounding errors of 1e-18 stand where the true gradient is 0, and differ from one processor to the next."""
    return torch.where(gradient.abs() < 1e-15, 0.0, gradient)


def named(prefix, tensors):
    return {f"{prefix}/{name}": value.detach().clone() for name, value in tensors.items()}


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--out", type=pathlib.Path, default=pathlib.Path(__file__).parent)
    arguments.add_argument("--seed", type=int, default=1337)
    for name, size in SIZES.items():
        arguments.add_argument(f"--{name.replace('_', '-')}", type=int, default=size)
    chosen = vars(arguments.parse_args())
    sizes = {name: chosen[name] for name in SIZES}
    chosen["out"].mkdir(parents=True, exist_ok=True)
    torch.set_default_dtype(torch.float64)
    for name, make in MODELS.items():
        model = make(**{size: sizes[size] for size in inspect.signature(make).parameters if size in sizes})
        draw(model, chosen["seed"])
        metadata = {"model": name, **sizes, "block_size": T, "vocab_size": V, "vocabulary": ".abcdefghijklmnopqrstuvwxyz"}
        save(
            chosen["out"] / f"{name}.safetensors", fixture(model),
            {key: str(value) for key, value in metadata.items()})


if __name__ == "__main__":
    main()
