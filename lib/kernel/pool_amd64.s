//go:build !noasm

#include "go_asm.h"
#include "textflag.h"

// func maximaAVX2(m *Maxima)
// Requires: AVX2. The order of the operands of VMAXPS passes over NaN.
//
// R8, R9: X and Of at the channels at hand. R10, R11: at the window. R12, R13: steps between windows. SI: windows left.
// CX: channels left. DX: taps. BX: taps left. Y0: largest. Y15: −∞.
TEXT ·maximaAVX2(SB), NOSPLIT, $0-8
	MOVQ m+0(FP), DI
	MOVQ Maxima_X(DI), R10
	MOVQ Maxima_Of(DI), R11
	MOVQ Maxima_XStep(DI), R12
	MOVQ Maxima_OfStep(DI), R13
	SHLQ $2, R12
	SHLQ $2, R13
	MOVQ Maxima_Count(DI), SI
	MOVL $0xff800000, AX
	MOVQ AX, X15
	VBROADCASTSS X15, Y15

window:
	MOVQ R10, R8
	MOVQ R11, R9
	MOVQ Maxima_Channels(DI), CX

channels:
	MOVQ    Maxima_Taps(DI), DX
	MOVQ    Maxima_Taps+8(DI), BX
	VMOVAPS Y15, Y0
	TESTQ   BX, BX
	JE      store

tap:
	MOVLQSX (DX), AX
	VMOVUPS (R8)(AX*4), Y1
	VMAXPS  Y0, Y1, Y0
	ADDQ    $8, DX
	DECQ    BX
	JNE     tap

store:
	VMOVUPS Y0, (R9)
	ADDQ    $32, R8
	ADDQ    $32, R9
	SUBQ    $8, CX
	JG      channels

	ADDQ R12, R10
	ADDQ R13, R11
	DECQ SI
	JNE  window
	VZEROUPPER
	RET

// func winnersAVX2(w *Winners)
// Requires: AVX2.
//
// R8, R9: X and Of at the channels at hand. R10, R11: at the window. R12, R13: steps between windows. SI: windows left.
// CX: channels left. DX: taps. BX: taps left. Y0: largest. Y1: its number. Y15: floor. Y14: −1.
TEXT ·winnersAVX2(SB), NOSPLIT, $0-8
	MOVQ w+0(FP), DI
	MOVQ Winners_X(DI), R10
	MOVQ Winners_Of(DI), R11
	MOVQ Winners_XStep(DI), R12
	MOVQ Winners_OfStep(DI), R13
	SHLQ $2, R12
	SHLQ $2, R13
	MOVQ Winners_Count(DI), SI
	VBROADCASTSS Winners_Floor(DI), Y15
	VPCMPEQD Y14, Y14, Y14

window:
	MOVQ R10, R8
	MOVQ R11, R9
	MOVQ Winners_Channels(DI), CX

channels:
	MOVQ Winners_Taps(DI), DX
	MOVQ Winners_Taps+8(DI), BX
	MOVLQSX (DX), AX
	VMOVUPS (R8)(AX*4), Y0
	VPBROADCASTD 4(DX), Y1
	JMP next

larger:
	MOVLQSX (DX), AX
	VMOVUPS (R8)(AX*4), Y2
	VPBROADCASTD 4(DX), Y3
	VCMPPS $1, Y2, Y0, Y4 // largest < element
	VBLENDVPS Y4, Y2, Y0, Y0
	VBLENDVPS Y4, Y3, Y1, Y1

next:
	ADDQ $8, DX
	DECQ BX
	JNE  larger

	VCMPPS $1, Y0, Y15, Y4 // floor < largest
	VBLENDVPS Y4, Y1, Y14, Y1
	VMOVUPS Y1, (R9)
	ADDQ $32, R8
	ADDQ $32, R9
	SUBQ $8, CX
	JG   channels

	ADDQ R12, R10
	ADDQ R13, R11
	DECQ SI
	JNE  window
	VZEROUPPER
	RET

// func poolAVX2(p *Pool)
// Requires: AVX2.
//
// R8, R9, R10: Of, DX and DY at the window. R11, R12, R13: at the channels at hand. SI: windows left. CX: channels left.
// DX: places. BX: places left. Y0: who has the maximum. Y1: gradient. Y2: number of the place. Y15: ones. Y14: scale.
TEXT ·poolAVX2(SB), NOSPLIT, $0-8
	MOVQ p+0(FP), DI
	MOVQ Pool_Of(DI), R8
	MOVQ Pool_DX(DI), R9
	MOVQ Pool_DY(DI), R10
	MOVQ Pool_Count(DI), SI
	VBROADCASTSS Pool_Scale(DI), Y14
	VPCMPEQD Y15, Y15, Y15
	VPSRLD $31, Y15, Y15

window:
	MOVQ R8, R11
	MOVQ R9, R12
	MOVQ R10, R13
	MOVQ Pool_Channels(DI), CX

channels:
	VMOVUPS (R11), Y0
	VMULPS (R13), Y14, Y1
	VPXOR Y2, Y2, Y2
	MOVQ Pool_Places(DI), DX
	MOVQ Pool_Places+8(DI), BX

give:
	MOVLQSX (DX), AX
	VPCMPEQD Y2, Y0, Y3
	VANDPS  Y3, Y1, Y3
	VADDPS  (R12)(AX*4), Y3, Y3
	VMOVUPS Y3, (R12)(AX*4)
	VPADDD  Y15, Y2, Y2
	ADDQ $4, DX
	DECQ BX
	JNE  give

	ADDQ $32, R11
	ADDQ $32, R12
	ADDQ $32, R13
	SUBQ $8, CX
	JG   channels

	MOVQ Pool_OfStep(DI), AX
	LEAQ (R8)(AX*4), R8
	MOVQ Pool_DXStep(DI), AX
	LEAQ (R9)(AX*4), R9
	MOVQ Pool_DYStep(DI), AX
	LEAQ (R10)(AX*4), R10
	DECQ SI
	JNE  window
	VZEROUPPER
	RET
