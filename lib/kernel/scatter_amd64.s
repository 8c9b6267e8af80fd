//go:build !noasm

#include "go_asm.h"
#include "textflag.h"

// func scatterAVX512(s *Scatter)
// Requires: AVX512F.
//
// Three targets of two panels at a time, or one of one. Z0–Z5: sums of target i and panel p in Z(2i+p). Z8: an element of A. R8, R9,
// R10: targets in C. R11, R12, R13: their weights in the panel at hand; R14: bytes of a panel. SI: A. CX: terms. BX: terms left.
TEXT ·scatterAVX512(SB), NOSPLIT, $24-8
	MOVQ s+0(FP), DI
	MOVQ Scatter_A(DI), SI
	MOVQ Scatter_Panel(DI), R14
	SHLQ $2, R14
	MOVQ Scatter_To(DI), DX
	MOVQ Scatter_To+8(DI), AX
	MOVQ AX, left-8(SP)

targets:
	MOVQ $0, panel-16(SP)
	CMPQ left-8(SP), $3
	JL   one

three:
	MOVQ Scatter_Panels(DI), AX
	SUBQ panel-16(SP), AX
	CMPQ AX, $2
	JL   last
	MOVQ Scatter_C(DI), AX
	MOVLQSX 0(DX), R8
	LEAQ (AX)(R8*4), R8
	MOVLQSX 8(DX), R9
	LEAQ (AX)(R9*4), R9
	MOVLQSX 16(DX), R10
	LEAQ (AX)(R10*4), R10
	MOVQ panel-16(SP), AX
	SHLQ $4, AX
	ADDQ Scatter_At(DI), AX
	SHLQ $2, AX
	ADDQ AX, R8
	ADDQ AX, R9
	ADDQ AX, R10
	MOVQ panel-16(SP), AX
	IMULQ R14, AX
	ADDQ Scatter_B(DI), AX
	MOVLQSX 4(DX), R11
	LEAQ (AX)(R11*4), R11
	MOVLQSX 12(DX), R12
	LEAQ (AX)(R12*4), R12
	MOVLQSX 20(DX), R13
	LEAQ (AX)(R13*4), R13
	VMOVUPS (R8), Z0
	VMOVUPS 64(R8), Z1
	VMOVUPS (R9), Z2
	VMOVUPS 64(R9), Z3
	VMOVUPS (R10), Z4
	VMOVUPS 64(R10), Z5
	MOVQ Scatter_Terms(DI), CX
	MOVQ Scatter_Terms+8(DI), BX
	LEAQ (R11)(R14*1), R11   // the second panel; the first is a panel before
	LEAQ (R12)(R14*1), R12
	LEAQ (R13)(R14*1), R13
	NEGQ R14

terms3:
	MOVLQSX (CX), AX
	VBROADCASTSS (SI)(AX*4), Z8
	MOVLQSX 4(CX), AX
	SHLQ $2, AX
	VFMADD231PS (R11)(AX*1), Z8, Z1
	VFMADD231PS (R12)(AX*1), Z8, Z3
	VFMADD231PS (R13)(AX*1), Z8, Z5
	ADDQ R14, AX
	VFMADD231PS (R11)(AX*1), Z8, Z0
	VFMADD231PS (R12)(AX*1), Z8, Z2
	VFMADD231PS (R13)(AX*1), Z8, Z4
	ADDQ $8, CX
	DECQ BX
	JNZ  terms3

	NEGQ R14
	VMOVUPS Z0, (R8)
	VMOVUPS Z1, 64(R8)
	VMOVUPS Z2, (R9)
	VMOVUPS Z3, 64(R9)
	VMOVUPS Z4, (R10)
	VMOVUPS Z5, 64(R10)
	ADDQ $2, panel-16(SP)
	JMP  three

last:                  // the last panel, if their number is odd, a target at a time
	TESTQ AX, AX
	JE    done3
	MOVQ  $3, some-24(SP)
	JMP   some

done3:
	ADDQ $24, DX
	SUBQ $3, left-8(SP)
	JNE  targets
	VZEROUPPER
	RET

one:
	MOVQ left-8(SP), AX
	MOVQ AX, some-24(SP)

some:
	MOVQ Scatter_C(DI), AX
	MOVLQSX (DX), R8
	LEAQ (AX)(R8*4), R8
	MOVQ panel-16(SP), AX
	SHLQ $4, AX
	ADDQ Scatter_At(DI), AX
	LEAQ (R8)(AX*4), R8
	MOVQ panel-16(SP), R10

panel:
	MOVQ R10, AX
	IMULQ R14, AX
	ADDQ Scatter_B(DI), AX
	MOVLQSX 4(DX), R11
	LEAQ (AX)(R11*4), R11
	VMOVUPS (R8), Z0
	MOVQ Scatter_Terms(DI), CX
	MOVQ Scatter_Terms+8(DI), BX

terms1:
	MOVLQSX (CX), AX
	VBROADCASTSS (SI)(AX*4), Z8
	MOVLQSX 4(CX), AX
	VFMADD231PS (R11)(AX*4), Z8, Z0
	ADDQ $8, CX
	DECQ BX
	JNZ  terms1

	VMOVUPS Z0, (R8)
	ADDQ $64, R8
	INCQ R10
	CMPQ R10, Scatter_Panels(DI)
	JL   panel

	ADDQ $8, DX
	DECQ left-8(SP)
	DECQ some-24(SP)
	JNE  some
	CMPQ left-8(SP), $0
	JNE  targets
	VZEROUPPER
	RET
