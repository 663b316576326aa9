/* baselines_cut.c - partitioners of others, and their parts annealed: METIS on the graph, Zoltan on the hypergraph. */
#include "baselines.h"

#include <metis.h>
#include <mpi.h>
#include <stdio.h>
#include <stdlib.h>
#include <zoltan.h>

/* Both directions of every synapse, those of a pair added up. */
static void graph(struct st_arena *a, const struct st_traffic *t, idx_t *first, idx_t *to, idx_t *weight)
{
    idx_t *place = ST_NEW(a, idx_t, t->vertex_count), n = 0;
    for (uint32_t v = 0; v < t->vertex_count; v++) {
        idx_t begin = n;
        for (int side = 0; side < 2; side++)
            for (uint64_t i = side ? t->in_first[v] : t->out_first[v];
                 i < (side ? t->in_first[v + 1] : t->out_first[v + 1]); i++) {
                uint32_t e = side ? t->in[i] : t->out[i];
                for (uint64_t k = side ? 0 : t->pin_first[e]; k < (side ? 1 : t->pin_first[e + 1]); k++) {
                    uint32_t u = side ? t->source[e] : t->pin[k];
                    if (u == ST_TRAFFIC_OUTSIDE)
                        continue;
                    if (place[u] <= begin) {
                        to[n] = (idx_t)u;
                        weight[n] = 0;
                        place[u] = ++n; /* place + 1 */
                    }
                    weight[place[u] - 1] += t->weight[e];
                }
            }
        first[v + 1] = n;
    }
}

static void place(struct st_arena *a, const struct st_case *c, uint16_t *tile)
{
    uint16_t *at = ST_NEW(a, uint16_t, st_parts_of(c));
    st_parts_spill(a, c, tile);
    st_parts_anneal(c, st_parts_traffic(a, c, tile, false), at);
    st_parts_go(c, at, tile);
}

void st_baseline_metis(struct st_arena *a, const struct st_case *c, uint16_t *tile)
{
    const struct st_traffic *t = c->traffic;
    size_t most = 2 * t->pin_first[t->edge_count];
    idx_t vertices = (idx_t)t->vertex_count, one = 1, cut, options[METIS_NOPTIONS], parts = (idx_t)st_parts_of(c);
    idx_t *first = ST_NEW(a, idx_t, (size_t)t->vertex_count + 1), *to = ST_NEW(a, idx_t, most),
          *weight = ST_NEW(a, idx_t, most), *part = ST_NEW(a, idx_t, t->vertex_count);
    graph(a, t, first, to, weight);
    METIS_SetDefaultOptions(options);
    options[METIS_OPTION_SEED] = (idx_t)c->seed;
    options[METIS_OPTION_UFACTOR] = 1;
    METIS_PartGraphRecursive(&vertices, &one, first, to, NULL, NULL, weight, &parts, NULL, NULL, options, &cut, part);
    for (uint32_t v = 0; v < t->vertex_count; v++)
        tile[v] = (uint16_t)part[v];
    place(a, c, tile);
}

/* --- Zoltan -------------------------------------------------------------------------------------------------- */

static int vertex_count(void *user, int *error)
{
    const struct st_traffic *t = user;
    *error = ZOLTAN_OK;
    return (int)t->vertex_count;
}

static void vertices(void *user, int words, int local_words, ZOLTAN_ID_PTR name, ZOLTAN_ID_PTR local, int weights,
                     float *weight, int *error)
{
    const struct st_traffic *t = user;
    (void)words, (void)local_words, (void)weights;
    for (uint32_t v = 0; v < t->vertex_count; v++) {
        name[v] = local[v] = v;
        weight[v] = t->size[v];
    }
    *error = ZOLTAN_OK;
}

static void edge_sizes(void *user, int *lists, int *pins, int *format, int *error)
{
    const struct st_traffic *t = user;
    *lists = (int)t->edge_count;
    *pins = (int)t->pin_first[t->edge_count];
    for (uint32_t e = 0; e < t->edge_count; e++)
        *pins += t->source[e] != ST_TRAFFIC_OUTSIDE;
    *format = ZOLTAN_COMPRESSED_EDGE;
    *error = ZOLTAN_OK;
}

/* A hyperedge is a source with its targets. */
static void edges(void *user, int words, int lists, int pins, int format, ZOLTAN_ID_PTR name, int *first,
                  ZOLTAN_ID_PTR pin, int *error)
{
    const struct st_traffic *t = user;
    int n = 0;
    (void)words, (void)lists, (void)pins, (void)format;
    for (uint32_t e = 0; e < t->edge_count; e++) {
        name[e] = e;
        first[e] = n;
        if (t->source[e] != ST_TRAFFIC_OUTSIDE)
            pin[n++] = t->source[e];
        for (uint64_t i = t->pin_first[e]; i < t->pin_first[e + 1]; i++)
            pin[n++] = t->pin[i];
    }
    *error = ZOLTAN_OK;
}

static void weight_sizes(void *user, int *count, int *error)
{
    const struct st_traffic *t = user;
    *count = (int)t->edge_count;
    *error = ZOLTAN_OK;
}

static void edge_weights(void *user, int words, int local_words, int count, int weights, ZOLTAN_ID_PTR name,
                         ZOLTAN_ID_PTR local, float *weight, int *error)
{
    const struct st_traffic *t = user;
    (void)words, (void)local_words, (void)count, (void)weights;
    for (uint32_t e = 0; e < t->edge_count; e++) {
        name[e] = local[e] = e;
        weight[e] = t->weight[e];
    }
    *error = ZOLTAN_OK;
}

static void set(struct Zoltan_Struct *z, const char *name, const char *value)
{
    char key[32], text[32];
    snprintf(key, sizeof key, "%s", name);
    snprintf(text, sizeof text, "%s", value);
    if (Zoltan_Set_Param(z, key, text) != ZOLTAN_OK)
        abort();
}

/* In a process of one rank, once. */
void st_baseline_zoltan(struct st_arena *a, const struct st_case *c, uint16_t *tile)
{
    float version;
    char number[16];
    if (MPI_Init(NULL, NULL) != MPI_SUCCESS || Zoltan_Initialize(0, NULL, &version) != ZOLTAN_OK)
        abort();
    struct Zoltan_Struct *z = Zoltan_Create(MPI_COMM_WORLD);
    set(z, "DEBUG_LEVEL", "0");
    set(z, "LB_METHOD", "HYPERGRAPH");
    set(z, "HYPERGRAPH_PACKAGE", "PHG");
    set(z, "LB_APPROACH", "PARTITION");
    set(z, "RETURN_LISTS", "PARTS");
    set(z, "OBJ_WEIGHT_DIM", "1");
    set(z, "EDGE_WEIGHT_DIM", "1");
    set(z, "IMBALANCE_TOL", "1.01");
    set(z, "PHG_EDGE_SIZE_THRESHOLD", "1.0"); /* hyperedges of all sizes count */
    snprintf(number, sizeof number, "%u", st_parts_of(c));
    set(z, "NUM_GLOBAL_PARTS", number);
    snprintf(number, sizeof number, "%u", (unsigned)(c->seed & 0x7fffffff));
    set(z, "SEED", number);
    struct st_traffic t = *c->traffic; /* what Zoltan passes through is not const */
    Zoltan_Set_Num_Obj_Fn(z, vertex_count, &t);
    Zoltan_Set_Obj_List_Fn(z, vertices, &t);
    Zoltan_Set_HG_Size_CS_Fn(z, edge_sizes, &t);
    Zoltan_Set_HG_CS_Fn(z, edges, &t);
    Zoltan_Set_HG_Size_Edge_Wts_Fn(z, weight_sizes, &t);
    Zoltan_Set_HG_Edge_Wts_Fn(z, edge_weights, &t);
    int changes, words, local_words, came, went, *from, *from_part, *to, *to_part;
    ZOLTAN_ID_PTR came_name, came_local, went_name, went_local;
    if (Zoltan_LB_Partition(z, &changes, &words, &local_words, &came, &came_name, &came_local, &from, &from_part, &went,
                            &went_name, &went_local, &to, &to_part) != ZOLTAN_OK ||
        went != (int)t.vertex_count)
        abort();
    for (int i = 0; i < went; i++)
        tile[went_name[i]] = (uint16_t)to_part[i];
    Zoltan_LB_Free_Part(&came_name, &came_local, &from, &from_part);
    Zoltan_LB_Free_Part(&went_name, &went_local, &to, &to_part);
    Zoltan_Destroy(&z);
    MPI_Finalize();
    place(a, c, tile);
}
