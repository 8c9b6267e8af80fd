//go:build !noasm

#include "go_asm.h"
#include "textflag.h"

// The sums of row i and of panel p of a turn are in register Z(4i+p).

// SPREAD starts the sums of a panel in all rows alike.
#define SPREAD(z0, z1, z2, z3, z4, z5) \
	VMOVAPS z0, z1 \
	VMOVAPS z0, z2 \
	VMOVAPS z0, z3 \
	VMOVAPS z0, z4 \
	VMOVAPS z0, z5

// ROW4, ROW2 and ROW1 add one row's share of a term to four panels, to two or to one: the row's element of A times 16
// elements of B for each.
#define ROW4(a, t, p0, p1, p2, p3) \
	VBROADCASTSS (a)(AX*4), t  \
	VFMADD231PS  Z24, t, p0    \
	VFMADD231PS  Z25, t, p1    \
	VFMADD231PS  Z26, t, p2    \
	VFMADD231PS  Z27, t, p3

#define ROW2(a, t, p0, p1) \
	VBROADCASTSS (a)(AX*4), t \
	VFMADD231PS  Z24, t, p0   \
	VFMADD231PS  Z25, t, p1

#define ROW1(a, t, p0) \
	VBROADCASTSS (a)(AX*4), t \
	VFMADD231PS  Z24, t, p0

// POINTER makes dst point to element row[i] of the array at base.
#define POINTER(base, row, dst) \
	MOVQ row(DI), AX            \
	LEAQ (base)(AX*4), dst

// POINTERS does so for six rows. It changes AX and CX.
#define POINTERS(base, rows, r0, r1, r2, r3, r4, r5) \
	POINTER(base, (rows+0), r0)  \
	POINTER(base, (rows+8), r1)  \
	POINTER(base, (rows+16), r2) \
	POINTER(base, (rows+24), r3) \
	POINTER(base, (rows+32), r4) \
	POINTER(base, (rows+40), r5)

// ADD adds to a panel what C holds, at bytes behind the first panel.
#define ADD(at, z0, z1, z2, z3, z4, z5) \
	VADDPS at(R8), z0, z0  \
	VADDPS at(R9), z1, z1  \
	VADDPS at(R10), z2, z2 \
	VADDPS at(R11), z3, z3 \
	VADDPS at(R12), z4, z4 \
	VADDPS at(R13), z5, z5

// PASS clears the elements whose element of Gate is not above zero, which Z31 is. VCMPPS $1: less than.
#define PASS(gate, z) \
	VCMPPS    $1, gate, Z31, K1 \
	VMOVAPS.Z z, K1, z

#define GATE(at, z0, z1, z2, z3, z4, z5) \
	PASS(at(SI), z0)  \
	PASS(at(BX), z1)  \
	PASS(at(CX), z2)  \
	PASS(at(DX), z3)  \
	PASS(at(R14), z4) \
	PASS(at(R15), z5)

// FETCH brings element row[i] of the array at AX near, and what follows in four panels. It changes CX.
#define FETCH(row)           \
	MOVQ       row(DI), CX   \
	PREFETCHT0 0(AX)(CX*4)   \
	PREFETCHT0 64(AX)(CX*4)  \
	PREFETCHT0 128(AX)(CX*4) \
	PREFETCHT0 192(AX)(CX*4)

// FETCHES does so for six rows, while the sums are made.
#define FETCHES(rows) \
	FETCH((rows+0))   \
	FETCH((rows+8))   \
	FETCH((rows+16))  \
	FETCH((rows+24))  \
	FETCH((rows+32))  \
	FETCH((rows+40))

// FINISH cuts elements at the floor Z31, scales them by Z30 and writes them. The order of the operands of VMAXPS lets
// NaN through.
#define FINISH(z, to) \
	VMAXPS  z, Z31, z \
	VMULPS  Z30, z, z \
	VMOVUPS z, to

#define STORE(at, z0, z1, z2, z3, z4, z5) \
	FINISH(z0, at(R8))  \
	FINISH(z1, at(R9))  \
	FINISH(z2, at(R10)) \
	FINISH(z3, at(R11)) \
	FINISH(z4, at(R12)) \
	FINISH(z5, at(R13))

// func tileAVX512(t *Tile)
// Requires: AVX512F.
//
// Panels are taken in turns of four, two or one; of four, a single row has a loop of its own.
// Z0–Z23: sums. Z24–Z27: 16 elements of each panel of B. Z28, Z29: elements of A. Z30: scale. Z31: zero, floor.
// R8–R13: rows of A, then of C. SI, CX, R14, R15: panels of B. DX: terms. BX: terms left. SI, BX, CX, DX, R14, R15, at
// the end: rows of Gate.
TEXT ·tileAVX512(SB), NOSPLIT, $32-8
	MOVQ t+0(FP), DI
	MOVQ Tile_Panels(DI), AX
	MOVQ AX, left-8(SP)   // panels that are not done
	MOVQ Tile_B(DI), AX
	MOVQ AX, b-16(SP)     // the next panel
	MOVQ $0, at-24(SP)    // bytes of C and of Bias before it
	VBROADCASTSS Tile_Scale(DI), Z30

turn:
	CMPB  Tile_Far(DI), $0
	JE    near
	MOVQ  Tile_C(DI), AX
	ADDQ  at-24(SP), AX
	FETCHES(Tile_CRow)

near:
	MOVQ  Tile_Gate(DI), AX
	TESTQ AX, AX
	JE    terms
	ADDQ  at-24(SP), AX
	FETCHES(Tile_GateRow)

terms:
	MOVQ  Tile_A(DI), CX
	POINTERS(CX, Tile_ARow, R8, R9, R10, R11, R12, R13)
	MOVQ  Tile_Panel(DI), AX
	MOVQ  b-16(SP), SI
	LEAQ  (SI)(AX*4), CX
	LEAQ  (CX)(AX*4), R14
	LEAQ  (R14)(AX*4), R15
	VPXORD Z31, Z31, Z31
	MOVQ  Tile_Terms(DI), DX
	MOVQ  Tile_Terms+8(DI), BX
	MOVQ  Tile_Bias(DI), AX
	CMPQ  left-8(SP), $4
	JGE   four
	CMPQ  left-8(SP), $2
	JGE   two

	MOVQ    $1, turn-32(SP)
	VMOVAPS Z31, Z0
	TESTQ   AX, AX
	JE      start1
	ADDQ    at-24(SP), AX
	VMOVUPS (AX), Z0

start1:
	SPREAD(Z0, Z4, Z8, Z12, Z16, Z20)
	TESTQ BX, BX
	JE    summed

	PCALIGN $32
term1:
	MOVLQSX 4(DX), AX
	VMOVUPS (SI)(AX*4), Z24
	MOVLQSX (DX), AX
	ADDQ    $8, DX
	ROW1(R8, Z28, Z0)
	ROW1(R9, Z29, Z4)
	ROW1(R10, Z28, Z8)
	ROW1(R11, Z29, Z12)
	ROW1(R12, Z28, Z16)
	ROW1(R13, Z29, Z20)
	DECQ    BX
	JNE     term1
	JMP     summed

two:
	MOVQ    $2, turn-32(SP)
	VMOVAPS Z31, Z0
	VMOVAPS Z31, Z1
	TESTQ   AX, AX
	JE      start2
	ADDQ    at-24(SP), AX
	VMOVUPS (AX), Z0
	VMOVUPS 64(AX), Z1

start2:
	SPREAD(Z0, Z4, Z8, Z12, Z16, Z20)
	SPREAD(Z1, Z5, Z9, Z13, Z17, Z21)
	TESTQ BX, BX
	JE    summed

	PCALIGN $32
term2:
	MOVLQSX 4(DX), AX
	VMOVUPS (SI)(AX*4), Z24
	VMOVUPS (CX)(AX*4), Z25
	MOVLQSX (DX), AX
	ADDQ    $8, DX
	ROW2(R8, Z28, Z0, Z1)
	ROW2(R9, Z29, Z4, Z5)
	ROW2(R10, Z28, Z8, Z9)
	ROW2(R11, Z29, Z12, Z13)
	ROW2(R12, Z28, Z16, Z17)
	ROW2(R13, Z29, Z20, Z21)
	DECQ    BX
	JNE     term2
	JMP     summed

four:
	MOVQ    $4, turn-32(SP)
	VMOVAPS Z31, Z0
	VMOVAPS Z31, Z1
	VMOVAPS Z31, Z2
	VMOVAPS Z31, Z3
	TESTQ   AX, AX
	JE      start4
	ADDQ    at-24(SP), AX
	VMOVUPS (AX), Z0
	VMOVUPS 64(AX), Z1
	VMOVUPS 128(AX), Z2
	VMOVUPS 192(AX), Z3

start4:
	SPREAD(Z0, Z4, Z8, Z12, Z16, Z20)
	SPREAD(Z1, Z5, Z9, Z13, Z17, Z21)
	SPREAD(Z2, Z6, Z10, Z14, Z18, Z22)
	SPREAD(Z3, Z7, Z11, Z15, Z19, Z23)
	TESTQ BX, BX
	JE    summed

	CMPB  Tile_Single(DI), $0
	JNE   single4

	PCALIGN $32
term4:
	MOVLQSX 4(DX), AX
	VMOVUPS (SI)(AX*4), Z24
	VMOVUPS (CX)(AX*4), Z25
	VMOVUPS (R14)(AX*4), Z26
	VMOVUPS (R15)(AX*4), Z27
	MOVLQSX (DX), AX
	ADDQ    $8, DX
	PREFETCHT0 64(R8)(AX*4) // the next cache line, which the next terms or the next tile will read
	ROW4(R8, Z28, Z0, Z1, Z2, Z3)
	ROW4(R9, Z29, Z4, Z5, Z6, Z7)
	ROW4(R10, Z28, Z8, Z9, Z10, Z11)
	ROW4(R11, Z29, Z12, Z13, Z14, Z15)
	ROW4(R12, Z28, Z16, Z17, Z18, Z19)
	ROW4(R13, Z29, Z20, Z21, Z22, Z23)
	DECQ    BX
	JNE     term4
	JMP     summed

	PCALIGN $32
single4:
	MOVLQSX      (DX), AX
	VBROADCASTSS (R8)(AX*4), Z28
	MOVLQSX      4(DX), AX
	ADDQ         $8, DX
	VFMADD231PS  (SI)(AX*4), Z28, Z0
	VFMADD231PS  (CX)(AX*4), Z28, Z1
	VFMADD231PS  (R14)(AX*4), Z28, Z2
	VFMADD231PS  (R15)(AX*4), Z28, Z3
	DECQ         BX
	JNE          single4

summed:
	MOVQ Tile_C(DI), CX
	ADDQ at-24(SP), CX
	POINTERS(CX, Tile_CRow, R8, R9, R10, R11, R12, R13)
	CMPB Tile_Add(DI), $0
	JE   gate
	ADD(0, Z0, Z4, Z8, Z12, Z16, Z20)
	CMPQ turn-32(SP), $2
	JLT  gate
	ADD(64, Z1, Z5, Z9, Z13, Z17, Z21)
	JE   gate
	ADD(128, Z2, Z6, Z10, Z14, Z18, Z22)
	ADD(192, Z3, Z7, Z11, Z15, Z19, Z23)

gate:
	MOVQ  Tile_Gate(DI), R15
	TESTQ R15, R15
	JE    floor
	ADDQ  at-24(SP), R15
	POINTERS(R15, Tile_GateRow, SI, BX, CX, DX, R14, R15)
	GATE(0, Z0, Z4, Z8, Z12, Z16, Z20)
	CMPQ  turn-32(SP), $2
	JLT   floor
	GATE(64, Z1, Z5, Z9, Z13, Z17, Z21)
	JE    floor
	GATE(128, Z2, Z6, Z10, Z14, Z18, Z22)
	GATE(192, Z3, Z7, Z11, Z15, Z19, Z23)

floor: // Z31 is 0 for ReLU, else −∞
	CMPB Tile_ReLU(DI), $0
	JNE  store
	MOVL $0xff800000, AX
	VPBROADCASTD AX, Z31

store:
	STORE(0, Z0, Z4, Z8, Z12, Z16, Z20)
	CMPQ turn-32(SP), $2
	JLT  stored
	STORE(64, Z1, Z5, Z9, Z13, Z17, Z21)
	JE   stored
	STORE(128, Z2, Z6, Z10, Z14, Z18, Z22)
	STORE(192, Z3, Z7, Z11, Z15, Z19, Z23)

stored:
	MOVQ  turn-32(SP), BX
	MOVQ  Tile_Panel(DI), AX
	SHLQ  $2, AX
	IMULQ BX, AX
	ADDQ  AX, b-16(SP)
	MOVQ  BX, AX
	SHLQ  $6, AX
	ADDQ  AX, at-24(SP)
	SUBQ  BX, left-8(SP)
	JNE   turn
	VZEROUPPER
	RET
