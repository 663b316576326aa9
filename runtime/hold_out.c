#include "dataset.h"
#include <string.h>

static void append(struct st_dataset *to, const struct st_dataset *from, uint32_t i)
{
    size_t size = (size_t)from->width * from->height;
    memcpy(to->pixels + to->count * size, from->pixels + i * size, size);
    to->labels[to->count++] = from->labels[i];
}

static struct st_dataset room_for(struct st_arena *a, const struct st_dataset *whole, uint32_t count)
{
    struct st_dataset d = *whole;
    d.count = 0;
    d.pixels = st_arena_get(a, (size_t)count * d.width, d.height);
    d.labels = st_arena_get(a, count, 1);
    return d;
}

void st_dataset_hold_out(struct st_arena *a, const struct st_dataset *whole, uint32_t every, struct st_dataset *rest,
                         struct st_dataset *held)
{
    *held = room_for(a, whole, whole->count / every);
    *rest = room_for(a, whole, whole->count - whole->count / every);
    for (uint32_t i = 0; i < whole->count; i++)
        append(i % every == every - 1 ? held : rest, whole, i);
}
