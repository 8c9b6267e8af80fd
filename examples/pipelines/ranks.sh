#!/bin/sh
# A loss for a rare class: the AUC of all samples together. A mask on the sample axis chooses the samples whose gradient is
# computed.
set -eu
out=${1:-ranks}
mkdir -p "$out"
cd "$out"

gpgen -n 80 --size 32 --scales 1.5,2.5:8,14 --seed 1 > train.tar.zst
gpgen -n 400 --size 32 --scales 1.5,2.5:8,14 --seed 2 > test.tar.zst
auc() { bdeval -m "$1" --metrics auc < test.tar.zst | sed -n 's/^auc  *//p'; }

rank() { bdtrain --positive 2.5-14 --mask fine=0 --augment flip,roll --lr 3e-3 --quiet "$@"; }
rank --loss bce --epochs 40 < train.tar.zst > bce.tar.zst
echo "cross entropy, batches of 10:     $(auc bce.tar.zst)"
rank --loss auc-sqhinge --batch 0 --epochs 80 < train.tar.zst > auc.tar.zst
echo "AUC, all samples in a step:       $(auc auc.tar.zst)"
rank --loss auc-sqhinge --batch 0 --mask coarse=0.75:N --epochs 160 < train.tar.zst > masked.tar.zst
echo "the same, gradient of one in four: $(auc masked.tar.zst)"
