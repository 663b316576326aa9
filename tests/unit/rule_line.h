/* rule_line.h - one line of synapses under a rule that ships, for tests that compare it with its equations. */
#ifndef STOA_RULE_LINE_H
#define STOA_RULE_LINE_H

#include "line.h"
#include "rule.h"

enum { RULE_LINE_MAX = 256 };

struct rule_line {
    const struct st_rule *rule;
    uint32_t n;
    int16_t w[RULE_LINE_MAX], r[RULE_LINE_MAX], q[RULE_LINE_MAX];
    int16_t x[RULE_LINE_MAX], g[RULE_LINE_MAX], u[RULE_LINE_MAX]; /* x: as it is seen */
    int32_t emitted[RULE_LINE_MAX];
    int32_t s[ST_SCALARS];
    uint64_t seed;
    uint32_t tick;
    uint64_t state; /* of random_of */
};

/* A built-in rule with parameters "name=value name=value"; refused ones end the test. Words and record are initial. */
void rule_line_open(struct rule_line *l, struct st_arena *a, const char *name, const char *params, uint32_t n,
                    double scale);
/* Runs the program of a trigger; age, forced, payload and phase are t0..t3. false when the rule has none. */
bool rule_line_run(struct rule_line *l, enum st_trigger trigger, int32_t age, int32_t forced, int32_t payload,
                   int32_t phase);
/* low .. high, both possible. */
int32_t rule_line_random(struct rule_line *l, int32_t low, int32_t high);

#endif
