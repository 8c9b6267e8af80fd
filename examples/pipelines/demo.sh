#!/bin/sh
# The pictures of the demonstration of 2018 (S. Golkar, K. Cranmer, backdrop-demo.ipynb): how masks at two depths appear in
# the gradient with respect to the input. SIZE=256 is faster.
set -eu
out=${1:-demo}
size=${SIZE:-1024}
seed=2
mkdir -p "$out"
gradient() { maskviz --mode gradient --seed $seed "$@" < /dev/null; }

# (a) The masks of two layers on the input grid, and their product: 7 in 10 of the 32×32 fine cells pass the gradient, and
# one of the 4×4 coarse cells does.
maskviz --net crisp --size "$size" --seed $seed > "$out/a-masks.png"

# (b) Kernels as wide as their stride: the gradient has the shape of that product, with sharp edges.
gradient --net crisp --size "$size" --mask fine=0.3 --mask coarse=0.95 > "$out/b-crisp.png"

# (c) The same fine cells under another coarse cell, at row 2, column 2.
gradient --net crisp --size "$size" --mask fine=0.3 --pin coarse=2,2 > "$out/c-pinned.png"

# (d) Kernels wider than their stride above the fine mask only: the fine squares stay sharp, but the coarse cell now covers
# 1.9 times its width and fades towards the edge.
bdtrain --net crisp --size "$size" --print-net |
	sed '/name=fine/,$ s/kernel=2 stride=2$/kernel=3 stride=2 pad=1/' > "$out/d-net.txt"
gradient --net "$out/d-net.txt" --pin coarse=2,2 > "$out/d-overlap-above.png"

# (e) Such kernels throughout: the neighbours of a blocked fine cell pass what it blocks, so only dim spots remain of the
# mask.
gradient --net overlap --size "$size" --mask fine=0.3 --pin coarse=2,2 > "$out/e-washed-out.png"

# (f) The same with few fine cells that pass: separate squares, twice as wide as a cell, and brighter where two overlap.
gradient --net overlap --size "$size" --mask fine=0.85 --pin coarse=2,2 > "$out/f-overlap.png"

echo "the pictures are in $out"
