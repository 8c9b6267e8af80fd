#!/bin/sh
# The pictures of the demonstration of 2018 (S. Golkar, K. Cranmer, backdrop-demo.ipynb): how masks at two depths show in
# the gradient by the input. SIZE=256 is faster.
set -eu
out=${1:-demo}
size=${SIZE:-1024}
seed=2
mkdir -p "$out"
gradient() { maskviz --mode gradient --seed $seed "$@" < /dev/null; }

# (a) The masks of two layers on the input grid: 32×32 fine cells, of which 7 in 10 pass, and 4×4 coarse ones, of which one
# does; where both pass is their product.
maskviz --net crisp --size "$size" --seed $seed > "$out/a-masks.png"

# (b) Kernels as wide as their stride: the gradient is that product, in squares with sharp edges.
gradient --net crisp --size "$size" --mask fine=0.3 --mask coarse=0.95 > "$out/b-crisp.png"

# (c) The same fine cells under another coarse one, at row 2, column 2.
gradient --net crisp --size "$size" --mask fine=0.3 --pin coarse=2,2 > "$out/c-pinned.png"

# (d) Kernels wider than their stride above the fine mask only: its squares stay sharp, while the coarse cell sees 1.9 times
# its width and fades towards the border of that.
bdtrain --net crisp --size "$size" --print-net |
	sed '/name=fine/,$ s/kernel=2 stride=2$/kernel=3 stride=2 pad=1/' > "$out/d-net.txt"
gradient --net "$out/d-net.txt" --pin coarse=2,2 > "$out/d-overlap-above.png"

# (e) Such kernels throughout: what a fine cell blocks, its neighbours see, and nothing of the mask is left but dim spots.
gradient --net overlap --size "$size" --mask fine=0.3 --pin coarse=2,2 > "$out/e-washed-out.png"

# (f) The same with few fine cells that pass: they stand apart as squares twice as wide as a cell, brighter where two overlap.
gradient --net overlap --size "$size" --mask fine=0.85 --pin coarse=2,2 > "$out/f-overlap.png"

echo "the pictures are in $out"
