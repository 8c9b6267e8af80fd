"""Times PyTorch with a layer like that of 2018: all activations kept, gradients multiplied by zeros.

torch_step.py NET SIZE BATCH MASKS FORWARD CHANNELS_LAST THREADS   (numbers; 0 is no) prints milliseconds an image.
"""
import sys
import time

import torch
from torch import nn

name, flags = sys.argv[1], [int(a) for a in sys.argv[2:]]
size, batch, masks, forward_only, channels_last, threads = flags
torch.set_num_threads(threads)


class Scale(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, factor):
        ctx.save_for_backward(factor)
        return x.view_as(x)

    @staticmethod
    def backward(ctx, grad):
        (factor,) = ctx.saved_tensors
        return grad * factor, None


class Backdrop(nn.Module):
    def __init__(self, p, axes):
        super().__init__()
        self.p, self.axes = p, axes

    def forward(self, x):
        if not (masks and self.training):
            return x
        shape = [n if i in self.axes else 1 for i, n in enumerate(x.shape)]
        keep = (torch.rand(shape) >= self.p).float()
        if keep.sum() == 0:
            keep.view(-1)[torch.randint(keep.numel(), (1,))] = 1
        return Scale.apply(x, keep * (keep.numel() / keep.sum()))


def network():
    layers = []

    def conv(cin, cout, kernel, stride, pad):
        layers.extend([nn.Conv2d(cin, cout, kernel, stride, pad), nn.ReLU()])

    if name == "pooled":
        width = 32
        conv(1, width, 5, 1, 2)
        layers.append(nn.MaxPool2d(2))
        conv(width, width, 3, 1, 1)
        layers.extend([nn.MaxPool2d(2), Backdrop(0.95, (0, 2, 3))])
        side = size
        while side > 16:
            conv(width, width, 3, 1, 1)
            layers.append(nn.MaxPool2d(2))
            side //= 2
    else:
        width, (kernel, pad, fine) = 64, {"crisp": (2, 0, 0.3), "overlap": (3, 1, 0.85)}[name]
        conv(1, width, 5, 2, 2)
        for _ in range(size.bit_length() - 7):
            conv(width, width, kernel, 2, pad)
        layers.append(Backdrop(fine, (2, 3)))
        for _ in range(3):
            conv(width, width, kernel, 2, pad)
        layers.append(Backdrop(0.95, (2, 3)))
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(width, 4))


net = network()
x, y = torch.randn(batch, 1, size, size), torch.randint(0, 4, (batch,))
if channels_last:
    net, x = net.to(memory_format=torch.channels_last), x.contiguous(memory_format=torch.channels_last)
optimiser = torch.optim.SGD(net.parameters(), lr=0.01, momentum=0.9)
times = []
for run in range(8):
    start = time.perf_counter()
    if forward_only:
        with torch.no_grad():
            net.eval()(x)
    else:
        optimiser.zero_grad()
        nn.functional.cross_entropy(net(x), y).backward()
        optimiser.step()
    times.append(time.perf_counter() - start)
print(1e3 * sorted(times[1:])[len(times) // 2 - 1] / batch)
