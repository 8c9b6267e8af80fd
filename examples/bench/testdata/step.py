"""Takes the training steps in the folders here through PyTorch as it is timed: step.py PEERS. A folder's name ends with the
memory layout. It has the network, its weights, a batch with its labels, and the cells that masks keep.
"""
import pathlib
import sys

import numpy as np
import torch
from torch import nn

sys.path.insert(0, sys.argv[1])
import networks

for folder in pathlib.Path().iterdir():
    load = lambda name: torch.from_numpy(np.load(folder / f"{name}.npy"))
    save = lambda name, v: np.save(folder / f"got_{name}.npy", v.detach().numpy())
    net, shape = networks.read(folder / "net.txt")
    params = {name.removeprefix("layers."): p for name, p in net.named_parameters()}
    with torch.no_grad():
        for name, p in params.items():
            p.copy_(load(name).reshape(p.shape))
    kept = iter(sorted(folder.glob("keep*.npy")))
    networks.draw = lambda p, shape: torch.from_numpy(np.load(next(kept))).reshape(shape)
    net, x = networks.arrange(net, load("x").reshape(-1, *shape), folder.name.split("-")[-1])
    y = net(x)
    nn.functional.cross_entropy(y, load("labels").long()).backward()
    assert next(kept, None) is None, "a mask was not used"
    save("y", y)
    for name, p in params.items():
        save("d" + name, p.grad)
