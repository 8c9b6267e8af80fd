"""The networks of bdtrain --net in PyTorch, with a layer like that of 2018: all activations are kept, and gradients
multiplied by zeros.
"""
import torch
from torch import nn


class Backdrop(nn.Module):
    """The identity, whose gradient is multiplied by a random mask."""

    def __init__(self, p, axes):
        super().__init__()
        self.p, self.axes = p, axes

    def forward(self, x):
        if not self.training:
            return x
        shape = [n if i in self.axes else 1 for i, n in enumerate(x.shape)]
        keep = (torch.rand(shape) >= self.p).float()
        if keep.sum() == 0:
            keep.view(-1)[torch.randint(keep.numel(), (1,))] = 1
        factor = keep * (keep.numel() / keep.sum())

        def scaled(grad):
            return (grad.to_dense() * factor).to_mkldnn() if grad.is_mkldnn else grad * factor

        x.register_hook(scaled)
        return x


class Head(nn.Module):
    """Global average pooling and a linear layer to four classes."""

    def __init__(self, width):
        super().__init__()
        self.linear = nn.Linear(width, 4)

    def forward(self, x):
        if x.is_mkldnn:
            x = x.to_dense()
        return self.linear(x.mean((2, 3)))


def network(name, size, masks):
    layers = []

    def conv(cin, cout, kernel, stride, pad):
        layers.extend([nn.Conv2d(cin, cout, kernel, stride, pad), nn.ReLU(inplace=True)])

    def mask(p, axes):
        if masks:
            layers.append(Backdrop(p, axes))

    if name == "pooled":
        width = 32
        conv(1, width, 5, 1, 2)
        layers.append(nn.MaxPool2d(2))
        conv(width, width, 3, 1, 1)
        layers.append(nn.MaxPool2d(2))
        mask(0.95, (0, 2, 3))
        while size > 16:
            conv(width, width, 3, 1, 1)
            layers.append(nn.MaxPool2d(2))
            size //= 2
    else:
        width, (kernel, pad, fine) = 64, {"crisp": (2, 0, 0.3), "overlap": (3, 1, 0.85)}[name]
        conv(1, width, 5, 2, 2)
        for _ in range(size.bit_length() - 7):
            conv(width, width, kernel, 2, pad)
        mask(fine, (2, 3))
        for _ in range(3):
            conv(width, width, kernel, 2, pad)
        mask(0.95, (2, 3))
    return nn.Sequential(*layers, Head(width))
