//go:build !noasm

#include "neon_arm64.h"
#include "textflag.h"

// func maxNEON(dst, a *float32, n, count, dstStep, aStep int)
//
// R0: dst. R1: a. R2, R3: rows in which they are. R4: n. R5: rows left. R6, R7: bytes between rows. R8: elements left in a
// row.
TEXT ·maxNEON(SB), NOSPLIT, $0-48
	MOVD dst+0(FP), R2
	MOVD a+8(FP), R3
	MOVD n+16(FP), R4
	MOVD count+24(FP), R5
	MOVD dstStep+32(FP), R6
	MOVD aStep+40(FP), R7
	LSL  $2, R6
	LSL  $2, R7
	CBZ  R5, done

row:
	MOVD R2, R0
	MOVD R3, R1
	MOVD R4, R8

eight:
	SUBS   $8, R8
	BLT    few
	VLD1   (R0), [V0.S4, V1.S4]
	VLD1.P 32(R1), [V2.S4, V3.S4]
	FCMGT(4, 2, 0)
	FCMGT(5, 3, 1)
	VBIT   V4.B16, V2.B16, V0.B16
	VBIT   V5.B16, V3.B16, V1.B16
	VST1.P [V0.S4, V1.S4], 32(R0)
	B      eight

few:
	ADDS $8, R8
	BEQ  next

one:
	FMOVS   (R0), F0
	FMOVS.P 4(R1), F1
	FCMPS   F0, F1
	FCSELS  GT, F1, F0, F0
	FMOVS.P F0, 4(R0)
	SUBS    $1, R8
	BNE     one

next:
	ADD  R6, R2
	ADD  R7, R3
	SUBS $1, R5
	BNE  row

done:
	RET
