// The transforms of winograd.go along one axis, with whatever registers L0–L15 are. L0–L5: an element of each line; L6–L9: room;
// the others: numbers of points<>. SI, CX, DX, R8–R10: lines that are read. R11–R15, AX: lines that are written. BX: bytes before
// the elements.

// func toPoints(l *Lines)
// Requires: FMA, or AVX512F.
TEXT TOPOINTS(SB), NOSPLIT, $32-8
	MOVQ l+0(FP), DI
	MOVQ Lines_N(DI), BX
	SHLQ $2, BX
	MOVQ BX, n-8(SP)      // bytes of a line
	MOVQ Lines_Count(DI), BX
	MOVQ BX, left-16(SP)
	MOVQ Lines_InStep(DI), BX
	SHLQ $2, BX
	MOVQ BX, in-24(SP)
	MOVQ Lines_OutStep(DI), BX
	SHLQ $2, BX
	MOVQ BX, out-32(SP)
	MOVQ (Lines_In+0)(DI), SI
	MOVQ (Lines_In+8)(DI), CX
	MOVQ (Lines_In+16)(DI), DX
	MOVQ (Lines_In+24)(DI), R8
	MOVQ (Lines_In+32)(DI), R9
	MOVQ (Lines_In+40)(DI), R10
	MOVQ (Lines_Out+0)(DI), R11
	MOVQ (Lines_Out+8)(DI), R12
	MOVQ (Lines_Out+16)(DI), R13
	MOVQ (Lines_Out+24)(DI), R14
	MOVQ (Lines_Out+32)(DI), R15
	MOVQ (Lines_Out+40)(DI), AX
	VBROADCASTSS points<>+0(SB), L10 // near2
	VBROADCASTSS points<>+4(SB), L11 // far2
	VBROADCASTSS points<>+8(SB), L12 // near
	VBROADCASTSS points<>+12(SB), L13 // far
	VBROADCASTSS points<>+24(SB), L14 // both
	VBROADCASTSS points<>+28(SB), L15 // product

line:
	XORQ BX, BX

elements:
	VMOVUPS (SI)(BX*1), L0
	VMOVUPS (CX)(BX*1), L1
	VMOVUPS (DX)(BX*1), L2
	VMOVUPS (R8)(BX*1), L3
	VMOVUPS (R9)(BX*1), L4
	VMOVUPS (R10)(BX*1), L5
	VMOVAPS L4, L6
	VFNMADD231PS L2, L11, L6
	VMOVAPS L3, L7
	VFNMADD231PS L1, L11, L7
	VMOVAPS L6, L8
	VFMADD231PS L7, L12, L6
	VFNMADD231PS L7, L12, L8
	VMOVUPS L6, (R12)(BX*1)
	VMOVUPS L8, (R13)(BX*1)
	VMOVAPS L4, L6
	VFNMADD231PS L2, L10, L6
	VMOVAPS L3, L7
	VFNMADD231PS L1, L10, L7
	VMOVAPS L6, L8
	VFMADD231PS L7, L13, L6
	VFNMADD231PS L7, L13, L8
	VMOVUPS L6, (R14)(BX*1)
	VMOVUPS L8, (R15)(BX*1)
	VFNMADD231PS L2, L14, L4
	VFMADD231PS L0, L15, L4
	VMOVUPS L4, (R11)(BX*1)
	VFNMADD231PS L3, L14, L5
	VFMADD231PS L1, L15, L5
	VMOVUPS L5, (AX)(BX*1)
	ADDQ $WIDTH, BX
	CMPQ BX, n-8(SP)
	JL   elements

	MOVQ in-24(SP), BX
	ADDQ BX, SI
	ADDQ BX, CX
	ADDQ BX, DX
	ADDQ BX, R8
	ADDQ BX, R9
	ADDQ BX, R10
	MOVQ out-32(SP), BX
	ADDQ BX, R11
	ADDQ BX, R12
	ADDQ BX, R13
	ADDQ BX, R14
	ADDQ BX, R15
	ADDQ BX, AX
	DECQ left-16(SP)
	JNZ  line
	VZEROUPPER
	RET

// func filterToPoints(l *Lines)
// Requires: FMA, or AVX512F.
TEXT FILTERTOPOINTS(SB), NOSPLIT, $32-8
	MOVQ l+0(FP), DI
	MOVQ Lines_N(DI), BX
	SHLQ $2, BX
	MOVQ BX, n-8(SP)      // bytes of a line
	MOVQ Lines_Count(DI), BX
	MOVQ BX, left-16(SP)
	MOVQ Lines_InStep(DI), BX
	SHLQ $2, BX
	MOVQ BX, in-24(SP)
	MOVQ Lines_OutStep(DI), BX
	SHLQ $2, BX
	MOVQ BX, out-32(SP)
	MOVQ (Lines_In+0)(DI), SI
	MOVQ (Lines_In+8)(DI), CX
	MOVQ (Lines_In+16)(DI), DX
	MOVQ (Lines_In+24)(DI), R8
	MOVQ (Lines_Out+0)(DI), R11
	MOVQ (Lines_Out+8)(DI), R12
	MOVQ (Lines_Out+16)(DI), R13
	MOVQ (Lines_Out+24)(DI), R14
	MOVQ (Lines_Out+32)(DI), R15
	MOVQ (Lines_Out+40)(DI), AX
	VBROADCASTSS points<>+0(SB), L9 // near2
	VBROADCASTSS points<>+4(SB), L10 // far2
	VBROADCASTSS points<>+8(SB), L11 // near
	VBROADCASTSS points<>+12(SB), L12 // far
	VBROADCASTSS points<>+32(SB), L13 // atZero
	VBROADCASTSS points<>+36(SB), L14 // atNear
	VBROADCASTSS points<>+40(SB), L15 // atFar

line:
	XORQ BX, BX

elements:
	VMOVUPS (SI)(BX*1), L0
	VMOVUPS (CX)(BX*1), L1
	VMOVUPS (DX)(BX*1), L2
	VMOVUPS (R8)(BX*1), L3
	VMOVAPS L0, L4
	VFMADD231PS L2, L9, L4
	VMOVAPS L1, L5
	VFMADD231PS L3, L9, L5
	VMULPS L5, L11, L5
	VADDPS L5, L4, L6
	VSUBPS L5, L4, L7
	VMULPS L6, L14, L6
	VMULPS L7, L14, L7
	VMOVUPS L6, (R12)(BX*1)
	VMOVUPS L7, (R13)(BX*1)
	VMOVAPS L0, L4
	VFMADD231PS L2, L10, L4
	VMOVAPS L1, L5
	VFMADD231PS L3, L10, L5
	VMULPS L5, L12, L5
	VADDPS L5, L4, L6
	VSUBPS L5, L4, L7
	VMULPS L6, L15, L6
	VMULPS L7, L15, L7
	VMOVUPS L6, (R14)(BX*1)
	VMOVUPS L7, (R15)(BX*1)
	VMULPS L0, L13, L0
	VMOVUPS L0, (R11)(BX*1)
	VMOVUPS L3, (AX)(BX*1)
	ADDQ $WIDTH, BX
	CMPQ BX, n-8(SP)
	JL   elements

	MOVQ in-24(SP), BX
	ADDQ BX, SI
	ADDQ BX, CX
	ADDQ BX, DX
	ADDQ BX, R8
	MOVQ out-32(SP), BX
	ADDQ BX, R11
	ADDQ BX, R12
	ADDQ BX, R13
	ADDQ BX, R14
	ADDQ BX, R15
	ADDQ BX, AX
	DECQ left-16(SP)
	JNZ  line
	VZEROUPPER
	RET

// func toSums(l *Lines)
// Requires: FMA, or AVX512F. AX: bias, or 0. L9: floor. The order of the operands of VMAXPS lets NaN through.
TEXT TOSUMS(SB), NOSPLIT, $32-8
	MOVQ l+0(FP), DI
	MOVQ Lines_N(DI), BX
	SHLQ $2, BX
	MOVQ BX, n-8(SP)      // bytes of a line
	MOVQ Lines_Count(DI), BX
	MOVQ BX, left-16(SP)
	MOVQ Lines_InStep(DI), BX
	SHLQ $2, BX
	MOVQ BX, in-24(SP)
	MOVQ Lines_OutStep(DI), BX
	SHLQ $2, BX
	MOVQ BX, out-32(SP)
	MOVQ (Lines_In+0)(DI), SI
	MOVQ (Lines_In+8)(DI), CX
	MOVQ (Lines_In+16)(DI), DX
	MOVQ (Lines_In+24)(DI), R8
	MOVQ (Lines_In+32)(DI), R9
	MOVQ (Lines_In+40)(DI), R10
	MOVQ (Lines_Out+0)(DI), R11
	MOVQ (Lines_Out+8)(DI), R12
	MOVQ (Lines_Out+16)(DI), R13
	MOVQ (Lines_Out+24)(DI), R14
	MOVQ Lines_Bias(DI), AX
	VBROADCASTSS Lines_Floor(DI), L9
	VBROADCASTSS points<>+8(SB), L10 // near
	VBROADCASTSS points<>+12(SB), L11 // far
	VBROADCASTSS points<>+0(SB), L12 // near2
	VBROADCASTSS points<>+4(SB), L13 // far2
	VBROADCASTSS points<>+16(SB), L14 // near3
	VBROADCASTSS points<>+20(SB), L15 // far3

line:
	XORQ BX, BX

elements:
	VMOVUPS (SI)(BX*1), L0
	VMOVUPS (CX)(BX*1), L1
	VMOVUPS (DX)(BX*1), L2
	VMOVUPS (R8)(BX*1), L3
	VMOVUPS (R9)(BX*1), L4
	VMOVUPS (R10)(BX*1), L5
	VADDPS L2, L1, L6
	VSUBPS L2, L1, L1
	VADDPS L4, L3, L7
	VSUBPS L4, L3, L3
	VADDPS L7, L6, L8
	VADDPS L8, L0, L0
	VMULPS L1, L10, L2
	VFMADD231PS L3, L11, L2
	VMULPS L6, L12, L4
	VFMADD231PS L7, L13, L4
	VFMADD231PS L1, L14, L5
	VFMADD231PS L3, L15, L5
	TESTQ AX, AX
	JE    store
	VMOVUPS (AX)(BX*1), L8
	VADDPS L8, L0, L0
	VMAXPS L0, L9, L0
	VADDPS L8, L2, L2
	VMAXPS L2, L9, L2
	VADDPS L8, L4, L4
	VMAXPS L4, L9, L4
	VADDPS L8, L5, L5
	VMAXPS L5, L9, L5

store:
	VMOVUPS L0, (R11)(BX*1)
	VMOVUPS L2, (R12)(BX*1)
	VMOVUPS L4, (R13)(BX*1)
	VMOVUPS L5, (R14)(BX*1)
	ADDQ $WIDTH, BX
	CMPQ BX, n-8(SP)
	JL   elements

	MOVQ in-24(SP), BX
	ADDQ BX, SI
	ADDQ BX, CX
	ADDQ BX, DX
	ADDQ BX, R8
	ADDQ BX, R9
	ADDQ BX, R10
	MOVQ out-32(SP), BX
	ADDQ BX, R11
	ADDQ BX, R12
	ADDQ BX, R13
	ADDQ BX, R14
	DECQ left-16(SP)
	JNZ  line
	VZEROUPPER
	RET
