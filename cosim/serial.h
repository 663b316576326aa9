/* serial.h - a mesh behind a serial line (rtl/board/): flits as bytes, and what the board says of itself.
 *
 *     flits ──eight bytes each──> line ──> board          a question is a READ or WHO; an answer a REPLY or WHO
 *     spikes, answers <────────── line <── board
 *
 * The board's queue holds 64 flits: so many questions are open at once at most (ST_LINE_OPEN). A board that says
 * nothing for ST_LINE_SECONDS, or $STOA_SERIAL_SECONDS, is taken for gone. */
#ifndef STOA_SERIAL_H
#define STOA_SERIAL_H

#include "core_sim.h"
#include "fault.h"

enum { ST_LINE_OPEN = 32, ST_LINE_SECONDS = 10, ST_LINE_BYTES = 8 };

struct st_line {
    int fd;
    int seconds;
    const char *where; /* for messages; the caller's */
    uint64_t gathers;  /* of the flit under way */
    unsigned taken;    /* its bytes; 0: between flits */
};

void st_line_bytes(uint64_t flit, uint8_t bytes[ST_LINE_BYTES]);

/* `where` is a device, with @BAUD behind it or 1,000,000. */
bool st_line_open(struct st_line *l, const char *where, struct st_fault *f);
void st_line_close(struct st_line *l);

/* Gives the flits, in order, and waits until all questions among them are answered; every flit that comes, `hear` is
 * given. hear false ends it, with *f. */
typedef bool st_line_hear(void *user, uint64_t flit, struct st_fault *f);
bool st_line_talk(struct st_line *l, const uint64_t *flits, uint32_t count, st_line_hear *hear, void *user,
                  struct st_fault *f);

/* The parameters of the mesh behind it. */
bool st_line_who(struct st_line *l, struct core_sim_model *out, struct st_fault *f);

#endif
