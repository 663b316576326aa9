/* net_migrate.h - whether microcolumns of a population may change their column while a run learns, and the network with
 * columns of other sizes. */
#ifndef STOA_NET_MIGRATE_H
#define STOA_NET_MIGRATE_H

#include "net.h"

/* The population's node, or UINT32_MAX after a diagnostic at `at`. Neurons that go get other numbers and other
 * neighbours: so nothing may be said of single ones, and what ends in them must be the same for all of a column. quiet:
 * so many pictures without a spike make a microcolumn silent. */
uint32_t st_net_migrates(const struct st_net *net, struct st_diags *d, const char *population, struct st_mark at,
                         uint32_t quiet);
/* The same network, but for where the columns of a node begin. */
const struct st_net *st_net_recut(struct st_arena *a, const struct st_net *net, uint32_t node, const uint32_t *starts);

#endif
