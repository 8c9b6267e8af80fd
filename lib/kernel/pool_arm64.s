//go:build !noasm

#include "go_asm.h"
#include "neon_arm64.h"
#include "textflag.h"

// func maximaNEON(m *Maxima)
// An element takes the place of the largest only where it is greater, which passes over NaN.
//
// R1, R2: X and Of at the window. R3, R4: bytes between windows. R5: windows left. R6, R7: X and Of at the channels at
// hand. R8: channels left. R9: taps. R10: taps left. V0, V1: largest. V31: −∞.
TEXT ·maximaNEON(SB), NOSPLIT, $0-8
	MOVD m+0(FP), R0
	MOVD Maxima_X(R0), R1
	MOVD Maxima_Of(R0), R2
	MOVD Maxima_XStep(R0), R3
	MOVD Maxima_OfStep(R0), R4
	LSL  $2, R3
	LSL  $2, R4
	MOVD Maxima_Count(R0), R5
	MOVD $0xff800000, R11
	VDUP R11, V31.S4

window:
	MOVD R1, R6
	MOVD R2, R7
	MOVD Maxima_Channels(R0), R8

channels:
	MOVD Maxima_Taps(R0), R9
	MOVD Maxima_Taps+8(R0), R10
	VMOV V31.B16, V0.B16
	VMOV V31.B16, V1.B16
	CBZ  R10, store

tap:
	MOVW.P 8(R9), R11
	ADD    R11<<2, R6, R11
	VLD1   (R11), [V2.S4, V3.S4]
	FCMGT(4, 2, 0)
	FCMGT(5, 3, 1)
	VBIT   V4.B16, V2.B16, V0.B16
	VBIT   V5.B16, V3.B16, V1.B16
	SUBS   $1, R10
	BNE    tap

store:
	VST1.P [V0.S4, V1.S4], 32(R7)
	ADD    $32, R6
	SUBS   $8, R8
	BGT    channels

	ADD  R3, R1
	ADD  R4, R2
	SUBS $1, R5
	BNE  window
	RET

// func winnersNEON(w *Winners)
//
// R1, R2: X and Of at the window. R3, R4: bytes between windows. R5: windows left. R6, R7: X and Of at the channels at
// hand. R8: channels left. R9: taps. R10: taps left. V0, V1: largest. V2, V3: its number. V30: −1. V31: floor.
TEXT ·winnersNEON(SB), NOSPLIT, $0-8
	MOVD  w+0(FP), R0
	MOVD  Winners_X(R0), R1
	MOVD  Winners_Of(R0), R2
	MOVD  Winners_XStep(R0), R3
	MOVD  Winners_OfStep(R0), R4
	LSL   $2, R3
	LSL   $2, R4
	MOVD  Winners_Count(R0), R5
	ADD   $Winners_Floor, R0, R11
	VLD1R (R11), [V31.S4]
	VCMEQ V30.S4, V30.S4, V30.S4

window:
	MOVD R1, R6
	MOVD R2, R7
	MOVD Winners_Channels(R0), R8

channels:
	MOVD    Winners_Taps(R0), R9
	MOVD    Winners_Taps+8(R0), R10
	LDPSW.P 8(R9), (R11, R12)
	ADD     R11<<2, R6, R11
	VLD1    (R11), [V0.S4, V1.S4]
	VDUP    R12, V2.S4
	VDUP    R12, V3.S4
	B       next

larger:
	LDPSW.P 8(R9), (R11, R12)
	ADD     R11<<2, R6, R11
	VLD1    (R11), [V4.S4, V5.S4]
	VDUP    R12, V6.S4
	FCMGT(16, 4, 0)
	FCMGT(17, 5, 1)
	VBIT    V16.B16, V4.B16, V0.B16
	VBIT    V17.B16, V5.B16, V1.B16
	VBIT    V16.B16, V6.B16, V2.B16
	VBIT    V17.B16, V6.B16, V3.B16

next:
	SUBS $1, R10
	BNE  larger

	FCMGT(16, 0, 31)
	FCMGT(17, 1, 31)
	VBIF   V16.B16, V30.B16, V2.B16
	VBIF   V17.B16, V30.B16, V3.B16
	VST1.P [V2.S4, V3.S4], 32(R7)
	ADD    $32, R6
	SUBS   $8, R8
	BGT    channels

	ADD  R3, R1
	ADD  R4, R2
	SUBS $1, R5
	BNE  window
	RET

// func poolNEON(p *Pool)
//
// R1, R2, R3: Of, DX and DY at the window. R4: windows left. R5, R6, R7: at the channels at hand. R8: channels left. R9:
// places. R10: places left. V0, V1: who has the maximum. V2, V3: gradient. V4: number of the place. V30: ones. V31: scale.
TEXT ·poolNEON(SB), NOSPLIT, $0-8
	MOVD  p+0(FP), R0
	MOVD  Pool_Of(R0), R1
	MOVD  Pool_DX(R0), R2
	MOVD  Pool_DY(R0), R3
	MOVD  Pool_Count(R0), R4
	ADD   $Pool_Scale, R0, R11
	VLD1R (R11), [V31.S4]
	MOVD  $1, R11
	VDUP  R11, V30.S4

window:
	MOVD R1, R5
	MOVD R2, R6
	MOVD R3, R7
	MOVD Pool_Channels(R0), R8

channels:
	VLD1.P 32(R5), [V0.S4, V1.S4]
	VLD1.P 32(R7), [V2.S4, V3.S4]
	FMUL(2, 2, 31)
	FMUL(3, 3, 31)
	VEOR   V4.B16, V4.B16, V4.B16
	MOVD   Pool_Places(R0), R9
	MOVD   Pool_Places+8(R0), R10

give:
	MOVW.P 4(R9), R11
	ADD    R11<<2, R6, R11
	VLD1   (R11), [V5.S4, V6.S4]
	VCMEQ  V4.S4, V0.S4, V16.S4
	VCMEQ  V4.S4, V1.S4, V17.S4
	VAND   V2.B16, V16.B16, V16.B16
	VAND   V3.B16, V17.B16, V17.B16
	FADD(5, 5, 16)
	FADD(6, 6, 17)
	VST1   [V5.S4, V6.S4], (R11)
	VADD   V30.S4, V4.S4, V4.S4
	SUBS   $1, R10
	BNE    give

	ADD  $32, R6
	SUBS $8, R8
	BGT  channels

	MOVD Pool_OfStep(R0), R11
	ADD  R11<<2, R1
	MOVD Pool_DXStep(R0), R11
	ADD  R11<<2, R2
	MOVD Pool_DYStep(R0), R11
	ADD  R11<<2, R3
	SUBS $1, R4
	BNE  window
	RET
