/* families_work.h - how a family is made: pairs of neurons, drawn; and those families that are layers of maps. */
#ifndef STOA_BENCH_FAMILIES_WORK_H
#define STOA_BENCH_FAMILIES_WORK_H

#include "families.h"
#include "traffic_work.h"

struct st_family_maker {
    struct st_arena *a;
    struct st_lot lot;
    uint64_t *pair, count, room; /* source << 32 | target */
    uint32_t neurons;
};

void st_family_add(struct st_family_maker *m, uint32_t from, uint32_t to);

void st_family_conv(struct st_family_maker *m);
void st_family_lenet(struct st_family_maker *m);
void st_family_alexnet(struct st_family_maker *m);
void st_family_mobilenet(struct st_family_maker *m);

#endif
