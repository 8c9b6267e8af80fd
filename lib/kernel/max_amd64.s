//go:build !noasm

#include "textflag.h"

// func maxAVX2(dst, a *float32, n, count, dstStep, aStep int)
// Requires: AVX2.
//
// DI: dst. SI: a. R10, R11: rows in which they are. CX: elements left in a row. R8: n. DX: rows left.
TEXT ·maxAVX2(SB), NOSPLIT, $0-48
	MOVQ dst+0(FP), R10
	MOVQ a+8(FP), R11
	MOVQ n+16(FP), R8
	MOVQ count+24(FP), DX
	MOVQ dstStep+32(FP), AX
	MOVQ aStep+40(FP), BX
	SHLQ $2, AX
	SHLQ $2, BX
	TESTQ DX, DX
	JE   done

row:
	MOVQ R10, DI
	MOVQ R11, SI
	MOVQ R8, CX

eight:
	CMPQ CX, $8
	JL   one
	VMOVUPS (SI), Y0
	VMAXPS  (DI), Y0, Y0
	VMOVUPS Y0, (DI)
	ADDQ $32, SI
	ADDQ $32, DI
	SUBQ $8, CX
	JMP  eight

one:
	TESTQ CX, CX
	JE    next
	VMOVSS (SI), X0
	VMAXSS (DI), X0, X0
	VMOVSS X0, (DI)
	ADDQ $4, SI
	ADDQ $4, DI
	DECQ CX
	JMP  one

next:
	ADDQ AX, R10
	ADDQ BX, R11
	DECQ DX
	JNE  row

done:
	VZEROUPPER
	RET
