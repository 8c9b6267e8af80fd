// Instructions that Go's assembler does not have, on the registers V(d), V(n) and V(m) of four float32 each; of floats it
// has but VFMLA and VFMLS by a vector. Encodings: Arm Architecture Reference Manual for A-profile, C7.2.

// FMLA Vd.4S, Vn.4S, Vm.S[lane]: d += n·m[lane], rounded once.
#define FMLA(d, n, m, lane) WORD $(0x4f801000 | (m)<<16 | ((lane)&1)<<21 | ((lane)>>1)<<11 | (n)<<5 | (d))

// FMLS likewise: d −= n·m[lane].
#define FMLS(d, n, m, lane) WORD $(0x4f805000 | (m)<<16 | ((lane)&1)<<21 | ((lane)>>1)<<11 | (n)<<5 | (d))

// FMUL Vd.4S, Vn.4S, Vm.S[lane].
#define FMULLANE(d, n, m, lane) WORD $(0x4f809000 | (m)<<16 | ((lane)&1)<<21 | ((lane)>>1)<<11 | (n)<<5 | (d))

// FADD Vd.4S, Vn.4S, Vm.4S; FSUB and FMUL likewise.
#define FADD(d, n, m) WORD $(0x4e20d400 | (m)<<16 | (n)<<5 | (d))
#define FSUB(d, n, m) WORD $(0x4ea0d400 | (m)<<16 | (n)<<5 | (d))
#define FMUL(d, n, m) WORD $(0x6e20dc00 | (m)<<16 | (n)<<5 | (d))

// FCMGT Vd.4S, Vn.4S, Vm.4S: all bits of the elements where n > m.
#define FCMGT(d, n, m) WORD $(0x6ea0e400 | (m)<<16 | (n)<<5 | (d))

// FCMGT Vd.4S, Vn.4S, #0.0 and FCMLT: where n > 0 and where n < 0.
#define POSITIVE(d, n) WORD $(0x4ea0c800 | (n)<<5 | (d))
#define NEGATIVE(d, n) WORD $(0x4ea0e800 | (n)<<5 | (d))

// MOV Vd.16B, Vn.16B, whose registers are numbers here.
#define COPY(d, n) WORD $(0x4ea01c00 | (n)<<16 | (n)<<5 | (d))

// LDR Qd, [Xn, Xm].
#define LOAD(d, n, m) WORD $(0x3ce06800 | (m)<<16 | (n)<<5 | (d))
