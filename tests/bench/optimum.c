#include "optimum.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct program {
    FILE *f;
    const struct st_traffic *t;
    const struct st_traffic_mesh *m;
    unsigned rows;
};

/* + x of a vertex over the tiles of a rectangle. */
static void within(struct program *p, uint32_t v, uint32_t x0, uint32_t x1, uint32_t y0, uint32_t y1)
{
    for (uint32_t y = y0; y < y1; y++)
        for (uint32_t x = x0; x < x1; x++)
            fprintf(p->f, " + x%u_%u", v, y * p->m->width + x);
}

/* The crossing of a line is at least source here + target there - 1. */
static void crossings(struct program *p, uint32_t e)
{
    uint32_t w = p->m->width, h = p->m->height, s = p->t->source[e];
    for (uint64_t i = p->t->pin_first[e]; i < p->t->pin_first[e + 1]; i++)
        for (int side = 0; side < 2; side++) {
            uint32_t v = p->t->pin[i];
            for (uint32_t a = 0; a + 1 < w; a++) {
                fprintf(p->f, " r%u:", p->rows++);
                within(p, s, side ? a + 1 : 0, side ? w : a + 1, 0, h);
                within(p, v, side ? 0 : a + 1, side ? a + 1 : w, 0, h);
                fprintf(p->f, " - h%u_%u <= 1\n", e, a);
            }
            for (uint32_t x = 0; x < w; x++)
                for (uint32_t b = 0; b + 1 < h; b++) {
                    fprintf(p->f, " r%u:", p->rows++);
                    within(p, s, 0, w, side ? b + 1 : 0, side ? h : b + 1);
                    within(p, v, x, x + 1, side ? 0 : b + 1, side ? b + 1 : h);
                    fprintf(p->f, " - v%u_%u_%u <= 1\n", e, x, b);
                }
        }
}

static void write_program(struct program *p)
{
    const struct st_traffic *t = p->t;
    uint32_t w = p->m->width, h = p->m->height;
    fputs("Minimize\n cost:", p->f);
    for (uint32_t e = 0; e < t->edge_count; e++) {
        for (uint32_t a = 0; a + 1 < w; a++)
            fprintf(p->f, " + %u h%u_%u", t->weight[e], e, a);
        for (uint32_t x = 0; x < w; x++)
            for (uint32_t b = 0; b + 1 < h; b++)
                fprintf(p->f, " + %u v%u_%u_%u", t->weight[e], e, x, b);
        fputc('\n', p->f);
    }
    fputs("Subject To\n", p->f);
    for (uint32_t v = 0; v < t->vertex_count; v++) {
        fprintf(p->f, " r%u:", p->rows++);
        within(p, v, 0, w, 0, h);
        fputs(" = 1\n", p->f);
    }
    for (uint32_t k = 0; k < w * h; k++) {
        fprintf(p->f, " r%u:", p->rows++);
        for (uint32_t v = 0; v < t->vertex_count; v++)
            fprintf(p->f, " + %u x%u_%u", t->size[v], v, k);
        fprintf(p->f, " <= %u\n", p->m->neurons);
    }
    fprintf(p->f, " r%u:", p->rows++);
    for (uint32_t k = 0; k < w * h; k++) {
        uint32_t x = k % w, y = k / w;
        if (x < (w + 1) / 2 && y < (h + 1) / 2 && (w != h || x <= y))
            fprintf(p->f, " + x0_%u", k);
    }
    fputs(" = 1\n", p->f);
    for (uint32_t e = 0; e < t->edge_count; e++)
        crossings(p, e);
    fputs("Binary\n", p->f);
    for (uint32_t v = 0; v < t->vertex_count; v++)
        for (uint32_t k = 0; k < w * h; k++)
            fprintf(p->f, " x%u_%u\n", v, k);
    fputs("End\n", p->f);
}

bool st_optimum(const struct st_traffic *t, const struct st_traffic_mesh *mesh, const char *folder, unsigned seconds,
                uint64_t *least)
{
    char program[256], solution[256], command[800], line[256] = "";
    snprintf(program, sizeof program, "%s/optimum.lp", folder);
    snprintf(solution, sizeof solution, "%s/optimum.txt", folder);
    struct program p = {fopen(program, "w"), t, mesh, 0};
    if (!p.f)
        return false;
    write_program(&p);
    fclose(p.f);
    snprintf(command, sizeof command, "cbc '%s' sec %u solve solution '%s' >'%s/optimum.log'", program, seconds,
             solution, folder);
    FILE *f = system(command) == 0 ? fopen(solution, "r") : NULL;
    double value = 0;
    bool proven = f && fgets(line, sizeof line, f) && sscanf(line, "Optimal - objective value %lf", &value) == 1;
    if (f)
        fclose(f);
    *least = (uint64_t)(value + 0.5);
    return proven;
}
