// SPDX-License-Identifier: Apache-2.0
// How a system call is made on each machine, and its numbers. syscall(2) has the registers, the
// kernel's arch/*/syscall*.tbl and include/uapi/asm-generic/unistd.h the numbers.
//
// arm has two sets of calls with a time in them. These are the older ones, because what filters
// system calls for containers knew the newer ones late; 32 bits are enough for differences of
// times.
#pragma once

namespace pare::probe {

/// An argument that a call does not have: it may be anything, and takes no instruction then.
static long any() {
    long value;
    asm volatile("" : "=r"(value));
    return value;
}

/// The options of a socket that limit how long a call waits.
#if defined(__powerpc64__)
constexpr long kReceiveTimeout = 18;
constexpr long kSendTimeout = 19;
#else
constexpr long kReceiveTimeout = 20;
constexpr long kSendTimeout = 21;
#endif

#if defined(__x86_64__)

enum class Call : long {
    read = 0,
    write = 1,
    socket = 41,
    connect = 42,
    sendto = 44,
    setsockopt = 54,
    clock_gettime = 228,
    exit_group = 231,
    statx = 332,
};

static long system_call(
    Call call, long a, long b = any(), long c = any(), long d = any(), long e = any(),
    long f = any()) {
    long result = static_cast<long>(call);
    register long r10 asm("r10") = d;
    register long r8 asm("r8") = e;
    register long r9 asm("r9") = f;
    asm volatile("syscall"
                 : "+a"(result)
                 : "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
                 : "rcx", "r11", "memory");
    return result;
}

#elif defined(__aarch64__) || defined(__riscv)

/// The numbers of all machines that came late.
enum class Call : long {
    read = 63,
    write = 64,
    exit_group = 94,
    clock_gettime = 113,
    socket = 198,
    connect = 203,
    sendto = 206,
    setsockopt = 208,
    statx = 291,
};

#if defined(__aarch64__)

static long system_call(
    Call call, long a, long b = any(), long c = any(), long d = any(), long e = any(),
    long f = any()) {
    register long x8 asm("x8") = static_cast<long>(call);
    register long x0 asm("x0") = a;
    register long x1 asm("x1") = b;
    register long x2 asm("x2") = c;
    register long x3 asm("x3") = d;
    register long x4 asm("x4") = e;
    register long x5 asm("x5") = f;
    asm volatile("svc 0"
                 : "+r"(x0)
                 : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5)
                 : "memory");
    return x0;
}

#else

static long system_call(
    Call call, long a, long b = any(), long c = any(), long d = any(), long e = any(),
    long f = any()) {
    register long a7 asm("a7") = static_cast<long>(call);
    register long a0 asm("a0") = a;
    register long a1 asm("a1") = b;
    register long a2 asm("a2") = c;
    register long a3 asm("a3") = d;
    register long a4 asm("a4") = e;
    register long a5 asm("a5") = f;
    asm volatile("ecall"
                 : "+r"(a0)
                 : "r"(a7), "r"(a1), "r"(a2), "r"(a3), "r"(a4), "r"(a5)
                 : "memory");
    return a0;
}

#endif

#elif defined(__arm__)

enum class Call : long {
    read = 3,
    write = 4,
    exit_group = 248,
    clock_gettime = 263,
    socket = 281,
    connect = 283,
    sendto = 290,
    setsockopt = 294,
    statx = 397,
};

static long system_call(
    Call call, long a, long b = any(), long c = any(), long d = any(), long e = any(),
    long f = any()) {
    register long r7 asm("r7") = static_cast<long>(call);
    register long r0 asm("r0") = a;
    register long r1 asm("r1") = b;
    register long r2 asm("r2") = c;
    register long r3 asm("r3") = d;
    register long r4 asm("r4") = e;
    register long r5 asm("r5") = f;
    asm volatile("svc 0"
                 : "+r"(r0)
                 : "r"(r7), "r"(r1), "r"(r2), "r"(r3), "r"(r4), "r"(r5)
                 : "memory");
    return r0;
}

#elif defined(__s390x__)

enum class Call : long {
    read = 3,
    write = 4,
    exit_group = 248,
    clock_gettime = 260,
    socket = 359,
    connect = 362,
    setsockopt = 366,
    sendto = 369,
    statx = 379,
};

static long system_call(
    Call call, long a, long b = any(), long c = any(), long d = any(), long e = any(),
    long f = any()) {
    register long r1 asm("r1") = static_cast<long>(call);
    register long r2 asm("r2") = a;
    register long r3 asm("r3") = b;
    register long r4 asm("r4") = c;
    register long r5 asm("r5") = d;
    register long r6 asm("r6") = e;
    register long r7 asm("r7") = f;
    asm volatile("svc 0"
                 : "+r"(r2)
                 : "r"(r1), "r"(r3), "r"(r4), "r"(r5), "r"(r6), "r"(r7)
                 : "memory", "cc");
    return r2;
}

#elif defined(__powerpc64__)

enum class Call : long {
    read = 3,
    write = 4,
    exit_group = 234,
    clock_gettime = 246,
    socket = 326,
    connect = 328,
    sendto = 335,
    setsockopt = 339,
    statx = 383,
};

/// probe_system_call is in start.cc: an error is a positive number here, beside a flag.
static long system_call(
    Call call, long a, long b = any(), long c = any(), long d = any(), long e = any(),
    long f = any()) {
    register long r0 asm("r0") = static_cast<long>(call);
    register long r3 asm("r3") = a;
    register long r4 asm("r4") = b;
    register long r5 asm("r5") = c;
    register long r6 asm("r6") = d;
    register long r7 asm("r7") = e;
    register long r8 asm("r8") = f;
    asm volatile("bl probe_system_call"
                 : "+r"(r0), "+r"(r3), "+r"(r4), "+r"(r5), "+r"(r6), "+r"(r7), "+r"(r8)
                 :
                 : "memory", "lr", "cr0", "ctr", "xer", "r9", "r10", "r11", "r12");
    return r3;
}

#else
#error "the probe knows no such machine"
#endif

} // namespace pare::probe
