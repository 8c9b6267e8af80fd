"""A network's text (bdtrain --print-net, or that of a model) as a PyTorch module, for sequences, images and volumes."""
import math

import torch
from torch import nn
from torch.nn import functional as F


class StandardisedConv(nn.Module):
    """A convolution whose weights are standardised (ws=true)."""

    def __init__(self, conv):
        super().__init__()
        self.weight, self.bias, self.conv = conv.weight, conv.bias, conv

    def forward(self, x):
        w = self.weight.flatten(1)
        gain = math.sqrt(2 / (1 - 1 / math.pi)) / math.sqrt(w.shape[1])
        w = gain * (w - w.mean(1, True)) / torch.sqrt(w.var(1, unbiased=False, keepdim=True) + 1e-6)
        return self.conv._conv_forward(x, w.view_as(self.weight), self.bias)


class Network(nn.Module):
    """Layer i has its parameters in layers.i, so names are those of bdtrain's files behind "layers."."""

    def __init__(self, text):
        super().__init__()
        lines = [line.split("#")[0].split() for line in text.splitlines()]
        (_, *first), *lines = [words for words in lines if words]
        shape = dict(word.split("=") for word in first)
        self.d, channels, at, self.names, self.layers = len(shape) - 1, int(shape["c"]), {}, [], nn.ModuleList()
        size = [int(shape[axis]) for axis in "dhw" if axis in shape]
        x = torch.zeros(1, channels, *size)
        for op, *words in lines:
            keys = dict(word.split("=") for word in words)
            self.layers.append(self.layer(op, keys, x))
            self.names.append((op, keys.get("name"), keys.get("from")))
            x = self.step(len(self.names) - 1, x, at)

    def layer(self, op, keys, x):
        n = lambda key, default: [int(v) for v in keys.get(key, default).split("x")] * (1 if "x" in keys.get(key, default) else self.d)
        if op in ("conv", "maxpool", "avgpool"):
            stride = n("stride", "1" if op == "conv" else keys["kernel"])
            window = dict(kernel_size=n("kernel", ""), stride=stride, padding=n("pad", "0"))
            if op == "avgpool":
                return getattr(nn, f"AvgPool{self.d}d")(**window)
            if op == "maxpool":
                return getattr(nn, f"MaxPool{self.d}d")(dilation=n("dilation", "1"), **window)
            conv = getattr(nn, f"Conv{self.d}d")(x.shape[1], int(keys["out"]), dilation=n("dilation", "1"), **window)
            return StandardisedConv(conv) if keys.get("ws") == "true" else conv
        return {"linear": lambda: nn.Linear(x.shape[1], int(keys["out"])), "groupnorm": lambda: nn.GroupNorm(int(keys["groups"]), x.shape[1]),
                "leakyrelu": lambda: nn.LeakyReLU(float(keys.get("slope", 0.01))), "relu": nn.ReLU, "silu": nn.SiLU,
                "dropout": lambda: nn.Dropout(float(keys["p"]))}.get(op, nn.Identity)()

    def step(self, i, x, at):
        op, name, source = self.names[i]
        if op in ("add", "concat"):
            x = x + at[source] if op == "add" else torch.cat([x, at[source]], 1)
        elif op in ("gap", "gmp", "flatten"):
            x = {"gap": lambda: x.flatten(2).mean(2), "gmp": lambda: x.flatten(2).amax(2), "flatten": lambda: x.flatten(1)}[op]()
        else:
            x = self.layers[i](x)
        at[name] = x
        return x

    def forward(self, x):
        at = {}
        for i in range(len(self.layers)):
            x = self.step(i, x, at)
        return x
