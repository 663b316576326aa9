/* nir_write.h - a network as a NIR graph.
 *
 *     receptors ──> Input      population ──> LIF, IF, CubaLIF (LI, I, CubaLI where its potential is what is read)
 *     projection ──> for each delay: Delay ──> Linear        readout ──> Output
 *
 * What the format cannot say is refused, or left out with a verdict; what is drawn is drawn as the compiler does with
 * the same seed. Read again, the graph is the same network: delays are the file's, so all levels are 0 (nir.h). */
#ifndef STOA_NIR_WRITE_H
#define STOA_NIR_WRITE_H

#include "fault.h"
#include "net.h"
#include "verdict.h"

/* dt: seconds a tick. False: refused (d), or the world's fault. */
bool st_nir_write(struct st_arena *a, struct st_diags *d, const struct st_net *net, double dt, uint64_t seed,
                  const char *path, struct st_verdicts *v, struct st_fault *f);

#endif
