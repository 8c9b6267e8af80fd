"""Times PyTorch, in milliseconds an image: torch_step.py NET SIZE BATCH WORK LAYOUT THREADS

WORK is masked or dense, whole training steps with and without masks, or evaluation. LAYOUT is contiguous, channels_last,
or blocked: oneDNN's own, for training as tensors of that kind, for evaluation as a graph frozen for inference.
"""
import sys

import torch
from torch import nn

from networks import network
from serve import serve

name, size, batch, work, layout, threads = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), *sys.argv[4:6], int(sys.argv[6])
torch.set_num_threads(threads)
net = network(name, size, work == "masked")
x, y = torch.randn(batch, 1, size, size), torch.randint(0, 4, (batch,))
optimiser = torch.optim.SGD(net.parameters(), lr=0.01, momentum=0.9)
if layout == "channels_last":
    net, x = net.to(memory_format=torch.channels_last), x.contiguous(memory_format=torch.channels_last)
if work == "evaluation":
    net.eval()
    if layout == "blocked":
        net = torch.jit.optimize_for_inference(torch.jit.freeze(torch.jit.trace(net, x)))
elif layout == "blocked":
    x = x.to_mkldnn()


def run():
    if work == "evaluation":
        with torch.inference_mode():
            net(x)
    else:
        optimiser.zero_grad(set_to_none=True)
        nn.functional.cross_entropy(net(x), y).backward()
        optimiser.step()


serve("PyTorch " + torch.__version__, run, per=batch)
