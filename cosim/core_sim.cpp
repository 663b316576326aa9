// core_sim.cpp - see core_sim.h. MODEL, MODEL_NAME and the parameters come from rtl/rtl.mk.
#include "core_sim.h"

#include "verilated.h"
#if VM_COVERAGE
#include "verilated_cov.h"
#endif
#define TEXT2(x) #x
#define TEXT(x) TEXT2(x)
#define PASTE2(a, b) a##b
#define PASTE(a, b) PASTE2(a, b)
#include MODEL_HEADER

namespace
{

enum { TILES = P_W * P_H };
static_assert(TILES <= static_cast<int>(CORE_SIM_TILES), "a mesh of the lock-step has at most CORE_SIM_TILES tiles");

struct Sim {
    VerilatedContext context;
    MODEL *top;
};

void *open(uint32_t seed)
{
    Sim *s = new Sim;
    s->context.fatalOnError(false);
    s->context.randReset(2);
    s->context.randSeed(static_cast<int>((seed & 0x7fffffff) | 1)); // 0 would be the clock's
    s->top = new MODEL(&s->context);
    s->top->clk = 0;
    return s;
}

void close(void *sim)
{
    Sim *s = static_cast<Sim *>(sim);
    s->top->final();
    delete s->top;
    delete s;
}

// Bits [at, at + width) of a port, whatever Verilator made of it.
template <typename T> inline uint64_t bits(const T &port, unsigned at, unsigned width)
{
    return static_cast<uint64_t>(port) >> at & (width < 64 ? (UINT64_C(1) << width) - 1 : ~UINT64_C(0));
}
template <std::size_t N> inline uint64_t bits(const VlWide<N> &port, unsigned at, unsigned width)
{
    uint64_t low = port[at / 32] >> (at % 32), got = 32 - at % 32;
    for (unsigned k = at / 32 + 1; got < width && k < N; k++, got += 32)
        low |= static_cast<uint64_t>(port[k]) << got;
    return low & (width < 64 ? (UINT64_C(1) << width) - 1 : ~UINT64_C(0));
}

inline core_item *add(core_out *out, unsigned tile, unsigned field, uint64_t at)
{
    core_item *item = &out->item[out->count++];
    item->tile = tile;
    item->field = field;
    item->at = static_cast<uint32_t>(at);
    item->word[0] = item->word[1] = item->word[2] = 0;
    return item;
}

void sample(const MODEL *m, core_out *out)
{
    enum {
#define X(NAME, name, words) NAME,
#include "stoa/retired.def"
    };
    static_assert(static_cast<int>(BACK) == static_cast<int>(CORE_SIM_FIELDS), "a tile writes so many fields");
    for (unsigned t = 0; t < TILES; t++) {
        if (bits(m->ret_event, t, 1))
            add(out, t, EVENT, bits(m->ret_event_axon, 16 * t, 16));
        if (bits(m->ret_in, t, 1)) {
            core_item *i = add(out, t, IN, bits(m->ret_in_n, 16 * t, 16));
            i->word[0] = static_cast<uint32_t>(bits(m->ret_in_acc, 32 * t, 32));
            i->word[1] = static_cast<uint32_t>(bits(m->ret_in_gate, 32 * t, 32));
            i->word[2] = static_cast<uint32_t>(bits(m->ret_in_dopa, 32 * t, 32));
        }
        if (bits(m->ret_state, t, 1)) {
            core_item *i = add(out, t, STATE, bits(m->ret_state_n, 16 * t, 16));
            i->word[0] = static_cast<uint32_t>(bits(m->ret_state_u, 32 * t, 32));
            i->word[1] = static_cast<uint32_t>(bits(m->ret_state_gate, 16 * t, 16));
        }
        if (bits(m->ret_peak, t, 1))
            add(out, t, PEAK, bits(m->ret_peak_n, 16 * t, 16))->word[0] =
                static_cast<uint32_t>(bits(m->ret_peak_u, 32 * t, 32));
        if (bits(m->ret_theta, t, 1))
            add(out, t, THETA, bits(m->ret_theta_n, 16 * t, 16))->word[0] =
                static_cast<uint32_t>(bits(m->ret_theta_d, 32 * t, 32));
        if (bits(m->ret_current, t, 1)) {
            core_item *i = add(out, t, CURRENT, bits(m->ret_current_n, 16 * t, 16));
            i->word[0] = static_cast<uint32_t>(bits(m->ret_current_d, 64 * t, 32));
            i->word[1] = static_cast<uint32_t>(bits(m->ret_current_d, 64 * t + 32, 32));
        }
        if (bits(m->ret_column, t, 1))
            add(out, t, COLUMN, bits(m->ret_column_n, 16 * t, 16))->word[0] =
                static_cast<uint32_t>(bits(m->ret_column_d, 32 * t, 32));
        if (bits(m->ret_spike, t, 1))
            add(out, t, SPIKE, bits(m->ret_spike_ne, 32 * t, 32));
        if (bits(m->ret_pre, t, 1))
            add(out, t, PRE, bits(m->ret_pre_a, 16 * t, 16))->word[0] =
                static_cast<uint32_t>(bits(m->ret_pre_x, 16 * t, 16));
        if (bits(m->ret_post, t, 1))
            add(out, t, POST, bits(m->ret_post_n, 16 * t, 16))->word[0] =
                static_cast<uint32_t>(bits(m->ret_post_x, 16 * t, 16));
        if (uint64_t active = bits(m->ret_line, P_K * t, P_K)) {
            core_item *i = add(out, t, LINE, active);
            for (unsigned l = 0; l < P_K; l++)
                for (unsigned f = 0; f < 3; f++)
                    i->line[l][f] = static_cast<int16_t>(bits(m->ret_line_d, 48 * (P_K * t + l) + 32 - 16 * f, 16));
        }
        if (bits(m->ret_record, t, 1))
            add(out, t, RECORD, bits(m->ret_record_at, 16 * t, 16))->word[0] =
                static_cast<uint32_t>(bits(m->ret_record_d, 32 * t, 32));
        if (bits(m->ret_program, t, 1))
            add(out, t, PROGRAM, bits(m->ret_program_owner, 16 * t, 16));
        if (bits(m->ret_packet, t, 1))
            add(out, t, PACKET, bits(m->ret_packet_d, 51 * t + 32, 19))->word[0] =
                static_cast<uint32_t>(bits(m->ret_packet_d, 51 * t, 32));
    }
}

void step(void *sim, const core_in *in, core_out *out)
{
    MODEL *m = static_cast<Sim *>(sim)->top;
    m->rst = in->rst;
    m->host_valid = in->host_valid;
    m->host = in->host;
    m->back_ready = in->back_ready;
    m->clk = 0;
    m->eval();
    out->host_ready = m->host_ready;
    out->back_valid = m->back_valid;
    out->back = m->back;
    out->tick_go = m->tick_go;
    out->count = 0;
    sample(m, out);
    m->clk = 1;
    m->eval();
}

void coverage(void *sim, const char *file)
{
#if VM_COVERAGE
    static_cast<Sim *>(sim)->context.coveragep()->write(file);
#else
    (void)sim, (void)file;
#endif
}

} // namespace

extern "C" const core_sim_model PASTE(core_sim_,
                                      MODEL_NAME) = {TEXT(MODEL_NAME),
                                                     P_W,
                                                     P_H,
                                                     P_K,
                                                     P_AXONS,
                                                     P_INPUTS,
                                                     P_NEURONS,
                                                     P_WB,
                                                     P_RB,
                                                     P_QB,
                                                     P_UB,
                                                     P_AB,
                                                     P_SLOTS,
                                                     P_LINES,
                                                     P_GROUPS,
                                                     P_COLUMNS,
                                                     P_BLOCKS,
                                                     P_ROUTES,
                                                     P_SHARED != 0,
                                                     P_DRAWS != 0,
                                                     P_RECRUITS != 0,
                                                     P_MASKS != 0,
                                                     P_ADAPTS != 0,
                                                     P_MEASURES != 0,
                                                     P_EMITS != 0,
                                                     P_RULES,
                                                     P_RING,
                                                     P_VALUES,
                                                     CORE_SIM_LEAKY | (P_CURRENTS != 0 ? CORE_SIM_CURRENTS : 0),
                                                     open,
                                                     close,
                                                     step,
                                                     coverage};
