//go:build !noasm

#include "textflag.h"

// func addAVX2(dst, a, b *float32, n int, floor float32)
// Requires: AVX2. The order of the operands of VMAXPS lets NaN through.
//
// DI: dst. SI: a. DX: b. CX: elements left. Y15: floor.
TEXT ·addAVX2(SB), NOSPLIT, $0-36
	MOVQ dst+0(FP), DI
	MOVQ a+8(FP), SI
	MOVQ b+16(FP), DX
	MOVQ n+24(FP), CX
	VBROADCASTSS floor+32(FP), Y15

many:
	CMPQ CX, $16
	JL   one
	VMOVUPS (SI), Y0
	VMOVUPS 32(SI), Y1
	VADDPS  (DX), Y0, Y0
	VADDPS  32(DX), Y1, Y1
	VMAXPS  Y0, Y15, Y0
	VMAXPS  Y1, Y15, Y1
	VMOVUPS Y0, (DI)
	VMOVUPS Y1, 32(DI)
	ADDQ $64, SI
	ADDQ $64, DX
	ADDQ $64, DI
	SUBQ $16, CX
	JMP  many

one:
	TESTQ CX, CX
	JE    done
	VMOVSS (SI), X0
	VADDSS (DX), X0, X0
	VMAXSS X0, X15, X0
	VMOVSS X0, (DI)
	ADDQ $4, SI
	ADDQ $4, DX
	ADDQ $4, DI
	DECQ CX
	JMP  one

done:
	VZEROUPPER
	RET

// func atLeastAVX2(dst, a *float32, n int, floor float32)
// Requires: AVX2. As addAVX2.
TEXT ·atLeastAVX2(SB), NOSPLIT, $0-28
	MOVQ dst+0(FP), DI
	MOVQ a+8(FP), SI
	MOVQ n+16(FP), CX
	VBROADCASTSS floor+24(FP), Y15

many:
	CMPQ CX, $16
	JL   one
	VMAXPS  (SI), Y15, Y0
	VMAXPS  32(SI), Y15, Y1
	VMOVUPS Y0, (DI)
	VMOVUPS Y1, 32(DI)
	ADDQ $64, SI
	ADDQ $64, DI
	SUBQ $16, CX
	JMP  many

one:
	TESTQ CX, CX
	JE    done
	VMAXSS (SI), X15, X0
	VMOVSS X0, (DI)
	ADDQ $4, SI
	ADDQ $4, DI
	DECQ CX
	JMP  one

done:
	VZEROUPPER
	RET

// func gateAVX2(dst, a, gate *float32, n int, scale float32)
// Requires: AVX2. VCMPPS $1: less than.
//
// DI: dst. SI: a. DX: gate. CX: elements left. Y15: scale. Y14: zero.
TEXT ·gateAVX2(SB), NOSPLIT, $0-36
	MOVQ dst+0(FP), DI
	MOVQ a+8(FP), SI
	MOVQ gate+16(FP), DX
	MOVQ n+24(FP), CX
	VBROADCASTSS scale+32(FP), Y15
	VXORPS Y14, Y14, Y14

many:
	CMPQ CX, $8
	JL   one
	VCMPPS  $1, (DX), Y14, Y0
	VANDPS  (SI), Y0, Y0
	VMULPS  Y15, Y0, Y0
	VMOVUPS Y0, (DI)
	ADDQ $32, SI
	ADDQ $32, DX
	ADDQ $32, DI
	SUBQ $8, CX
	JMP  many

one:
	TESTQ CX, CX
	JE    done
	VMOVSS (SI), X1
	VMOVSS (DX), X0
	VCMPSS $1, X0, X14, X0
	VANDPS X1, X0, X0
	VMULSS X15, X0, X0
	VMOVSS X0, (DI)
	ADDQ $4, SI
	ADDQ $4, DX
	ADDQ $4, DI
	DECQ CX
	JMP  one

done:
	VZEROUPPER
	RET
