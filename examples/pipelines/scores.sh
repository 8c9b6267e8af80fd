#!/bin/sh
# Metrics of scores from another program. Needs Python with NumPy.
set -eu
out=${1:-scores}
mkdir -p "$out"
cd "$out"

"${PYTHON:-python3}" - <<'PY'
import numpy as np
rng = np.random.default_rng(1)
y = rng.integers(0, 3, 300)
scores = rng.standard_normal((300, 3)).astype("f4")
scores[np.arange(300), y] += 1
np.save("labels.npy", y)
np.save("scores.npy", scores)
PY
bdeval --scores scores.npy --labels labels.npy
bdeval --scores scores.npy --labels labels.npy --json > metrics.json
"${PYTHON:-python3}" -c 'import json; print("auc %.4f" % json.load(open("metrics.json"))["auc"]["value"])'
