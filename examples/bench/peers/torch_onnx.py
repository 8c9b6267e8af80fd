"""Writes a network as ONNX: torch_onnx.py NET SIZE FILE.onnx"""
import sys

import torch

from networks import network

name, size, file = sys.argv[1], int(sys.argv[2]), sys.argv[3]
batch = {0: "n"}
torch.onnx.export(network(name, size, False).eval(), torch.randn(1, 1, size, size), file, input_names=["x"], output_names=["y"],
                  dynamic_axes={"x": batch, "y": batch})
