/* netsim.h - a simulator of a netlist of cells, which counts what changes.
 *
 * Two values, no delays: after a clock's edge, or when inputs have changed, each net takes its new value once, level
 * by level, and only what depends on a change is looked at. Clocks may be gated: a register takes its D when its own
 * clock rises.
 *
 *     inputs ─> netsim_settle (clk low) ─> outputs may be read ─> netsim_edge (clk high) ─> again
 *
 * The netlist is what Yosys writes as `write_blif -gates -conn -cname`; the functions of cells come from the Liberty
 * file; memories are the three of rtl/ by name, stoa_ram1_DEPTHxWIDTH and so on. All registers and memories begin at
 * 0. */
#ifndef STOA_NETSIM_H
#define STOA_NETSIM_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { NETSIM_PHASES = 7 };

struct netsim;

/* Ends the program with a message when a file is not as it should be. */
struct netsim *netsim_open(const char *liberty, const char *netlist);
void netsim_close(struct netsim *s);
/* The net of that name, or -1. */
int netsim_net(const struct netsim *s, const char *name);
bool netsim_get(const struct netsim *s, int net);
void netsim_set(struct netsim *s, int net, bool value);
void netsim_settle(struct netsim *s);
void netsim_edge(struct netsim *s);

/* From now on changes count for this phase; -1: for none. */
void netsim_phase(struct netsim *s, int phase);
/* Lines `net NAME changes..` for each that changed, `memory read|write GEOMETRY INSTANCE accesses..`: a number a
 * phase. */
void netsim_print(const struct netsim *s, FILE *out);

#ifdef __cplusplus
}
#endif
#endif
