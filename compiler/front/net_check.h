/* net_check.h - what the files of NET's check share. */
#ifndef STOA_NET_CHECK_H
#define STOA_NET_CHECK_H

#include "net.h"
#include <math.h>

enum { MEMBERS_MAX = 1 << 24 };

void st_net_check_projections(const struct st_net *net, struct st_diags *d);
void st_net_check_policy(const struct st_net *net, const struct st_net_projection *p, struct st_diags *d);
void st_net_check_patches(const struct st_net_node *n, struct st_diags *d);

static inline bool st_gating_weight(double w) { return w == floor(w) && fabs(w) <= 255; }

/* The better place, if the front end knew it. */
static inline struct st_mark st_mark_or(struct st_mark better, struct st_mark other)
{
    return better.line ? better : other;
}

#endif
