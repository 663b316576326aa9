/* test_oracle.c - the steps of the neurons against a third witness.
 *
 * The oracle is written from docs/arithmetic.md alone, in 128-bit integers and with fractions taken by division: it
 * shares no line, no helper and no order of evaluation with models/. Directed corners first (every pair of extreme
 * values), then millions of random states, with fields drawn near the places where something happens. Every model whose
 * row says that it is of a family (models/leaky.h, models/currents.h) is held against it by the roles of its
 * parameters. */
#include "models.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

typedef __int128 wide;

struct state {
    enum st_model model;
    wide H, leak, leak_step, bias, noise, floor, value, refractory, decay, decay_inhibitory, gain;
    bool subtract, default_shut, hold, two;
    wide bits, u, exc, inhib, gate, shut, open, acc, inh, draw, scalar;
    bool blocked;
};

struct outcome {
    bool fires, closed;
    wide u, exc, inhib, gate, e;
};

/* floor(a / b), b > 0 */
static wide quotient(wide a, wide b)
{
    wide q = a / b;
    return q * b > a ? q - 1 : q;
}

static wide power(int n) { return (wide)1 << n; }

/* The part f / 65536 of a: the sign aside, what is left over is dropped. */
static wide portion(wide a, wide f) { return (a < 0 ? -1 : 1) * ((a < 0 ? -a : a) * f / 65536); }

static wide kept_within(wide a, wide bits)
{
    wide top = power((int)bits - 1);
    return a >= top ? top - 1 : a < -top ? -top : a;
}

static struct outcome oracle(const struct state *s)
{
    struct outcome o = {.u = s->u, .gate = s->gate};
    /* the gate: shutting wins, the longer of two shuttings or openings counts */
    if (s->shut > 0)
        o.gate = -s->gate > s->shut ? s->gate : -s->shut;
    else if (s->open > 0 && o.gate < s->open)
        o.gate = s->open;
    bool by_gate = o.gate < 0 || (o.gate == 0 && s->default_shut);
    if (o.gate != 0)
        o.gate += o.gate < 0 ? 1 : -1;
    o.closed = by_gate || s->blocked;
    bool currents = st_models[s->model]->family == ST_FAMILY_CURRENTS;
    if (currents) {
        wide less = s->two ? s->inh : 0;
        o.exc = kept_within(portion(s->exc, 65536 - s->decay) + s->acc - less, s->bits);
        o.inhib = kept_within(portion(s->inhib, 65536 - s->decay_inhibitory) + less, s->bits);
    }
    if (o.closed) {
        if (!s->hold)
            o.u = 0;
        return o;
    }
    wide v = -quotient(s->u * s->leak, 65536);
    wide left = s->u + v, sign = left < 0 ? -1 : 1;
    wide size = left * sign - s->leak_step;
    v = (size > 0 ? sign * size : 0) - s->u;
    v += quotient(s->noise * s->draw, 65536) + s->bias;
    v += s->acc + s->u;
    if (currents)
        v = quotient(s->noise * s->draw, 65536) + s->bias + portion(o.exc + o.inhib, s->gain) +
            portion(s->u, 65536 - s->leak);
    if (v >= power((int)s->bits - 1))
        v = power((int)s->bits - 1) - 1;
    if (v < -power((int)s->bits - 1))
        v = -power((int)s->bits - 1);
    if (v < s->floor)
        v = s->floor;
    wide excess = s->scalar;
    if (excess < 0)
        excess = 0;
    if (excess >= power(24))
        excess = power(24) - 1;
    o.u = v;
    o.e = v - s->H - excess;
    o.fires = o.e >= 0;
    if (o.fires) {
        o.u = s->subtract ? o.e : s->value;
        if (s->refractory > 0)
            o.gate = -s->refractory;
    }
    return o;
}

/* What a role's parameter is in a state; a model that lacks the role is drawn without it. */
static wide *of_role(struct state *s, enum st_param_role role)
{
    switch (role) {
    case ST_ROLE_THRESHOLD:
        return &s->H;
    case ST_ROLE_LEAK:
        return &s->leak;
    case ST_ROLE_LEAK_STEP:
        return &s->leak_step;
    case ST_ROLE_BIAS:
        return &s->bias;
    case ST_ROLE_NOISE:
        return &s->noise;
    case ST_ROLE_FLOOR:
        return &s->floor;
    case ST_ROLE_RESET_VALUE:
        return &s->value;
    case ST_ROLE_REFRACTORY:
        return &s->refractory;
    case ST_ROLE_DECAY:
        return &s->decay;
    case ST_ROLE_DECAY_INHIBITORY:
        return &s->decay_inhibitory;
    case ST_ROLE_GAIN:
        return &s->gain;
    default:
        return NULL;
    }
}

/* Leaves out what the model has not. */
static void tame(struct state *s)
{
    const struct st_model_row *row = st_models[s->model];
    for (int role = 0; role < ST_ROLE_COUNT; role++)
        if (of_role(s, (enum st_param_role)role) && st_role_at(row, (enum st_param_role)role) < 0)
            *of_role(s, (enum st_param_role)role) = 0;
    s->subtract = s->subtract && st_role_at(row, ST_ROLE_RESET) >= 0;
    s->default_shut = s->default_shut && st_role_at(row, ST_ROLE_GATE) >= 0;
    s->hold = s->hold || st_role_at(row, ST_ROLE_WHEN_SHUT) < 0;
}

static struct outcome normative(const struct state *given)
{
    struct state copy = *given, *s = &copy;
    const struct st_model_row *row = st_models[s->model];
    int32_t p[ST_MODEL_PARAMS] = {0};
    for (uint32_t i = 0; i < row->count; i++) {
        enum st_param_role role = row->params[i].role;
        if (of_role(s, role))
            p[i] = (int32_t)*of_role(s, role);
        else if (role == ST_ROLE_RESET)
            p[i] = s->subtract;
        else if (role == ST_ROLE_GATE)
            p[i] = s->default_shut;
        else if (role == ST_ROLE_WHEN_SHUT)
            p[i] = s->hold;
        else if (role == ST_ROLE_CURRENTS)
            p[i] = s->two;
        else if (role == ST_ROLE_CURRENT_OVERFLOW)
            p[i] = 0; /* what wraps runs by its step alone: docs/arithmetic.md has it by hand */
        else
            fail_msg("%s has %s, which its family has not", row->name, row->params[i].key);
    }
    struct st_neuron n = {.state = {(int32_t)s->u, (int32_t)s->exc, (int32_t)s->inhib}, .gate = (int16_t)s->gate};
    struct st_neuron_in in = {.acc = (int32_t)s->acc,
                              .inh = (int32_t)s->inh,
                              .excess = st_excess_of((int32_t)s->scalar),
                              .shut = (uint16_t)s->shut,
                              .open = (uint16_t)s->open,
                              .draw = (uint16_t)s->draw,
                              .bits = (uint8_t)s->bits,
                              .blocked = s->blocked};
    int32_t e = 0;
    struct outcome o = {.fires = st_model_step(s->model, p, &n, in, &e)};
    if (o.fires)
        st_model_fire(s->model, p, &n, in.excess);
    o.u = n.u;
    o.exc = n.state[1];
    o.inhib = n.state[2];
    o.gate = n.gate;
    o.e = e;
    return o;
}

static void compare(struct state state)
{
    struct state *s = &state;
    tame(s);
    struct outcome a = oracle(s), b = normative(s);
    if (a.fires == b.fires && a.u == b.u && a.gate == b.gate && (a.closed || a.e == b.e) && a.exc == b.exc &&
        a.inhib == b.inhib)
        return;
    fail_msg("%s H %d leak %d step %d bias %d noise %d floor %d value %d refr %d subtract %d shut by default %d hold "
             "%d bits %d\n"
             "u %d gate %d shut %d open %d acc %d draw %d scalar %d blocked %d\n"
             "decay %d, %d gain %d two %d exc %d inhib %d inh %d\n"
             "oracle: u %d exc %d inhib %d gate %d e %d fires %d; step: u %d exc %d inhib %d gate %d e %d fires %d",
             st_models[s->model]->name, (int)s->H, (int)s->leak, (int)s->leak_step, (int)s->bias, (int)s->noise,
             (int)s->floor, (int)s->value, (int)s->refractory, s->subtract, s->default_shut, s->hold, (int)s->bits,
             (int)s->u, (int)s->gate, (int)s->shut, (int)s->open, (int)s->acc, (int)s->draw, (int)s->scalar, s->blocked,
             (int)s->decay, (int)s->decay_inhibitory, (int)s->gain, s->two, (int)s->exc, (int)s->inhib, (int)s->inh,
             (int)a.u, (int)a.exc, (int)a.inhib, (int)a.gate, (int)a.e, a.fires, (int)b.u, (int)b.exc, (int)b.inhib,
             (int)b.gate, (int)b.e, b.fires);
}

/* --- states ------------------------------------------------------------------------------------------------- */

static uint64_t turn = 0x9e3779b97f4a7c15u;

static uint64_t any(void)
{
    turn ^= turn << 13;
    turn ^= turn >> 7;
    turn ^= turn << 17;
    return turn * 0x2545f4914f6cdd1du >> 16;
}

/* A number of [low, high]: often an end, often near 0, else anything. */
static wide within(wide low, wide high)
{
    uint64_t how = any();
    switch (how % 8) {
    case 0:
        return low + (wide)(how / 8 % 3 <= (uint64_t)(high - low) ? how / 8 % 3 : 0);
    case 1:
        return high - (wide)(how / 8 % 3 <= (uint64_t)(high - low) ? how / 8 % 3 : 0);
    case 2:
    case 3: {
        wide x = (wide)(how / 8 % 513) - 256;
        return x < low ? low : x > high ? high : x;
    }
    default:
        return low + (wide)(how / 8 % (uint64_t)(high - low + 1));
    }
}

static void any_currents(struct state *s, wide top)
{
    uint64_t flags = any();
    s->exc = within(-top, top - 1);
    s->inhib = within(-top, top - 1);
    s->decay = within(0, 65536);
    s->decay_inhibitory = within(0, 65536);
    s->gain = flags & 1 ? 65536 : within(0, 65536);
    s->two = flags >> 1 & 1;
    s->inh = flags & 4 ? within(-power(30), 0) : within(-2 * top, 0);
    s->acc = s->inh + (flags & 8 ? within(0, power(30)) : within(0, 2 * top));
    if (flags & 16) { /* at the threshold, but for what saturates */
        s->gain = 65536;
        wide more = s->H + within(-2, 2) - s->bias - portion(s->u, 65536 - s->leak) -
                    portion(s->exc, 65536 - s->decay) - portion(s->inhib, 65536 - s->decay_inhibitory) - s->inh;
        s->acc = s->inh + (more > 0 ? more : 0);
    }
}

static struct state any_state(enum st_model model)
{
    struct state s = {.model = model};
    uint64_t flags = any();
    s.bits = within(8, 24);
    wide top = power((int)s.bits - 1);
    s.u = within(-top, top - 1);
    s.floor = flags & 1 ? 0 : within(-power(24), 0);
    s.H = flags & 2 ? within(0, power(24) - 1) : within(0, top);
    s.refractory = flags & 4 ? 0 : within(0, 255);
    s.subtract = flags >> 3 & 1;
    s.default_shut = (flags >> 4 & 7) == 0;
    s.hold = flags >> 7 & 1;
    s.blocked = (flags >> 8 & 15) == 0;
    s.gate = flags >> 12 & 1 ? 0 : within(INT16_MIN, INT16_MAX);
    s.shut = (flags >> 13 & 3) == 0 ? within(0, 32767) : 0;
    s.open = (flags >> 15 & 3) == 0 ? within(0, 32767) : 0;
    s.draw = within(0, 65535);
    s.scalar = flags >> 17 & 1 ? 0 : within(INT32_MIN, INT32_MAX);
    s.leak = flags >> 22 & 1 ? within(0, 65536) : within(0, 256) * 256;
    s.leak_step = flags >> 18 & 1 ? 0 : within(0, top);
    s.noise = flags >> 19 & 1 ? 0 : within(0, 65535);
    s.bias = flags >> 23 & 1 ? 0 : within(-top, top);
    s.value = flags >> 24 & 1 ? 0 : within(-top, top - 1);
    tame(&s);
    s.acc = flags >> 20 & 1 ? within(-power(30), power(30)) : within(-2 * top, 2 * top);
    /* half of the time, aim at the threshold */
    if (flags >> 21 & 1)
        s.acc = s.H + within(-2, 2) - (s.u - quotient(s.u * s.leak, 65536)) - s.bias;
    if (st_models[model]->family == ST_FAMILY_CURRENTS)
        any_currents(&s, top);
    return s;
}

static void test_random(void **state)
{
    (void)state;
    const char *more = getenv("ST_ORACLE_STATES");
    long count = more ? strtol(more, NULL, 10) : 5000000, fired = 0, closed = 0;
    for (long i = 0; i < count; i++) {
        struct state s = any_state((enum st_model)(i % ST_MODEL_COUNT));
        if (st_models[s.model]->family == ST_FAMILY_NONE)
            continue;
        compare(s);
        struct outcome o = oracle(&s);
        fired += o.fires;
        closed += o.closed;
    }
    /* both sides of every question are really visited */
    assert_true(fired > count / 20 && closed > count / 20 && fired + closed < count * 9 / 10);
}

static void test_corners(void **state)
{
    (void)state;
    static const wide leaks[] = {0, 1, 21760, 21845, 65535, 65536}, edges[] = {-2, -1, 0, 1, 2};
    static const enum st_model models[] = {ST_MODEL_LIF, ST_MODEL_ALTAI};
    static const wide gates[] = {INT16_MIN, -2, -1, 0, 1, 2, INT16_MAX}, asks[] = {0, 1, 2, 3, 32767};
    for (int bits = 8; bits <= 24; bits += 8) {
        wide top = power(bits - 1), ends[] = {-top, -1, 0, 1, top - 1};
        for (int u = 0; u < 5; u++)
            for (int l = 0; l < 6; l++)
                for (int h = 0; h < 5; h++)
                    for (int d = 0; d < 5; d++)
                        for (int k = 0; k < 32; k++) {
                            struct state s = {.bits = bits,
                                              .u = ends[u],
                                              .leak = leaks[l],
                                              .H = top / 2,
                                              .floor = k & 1 ? 0 : -power(24),
                                              .subtract = k & 2,
                                              .model = models[k >> 2 & 1],
                                              .bias = k & 16 ? -ends[4 - u] : 0,
                                              .value = ends[h],
                                              .noise = k & 8 ? 65535 : 0,
                                              .draw = 65535,
                                              .scalar = d,
                                              .acc = ends[h] * 2 + edges[d],
                                              .leak_step = (l + d) % 6 * 17};
                            compare(s);
                            s.acc = s.H + edges[d] + s.scalar - s.u; /* about the threshold */
                            compare(s);
                        }
    }
    for (int g = 0; g < 7; g++)
        for (int shut = 0; shut < 5; shut++)
            for (int open = 0; open < 5; open++)
                for (int k = 0; k < 64; k++) {
                    struct state s = {.bits = 16,
                                      .u = 77,
                                      .H = 100,
                                      .acc = k & 1 ? 500 : 0,
                                      .gate = gates[g],
                                      .shut = asks[shut],
                                      .open = asks[open],
                                      .default_shut = k & 2,
                                      .hold = k & 4,
                                      .blocked = k & 8,
                                      .refractory = k & 16 ? 3 : 0,
                                      .value = 5,
                                      .model = models[k >> 5 & 1]};
                    compare(s);
                }
}

/* st_sat, st_asr, st_rdiv against wide arithmetic. */
static void test_fix(void **state)
{
    (void)state;
    for (int i = 0; i < 200000; i++) {
        int64_t x = (int64_t)within(-power(40), power(40)), b = (int64_t)within(1, 100000);
        unsigned n = (unsigned)(any() % 40), bits = 1 + (unsigned)(any() % 40);
        assert_true(st_asr(x, n) == quotient(x, power((int)n)));
        wide twice = quotient(2 * (wide)(x < 0 ? -x : x) + b, 2 * (wide)b);
        assert_true(st_rdiv(x, b) == (x < 0 ? -twice : twice));
        wide s = st_sat(x, bits), top = power((int)bits - 1);
        assert_true(s == (x >= top ? top - 1 : x < -top ? -top : x));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fix),
        cmocka_unit_test(test_corners),
        cmocka_unit_test(test_random),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
