/* fabric_json.h - a fabric for scripts (docs/json.md). */
#ifndef STOA_FABRIC_JSON_H
#define STOA_FABRIC_JSON_H

#include "fabric.h"

const char *st_fabric_json(struct st_arena *a, const struct st_fabric *f);

#endif
