"""A network's text (bdtrain --print-net), or a model (bdtrain export --to safetensors), as a PyTorch module of one to three dimensions."""
import json, re, torch, numpy as np, torch.nn as nn, torch.nn.functional as F

def average(x, kernel, stride, pad, dilation):  # PyTorch's has no dilation, and in volumes no windows wider than x
    x = F.pad(x, [p for p in pad[::-1] for _ in range(2)])
    for axis, (k, s, apart) in enumerate(zip(kernel, stride, dilation), 2):
        x = x.unfold(axis, (k - 1) * apart + 1, s)[..., ::apart].mean(-1)
    return x

class Network(nn.Module):
    """Layer i has its parameters in layers.i. Masks and dropout are left out. Tensors have all axes, even of size 1, but for the output."""
    def __init__(self, text):
        super().__init__()
        (_, shape), *self.lines = [(op, dict(re.findall(r"(\S+)=(\S+)", keys))) for op, keys in re.findall(r"^\s*(\w+)([^#\n]*)", text, re.M)]
        x, at, self.windows, self.layers = torch.zeros(1, *(int(shape[axis]) for axis in "cdhw" if axis in shape)), {}, [], nn.ModuleList()
        for i, (op, keys) in enumerate(self.lines):
            texts = {"kernel": "1", "stride": "1" if op == "conv" else keys.get("kernel", "1"), "pad": "0", "dilation": "1"} | keys
            self.windows.append([[int(n) for n in t.split("x")] * (1 if "x" in t else x.ndim - 2) for t in list(texts.values())[:4]])
            self.layers.append(self.layer(op, keys, x))
            x = self.step(i, x, at)

    def layer(self, op, keys, x):
        return {"conv": lambda: getattr(nn, f"Conv{x.ndim - 2}d")(x.shape[1], int(keys["out"]), *self.windows[-1]), "relu": nn.ReLU,
                "linear": lambda: nn.Linear(x.shape[1], int(keys["out"])), "leakyrelu": lambda: nn.LeakyReLU(float(keys.get("slope", 0.01))),
                "groupnorm": lambda: nn.GroupNorm(int(keys["groups"]), x.shape[1]), "silu": nn.SiLU}.get(op, nn.Identity)()

    def standardised(self, weight):
        variance, mean = torch.var_mean(weight.flatten(1), 1, unbiased=False, keepdim=True)
        return ((weight.flatten(1) - mean) * (2 / (1 - 1 / torch.pi) / weight[0].numel() / (variance + 1e-6)) ** 0.5).view_as(weight)

    def step(self, i, x, at):
        (op, keys), layer, d = self.lines[i], self.layers[i], x.ndim - 2
        x = {"add": lambda: x + at[keys["from"]], "concat": lambda: torch.cat([x, at[keys["from"]]], 1),
             "gap": lambda: x.flatten(2).mean(2)[(...,) + (None,) * d], "gmp": lambda: getattr(F, f"adaptive_max_pool{d}d")(x, 1),
             "flatten": lambda: x.flatten(1)[(...,) + (None,) * d], "linear": lambda: layer(x.flatten(1))[(...,) + (None,) * d],
             "maxpool": lambda: getattr(F, f"max_pool{d}d")(x, *self.windows[i]), "avgpool": lambda: average(x, *self.windows[i]),
             "groupnorm": lambda: torch.group_norm(x, layer.num_groups, layer.weight, layer.bias),  # nn's takes no group of one value
             "ws": lambda: layer._conv_forward(x, self.standardised(layer.weight), layer.bias)
             }.get("ws" if keys.get("ws") == "true" else op, lambda: layer(x))()
        at[keys.get("name")] = x
        return x

    def forward(self, x):
        at = {}
        for i in range(len(self.lines)):
            x = self.step(i, x, at)
        return x.flatten(1) if max(x.shape[2:]) == 1 else x

def load(file):
    """The module of a model in a .safetensors file, which normalises samples itself; about is what the file says of it, as texts."""
    with open(file, "rb") as f:
        header, data = json.loads(f.read(int.from_bytes(f.read(8), "little"))), f.read()
    net = Network(header["__metadata__"]["network"])
    net.about = header.pop("__metadata__")
    arrays = {name: torch.tensor(np.ndarray(a["shape"], "<f4", data, a["data_offsets"][0])) for name, a in header.items()}
    net.register_buffer("mean", arrays["mean"])
    net.register_buffer("std", arrays["std"])
    net.load_state_dict(arrays)
    net.register_forward_pre_hook(lambda net, x: ((x[0] - net.mean) / net.std,))
    return net.eval()
