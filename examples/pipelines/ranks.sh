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

bdtrain --loss bce --positive 2.5-14 --mask fine=0 --epochs 10 --quiet < train.tar.zst > bce.tar.zst
echo "cross entropy, batches of 10:     $(auc bce.tar.zst)"
bdtrain --loss auc-sqhinge --positive 2.5-14 --mask fine=0 --batch 0 --epochs 80 --quiet < train.tar.zst > auc.tar.zst
echo "AUC, all samples in a step:       $(auc auc.tar.zst)"
bdtrain --loss auc-sqhinge --positive 2.5-14 --mask fine=0 --mask coarse=0.75:N --batch 0 --epochs 80 --quiet < train.tar.zst > masked.tar.zst
echo "the same, gradient of one in four: $(auc masked.tar.zst)"
