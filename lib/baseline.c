/* baseline.c - what a dense network with backpropagation does on an experiment's tasks. */
#include "dense.h"
#include "plan.h"
#include "scores_text.h"
#include "handles.h"
#include "stop.h"
#include <string.h>

struct comparing {
    const char *experiment;
    const stoa_baseline_options *given;
    bool text_wanted, json_wanted;
    char *text, *json;
};

/* Options within bounds, and the method's number. */
static bool read_options(struct st_call *c, const struct comparing *q, stoa_baseline_options *o, int *method)
{
    if (!q->experiment)
        return st_request(c, "a baseline wants an experiment");
    if (!st_options(c, o, sizeof *o, q->given, sizeof *o))
        return false;
    const char *name = o->method ? o->method : st_dense_methods[0];
    for (*method = 0; st_dense_methods[*method] && strcmp(st_dense_methods[*method], name) != 0;)
        ++*method;
    if (!st_dense_methods[*method])
        return st_request(c, "there is no method '%.40s'; there are plain, ewc, replay and joint", name);
    if (o->hidden < 8 || o->hidden > 65536 || o->hidden % 8 || !o->batch || o->batch > 100000 || !o->kept ||
        o->kept > 1000000)
        return st_request(c, "hidden neurons are a multiple of 8, to 65536; a batch has 1 to 100000 pictures, and 1 to "
                             "1000000 are kept");
    return (o->rate >= 1e-6 && o->rate <= 100 && o->penalty >= 0 && o->penalty <= 1e9) ||
           st_request(c, "a rate is 1e-6 to 100, a penalty 0 to 1e9");
}

static bool give_json(struct st_call *c, struct comparing *q, const char *name, const stoa_baseline_options *o,
                      int method, const struct st_scores *scores)
{
    struct st_text t;
    st_text_init(&t, c->arena);
    st_text_put(&t, "{\n  \"stoa_baseline\": 1,\n  \"experiment\": ");
    st_text_json(&t, name);
    st_textf(&t, ",\n  \"method\": \"%s\",\n  \"hidden\": %u,\n  \"seed\": %llu,\n", st_dense_methods[method],
             o->hidden, (unsigned long long)o->seed);
    st_scores_json(&t, scores);
    st_text_put(&t, "\n}\n");
    return (q->json = st_give(c, t.at, t.length)) != NULL;
}

static bool give_text(struct st_call *c, struct comparing *q, const char *name, const stoa_baseline_options *o,
                      int method, const struct st_scores *scores)
{
    struct st_text t;
    st_text_init(&t, c->arena);
    st_textf(&t, "%-28s dense, %u hidden neurons, backpropagation, %s, seed %llu\n", name, o->hidden,
             st_dense_methods[method], (unsigned long long)o->seed);
    st_scores_put_matrix(&t, scores);
    st_scores_put_summary(&t, "dense network", st_scores_summary(scores, ST_SCORE_TOGETHER));
    st_scores_put_summary(&t, "among a task's classes", st_scores_summary(scores, ST_SCORE_AMONG));
    return (q->text = st_give(c, t.at, t.length)) != NULL;
}

static bool compare(struct st_call *c, void *user)
{
    struct comparing *q = user;
    stoa_baseline_options o = stoa_baseline_defaults();
    struct st_plan_data *data;
    struct st_plan_made made;
    struct st_scores scores;
    struct st_listener listener;
    int method = 0;
    if (!read_options(c, q, &o, &method))
        return false;
    struct st_plan_want want = {.data = o.data, .limit = o.limit, .ask = o.ask, .validate = o.validate != 0};
    if (!st_plan_read(c->arena, &c->diags, q->experiment, NULL, &want, &c->fault))
        return false;
    const struct st_experiment *e = want.experiment;
    want.how = (struct st_compile_options){.seed = o.seed, .copies = 1};
    if (!st_plan_load(c->arena, &want, &data, &c->fault) ||
        !st_plan_make(c->arena, &c->diags, &want, data, &made, &c->fault))
        return false;
    const struct st_steps life = made.steps
                                     ? (struct st_steps){made.tasks, made.steps, made.task_count, made.step_count}
                                     : st_steps_plain(c->arena, made.train, made.test, e->epochs, 1);
    st_listen(&listener, o.stop, o.progress, NULL, o.user);
    const struct st_dense_plan plan = {.tasks = life.tasks,
                                       .steps = life.steps,
                                       .task_count = life.task_count,
                                       .step_count = life.step_count,
                                       .classes = made.image->populations[made.image->readout.population].columns,
                                       .hidden = o.hidden,
                                       .batch = o.batch,
                                       .rate = (float)o.rate,
                                       .penalty = (float)o.penalty,
                                       .kept = o.kept,
                                       .method = (enum st_dense_method)method,
                                       .seed = o.seed,
                                       .stop = &listener.stop->asked,
                                       .progress = st_listen_progress,
                                       .user = &listener};
    return st_dense_live(c->arena, &plan, &scores, &c->fault) &&
           (!q->json_wanted || give_json(c, q, e->name, &o, method, &scores)) &&
           (!q->text_wanted || give_text(c, q, e->name, &o, method, &scores));
}

stoa_status stoa_baseline(const char *experiment, const stoa_baseline_options *options, char **text, char **json,
                          stoa_diagnostics **said)
{
    struct comparing q = {experiment, options, text != NULL, json != NULL, NULL, NULL};
    stoa_status status = st_call(said, compare, &q);
    if (status != STOA_OK) {
        stoa_free(q.json);
        stoa_free(q.text);
        q.text = q.json = NULL;
    }
    if (text)
        *text = q.text;
    if (json)
        *json = q.json;
    return status;
}
