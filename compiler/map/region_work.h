/* region_work.h - what the files of a region share. */
#ifndef STOA_REGION_WORK_H
#define STOA_REGION_WORK_H

#include "region.h"

/* Takes from a region what dead links cut off; how many tiles are left. */
uint32_t st_region_cut(struct st_region *r, const struct st_room *room);

#endif
