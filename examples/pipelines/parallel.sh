#!/bin/sh
# The runs of sweep.mk under GNU parallel, which can also spread them over several machines; then their table.
set -eu
sweep=$(cd "$(dirname "$0")" && pwd)/sweep.mk
mkdir -p "${1:-sweep}"
cd "${1:-sweep}"

make -sf "$sweep" runs | parallel --halt soon,fail=1 make -sf "$sweep" {}
make -sf "$sweep"
cat table.txt
