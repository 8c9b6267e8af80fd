//go:build !noasm

#include "go_asm.h"
#include "neon_arm64.h"
#include "textflag.h"
#include "points.h"

// The transforms of winograd.go along one axis, of eight elements of each line at a time: those of line k are in V(2k) and V(2k+1).
// R0: l. R1–R6: lines that are read. R7–R12: lines that are written. R13: elements left. R14: lines left. R15, R16: bytes from the
// end of a line to the next that is read and written. R17: elements of a line. V28–V30: the numbers of points<>.
#define near2 0
#define far2 1
#define near 2
#define far 3
#define near3 4
#define far3 5
#define both 6
#define product 7
#define atZero 8
#define atNear 9
#define atFar 10

// d += n·number, d −= n·number, and d = n·number.
#define PLUS(d, n, number) FMLA(d, n, 28+((number)>>2), (number)&3)
#define MINUS(d, n, number) FMLS(d, n, 28+((number)>>2), (number)&3)
#define TIMES(d, n, number) FMULLANE(d, n, 28+((number)>>2), (number)&3)

#define BEGIN \
	MOVD l+0(FP), R0                     \
	MOVD $points<>(SB), R13              \
	VLD1 (R13), [V28.S4, V29.S4, V30.S4] \
	MOVD Lines_N(R0), R17                \
	MOVD Lines_Count(R0), R14            \
	MOVD Lines_InStep(R0), R15           \
	MOVD Lines_OutStep(R0), R16          \
	SUB  R17, R15                        \
	SUB  R17, R16                        \
	LSL  $2, R15                         \
	LSL  $2, R16                         \
	MOVD (Lines_In+0)(R0), R1            \
	MOVD (Lines_In+8)(R0), R2            \
	MOVD (Lines_In+16)(R0), R3           \
	MOVD (Lines_In+24)(R0), R4           \
	MOVD (Lines_In+32)(R0), R5           \
	MOVD (Lines_In+40)(R0), R6           \
	MOVD (Lines_Out+0)(R0), R7           \
	MOVD (Lines_Out+8)(R0), R8           \
	MOVD (Lines_Out+16)(R0), R9          \
	MOVD (Lines_Out+24)(R0), R10         \
	MOVD (Lines_Out+32)(R0), R11         \
	MOVD (Lines_Out+40)(R0), R12

// POINTS takes half of the elements, four of each line, to the points. i: 0 or 1.
#define POINTS(i) \
	COPY(12+i, 8+i)         \
	MINUS(12+i, 4+i, far2)  \
	COPY(14+i, 6+i)         \
	MINUS(14+i, 2+i, far2)  \
	COPY(16+i, 12+i)        \
	PLUS(12+i, 14+i, near)  \
	MINUS(16+i, 14+i, near) \
	COPY(18+i, 8+i)         \
	MINUS(18+i, 4+i, near2) \
	COPY(20+i, 6+i)         \
	MINUS(20+i, 2+i, near2) \
	COPY(22+i, 18+i)        \
	PLUS(18+i, 20+i, far)   \
	MINUS(22+i, 20+i, far)  \
	MINUS(8+i, 4+i, both)   \
	PLUS(8+i, 0+i, product) \
	MINUS(10+i, 6+i, both)  \
	PLUS(10+i, 2+i, product)

// func toPointsNEON(l *Lines)
TEXT ·toPointsNEON(SB), NOSPLIT, $0-8
	BEGIN

line:
	MOVD R17, R13

elements:
	VLD1.P 32(R1), [V0.S4, V1.S4]
	VLD1.P 32(R2), [V2.S4, V3.S4]
	VLD1.P 32(R3), [V4.S4, V5.S4]
	VLD1.P 32(R4), [V6.S4, V7.S4]
	VLD1.P 32(R5), [V8.S4, V9.S4]
	VLD1.P 32(R6), [V10.S4, V11.S4]
	POINTS(0)
	POINTS(1)
	VST1.P [V8.S4, V9.S4], 32(R7)
	VST1.P [V12.S4, V13.S4], 32(R8)
	VST1.P [V16.S4, V17.S4], 32(R9)
	VST1.P [V18.S4, V19.S4], 32(R10)
	VST1.P [V22.S4, V23.S4], 32(R11)
	VST1.P [V10.S4, V11.S4], 32(R12)
	SUBS   $8, R13
	BGT    elements

	ADD  R15, R1
	ADD  R15, R2
	ADD  R15, R3
	ADD  R15, R4
	ADD  R15, R5
	ADD  R15, R6
	ADD  R16, R7
	ADD  R16, R8
	ADD  R16, R9
	ADD  R16, R10
	ADD  R16, R11
	ADD  R16, R12
	SUBS $1, R14
	BNE  line
	RET

// FILTER is POINTS of a filter's lines.
#define FILTER(i) \
	COPY(8+i, 0+i)            \
	PLUS(8+i, 4+i, near2)     \
	COPY(10+i, 2+i)           \
	PLUS(10+i, 6+i, near2)    \
	TIMES(10+i, 10+i, near)   \
	FSUB(12+i, 8+i, 10+i)     \
	FADD(8+i, 8+i, 10+i)      \
	TIMES(8+i, 8+i, atNear)   \
	TIMES(12+i, 12+i, atNear) \
	COPY(14+i, 0+i)           \
	PLUS(14+i, 4+i, far2)     \
	COPY(16+i, 2+i)           \
	PLUS(16+i, 6+i, far2)     \
	TIMES(16+i, 16+i, far)    \
	FSUB(18+i, 14+i, 16+i)    \
	FADD(14+i, 14+i, 16+i)    \
	TIMES(14+i, 14+i, atFar)  \
	TIMES(18+i, 18+i, atFar)  \
	TIMES(0+i, 0+i, atZero)

// func filterToPointsNEON(l *Lines)
TEXT ·filterToPointsNEON(SB), NOSPLIT, $0-8
	BEGIN

line:
	MOVD R17, R13

elements:
	VLD1.P 32(R1), [V0.S4, V1.S4]
	VLD1.P 32(R2), [V2.S4, V3.S4]
	VLD1.P 32(R3), [V4.S4, V5.S4]
	VLD1.P 32(R4), [V6.S4, V7.S4]
	FILTER(0)
	FILTER(1)
	VST1.P [V0.S4, V1.S4], 32(R7)
	VST1.P [V8.S4, V9.S4], 32(R8)
	VST1.P [V12.S4, V13.S4], 32(R9)
	VST1.P [V14.S4, V15.S4], 32(R10)
	VST1.P [V18.S4, V19.S4], 32(R11)
	VST1.P [V6.S4, V7.S4], 32(R12)
	SUBS   $8, R13
	BGT    elements

	ADD  R15, R1
	ADD  R15, R2
	ADD  R15, R3
	ADD  R15, R4
	ADD  R16, R7
	ADD  R16, R8
	ADD  R16, R9
	ADD  R16, R10
	ADD  R16, R11
	ADD  R16, R12
	SUBS $1, R14
	BNE  line
	RET

// SUMS makes half of the sums, in V0, V4, V8 and V10, or in those that follow.
#define SUMS(i) \
	FADD(12+i, 2+i, 4+i)    \
	FSUB(2+i, 2+i, 4+i)     \
	FADD(14+i, 6+i, 8+i)    \
	FSUB(6+i, 6+i, 8+i)     \
	FADD(16+i, 12+i, 14+i)  \
	FADD(0+i, 0+i, 16+i)    \
	TIMES(4+i, 2+i, near)   \
	PLUS(4+i, 6+i, far)     \
	TIMES(8+i, 12+i, near2) \
	PLUS(8+i, 14+i, far2)   \
	PLUS(10+i, 2+i, near3)  \
	PLUS(10+i, 6+i, far3)

// BIASED adds the bias, V16 and V17, to eight sums. Where the floor, V31, is not above a sum, the sum stays, NaN as well.
#define BIASED(y, v0, v1) \
	FADD(y, y, 16)                \
	FADD(y+1, y+1, 17)            \
	FCMGT(18, 31, y)              \
	FCMGT(19, 31, y+1)            \
	VBIT V18.B16, V31.B16, v0.B16 \
	VBIT V19.B16, V31.B16, v1.B16

// func toSumsNEON(l *Lines)
//
// R11: bias, or 0. R12: at the elements at hand. V31: floor.
TEXT ·toSumsNEON(SB), NOSPLIT, $0-8
	BEGIN
	MOVD  Lines_Bias(R0), R11
	ADD   $Lines_Floor, R0, R13
	VLD1R (R13), [V31.S4]

line:
	MOVD R17, R13
	MOVD R11, R12

elements:
	VLD1.P 32(R1), [V0.S4, V1.S4]
	VLD1.P 32(R2), [V2.S4, V3.S4]
	VLD1.P 32(R3), [V4.S4, V5.S4]
	VLD1.P 32(R4), [V6.S4, V7.S4]
	VLD1.P 32(R5), [V8.S4, V9.S4]
	VLD1.P 32(R6), [V10.S4, V11.S4]
	SUMS(0)
	SUMS(1)
	CBZ    R11, store
	VLD1.P 32(R12), [V16.S4, V17.S4]
	BIASED(0, V0, V1)
	BIASED(4, V4, V5)
	BIASED(8, V8, V9)
	BIASED(10, V10, V11)

store:
	VST1.P [V0.S4, V1.S4], 32(R7)
	VST1.P [V4.S4, V5.S4], 32(R8)
	VST1.P [V8.S4, V9.S4], 32(R9)
	VST1.P [V10.S4, V11.S4], 32(R10)
	SUBS   $8, R13
	BGT    elements

	ADD  R15, R1
	ADD  R15, R2
	ADD  R15, R3
	ADD  R15, R4
	ADD  R15, R5
	ADD  R15, R6
	ADD  R16, R7
	ADD  R16, R8
	ADD  R16, R9
	ADD  R16, R10
	SUBS $1, R14
	BNE  line
	RET
