"""The networks of examples/pytorch with a layer like that of 2018: all activations are kept, and gradients multiplied by
zeros.
"""
import math
import pathlib
import sys

import torch
from torch import nn
from torch.nn import functional as F

sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / "pytorch"))
from network import Network


def draw(p, shape):
    """A random mask with at least one cell that is kept."""
    keep = (torch.rand(shape) >= p).float()
    if keep.sum() == 0:
        keep.view(-1)[torch.randint(keep.numel(), (1,))] = 1
    return keep


class Backdrop(nn.Module):
    """The identity, whose gradient is multiplied by a random mask."""

    def __init__(self, p, axes):
        super().__init__()
        self.p, self.axes = p, axes

    def forward(self, x):
        if not self.training or self.p == 0 or not x.requires_grad:
            return x
        keep = draw(self.p, [n if i in self.axes else 1 for i, n in enumerate(x.shape)])
        factor = keep * (keep.numel() / keep.sum())

        def scaled(grad):
            return (grad.to_dense() * factor).to_mkldnn() if grad.is_mkldnn else grad * factor

        x.register_hook(scaled)
        return x


class Masked(Network):
    """A network with these layers. It works in place where nothing else reads a tensor, and takes oneDNN's tensors, too."""

    def layer(self, op, keys, x):
        if op == "backdrop":
            axes = "NC" + "DHW"[5 - x.ndim :]
            return Backdrop(float(keys["p"]), [axes.index(a) for a in keys["axes"]])
        before, named = self.lines[max(0, len(self.layers) - 1)]
        if op == "relu" and self.layers and before in ("conv", "add") and "name" not in named:
            return nn.ReLU(inplace=True)
        return super().layer(op, keys, x)

    def standardised(self, weight):
        """By a batch normalisation, in which PyTorch has all of it in one operation."""
        w = weight.flatten(1)
        gain = torch.full(w.shape[:1], math.sqrt(2 / (1 - 1 / math.pi)) / math.sqrt(w.shape[1]))
        return F.batch_norm(w[None], None, None, gain, training=True, eps=1e-6).view_as(weight)

    def step(self, i, x, at):
        if x.is_mkldnn and self.lines[i][0] == "gap":
            x = x.to_dense()
        return super().step(i, x, at)


def read(file):
    """The network in a file, and the shape of its input."""
    text = pathlib.Path(file).read_text()
    first = text.splitlines()[0].split()
    with torch.no_grad():  # shapes are found by a sample of zeros
        net = Masked(text)
    return net, [int(word.split("=")[1]) for word in first[1:]]


def arrange(net, x, layout):
    """The network and its input for training in a memory layout: contiguous, channels_last, or blocked, oneDNN's own."""
    if layout == "channels_last":
        last = {2: torch.channels_last, 3: torch.channels_last_3d}[x.ndim - 2]
        return net.to(memory_format=last), x.contiguous(memory_format=last)
    return net, x.to_mkldnn() if layout == "blocked" else x
