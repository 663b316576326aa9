// gate_sim.cpp - the shim of cosim/ around the gate netlist: the lock-step test runs unchanged.
//
// With ST_GATE_VCD in the environment, what the nets do is written there as VCD (a named pipe into toggles.c): in
// ST_GATE_BOOT cycles of the loading, and in ST_GATE_CYCLES from the first tick on.
#include "verilated.h"
#include "verilated_vcd_c.h"

#include <cstdlib>

#include GATE_HEADER

namespace {

unsigned long setting(const char *name, unsigned long otherwise)
{
    const char *text = std::getenv(name);
    return text ? std::strtoul(text, nullptr, 10) : otherwise;
}

class Traced : public Vgate {
public:
    explicit Traced(VerilatedContext *context)
        : Vgate(context), boot_(setting("ST_GATE_BOOT", 2000)), left_(setting("ST_GATE_CYCLES", 20000))
    {
        if (const char *file = std::getenv("ST_GATE_VCD")) {
            context->traceEverOn(true);
            trace(&vcd_, 99);
            vcd_.open(file);
        }
    }
    void eval()
    {
        Vgate::eval();
        if (!vcd_.isOpen())
            return;
        unsigned long cycle = edges_++ / 2;
        ticks_ = ticks_ || tick_go;
        if ((cycle >= LOADING && cycle < LOADING + boot_) || (ticks_ && left_)) {
            vcd_.dump(edges_);
            left_ -= ticks_ && !clk;
        } else if (!left_)
            vcd_.close();
    }

private:
    VerilatedVcdC vcd_;
    enum { LOADING = 100000 };
    unsigned long boot_, left_, edges_ = 0;
    bool ticks_ = false;
};

} // namespace

#define MODEL Traced
#define MODEL_HEADER GATE_HEADER
#include "core_sim.cpp"
