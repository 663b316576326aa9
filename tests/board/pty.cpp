// pty.cpp - the Verilated board behind a pseudo-terminal: what a host sees of silicon.
//
//     stoa run --on serial:/dev/pts/N ──pty──> start, eight bits, stop ──rx──> board
//                                     <──pty── start, eight bits, stop <──tx── board
//
// The terminal's name is the first line of standard output; it ends with standard input. ST_BOARD_BREAK=N turns a bit of the N-th
// byte to the host around, to be noticed.
#include "Vboard.h"
#include "verilated.h"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <poll.h>
#include <termios.h>
#include <unistd.h>

namespace {

enum { CLKS = P_CLKS, IDLE = 400 }; // an idle board looks at its line every IDLE clocks

// Bytes into levels of the line: one call a clock.
class Sender {
    unsigned word = 0, bits = 0, left = 0;

  public:
    bool idle() const { return bits == 0; }
    void give(unsigned byte)
    {
        word = 1u << 9 | byte << 1;
        bits = 10;
        left = CLKS;
    }
    bool level()
    {
        bool now = bits == 0 || (word & 1);
        if (bits && --left == 0) {
            word >>= 1;
            bits--;
            left = CLKS;
        }
        return now;
    }
};

// Levels into bytes: -1, none yet.
class Receiver {
    unsigned word = 0, bits = 0, left = 0;

  public:
    int level(bool now)
    {
        if (!bits) {
            if (now)
                return -1;
            bits = 10;
            left = CLKS / 2;
            word = 0;
            return -1;
        }
        if (--left)
            return -1;
        left = CLKS;
        word |= static_cast<unsigned>(now) << (10 - bits);
        return --bits ? -1 : static_cast<int>(word >> 1 & 0xff);
    }
};

} // namespace

int main()
{
    int line = posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK);
    if (line < 0 || grantpt(line) || unlockpt(line)) {
        std::perror("pty");
        return 1;
    }
    // held open, so that the line does not end between two hosts; raw from the first byte on
    int held = open(ptsname(line), O_RDWR | O_NOCTTY);
    termios how;
    tcgetattr(held, &how);
    cfmakeraw(&how);
    tcsetattr(held, TCSANOW, &how);
    std::printf("%s\n", ptsname(line));
    std::fflush(stdout);

    const char *text = std::getenv("ST_BOARD_BREAK");
    long broken = text ? std::atol(text) : -1, said = 0;
    VerilatedContext context;
    context.randReset(2);
    context.randSeed(7);
    Vboard board(&context);
    Sender to;
    Receiver from;
    unsigned char bytes[512];
    long have = 0, given = 0;
    unsigned quiet = 0;
    board.rst = 1;
    board.rx = 1;
    for (unsigned long clock = 0;; clock++) {
        if (to.idle() && given == have && (quiet % IDLE) == 0) {
            ssize_t n = read(line, bytes, sizeof bytes);
            given = 0;
            have = n > 0 ? n : 0;
            if (!have && quiet > 100 * IDLE) { // until the host speaks, or is gone
                pollfd p[2] = {{line, POLLIN, 0}, {0, POLLIN, 0}};
                poll(p, 2, -1);
                if (p[1].revents)
                    return 0;
            }
        }
        if (to.idle() && given < have)
            to.give(bytes[given++]);
        bool talks = !to.idle();
        board.rx = to.level();
        board.rst = clock < 8;
        board.clk = 0;
        board.eval();
        board.clk = 1;
        board.eval();
        int byte = from.level(board.tx);
        if (byte >= 0) {
            unsigned char c = static_cast<unsigned char>(said++ == broken ? byte ^ 1 : byte);
            while (write(line, &c, 1) != 1) {
                pollfd p = {line, POLLOUT, 0};
                poll(&p, 1, 1000);
            }
        }
        quiet = talks || board.busy || !board.tx ? 0 : quiet + 1;
    }
}
