//go:build !noasm

#include "go_asm.h"
#include "textflag.h"

// func poolAVX2(p *Pool)
// Requires: AVX2.
//
// R8, R9, R10: X, DX and DY at the channels at hand. CX: channels left. DX: taps. BX: taps left.
// Y0: largest. Y1: gradient that is not given away yet. Y2: where the element is the largest. Y15: floor. Y14: scale.
TEXT ·poolAVX2(SB), NOSPLIT, $0-8
	MOVQ p+0(FP), DI
	MOVQ Pool_X(DI), R8
	MOVQ Pool_DX(DI), R9
	MOVQ Pool_DY(DI), R10
	MOVQ Pool_Channels(DI), CX
	VBROADCASTSS Pool_Floor(DI), Y15
	VBROADCASTSS Pool_Scale(DI), Y14

channels:
	MOVQ Pool_Taps(DI), DX
	MOVQ Pool_Taps+8(DI), BX
	MOVLQSX (DX), AX
	VMOVUPS (R8)(AX*4), Y0

larger:
	MOVLQSX (DX), AX
	VMAXPS  (R8)(AX*4), Y0, Y0
	ADDQ    $8, DX
	DECQ    BX
	JNE     larger

	VMULPS (R10), Y14, Y1
	VCMPPS $1, Y0, Y15, Y2 // floor < largest
	VANDPS Y2, Y1, Y1
	MOVQ   Pool_Taps(DI), DX
	MOVQ   Pool_Taps+8(DI), BX

give:
	MOVLQSX (DX), AX
	VCMPPS  $0, (R8)(AX*4), Y0, Y2 // equal
	MOVLQSX 4(DX), AX
	VANDPS  Y2, Y1, Y3
	VANDNPS Y1, Y2, Y1
	VADDPS  (R9)(AX*4), Y3, Y3
	VMOVUPS Y3, (R9)(AX*4)
	ADDQ    $8, DX
	DECQ    BX
	JNE     give

	ADDQ $32, R8
	ADDQ $32, R9
	ADDQ $32, R10
	SUBQ $8, CX
	JG   channels
	VZEROUPPER
	RET
