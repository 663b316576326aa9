#include "line.h"
#include <assert.h>

/* The lane of one synapse: v0..v3, then r r' q q' x g w w' u by operand code. */
struct lane {
    int16_t v[ST_U + 1 - ST_V0];
};

static int16_t *lane_at(struct lane *l, unsigned operand)
{
    assert(st_operand_is_lane(operand));
    return &l->v[operand - ST_V0];
}

static int16_t lane_operand(const struct st_ref_line *line, struct lane *l, struct st_insn i, unsigned operand,
                            bool first)
{
    if (operand == ST_ZERO)
        return 0;
    return st_operand_is_scalar(operand) ? st_lane_of_scalar((enum st_op)i.op, first, line->s[operand])
                                         : *lane_at(l, operand);
}

static int32_t scalar_operand(const struct st_ref_line *line, unsigned operand)
{
    assert(st_operand_is_scalar(operand));
    return operand == ST_ZERO ? 0 : line->s[operand];
}

/* One synapse through the pass whose instructions are program[word .. word + count); sums[0..2] are the sums, sums[3]
 * is the maximum. */
static void beat(struct st_ref_line *line, const uint32_t *program, uint32_t word, uint32_t count, uint32_t k,
                 int64_t sums[4])
{
    struct lane l = {{0}};
    *lane_at(&l, ST_W) = *lane_at(&l, ST_WN) = line->w[k * line->w_stride];
    if (line->r)
        *lane_at(&l, ST_R) = *lane_at(&l, ST_RN) = line->r[k * line->r_stride];
    if (line->q)
        *lane_at(&l, ST_Q) = *lane_at(&l, ST_QN) = line->q[k * line->q_stride];
    *lane_at(&l, ST_X) = line->x[k];
    *lane_at(&l, ST_G) = line->g[k];
    *lane_at(&l, ST_U) = line->u ? line->u[k] : (int16_t)0;
    for (uint32_t p = word; p < word + count; p++) {
        struct st_insn i = st_insn_unpack(program[p]);
        uint16_t scalar_draw;
        struct st_key key =
            st_key_line(line->tick_key, line->line, st_draw_place(i, line->first_word + p), &scalar_draw);
        int16_t a = lane_operand(line, &l, i, i.a, true);
        line->lane_words++;
        if (i.op == ST_OP_EMIT) {
            line->emitted[k] += a;
            continue;
        }
        assert(st_operand_is_lane_target(i.d));
        int16_t b = lane_operand(line, &l, i, i.b, false), *d = lane_at(&l, i.d);
        *d = st_lane_op(i, a, b, *d, line->tables, st_draw16(key, line->first_lane + k));
        if (i.reduce == ST_REDUCE_MAX)
            sums[3] = *d > sums[3] ? *d : sums[3];
        else if (i.reduce)
            sums[i.reduce - ST_REDUCE_SUM0] += *d;
    }
    line->w[k * line->w_stride] = *lane_at(&l, ST_WN);
    if (line->r)
        line->r[k * line->r_stride] = *lane_at(&l, ST_RN);
    if (line->q)
        line->q[k * line->q_stride] = *lane_at(&l, ST_QN);
}

static void pass(struct st_ref_line *line, const uint32_t *program, uint32_t word, uint32_t count)
{
    int64_t sums[4] = {0, 0, 0, ST_M_NONE};
    for (uint32_t k = 0; k < line->n; k++)
        if (!line->joined || line->joined[k * line->joined_stride])
            beat(line, program, word, count, k, sums);
    for (int k = 0; k < 4; k++) {
        assert(sums[k] == st_sat32(sums[k]));
        line->s[ST_A0 + k] = (int32_t)sums[k];
    }
}

void st_ref_line(struct st_ref_line *line, const uint32_t *program, uint32_t entry)
{
    for (int k = 0; k < 4; k++)
        line->s[ST_A0 + k] = 0;
    for (uint32_t p = entry;; p++) {
        struct st_insn i = st_insn_unpack(program[p]);
        uint16_t draw;
        line->scalar_words++;
        switch ((enum st_op)i.op) {
        case ST_OP_END:
            return;
        case ST_OP_PASS:
            pass(line, program, p + 1, i.count);
            p += i.count;
            break;
        case ST_OP_SKZ:
            p += scalar_operand(line, i.a) == 0 ? i.count : 0u;
            break;
        case ST_OP_SKN:
            p += scalar_operand(line, i.a) != 0 ? i.count : 0u;
            break;
        default:
            assert(i.d < ST_V0);
            st_key_line(line->tick_key, line->line, st_draw_place(i, line->first_word + p), &draw);
            line->s[i.d] =
                st_scalar_op(i, scalar_operand(line, i.a), scalar_operand(line, i.b), line->s[i.d], line->tables, draw);
            break;
        }
    }
}
