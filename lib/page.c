#include "page.h"
#include "handles.h"
#include <stdlib.h>
#include <time.h>

uint32_t st_page_stated(const struct st_result *r, struct st_published *out)
{
    *out = (struct st_published){r->published_what, r->published, r->published_source};
    return r->published > 0;
}

char *st_page_text(struct st_arena *a, const struct st_image *image, const struct st_result *result, stoa_form form,
                   const char *date, size_t *length)
{
    struct st_published p;
    struct st_report_input in = {.image = image, .result = result, .published = &p, .date = date};
    in.published_count = result ? st_page_stated(result, &p) : 0;
    return form == STOA_JSON ? st_report_json(a, &in, length) : st_report_html(a, &in, length);
}

const char *st_today(struct st_arena *a)
{
    const char *fixed = getenv("SOURCE_DATE_EPOCH");
    time_t now = fixed ? (time_t)strtoll(fixed, NULL, 10) : time(NULL);
    struct tm day;
    return gmtime_r(&now, &day) ? st_arena_printf(a, "%04d-%02d-%02d", day.tm_year + 1900, day.tm_mon + 1, day.tm_mday)
                                : "";
}

struct reporting {
    const stoa_image *image;
    const stoa_result *result;
    stoa_form form;
    const char *date;
    char *text;
    size_t length;
};

static bool report(struct st_call *c, void *user)
{
    struct reporting *q = user;
    const stoa_result *r = q->result;
    if (!q->image)
        return st_request(c, "a report wants an image");
    if (r && (r->result.copies != q->image->about.copies ||
              r->result.classes != q->image->image->populations[q->image->about.readout].columns))
        return st_request(c, "the result is of %u copies and %u classes, and so of another image", r->result.copies,
                          r->result.classes);
    const char *text = st_page_text(c->arena, q->image->image, r ? &r->result : NULL, q->form, q->date, &q->length);
    return (q->text = st_give(c, text, q->length)) != NULL;
}

stoa_status stoa_report(const stoa_image *image, const stoa_result *result, stoa_form form, const char *date,
                        char **text, size_t *length, stoa_diagnostics **said)
{
    struct reporting q = {.image = image, .result = result, .form = form, .date = date};
    stoa_status status = st_call(said, report, &q);
    *text = q.text;
    *length = q.length;
    return status;
}
