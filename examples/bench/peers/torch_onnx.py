"""Writes a network as ONNX: torch_onnx.py NET.txt FILE.onnx"""
import sys

import torch

from networks import read

net, shape = read(sys.argv[1])
batch = {0: "n"}
torch.onnx.export(net.eval(), torch.randn(1, *shape), sys.argv[2], input_names=["x"], output_names=["y"], dynamic_axes={"x": batch, "y": batch})
