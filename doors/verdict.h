/* verdict.h - how faithfully a foreign file became a network, node by node and parameter by parameter.
 *
 * A format says things in reals, seconds and shapes; a network here has integers and ticks. What was carried over is
 * one of three: exact; approximated, with the largest error; refused, with the reason. Nothing of the file is left
 * without a row.
 *
 *     node      parameter    verdict        error     what became of it
 *     lif1      tau          approximated   0.002 %   leak 0.0299988 a tick
 *     lif1      v_leak       exact                    bias
 *
 * Errors are parts of the value, of a list the largest of its elements, of weights a part of the widest. */
#ifndef STOA_VERDICT_H
#define STOA_VERDICT_H

#include "text.h"
#include <stdbool.h>

enum st_faith { ST_FAITH_EXACT, ST_FAITH_APPROXIMATED, ST_FAITH_REFUSED };

struct st_verdict {
    const char *node, *parameter;
    enum st_faith faith;
    double error; /* a part, 0 of what is exact or has no number */
    const char *note;
};

struct st_verdicts {
    struct st_arena *arena;
    struct st_verdict *rows;
    uint32_t count, room;
};

void st_verdicts_init(struct st_verdicts *v, struct st_arena *arena);
/* A row; an error above 0 makes what was exact approximated. */
void st_verdict(struct st_verdicts *v, const char *node, const char *parameter, enum st_faith faith, double error,
                const char *format, ...) __attribute__((format(printf, 6, 7)));
uint32_t st_verdicts_of(const struct st_verdicts *v, enum st_faith faith);
/* The table; the same as a JSON list. */
char *st_verdicts_text(const struct st_verdicts *v);
void st_verdicts_json(const struct st_verdicts *v, struct st_text *out);

#endif
