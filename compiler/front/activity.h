/* activity.h - how often receptors and populations spoke in a run (--activity FILE, from `stoa run --profile`).
 *
 * What a mapping costs hangs on who speaks how often. Without a file GRAPH takes the most that each can say; a run
 * knows better.
 *
 *     profile: colanet
 *     ticks: 2000
 *     spikes: { R: 31418, L: 17 }      # of all members together; who is left out keeps the estimate
 */
#ifndef STOA_ACTIVITY_H
#define STOA_ACTIVITY_H

#include "net.h"

/* [nodes] mean spikes a tick of a member, NAN where the file says nothing; NULL when the text is refused. Who was
 * silent counts half a spike: it may yet speak. */
const double *st_activity_read(struct st_arena *a, struct st_diags *d, const struct st_net *net, const char *file,
                               const char *text, size_t length);
/* The text for what was counted; spikes[node] < 0: not known. */
char *st_activity_print(struct st_arena *a, const char *network, uint64_t ticks, const char *const *names,
                        const int64_t *spikes, uint32_t count);

#endif
