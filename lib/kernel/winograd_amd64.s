//go:build !noasm

#include "go_asm.h"
#include "textflag.h"
#include "points.h"

// SIZES puts on the stack the bytes of a line, how many times are left, and the bytes from one time to the next.
#define SIZES \
	MOVQ l+0(FP), DI \
	MOVQ Lines_N(DI), BX \
	SHLQ $2, BX \
	MOVQ BX, n-8(SP) \
	MOVQ Lines_Count(DI), BX \
	MOVQ BX, left-16(SP) \
	MOVQ Lines_InStep(DI), BX \
	SHLQ $2, BX \
	MOVQ BX, in-24(SP) \
	MOVQ Lines_OutStep(DI), BX \
	SHLQ $2, BX \
	MOVQ BX, out-32(SP)

// READ4 and READ2 make the pointers to the first four lines that are read and to the others; WRITE4 and WRITE2 those to lines that are written.
#define READ4 \
	MOVQ (Lines_In+0)(DI), SI \
	MOVQ (Lines_In+8)(DI), CX \
	MOVQ (Lines_In+16)(DI), DX \
	MOVQ (Lines_In+24)(DI), R8

#define READ2 \
	MOVQ (Lines_In+32)(DI), R9 \
	MOVQ (Lines_In+40)(DI), R10

#define WRITE4 \
	MOVQ (Lines_Out+0)(DI), R11 \
	MOVQ (Lines_Out+8)(DI), R12 \
	MOVQ (Lines_Out+16)(DI), R13 \
	MOVQ (Lines_Out+24)(DI), R14

#define WRITE2 \
	MOVQ (Lines_Out+32)(DI), R15 \
	MOVQ (Lines_Out+40)(DI), AX

// LOAD4 and LOAD2 load elements of these lines.
#define LOAD4 \
	VMOVUPS (SI)(BX*1), L0 \
	VMOVUPS (CX)(BX*1), L1 \
	VMOVUPS (DX)(BX*1), L2 \
	VMOVUPS (R8)(BX*1), L3

#define LOAD2 \
	VMOVUPS (R9)(BX*1), L4 \
	VMOVUPS (R10)(BX*1), L5

// NEXTREAD4, then NEXTREAD2, and NEXTWRITE4, then NEXTWRITE2, go on to the next time.
#define NEXTREAD4 \
	MOVQ in-24(SP), BX \
	ADDQ BX, SI \
	ADDQ BX, CX \
	ADDQ BX, DX \
	ADDQ BX, R8

#define NEXTREAD2 \
	ADDQ BX, R9 \
	ADDQ BX, R10

#define NEXTWRITE4 \
	MOVQ out-32(SP), BX \
	ADDQ BX, R11 \
	ADDQ BX, R12 \
	ADDQ BX, R13 \
	ADDQ BX, R14

#define NEXTWRITE2 \
	ADDQ BX, R15 \
	ADDQ BX, AX

// The transforms with registers of 8 elements.
#define L0 Y0
#define L1 Y1
#define L2 Y2
#define L3 Y3
#define L4 Y4
#define L5 Y5
#define L6 Y6
#define L7 Y7
#define L8 Y8
#define L9 Y9
#define L10 Y10
#define L11 Y11
#define L12 Y12
#define L13 Y13
#define L14 Y14
#define L15 Y15
#define WIDTH 32
#define TOPOINTS ·toPointsAVX2
#define FILTERTOPOINTS ·filterToPointsAVX2
#define TOSUMS ·toSumsAVX2
#include "winograd_amd64.h"

#undef L0
#undef L1
#undef L2
#undef L3
#undef L4
#undef L5
#undef L6
#undef L7
#undef L8
#undef L9
#undef L10
#undef L11
#undef L12
#undef L13
#undef L14
#undef L15
#undef WIDTH
#undef TOPOINTS
#undef FILTERTOPOINTS
#undef TOSUMS

// The transforms with registers of 16 elements.
#define L0 Z0
#define L1 Z1
#define L2 Z2
#define L3 Z3
#define L4 Z4
#define L5 Z5
#define L6 Z6
#define L7 Z7
#define L8 Z8
#define L9 Z9
#define L10 Z10
#define L11 Z11
#define L12 Z12
#define L13 Z13
#define L14 Z14
#define L15 Z15
#define WIDTH 64
#define TOPOINTS ·toPointsAVX512
#define FILTERTOPOINTS ·filterToPointsAVX512
#define TOSUMS ·toSumsAVX512
#include "winograd_amd64.h"

// func productsAVX512(p *Products)
// Requires: AVX512F.
//
// Eight rows of two panels at a time, or of one. Z0–Z15: sums, of row i and panel p in Z(2i+p). Z16, Z17: 16 elements of each
// panel of B. Z18–Z25: elements of A. SI, DX: rows 0 and 4 of A; R8, R9: bytes of a row of A, and of three. CX: B; R10: bytes of a
// panel of B. R11, R12: bytes from a term to the next in A and B. R13: terms left. BX, AX: rows 0 and 4 of C; R14, R15: bytes of a row
// of C, and of three.
TEXT ·productsAVX512(SB), NOSPLIT, $64-8
	MOVQ p+0(FP), DI
	MOVQ Products_Count(DI), AX
	MOVQ AX, left-8(SP)
	MOVQ Products_A(DI), AX
	MOVQ AX, a-16(SP)
	MOVQ Products_B(DI), AX
	MOVQ AX, b-24(SP)
	MOVQ Products_C(DI), AX
	MOVQ AX, c-32(SP)
	MOVQ Products_ARow(DI), R8
	SHLQ $2, R8
	LEAQ (R8)(R8*2), R9
	MOVQ Products_BPanel(DI), R10
	SHLQ $2, R10
	MOVQ Products_ATerm(DI), R11
	SHLQ $2, R11
	MOVQ Products_BTerm(DI), R12
	SHLQ $2, R12
	MOVQ Products_CRow(DI), R14
	SHLQ $2, R14
	LEAQ (R14)(R14*2), R15

product:
	MOVQ Products_Rows(DI), AX
	MOVQ AX, rows-40(SP)
	MOVQ a-16(SP), AX
	MOVQ AX, row-48(SP)   // of A
	MOVQ c-32(SP), AX
	MOVQ AX, to-56(SP)    // the row of C

rows:
	MOVQ Products_Panels(DI), AX
	MOVQ AX, panels-64(SP)
	MOVQ b-24(SP), CX
	MOVQ to-56(SP), BX

panels:
	MOVQ row-48(SP), SI
	LEAQ (SI)(R8*4), DX
	MOVQ Products_Terms(DI), R13
	LEAQ (BX)(R14*4), AX
	CMPQ panels-64(SP), $1
	JE   one
	VPXORD Z0, Z0, Z0
	VPXORD Z1, Z1, Z1
	VPXORD Z2, Z2, Z2
	VPXORD Z3, Z3, Z3
	VPXORD Z4, Z4, Z4
	VPXORD Z5, Z5, Z5
	VPXORD Z6, Z6, Z6
	VPXORD Z7, Z7, Z7
	VPXORD Z8, Z8, Z8
	VPXORD Z9, Z9, Z9
	VPXORD Z10, Z10, Z10
	VPXORD Z11, Z11, Z11
	VPXORD Z12, Z12, Z12
	VPXORD Z13, Z13, Z13
	VPXORD Z14, Z14, Z14
	VPXORD Z15, Z15, Z15
	TESTQ R13, R13
	JE    sums2

terms2:
	VMOVUPS (CX), Z16
	VMOVUPS (CX)(R10*1), Z17
	VBROADCASTSS (SI), Z18
	VFMADD231PS Z16, Z18, Z0
	VFMADD231PS Z17, Z18, Z1
	VBROADCASTSS (SI)(R8*1), Z19
	VFMADD231PS Z16, Z19, Z2
	VFMADD231PS Z17, Z19, Z3
	VBROADCASTSS (SI)(R8*2), Z20
	VFMADD231PS Z16, Z20, Z4
	VFMADD231PS Z17, Z20, Z5
	VBROADCASTSS (SI)(R9*1), Z21
	VFMADD231PS Z16, Z21, Z6
	VFMADD231PS Z17, Z21, Z7
	VBROADCASTSS (DX), Z22
	VFMADD231PS Z16, Z22, Z8
	VFMADD231PS Z17, Z22, Z9
	VBROADCASTSS (DX)(R8*1), Z23
	VFMADD231PS Z16, Z23, Z10
	VFMADD231PS Z17, Z23, Z11
	VBROADCASTSS (DX)(R8*2), Z24
	VFMADD231PS Z16, Z24, Z12
	VFMADD231PS Z17, Z24, Z13
	VBROADCASTSS (DX)(R9*1), Z25
	VFMADD231PS Z16, Z25, Z14
	VFMADD231PS Z17, Z25, Z15
	ADDQ R11, SI
	ADDQ R11, DX
	ADDQ R12, CX
	DECQ R13
	JNZ  terms2

sums2:
	CMPB Products_Add(DI), $0
	JE   store2
	VADDPS (BX), Z0, Z0
	VADDPS 64(BX), Z1, Z1
	VADDPS (BX)(R14*1), Z2, Z2
	VADDPS 64(BX)(R14*1), Z3, Z3
	VADDPS (BX)(R14*2), Z4, Z4
	VADDPS 64(BX)(R14*2), Z5, Z5
	VADDPS (BX)(R15*1), Z6, Z6
	VADDPS 64(BX)(R15*1), Z7, Z7
	VADDPS (AX), Z8, Z8
	VADDPS 64(AX), Z9, Z9
	VADDPS (AX)(R14*1), Z10, Z10
	VADDPS 64(AX)(R14*1), Z11, Z11
	VADDPS (AX)(R14*2), Z12, Z12
	VADDPS 64(AX)(R14*2), Z13, Z13
	VADDPS (AX)(R15*1), Z14, Z14
	VADDPS 64(AX)(R15*1), Z15, Z15

store2:
	VMOVUPS Z0, (BX)
	VMOVUPS Z1, 64(BX)
	VMOVUPS Z2, (BX)(R14*1)
	VMOVUPS Z3, 64(BX)(R14*1)
	VMOVUPS Z4, (BX)(R14*2)
	VMOVUPS Z5, 64(BX)(R14*2)
	VMOVUPS Z6, (BX)(R15*1)
	VMOVUPS Z7, 64(BX)(R15*1)
	VMOVUPS Z8, (AX)
	VMOVUPS Z9, 64(AX)
	VMOVUPS Z10, (AX)(R14*1)
	VMOVUPS Z11, 64(AX)(R14*1)
	VMOVUPS Z12, (AX)(R14*2)
	VMOVUPS Z13, 64(AX)(R14*2)
	VMOVUPS Z14, (AX)(R15*1)
	VMOVUPS Z15, 64(AX)(R15*1)
	ADDQ $128, BX
	SUBQ $2, panels-64(SP)
	JE   next
	MOVQ Products_Panels(DI), AX   // the next two
	SUBQ panels-64(SP), AX
	MOVQ b-24(SP), CX
	IMULQ R10, AX
	ADDQ AX, CX
	JMP  panels

one:
	VPXORD Z0, Z0, Z0
	VPXORD Z2, Z2, Z2
	VPXORD Z4, Z4, Z4
	VPXORD Z6, Z6, Z6
	VPXORD Z8, Z8, Z8
	VPXORD Z10, Z10, Z10
	VPXORD Z12, Z12, Z12
	VPXORD Z14, Z14, Z14
	TESTQ R13, R13
	JE    sums1

terms1:
	VMOVUPS (CX), Z16
	VBROADCASTSS (SI), Z18
	VFMADD231PS Z16, Z18, Z0
	VBROADCASTSS (SI)(R8*1), Z19
	VFMADD231PS Z16, Z19, Z2
	VBROADCASTSS (SI)(R8*2), Z20
	VFMADD231PS Z16, Z20, Z4
	VBROADCASTSS (SI)(R9*1), Z21
	VFMADD231PS Z16, Z21, Z6
	VBROADCASTSS (DX), Z22
	VFMADD231PS Z16, Z22, Z8
	VBROADCASTSS (DX)(R8*1), Z23
	VFMADD231PS Z16, Z23, Z10
	VBROADCASTSS (DX)(R8*2), Z24
	VFMADD231PS Z16, Z24, Z12
	VBROADCASTSS (DX)(R9*1), Z25
	VFMADD231PS Z16, Z25, Z14
	ADDQ R11, SI
	ADDQ R11, DX
	ADDQ R12, CX
	DECQ R13
	JNZ  terms1

sums1:
	CMPB Products_Add(DI), $0
	JE   store1
	VADDPS (BX), Z0, Z0
	VADDPS (BX)(R14*1), Z2, Z2
	VADDPS (BX)(R14*2), Z4, Z4
	VADDPS (BX)(R15*1), Z6, Z6
	VADDPS (AX), Z8, Z8
	VADDPS (AX)(R14*1), Z10, Z10
	VADDPS (AX)(R14*2), Z12, Z12
	VADDPS (AX)(R15*1), Z14, Z14

store1:
	VMOVUPS Z0, (BX)
	VMOVUPS Z2, (BX)(R14*1)
	VMOVUPS Z4, (BX)(R14*2)
	VMOVUPS Z6, (BX)(R15*1)
	VMOVUPS Z8, (AX)
	VMOVUPS Z10, (AX)(R14*1)
	VMOVUPS Z12, (AX)(R14*2)
	VMOVUPS Z14, (AX)(R15*1)

next:
	SUBQ $8, rows-40(SP)
	JLE  done
	MOVQ row-48(SP), AX
	LEAQ (AX)(R8*8), AX
	MOVQ AX, row-48(SP)
	MOVQ to-56(SP), AX
	LEAQ (AX)(R14*8), AX
	MOVQ AX, to-56(SP)
	JMP  rows

done:
	MOVQ Products_AStep(DI), AX
	SHLQ $2, AX
	ADDQ AX, a-16(SP)
	MOVQ Products_BStep(DI), AX
	SHLQ $2, AX
	ADDQ AX, b-24(SP)
	MOVQ Products_CStep(DI), AX
	SHLQ $2, AX
	ADDQ AX, c-32(SP)
	DECQ left-8(SP)
	JNZ  product
	VZEROUPPER
	RET
