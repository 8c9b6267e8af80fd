//go:build !noasm

#include "go_asm.h"
#include "neon_arm64.h"
#include "textflag.h"

// The sums of columns 4j to 4j+3 of row i are in register V(4i+j).

// HALF adds a term's products with eight columns, V30 and V31, to half of the sums, from V(s) on: the elements of A are in
// this lane of V24 to V29, a register for each row.
#define HALF(s, lane) \
	FMLA(s+0, 30, 24, lane)  \
	FMLA(s+1, 31, 24, lane)  \
	FMLA(s+4, 30, 25, lane)  \
	FMLA(s+5, 31, 25, lane)  \
	FMLA(s+8, 30, 26, lane)  \
	FMLA(s+9, 31, 26, lane)  \
	FMLA(s+12, 30, 27, lane) \
	FMLA(s+13, 31, 27, lane) \
	FMLA(s+16, 30, 28, lane) \
	FMLA(s+17, 31, 28, lane) \
	FMLA(s+20, 30, 29, lane) \
	FMLA(s+21, 31, 29, lane)

// LANE adds a term whose elements of B are at bytes behind R3.
#define LANE(at, lane) \
	FLDPQ at+0(R3), (F30, F31)  \
	HALF(0, lane)               \
	FLDPQ at+32(R3), (F30, F31) \
	HALF(2, lane)

// FOUR adds four terms that follow each other: their elements of A are at bytes R(offset) in each row, those of B at bytes
// behind R3.
#define FOUR(offset, at) \
	LOAD(24, 8, offset)  \
	LOAD(25, 9, offset)  \
	LOAD(26, 10, offset) \
	LOAD(27, 11, offset) \
	LOAD(28, 12, offset) \
	LOAD(29, 13, offset) \
	LANE(at+0, 0)        \
	LANE(at+64, 1)       \
	LANE(at+128, 2)      \
	LANE(at+192, 3)

// EIGHT adds the next eight terms, which follow each other.
#define EIGHT \
	LDPSW.P 64(R4), (R1, R3) \
	LSL     $2, R1           \
	ADD     R3<<2, R6, R3    \
	ADD     $16, R1, R2      \
	FOUR(1, 0)               \
	FOUR(2, 256)

// PART adds one row's share of a term: an element of A times 16 elements of B, V24 to V27.
#define PART(s, v, lane) \
	FMLA(s+0, 24, v, lane) \
	FMLA(s+1, 25, v, lane) \
	FMLA(s+2, 26, v, lane) \
	FMLA(s+3, 27, v, lane)

// ROW does so with the element of a row of A.
#define ROW(a, f, v, s) \
	FMOVS (a)(R1<<2), f \
	PART(s, v, 0)

// COLUMN adds a term of rows whose elements of A follow each other.
#define COLUMN \
	LDPSW.P 8(R4), (R1, R3) \
	ADD     R1<<2, R8, R1   \
	ADD     R3<<2, R6, R3   \
	FMOVQ   (R1), F28       \
	FMOVD   16(R1), F29     \
	VLD1    (R3), [V24.S4, V25.S4, V26.S4, V27.S4] \
	PART(0, 28, 0)          \
	PART(4, 28, 1)          \
	PART(8, 28, 2)          \
	PART(12, 28, 3)         \
	PART(16, 29, 0)         \
	PART(20, 29, 1)

// SPREAD starts the sums of four columns in all rows alike.
#define SPREAD(v0, v1, v2, v3, v4, v5) \
	VMOV v0.B16, v1.B16 \
	VMOV v0.B16, v2.B16 \
	VMOV v0.B16, v3.B16 \
	VMOV v0.B16, v4.B16 \
	VMOV v0.B16, v5.B16

// POINTER makes dst point to element row[i] of the array at base.
#define POINTER(base, row, dst) \
	MOVD row(R0), R1        \
	ADD  R1<<2, base, dst

// SUM adds to a row what C holds.
#define SUM(row, s) \
	POINTER(R7, row, R1)                            \
	VLD1 (R1), [V24.S4, V25.S4, V26.S4, V27.S4] \
	FADD(s+0, s+0, 24)                          \
	FADD(s+1, s+1, 25)                          \
	FADD(s+2, s+2, 26)                          \
	FADD(s+3, s+3, 27)

// GATE clears the elements of a row whose element of Gate is not above zero.
#define GATE(row, v0, v1, v2, v3) \
	POINTER(R2, row, R1)                            \
	VLD1 (R1), [V24.S4, V25.S4, V26.S4, V27.S4] \
	POSITIVE(24, 24)                            \
	POSITIVE(25, 25)                            \
	POSITIVE(26, 26)                            \
	POSITIVE(27, 27)                            \
	VAND V24.B16, v0.B16, v0.B16                \
	VAND V25.B16, v1.B16, v1.B16                \
	VAND V26.B16, v2.B16, v2.B16                \
	VAND V27.B16, v3.B16, v3.B16

// RELU puts V28, zero, where a row is below it: NaN and −0 stay, as they do on amd64.
#define RELU(s, v0, v1, v2, v3) \
	NEGATIVE(24, s+0)             \
	NEGATIVE(25, s+1)             \
	NEGATIVE(26, s+2)             \
	NEGATIVE(27, s+3)             \
	VBIT V24.B16, V28.B16, v0.B16 \
	VBIT V25.B16, V28.B16, v1.B16 \
	VBIT V26.B16, V28.B16, v2.B16 \
	VBIT V27.B16, V28.B16, v3.B16

// STORE scales a row by V29 and writes it.
#define STORE(row, s, v0, v1, v2, v3) \
	POINTER(R7, row, R1)    \
	FMUL(s+0, s+0, 29)  \
	FMUL(s+1, s+1, 29)  \
	FMUL(s+2, s+2, 29)  \
	FMUL(s+3, s+3, 29)  \
	VST1 [v0.S4, v1.S4, v2.S4, v3.S4], (R1)

// func tileNEON(t *Tile)
//
// Terms are taken in eights as long as eight follow each other, in A and in B, which those of a convolution do: then A is
// read in fours, and 85 % of the instructions are FMLA. Others are taken one by one, with 77 % if the rows of A follow each
// other, as those of a gradient of weights do, or with 69 %.
//
// V0–V23: sums. V24–V31: elements of A and B. R0: t. R8–R13: rows of A. R6: panel of B. R7: panel of C. R14: bytes of C
// and of Bias before it. R4: terms. R5: terms left. R15: eights. R19: of them left.
// R16: panels left. R17: whether the rows of A follow each other.
TEXT ·tileNEON(SB), NOSPLIT, $0-8
	MOVD t+0(FP), R0
	MOVD Tile_A(R0), R2
	POINTER(R2, (Tile_ARow+0), R8)
	POINTER(R2, (Tile_ARow+8), R9)
	POINTER(R2, (Tile_ARow+16), R10)
	POINTER(R2, (Tile_ARow+24), R11)
	POINTER(R2, (Tile_ARow+32), R12)
	POINTER(R2, (Tile_ARow+40), R13)
	MOVD Tile_B(R0), R6
	MOVD Tile_C(R0), R7
	MOVD Tile_Panels(R0), R16
	MOVD ZR, R14

	// Do the rows follow each other?
	MOVD ZR, R17
	ADD  $4, R8, R1
	CMP  R1, R9
	BNE  apart
	ADD  $4, R9, R1
	CMP  R1, R10
	BNE  apart
	ADD  $4, R10, R1
	CMP  R1, R11
	BNE  apart
	ADD  $4, R11, R1
	CMP  R1, R12
	BNE  apart
	ADD  $4, R12, R1
	CMP  R1, R13
	BNE  apart
	MOVD $1, R17

apart:
	// How many eights follow each other: their terms (A, B) are the first one and (0, 0), (1, 16), … (7, 112).
	MOVD  ZR, R15
	MOVD  Tile_Terms(R0), R4
	MOVD  Tile_Terms+8(R0), R5
	VMOVQ $0x0000000000000000, $0x0000001000000001, V16
	VMOVQ $0x0000002000000002, $0x0000003000000003, V17
	VMOVQ $0x0000004000000004, $0x0000005000000005, V18
	VMOVQ $0x0000006000000006, $0x0000007000000007, V19

count:
	SUBS   $8, R5
	BLT    panel
	VLD1.P 64(R4), [V0.S4, V1.S4, V2.S4, V3.S4]
	VDUP   V0.D[0], V7.D2
	VADD   V16.S4, V7.S4, V4.S4
	VADD   V17.S4, V7.S4, V5.S4
	VADD   V18.S4, V7.S4, V6.S4
	VADD   V19.S4, V7.S4, V7.S4
	VCMEQ  V4.S4, V0.S4, V0.S4
	VCMEQ  V5.S4, V1.S4, V1.S4
	VCMEQ  V6.S4, V2.S4, V2.S4
	VCMEQ  V7.S4, V3.S4, V3.S4
	VAND   V0.B16, V1.B16, V0.B16
	VAND   V2.B16, V3.B16, V2.B16
	VAND   V0.B16, V2.B16, V0.B16
	VADDV  V0.S4, V0 // −1 for each element if all are equal
	FMOVS  F0, R1
	CMNW   $4, R1
	BNE    panel
	ADD    $1, R15
	B      count

panel:
	MOVD Tile_Bias(R0), R1
	CBNZ R1, bias
	VEOR V0.B16, V0.B16, V0.B16
	VEOR V1.B16, V1.B16, V1.B16
	VEOR V2.B16, V2.B16, V2.B16
	VEOR V3.B16, V3.B16, V3.B16
	B    start

bias:
	ADD  R14, R1
	VLD1 (R1), [V0.S4, V1.S4, V2.S4, V3.S4]

start:
	SPREAD(V0, V4, V8, V12, V16, V20)
	SPREAD(V1, V5, V9, V13, V17, V21)
	SPREAD(V2, V6, V10, V14, V18, V22)
	SPREAD(V3, V7, V11, V15, V19, V23)
	MOVD Tile_Terms(R0), R4
	MOVD Tile_Terms+8(R0), R5
	CBZ  R5, summed
	MOVB Tile_Single(R0), R1
	CBNZ R1, single
	CBZ  R15, rest
	MOVD R15, R19
	TBZ  $0, R19, eights
	ADD  $1, R19
	B    odd

	PCALIGN $32
eights: // two a turn
	EIGHT

odd:
	EIGHT
	SUBS $2, R19
	BNE  eights

rest:
	SUBS R15<<3, R5
	BEQ  summed
	CBZ  R17, term
	TBZ  $0, R5, columns
	ADD  $1, R5
	B    last

	PCALIGN $32
columns: // two a turn
	COLUMN

last:
	COLUMN
	SUBS $2, R5
	BNE  columns
	B    summed

	PCALIGN $32
term:
	LDPSW.P 8(R4), (R1, R3)
	ADD     R3<<2, R6, R3
	VLD1    (R3), [V24.S4, V25.S4, V26.S4, V27.S4]
	ROW(R8, F28, 28, 0)
	ROW(R9, F29, 29, 4)
	ROW(R10, F30, 30, 8)
	ROW(R11, F31, 31, 12)
	ROW(R12, F28, 28, 16)
	ROW(R13, F29, 29, 20)
	SUB     $1, R5
	CBNZ    R5, term
	B       summed

	PCALIGN $32
single:
	LDPSW.P 8(R4), (R1, R3)
	ADD     R3<<2, R6, R3
	VLD1    (R3), [V24.S4, V25.S4, V26.S4, V27.S4]
	ROW(R8, F28, 28, 0)
	SUB     $1, R5
	CBNZ    R5, single

summed:
	MOVB Tile_Add(R0), R1
	CBZ  R1, gate
	SUM((Tile_CRow+0), 0)
	SUM((Tile_CRow+8), 4)
	SUM((Tile_CRow+16), 8)
	SUM((Tile_CRow+24), 12)
	SUM((Tile_CRow+32), 16)
	SUM((Tile_CRow+40), 20)

gate:
	MOVD Tile_Gate(R0), R2
	CBZ  R2, floor
	ADD  R14, R2
	GATE((Tile_GateRow+0), V0, V1, V2, V3)
	GATE((Tile_GateRow+8), V4, V5, V6, V7)
	GATE((Tile_GateRow+16), V8, V9, V10, V11)
	GATE((Tile_GateRow+24), V12, V13, V14, V15)
	GATE((Tile_GateRow+32), V16, V17, V18, V19)
	GATE((Tile_GateRow+40), V20, V21, V22, V23)

floor:
	MOVB Tile_ReLU(R0), R1
	CBZ  R1, store
	VEOR V28.B16, V28.B16, V28.B16
	RELU(0, V0, V1, V2, V3)
	RELU(4, V4, V5, V6, V7)
	RELU(8, V8, V9, V10, V11)
	RELU(12, V12, V13, V14, V15)
	RELU(16, V16, V17, V18, V19)
	RELU(20, V20, V21, V22, V23)

store:
	ADD   $Tile_Scale, R0, R1
	VLD1R (R1), [V29.S4]
	STORE((Tile_CRow+0), 0, V0, V1, V2, V3)
	STORE((Tile_CRow+8), 4, V4, V5, V6, V7)
	STORE((Tile_CRow+16), 8, V8, V9, V10, V11)
	STORE((Tile_CRow+24), 12, V12, V13, V14, V15)
	STORE((Tile_CRow+32), 16, V16, V17, V18, V19)
	STORE((Tile_CRow+40), 20, V20, V21, V22, V23)
	MOVD Tile_Panel(R0), R1
	ADD  R1<<2, R6
	ADD  $64, R7
	ADD  $64, R14
	SUB  $1, R16
	CBNZ R16, panel
	RET
