/* rtl_map.h - a number for what the two sides of a Verilated model must agree on: the words of a core and of the
 * packets that fill it (core.def), the instructions (learn.def), and the structures between C and C++.
 *
 * The models are built apart from the command and may be older. With another map they would take the right packets for
 * the wrong memories and say nothing; with this number they are refused before anything of them is called. */
#ifndef STOA_RTL_MAP_H
#define STOA_RTL_MAP_H

#include "core_sim.h"

/* FNV-1a over a name and its number. */
static inline uint32_t rtl_map_row(uint32_t hash, const char *name, uint32_t number)
{
    for (; *name; name++)
        hash = (hash ^ (uint8_t)*name) * 16777619u;
    for (int k = 0; k < 4; k++)
        hash = (hash ^ (number >> 8 * k & 255)) * 16777619u;
    return hash;
}

static inline uint32_t rtl_map(void)
{
    uint32_t hash = 2166136261u, place = 0;
#define FLIT(name, number, what) hash = rtl_map_row(hash, "flit " #name, number);
#define REGION(name, number, what) hash = rtl_map_row(hash, "region " #name, number);
#define CONTROL(name, number, what) hash = rtl_map_row(hash, "control " #name, number);
#define CONTROL_FLAG(name, number, what) hash = rtl_map_row(hash, "control flag " #name, number);
#define RULE(name, number, what) hash = rtl_map_row(hash, "rule " #name, number);
#define GROUP(name, number, what) hash = rtl_map_row(hash, "group " #name, number);
#define MORE(name, number, what) hash = rtl_map_row(hash, "more " #name, number);
#define MORE_FLAG(name, number, what) hash = rtl_map_row(hash, "more flag " #name, number);
#define GROUP_FLAG(name, number, what) hash = rtl_map_row(hash, "group flag " #name, number);
#define STANDING(name, number, what) hash = rtl_map_row(hash, "standing " #name, number);
#define PORT(name, number, what) hash = rtl_map_row(hash, "port " #name, number);
#define OPERAND(name, number, what) hash = rtl_map_row(hash, "operand " #name, number);
#define REDUCE(name, number, what) hash = rtl_map_row(hash, "reduce " #name, number);
#define ROUND(name, number, what) hash = rtl_map_row(hash, "round " #name, number);
#include "stoa/core.def"
#define X(name, text, forms, operands, meaning) hash = rtl_map_row(hash, text " " operands, place++);
#include "stoa/learn.def"
    hash = rtl_map_row(hash, "in", (uint32_t)sizeof(struct core_in));
    hash = rtl_map_row(hash, "out", (uint32_t)sizeof(struct core_out));
    return rtl_map_row(hash, "model", (uint32_t)sizeof(struct core_sim_model));
}

#endif
