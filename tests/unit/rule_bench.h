/* rule_bench.h - a line of random words under a rule that ships, and what is compared on it: words that must agree in
 * every bit, and distances from an equation in double, whose largest and mean are reported. One test program includes
 * it, and has the state to itself.
 *
 *     open_rule ─> shake ─> rule_line_run ─> check, differ ─> report */
#ifndef STOA_RULE_BENCH_H
#define STOA_RULE_BENCH_H

#include "rule_line.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
/* after those it needs */
#include <cmocka.h>

enum { N = 64, LINES = 2000 };

static struct st_arena arena;
static struct rule_line line, old;
static double worst, bias;
static long count;

/* x / 2^n to the nearest, a half up. */
static inline int64_t near(int64_t x, unsigned n)
{
    int64_t d = (int64_t)1 << n, twice = 2 * x + d;
    return twice >= 0 ? twice / (2 * d) : -((2 * d - 1 - twice) / (2 * d));
}

static inline int64_t clamp(int64_t v, int64_t low, int64_t high) { return v < low ? low : v > high ? high : v; }
static inline int random_of(int low, int high) { return rule_line_random(&line, low, high); }

static inline void open_rule(const char *name, const char *params)
{
    rule_line_open(&line, &arena, name, params, N, 1000);
    worst = bias = 0;
    count = 0;
}

/* A line of any words; traces are not negative, ages mostly small. */
static inline void shake(int low, int high)
{
    for (int i = 0; i < N; i++) {
        line.r[i] = (int16_t)random_of(low, high);
        line.x[i] = (int16_t)random_of(0, 20000);
        line.g[i] = (int16_t)(random_of(0, 9) ? random_of(0, 60) : random_of(0, 32767));
    }
    old = line;
}

static inline void differ(double got, double wanted)
{
    worst = fmax(worst, fabs(got - wanted));
    bias += got - wanted;
    count++;
}

static inline void report(const char *name, double at_most)
{
    print_message("  %s: %ld words, at most %.2f of 32768 from the equation, %.4f on average\n", name, count, worst,
                  bias / (double)count);
    assert_true(worst <= at_most);
}

static inline void check(int i, int64_t r, int64_t w)
{
    if (line.r[i] != r || line.w[i] != w)
        fail_msg("synapse %d (r %d w %d q %d x %d g %d) became r %d w %d, not %lld %lld", i, old.r[i], old.w[i],
                 old.q[i], old.x[i], old.g[i], line.r[i], line.w[i], (long long)r, (long long)w);
}

#endif
