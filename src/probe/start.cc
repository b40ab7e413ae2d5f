// SPDX-License-Identifier: Apache-2.0
// Where the kernel starts the program: the stack pointer, which points at the number of words of
// the command line, becomes the argument of probe_start, on a stack that is aligned as functions
// expect.
#if defined(__x86_64__)

asm(R"(
    .globl _start
_start:
    mov %rsp, %rdi
    and $-16, %rsp
    call probe_start
)");

#elif defined(__aarch64__)

asm(R"(
    .globl _start
_start:
    mov x0, sp
    bl probe_start
)");

#elif defined(__riscv)

asm(R"(
    .globl _start
_start:
    mv a0, sp
    andi sp, sp, -16
    call probe_start
)");

#elif defined(__arm__)

asm(R"(
    .arm
    .globl _start
    .type _start, %function
_start:
    mov r0, sp
    bic sp, sp, #7
    bl probe_start
)");

#elif defined(__s390x__)

// A function may save registers in the 160 bytes above the stack pointer that it is given.
asm(R"(
    .globl _start
_start:
    lgr %r2, %r15
    aghi %r15, -160
    brasl %r14, probe_start
)");

#elif defined(__powerpc64__)

// The kernel gives the address of _start in r12, from which every program finds its data (r2). The
// call of probe_system_call is as long as that of the kernel, and what comes behind is here but
// once.
asm(R"(
    .globl _start
    .type _start, @function
_start:
    addis 2, 12, .TOC.-_start@ha
    addi 2, 2, .TOC.-_start@l
    .localentry _start, .-_start
    mr 3, 1
    stdu 1, -32(1)
    bl probe_start

    .globl probe_system_call
probe_system_call:
    sc
    bnslr+
    neg 3, 3
    blr
)");

#else
#error "the probe knows no such machine"
#endif
