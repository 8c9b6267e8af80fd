"""Checks models with the reference implementation of ONNX: check.py FILE.onnx…; prints inputs and outputs of each, and its metadata."""
import json
import sys

import onnx
from onnx import shape_inference

for name in sys.argv[1:]:
    model = onnx.load(name)
    onnx.checker.check_model(model, full_check=True)
    inferred = shape_inference.infer_shapes(model, check_type=True, strict_mode=True, data_prop=True)
    shape = lambda v: [d.dim_param or d.dim_value for d in v.type.tensor_type.shape.dim]
    print(json.dumps({
        "file": name, "opset": [(o.domain, o.version) for o in model.opset_import], "ir": model.ir_version, "producer": model.producer_name,
        "inputs": {v.name: shape(v) for v in model.graph.input}, "outputs": {v.name: shape(v) for v in inferred.graph.output},
        "about": {p.key: p.value for p in model.metadata_props}, "ops": sorted({n.op_type for n in model.graph.node}),
    }))
