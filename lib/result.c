/* result.c - what came of learning and asking. */
#include "handles.h"
#include "machine.h"
#include "result_text.h"
#include "train.h"
#include <math.h>
#include <string.h>

stoa_result *st_result_handle(struct st_call *c, const struct st_result *from, const struct st_image *image,
                              const struct st_on *on)
{
    stoa_result *h = ST_NEW(c->arena, stoa_result, 1);
    struct st_result *r = &h->result;
    struct st_text json, machine;
    *r = *from;
    h->about = (stoa_result_info){.experiment = r->experiment,
                                  .network = r->network,
                                  .fabric = r->fabric,
                                  .dataset = r->dataset,
                                  .seed = r->seed,
                                  .trained = r->trained,
                                  .tested = r->tested,
                                  .silent = r->silent,
                                  .copies = r->copies,
                                  .classes = r->classes,
                                  .threads = r->threads,
                                  .accuracy = r->copy_accuracy ? r->accuracy : (double)NAN,
                                  .copy_accuracy = r->copy_accuracy,
                                  .curve = r->curve,
                                  .curve_count = r->curve_count,
                                  .curve_step = r->curve_step,
                                  .confusion = r->confusion,
                                  .votes = r->votes,
                                  .train_seconds = r->train_seconds,
                                  .test_seconds = r->test_seconds};
    if (r->votes) {
        h->answers = ST_NEW(c->arena, uint32_t, r->tested);
        for (uint64_t i = 0; i < r->tested; i++)
            h->answers[i] = st_answer(r->votes + i * r->classes, r->classes);
    }
    st_text_init(&json, c->arena);
    st_result_json(&json, r);
    st_text_init(&machine, c->arena);
    if (on && r->timing.ticks) { /* within the object */
        json.length -= strlen("\n}\n");
        st_text_put(&json, ",\n  \"machine\": ");
        st_on_put_json(&json, on, &r->timing, r->busy);
        st_text_put(&json, "\n}\n");
        st_on_put_text(&machine, on, &r->timing, r->busy);
    }
    h->json = json.at;
    h->machine = machine.at;
    h->text = st_result_text(c->arena, r, image);
    return h;
}

const stoa_result_info *stoa_result_about(const stoa_result *result) { return &result->about; }
const uint32_t *stoa_result_answers(const stoa_result *result) { return result->answers; }
const char *stoa_result_json(const stoa_result *result) { return result->json; }
const char *stoa_result_machine(const stoa_result *result) { return result->machine; }
const char *stoa_result_text(const stoa_result *result) { return result->text; }

stoa_image *stoa_result_image(const stoa_result *result)
{
    if (result->image)
        st_hold(result->held);
    return result->image;
}

void stoa_result_free(stoa_result *result)
{
    if (result)
        st_let_go(result->held);
}
