"""Takes the cases in the folders here through PyTorch: outputs and all gradients, with masks."""
import pathlib
import sys

import numpy as np
import torch

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).parents[3] / "examples" / "pytorch"))
from network import Network


class Masked(Network):
    """With the masks of a step: dropout multiplies forward, backdrop the gradient."""

    masks = {}

    def step(self, i, x, at):
        if i not in self.masks:
            return super().step(i, x, at)
        (op, keys), keep = self.lines[i], self.masks[i]
        keep = keep.reshape(keep.shape[:2] + keep.shape[7 - x.ndim:])  # N,C,D,H,W without the axes that there are not
        if op == "dropout":
            x = x * (keep / (1 - float(keys["p"])))
        else:
            x = x.view_as(x)
            x.register_hook(lambda g: g * (keep * keep.numel() / keep.sum()))
        at[keys.get("name")] = x
        return x


for folder in pathlib.Path().iterdir():
    load = lambda name: torch.from_numpy(np.load(folder / f"{name}.npy"))
    net = Masked((folder / "net.txt").read_text()).double()
    params = {name.removeprefix("layers."): p for name, p in net.named_parameters()}
    net.load_state_dict({f"layers.{name}": load(name) for name in params})
    net.masks = {int(f.stem[4:]): load(f.stem) for f in folder.glob("mask*.npy")}
    x = load("x").requires_grad_()
    y = net(x)
    y.backward(load("dy").reshape(y.shape))
    np.save(folder / "got_y.npy", y.detach().numpy())
    np.save(folder / "got_dx.npy", x.grad.numpy())
    for name, p in params.items():
        np.save(folder / f"got_d{name}.npy", np.zeros(p.shape) if p.grad is None else p.grad.numpy())
