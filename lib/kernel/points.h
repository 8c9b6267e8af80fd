// What winograd.go calls near2, far2, near, far, near3, far3, both, product, atZero, atNear and atFar, and room for whole registers.
DATA points<>+0(SB)/4, $0x3f100000
DATA points<>+4(SB)/4, $0x40100000
DATA points<>+8(SB)/4, $0x3f400000
DATA points<>+12(SB)/4, $0x3fc00000
DATA points<>+16(SB)/4, $0x3ed80000
DATA points<>+20(SB)/4, $0x40580000
DATA points<>+24(SB)/4, $0x40340000
DATA points<>+28(SB)/4, $0x3fa20000
DATA points<>+32(SB)/4, $0x3f4a4588
DATA points<>+36(SB)/4, $0xbf06d905
DATA points<>+40(SB)/4, $0x3e06d905
GLOBL points<>(SB), RODATA|NOPTR, $48
