#!/usr/bin/env bash
# On arm64 Go's test v - v == 0, that a number is finite, fails for a product: it is fused with the product after inlining.
#
# Go may fuse x*y + z, rounding once, where no conversion or assignment lies between (specification, "Floating-point operators"). That
# an inlined call counts as neither is easy to miss: in isFinite(x*x), with isFinite(v) = v-v == 0, the compiler makes x*x - v of v - v,
# with v rounded and x*x not, which is the rounding error of the product and so rarely 0. On amd64 the same source says that 0.3*0.3
# is finite, on arm64 (every current Mac) that it is not. isFinite(float64(x*x)) is right everywhere,
# as is math.IsInf(v, 0) || math.IsNaN(v).
#
# Needs Go, and a connection for its toolchain go1.26.8; runs on amd64. Exit code 0: as described; 1: it has changed.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
export GOTOOLCHAIN=go1.26.8 CGO_ENABLED=0

cat > go.mod <<'GO'
module finite
go 1.26
GO
cat > main.go <<'GO'
package main

import "os"

func isFinite(v float64) bool { return v-v == 0 }

//go:noinline
func squareIsFinite(x float64) bool { return isFinite(x * x) }

//go:noinline
func convertedIsFinite(x float64) bool { return isFinite(float64(x * x)) }

func main() {
	x := 0.3 * float64(len(os.Args))
	println(squareIsFinite(x), convertedIsFinite(x))
}
GO

go version
go build -o amd64 .
GOARCH=arm64 go build -o arm64 .
amd64=$(./amd64 2>&1)
fused=$(go tool objdump -s 'main\.squareIsFinite' arm64 | grep -cE 'FN?M(ADD|SUB)D' || true)
converted=$(go tool objdump -s 'main\.convertedIsFinite' arm64 | grep -cE 'FN?M(ADD|SUB)D' || true)
echo "amd64: 0.3*0.3 is finite: $amd64 (as it is, converted)"
echo "arm64: fused instructions in squareIsFinite: $fused, in convertedIsFinite: $converted"
test "$amd64 $fused $converted" = 'true true 1 0'
