//go:build !noasm

#include "go_asm.h"
#include "textflag.h"

// ROW adds one row's share of a term: the row's element of A times 16 elements of B.
#define ROW(a, t, left, right) \
	VBROADCASTSS (a)(AX*4), t    \
	VFMADD231PS  Y12, t, left    \
	VFMADD231PS  Y13, t, right

// POINTER makes dst point to element row[i] of the array at base.
#define POINTER(base, row, dst) \
	MOVQ row(DI), AX            \
	LEAQ (base)(AX*4), dst

// ADD adds to a row what C holds.
#define ADD(row, left, right) \
	MOVQ   row(DI), AX          \
	LEAQ   (CX)(AX*4), AX       \
	VADDPS (AX), left, left     \
	VADDPS 32(AX), right, right

// GATE clears the elements of a row whose element of Gate is not above zero, which Y15 is. VCMPPS $1: less than.
#define GATE(row, left, right) \
	MOVQ   row(DI), AX              \
	LEAQ   (BX)(AX*4), AX           \
	VCMPPS $1, (AX), Y15, Y12       \
	VCMPPS $1, 32(AX), Y15, Y13     \
	VANDPS Y12, left, left          \
	VANDPS Y13, right, right

// STORE cuts a row at the floor Y15, scales it by Y14 and writes it. The order of the operands of VMAXPS lets NaN
// through.
#define STORE(row, left, right) \
	MOVQ    row(DI), AX            \
	LEAQ    (CX)(AX*4), AX         \
	VMAXPS  left, Y15, left        \
	VMAXPS  right, Y15, right      \
	VMULPS  Y14, left, left        \
	VMULPS  Y14, right, right      \
	VMOVUPS left, (AX)             \
	VMOVUPS right, 32(AX)

// func tileAVX2(t *Tile)
// Requires: AVX2, FMA.
//
// Y0–Y11: sums, two registers a row. Y12, Y13: 16 elements of B. Y14, Y15: elements of A.
// R8–R13: rows of A. SI: panel of B. CX: panel of C. R14: panel of Bias. DX: terms. BX: terms left. R15: panels left.
TEXT ·tileAVX2(SB), NOSPLIT, $0-8
	MOVQ t+0(FP), DI
	MOVQ Tile_A(DI), CX
	POINTER(CX, (Tile_ARow+0), R8)
	POINTER(CX, (Tile_ARow+8), R9)
	POINTER(CX, (Tile_ARow+16), R10)
	POINTER(CX, (Tile_ARow+24), R11)
	POINTER(CX, (Tile_ARow+32), R12)
	POINTER(CX, (Tile_ARow+40), R13)
	MOVQ Tile_B(DI), SI
	MOVQ Tile_C(DI), CX
	MOVQ Tile_Bias(DI), R14
	MOVQ Tile_Panels(DI), R15

panel:
	MOVQ  Tile_Terms(DI), DX
	MOVQ  Tile_Terms+8(DI), BX
	TESTQ R14, R14
	JNE   bias
	VXORPS Y0, Y0, Y0
	VXORPS Y1, Y1, Y1
	JMP   start

bias:
	VMOVUPS (R14), Y0
	VMOVUPS 32(R14), Y1
	ADDQ    $64, R14

start:
	VMOVAPS Y0, Y2
	VMOVAPS Y1, Y3
	VMOVAPS Y0, Y4
	VMOVAPS Y1, Y5
	VMOVAPS Y0, Y6
	VMOVAPS Y1, Y7
	VMOVAPS Y0, Y8
	VMOVAPS Y1, Y9
	VMOVAPS Y0, Y10
	VMOVAPS Y1, Y11
	TESTQ   BX, BX
	JE      done

	PCALIGN $32
term:
	MOVLQSX 4(DX), AX
	VMOVUPS (SI)(AX*4), Y12
	VMOVUPS 32(SI)(AX*4), Y13
	MOVLQSX (DX), AX
	ADDQ    $8, DX
	ROW(R8, Y14, Y0, Y1)
	ROW(R9, Y15, Y2, Y3)
	ROW(R10, Y14, Y4, Y5)
	ROW(R11, Y15, Y6, Y7)
	ROW(R12, Y14, Y8, Y9)
	ROW(R13, Y15, Y10, Y11)
	DECQ    BX
	JNE     term

done:
	CMPB Tile_Add(DI), $0
	JE   gate
	ADD((Tile_CRow+0), Y0, Y1)
	ADD((Tile_CRow+8), Y2, Y3)
	ADD((Tile_CRow+16), Y4, Y5)
	ADD((Tile_CRow+24), Y6, Y7)
	ADD((Tile_CRow+32), Y8, Y9)
	ADD((Tile_CRow+40), Y10, Y11)

gate:
	VXORPS Y15, Y15, Y15
	MOVQ   Tile_Gate(DI), BX
	TESTQ  BX, BX
	JE     floor
	MOVQ   CX, AX
	SUBQ   Tile_C(DI), AX
	ADDQ   AX, BX
	GATE((Tile_GateRow+0), Y0, Y1)
	GATE((Tile_GateRow+8), Y2, Y3)
	GATE((Tile_GateRow+16), Y4, Y5)
	GATE((Tile_GateRow+24), Y6, Y7)
	GATE((Tile_GateRow+32), Y8, Y9)
	GATE((Tile_GateRow+40), Y10, Y11)

floor: // Y15 is 0 for ReLU, else −∞
	CMPB   Tile_ReLU(DI), $0
	JNE    store
	MOVL   $0xff800000, AX
	VMOVD  AX, X15
	VBROADCASTSS X15, Y15

store:
	VBROADCASTSS Tile_Scale(DI), Y14
	STORE((Tile_CRow+0), Y0, Y1)
	STORE((Tile_CRow+8), Y2, Y3)
	STORE((Tile_CRow+16), Y4, Y5)
	STORE((Tile_CRow+24), Y6, Y7)
	STORE((Tile_CRow+32), Y8, Y9)
	STORE((Tile_CRow+40), Y10, Y11)
	MOVQ Tile_Panel(DI), AX
	LEAQ (SI)(AX*4), SI
	ADDQ $64, CX
	DECQ R15
	JNE  panel
	VZEROUPPER
	RET
