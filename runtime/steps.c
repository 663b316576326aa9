#include "steps.h"

struct st_steps st_steps_plain(struct st_arena *a, const struct st_dataset *train, const struct st_dataset *test,
                               uint32_t epochs, uint32_t stages)
{
    enum { THOUSAND = 1000 };
    struct st_task *task = ST_NEW(a, struct st_task, 1);
    uint64_t pictures = train ? (uint64_t)train->count * epochs : 0;
    stages = pictures / THOUSAND < stages ? (uint32_t)(pictures / THOUSAND) : stages;
    stages = stages ? stages : 1;
    struct st_step *steps = ST_NEW(a, struct st_step, stages + 1);
    uint32_t count = 0;
    task->name = "data";
    if (train) {
        task->learn = st_view_of(train);
        for (uint64_t first = 0, k = 1; k <= stages; k++) {
            uint64_t end = k < stages ? pictures * k / stages / THOUSAND * THOUSAND : pictures;
            steps[count++] =
                (struct st_step){.does = ST_LEARN, .epochs = epochs, .first = first, .pictures = end - first};
            first = end;
        }
    }
    if (test) {
        task->ask = st_view_of(test);
        steps[count++] = (struct st_step){.does = ST_ASK, .tasks = ST_NEW(a, uint32_t, 1), .count = 1};
    }
    return (struct st_steps){task, steps, 1, count};
}

struct st_scores st_steps_scores(struct st_arena *a, const struct st_steps *s, uint32_t copies)
{
    uint32_t asks = 0;
    for (uint32_t i = 0; i < s->step_count; i++)
        asks += s->steps[i].does == ST_ASK;
    struct st_scores out = st_scores_empty(a, s->task_count, asks, copies);
    for (uint32_t j = 0; j < s->task_count; j++) {
        out.name[j] = s->tasks[j].name;
        for (uint32_t k = 0; k < ST_LABELS; k++)
            out.classes[j] += s->tasks[j].ask.among[k];
    }
    return out;
}
