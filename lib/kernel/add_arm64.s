//go:build !noasm

#include "neon_arm64.h"
#include "textflag.h"

// func addNEON(dst, a, b *float32, n int, floor float32)
// Where the floor is not above a sum, the sum stays: NaN and −0 as on amd64.
//
// R0: dst. R1: a. R2: b. R3: elements left. V31: floor.
TEXT ·addNEON(SB), NOSPLIT, $0-36
	MOVD  dst+0(FP), R0
	MOVD  a+8(FP), R1
	MOVD  b+16(FP), R2
	MOVD  n+24(FP), R3
	FMOVS floor+32(FP), F31
	VDUP  V31.S[0], V31.S4

many:
	SUBS   $16, R3
	BLT    few
	VLD1.P 64(R1), [V0.S4, V1.S4, V2.S4, V3.S4]
	VLD1.P 64(R2), [V4.S4, V5.S4, V6.S4, V7.S4]
	FADD(0, 0, 4)
	FADD(1, 1, 5)
	FADD(2, 2, 6)
	FADD(3, 3, 7)
	FCMGT(4, 31, 0)
	FCMGT(5, 31, 1)
	FCMGT(6, 31, 2)
	FCMGT(7, 31, 3)
	VBIT   V4.B16, V31.B16, V0.B16
	VBIT   V5.B16, V31.B16, V1.B16
	VBIT   V6.B16, V31.B16, V2.B16
	VBIT   V7.B16, V31.B16, V3.B16
	VST1.P [V0.S4, V1.S4, V2.S4, V3.S4], 64(R0)
	B      many

few:
	ADDS $16, R3
	BEQ  done

one:
	FMOVS.P 4(R1), F0
	FMOVS.P 4(R2), F1
	FADDS   F1, F0, F0
	FCMPS   F0, F31
	FCSELS  GT, F31, F0, F0
	FMOVS.P F0, 4(R0)
	SUBS    $1, R3
	BNE     one

done:
	RET

// func atLeastNEON(dst, a *float32, n int, floor float32)
// As addNEON.
TEXT ·atLeastNEON(SB), NOSPLIT, $0-28
	MOVD  dst+0(FP), R0
	MOVD  a+8(FP), R1
	MOVD  n+16(FP), R3
	FMOVS floor+24(FP), F31
	VDUP  V31.S[0], V31.S4

many:
	SUBS   $16, R3
	BLT    few
	VLD1.P 64(R1), [V0.S4, V1.S4, V2.S4, V3.S4]
	FCMGT(4, 31, 0)
	FCMGT(5, 31, 1)
	FCMGT(6, 31, 2)
	FCMGT(7, 31, 3)
	VBIT   V4.B16, V31.B16, V0.B16
	VBIT   V5.B16, V31.B16, V1.B16
	VBIT   V6.B16, V31.B16, V2.B16
	VBIT   V7.B16, V31.B16, V3.B16
	VST1.P [V0.S4, V1.S4, V2.S4, V3.S4], 64(R0)
	B      many

few:
	ADDS $16, R3
	BEQ  done

one:
	FMOVS.P 4(R1), F0
	FCMPS   F0, F31
	FCSELS  GT, F31, F0, F0
	FMOVS.P F0, 4(R0)
	SUBS    $1, R3
	BNE     one

done:
	RET

// func gateNEON(dst, a, gate *float32, n int, scale float32)
//
// R0: dst. R1: a. R2: gate. R3: elements left. V31: scale. V30: zero.
TEXT ·gateNEON(SB), NOSPLIT, $0-36
	MOVD  dst+0(FP), R0
	MOVD  a+8(FP), R1
	MOVD  gate+16(FP), R2
	MOVD  n+24(FP), R3
	FMOVS scale+32(FP), F31
	VDUP  V31.S[0], V31.S4
	VEOR  V30.B16, V30.B16, V30.B16

many:
	SUBS   $16, R3
	BLT    few
	VLD1.P 64(R1), [V0.S4, V1.S4, V2.S4, V3.S4]
	VLD1.P 64(R2), [V4.S4, V5.S4, V6.S4, V7.S4]
	POSITIVE(4, 4)
	POSITIVE(5, 5)
	POSITIVE(6, 6)
	POSITIVE(7, 7)
	VAND   V4.B16, V0.B16, V0.B16
	VAND   V5.B16, V1.B16, V1.B16
	VAND   V6.B16, V2.B16, V2.B16
	VAND   V7.B16, V3.B16, V3.B16
	FMUL(0, 0, 31)
	FMUL(1, 1, 31)
	FMUL(2, 2, 31)
	FMUL(3, 3, 31)
	VST1.P [V0.S4, V1.S4, V2.S4, V3.S4], 64(R0)
	B      many

few:
	ADDS $16, R3
	BEQ  done

one:
	FMOVS.P 4(R1), F0
	FMOVS.P 4(R2), F1
	FCMPS   F30, F1
	FCSELS  GT, F0, F30, F0
	FMULS   F31, F0, F0
	FMOVS.P F0, 4(R0)
	SUBS    $1, R3
	BNE     one

done:
	RET
