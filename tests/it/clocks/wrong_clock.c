/* A wall clock that is wrong by WRONG_BY seconds, for a process that is started with it. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <time.h>

int clock_gettime(clockid_t clock, struct timespec *at) {
    static int (*real)(clockid_t, struct timespec *);
    if (!real) real = (int (*)(clockid_t, struct timespec *))dlsym(RTLD_NEXT, "clock_gettime");
    int result = real(clock, at);
    const char *by = getenv("WRONG_BY");
    if (result == 0 && clock == CLOCK_REALTIME && by) at->tv_sec += atol(by);
    return result;
}
