/* sonata_write.h - a network as a SONATA circuit: a folder of configurations, nodes, edges and their types.
 *
 *     receptors ──> virtual nodes     lif ──> nest:iaf_psc_delta     cuba, two currents ──> nest:iaf_psc_exp
 *     projection ──> a file of edges, weight and delay each; what is drawn is drawn as the compiler does
 *
 * Potentials are from rest (E_L = 0), the capacity is that with which a current's part is the weight. */
#ifndef STOA_SONATA_WRITE_H
#define STOA_SONATA_WRITE_H

#include "fault.h"
#include "net.h"
#include "verdict.h"

/* dt: ms a tick. False: refused (d), or the world's fault. */
bool st_sonata_write(struct st_arena *a, struct st_diags *d, const struct st_net *net, double dt, uint64_t seed,
                     const char *folder, struct st_verdicts *v, struct st_fault *f);

#endif
