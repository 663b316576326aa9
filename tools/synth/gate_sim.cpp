// gate_sim.cpp - the shim of cosim/ around the gate netlist (netsim.h): the lock-step test runs unchanged.
//
//     ST_GATE_OUT=FILE    what changes in ST_GATE_TICKS ticks from tick ST_GATE_FROM on is counted, and written there
//                         when a model that came so far is closed: netsim_print's lines, `cycles ..` and
//                         `high NAME ..`, cycles in which it was high
//
// A number a phase: clear idle key deliver update turns packet. A phase is what the core's register `state` says,
// which keeps its name in the netlist; idle with a packet at the door is `packet`. What a clock's edge causes belongs
// to the phase that the edge begins.
#include "netsim.h"

#include "verilated.h"

#include <cstdlib>
#include <string>
#include <vector>

// The ports of stoa_mesh: X(name, width)
#define INPUTS(X) X(rst, 1) X(host_valid, 1) X(host, 51) X(back_ready, 1)
#define OUTPUTS(X) \
    X(host_ready, 1) X(back_valid, 1) X(back, 51) X(tick_go, 1) X(ret_event, 1) X(ret_event_axon, 16) X(ret_in, 1) \
    X(ret_in_n, 16) X(ret_in_acc, 32) X(ret_in_gate, 32) X(ret_in_dopa, 32) X(ret_state, 1) X(ret_state_n, 16) \
    X(ret_state_u, 32) X(ret_state_gate, 16) X(ret_peak, 1) X(ret_peak_n, 16) X(ret_peak_u, 32) X(ret_theta, 1) \
    X(ret_theta_n, 16) X(ret_theta_d, 32) X(ret_current, 1) X(ret_current_n, 16) X(ret_current_d, 64) X(ret_column, 1) \
    X(ret_column_n, 16) X(ret_column_d, 32) X(ret_spike, 1) X(ret_spike_ne, 32) X(ret_pre, 1) X(ret_pre_a, 16) \
    X(ret_pre_x, 16) X(ret_post, 1) X(ret_post_n, 16) X(ret_post_x, 16) X(ret_line, P_K) X(ret_record, 1) \
    X(ret_record_at, 16) X(ret_record_d, 32) X(ret_program, 1) X(ret_program_owner, 16) X(ret_packet, 1) \
    X(ret_packet_d, 51)

namespace {

enum { LINE_WORDS = (P_K * 48 + 31) / 32 };

unsigned long setting(const char *name, unsigned long otherwise)
{
    const char *text = std::getenv(name);
    return text ? std::strtoul(text, nullptr, 10) : otherwise;
}

class Gates {
public:
    explicit Gates(VerilatedContext *)
        : sim_(netsim_open(LIBERTY, NETLIST)), out_(std::getenv("ST_GATE_OUT")), from_(setting("ST_GATE_FROM", 0)),
          to_(from_ + setting("ST_GATE_TICKS", 15))
    {
#define X(name, width) name##_net_ = port(#name, width);
        INPUTS(X) OUTPUTS(X)
#undef X
        line_ = port("ret_line_d", P_K * 48);
        state_ = port("g_tile[0].core.state", 3);
        door_ = net("g_tile[0].core.in_valid");
        watch("tick", "tick_go", "tick_go");
        watch("event", "ret_event", "ret_event");
        watch("neuron", "ret_state", "ret_state");
        watch("spike", "ret_spike", "ret_spike");
        beat_ = port("g_tile[0].core.engine.state", 3);
        watch("program", "ret_program", "ret_program");
        watch("packet", "g_tile[0].core.in_valid", "g_tile[0].core.in_ready");
        for (int i = 0; i < 5; i++) {
            std::string bit = "[" + std::to_string(i) + "]";
            watch("flit", ("g_tile[0].router.in_valid" + bit).c_str(), ("g_tile[0].router.in_ready" + bit).c_str());
        }
    }
    ~Gates() { netsim_close(sim_); }
    void eval()
    {
        if (clk) {
            netsim_edge(sim_);
            ticks_ += tick_go != 0;
            phase_ = out_ && ticks_ > from_ && ticks_ <= to_ ? phase() : -1;
            netsim_phase(sim_, phase_);
            return;
        }
#define X(name, width) put(name##_net_, name);
        INPUTS(X)
#undef X
        netsim_settle(sim_);
#define X(name, width) name = get(name##_net_);
        OUTPUTS(X)
#undef X
        for (unsigned w = 0; w < LINE_WORDS; w++)
            ret_line_d[w] = 0;
        for (unsigned b = 0; b < P_K * 48; b++)
            ret_line_d[b / 32] |= static_cast<uint32_t>(at(line_[b])) << b % 32;
        if (phase_ < 0)
            return;
        cycles_[phase_]++;
        beats_[phase_] += get(beat_) == BEAT;
        for (Watch &w : watched_)
            w.high[phase_] += at(w.one) && at(w.two);
    }
    void final()
    {
        std::FILE *f = out_ && ticks_ >= to_ ? std::fopen(out_, "w") : nullptr;
        if (!f)
            return;
        print(f, "cycles", cycles_);
        print(f, "high beat", beats_);
        for (const Watch &w : watched_)
            print(f, ("high " + w.label).c_str(), w.high);
        netsim_print(sim_, f);
        std::fclose(f);
    }

    bool clk = false;
#define X(name, width) uint64_t name = 0;
    INPUTS(X) OUTPUTS(X)
#undef X
    VlWide<LINE_WORDS> ret_line_d;

private:
    enum { IDLE = 1, PACKET = 6, BEAT = 4 /* of stoa_learn */ };
    struct Watch {
        std::string label;
        int one, two;
        uint64_t high[NETSIM_PHASES];
    };
    using Port = std::vector<int>;

    int net(const std::string &name) const
    {
        int n = netsim_net(sim_, name.c_str());
        if (n < 0) {
            std::fprintf(stderr, "gate_sim: no net %s in %s\n", name.c_str(), NETLIST);
            std::exit(3);
        }
        return n;
    }
    Port port(const std::string &name, unsigned width) const
    {
        Port p;
        for (unsigned b = 0; b < width; b++)
            p.push_back(net(width > 1 ? name + "[" + std::to_string(b) + "]" : name));
        return p;
    }
    void watch(const char *label, const char *one, const char *two)
    {
        watched_.push_back({label, net(one), net(two), {}});
    }
    bool at(int n) const { return netsim_get(sim_, n); }
    uint64_t get(const Port &p) const
    {
        uint64_t v = 0;
        for (std::size_t b = 0; b < p.size(); b++)
            v |= static_cast<uint64_t>(at(p[b])) << b;
        return v;
    }
    void put(const Port &p, uint64_t v)
    {
        for (std::size_t b = 0; b < p.size(); b++)
            netsim_set(sim_, p[b], v >> b & 1);
    }
    int phase() const
    {
        int state = static_cast<int>(get(state_));
        return state == IDLE && at(door_) ? PACKET : state;
    }
    static void print(std::FILE *f, const char *what, const uint64_t *count)
    {
        std::fprintf(f, "%s", what);
        for (int p = 0; p < NETSIM_PHASES; p++)
            std::fprintf(f, " %llu", static_cast<unsigned long long>(count[p]));
        std::fprintf(f, "\n");
    }

    netsim *sim_;
    const char *out_;
    unsigned long from_, to_, ticks_ = 0;
    int phase_ = -1, door_;
    uint64_t cycles_[NETSIM_PHASES] = {}, beats_[NETSIM_PHASES] = {};
    std::vector<Watch> watched_;
    Port line_, state_, beat_;
#define X(name, width) Port name##_net_;
    INPUTS(X) OUTPUTS(X)
#undef X
};

} // namespace

#define MODEL Gates
#include "core_sim.cpp"
