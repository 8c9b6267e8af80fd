#!/bin/sh
# Sequences of several channels: six sensors over 500 time steps, as a NumPy array [N,C,T]. --axes NTC would take [N,T,C].
# Needs Python with NumPy.
set -eu
out=${1:-sequences}
mkdir -p "$out"
cd "$out"

# Noise with five short waves in it. The class is their period, 6 or 8 steps, and whether channel 3 is ahead of channel 0
# or behind it.
"${PYTHON:-python3}" - <<'PY'
import numpy as np
rng = np.random.default_rng(1)
t = np.arange(500)
for part, n in ("train", 120), ("test", 400):
    y = np.arange(n) % 4
    x = rng.standard_normal((n, 6, 500)).astype("f4")
    for i in range(n):
        for middle in rng.uniform(50, 450, 5):
            wave = np.exp(2j * np.pi * (t - middle) / (6, 8)[y[i] % 2] - ((t - middle) / 12) ** 2)
            x[i, 0] += 1.5 * wave.real
            x[i, 3] += 1.5 * (wave.imag if y[i] < 2 else -wave.imag)
    np.save(f"{part}-x.npy", x)
    np.save(f"{part}-y.npy", np.array(["6-ahead", "8-ahead", "6-behind", "8-behind"])[y])
PY

cat > net.txt <<'NET'
input c=6 w=500
conv name=first out=32 kernel=9 stride=2 pad=4 ws=true
relu
conv out=32 kernel=5 pad=2 ws=true
add from=first
relu
backdrop name=fine p=0.8 axes=NW
gap
linear out=4
NET

bdtrain train-x.npy --labels train-y.npy --axes NCT --net net.txt --epochs 30 --quiet -o model.tar.zst
bdeval -m model.tar.zst test-x.npy --labels test-y.npy --axes NCT --metrics accuracy,confusion --ci 0.95
maskviz -m model.tar.zst --mode overlay --batch 2 --axes NCT train-x.npy > learns.png
echo "what a step learns from is in $out/learns.png"
