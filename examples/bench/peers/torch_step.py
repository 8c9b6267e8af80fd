"""Times PyTorch, in milliseconds a sample: torch_step.py NET.txt BATCH WORK LAYOUT THREADS

WORK is evaluation, or else whole training steps. LAYOUT is contiguous, channels_last, or blocked: oneDNN's own, for
training as tensors of that kind, for evaluation as a graph frozen for inference.
"""
import sys

import torch
from torch import nn

from networks import arrange, read
from serve import serve

file, batch, work, layout, threads = sys.argv[1], int(sys.argv[2]), *sys.argv[3:5], int(sys.argv[5])
torch.set_num_threads(threads)
net, shape = read(file)
x, y = torch.randn(batch, *shape), torch.randint(0, 4, (batch,))
optimiser = torch.optim.SGD(net.parameters(), lr=0.01, momentum=0.9)
if work == "evaluation" and layout == "blocked":
    net = torch.jit.optimize_for_inference(torch.jit.freeze(torch.jit.trace(net.eval(), x)))
else:
    net, x = arrange(net.train(work != "evaluation"), x, layout)


def run():
    if work == "evaluation":
        with torch.inference_mode():
            net(x)
    else:
        optimiser.zero_grad(set_to_none=True)
        nn.functional.cross_entropy(net(x), y).backward()
        optimiser.step()


serve("PyTorch " + torch.__version__, run, per=batch)
