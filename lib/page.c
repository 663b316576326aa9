/* page.c - reports of one image. */
#include "page.h"
#include "file.h"
#include "handles.h"
#include <stdlib.h>
#include <string.h>
#include <time.h>

uint32_t st_page_stated(const struct st_result *r, struct st_published *out)
{
    *out = (struct st_published){r->published_what, r->published, r->published_source};
    return r->published > 0;
}

const char *st_page_date(struct st_arena *a, const char *given)
{
    if (given)
        return *given ? given : NULL;
    const char *fixed = getenv("SOURCE_DATE_EPOCH");
    time_t now = fixed ? (time_t)strtoll(fixed, NULL, 10) : time(NULL);
    struct tm day;
    return gmtime_r(&now, &day) ? st_arena_printf(a, "%04d-%02d-%02d", day.tm_year + 1900, day.tm_mon + 1, day.tm_mday)
                                : "";
}

/* --- of one image --------------------------------------------------------------------------------------------- */

struct reporting {
    const stoa_image *image;
    const stoa_report_options *given;
    stoa_form form;
    char *text;
    size_t length;
};

/* The result is of another image. */
static bool is_other(const struct st_result *r, const stoa_image *image)
{
    return strcmp(r->network, image->about.network) != 0 || strcmp(r->fabric, image->about.fabric) != 0;
}

/* What `stoa run --json` printed: of spikes (*ran), or of pictures, which is a result. It must be of this image's
 * network, and a result that says of which image, of this one. */
static bool read_run(struct st_call *c, const char *path, const stoa_image *of, struct st_ran *run,
                     struct st_result *result, bool *ran)
{
    char *text;
    size_t length;
    struct st_fault *f = &c->fault;
    if (!st_file_read_most(c->arena, path, ST_TEXT_MOST, &text, &length, f))
        return false;
    *ran = strstr(text, "\"stoa_result\"") == NULL;
    if (!(*ran ? st_run_read(c->arena, path, text, length, run, f)
               : st_result_read(c->arena, path, text, length, result, f)))
        return false;
    const char *network = *ran ? run->network : result->network, *fabric = *ran ? run->fabric : result->fabric;
    if (strcmp(network, of->about.network) || strcmp(fabric, of->about.fabric))
        return st_fail(f, ST_FAULT_RESULT, "%s is a run of '%s' on '%s', the image is '%s' on '%s'", path, network,
                       fabric, of->about.network, of->about.fabric);
    if (*ran && run->cores && run->core_count != of->about.cores)
        return st_fail(f, ST_FAULT_RESULT, "%s is a run on %u cores, the image has %u", path, run->core_count,
                       of->about.cores);
    if (!*ran && result->image && of->path) {
        char *bytes;
        if (!st_file_read(c->arena, of->path, &bytes, &length, f))
            return false;
        if (result->image != st_result_of(bytes, length))
            return st_fail(f, ST_FAULT_RESULT, "%s is a run of another image of '%s' than %s", path, network, of->path);
    }
    return true;
}

static bool report(struct st_call *c, void *user)
{
    struct reporting *q = user;
    stoa_report_options o = stoa_report_defaults();
    struct st_published p[2];
    struct st_ran run;
    struct st_result read;
    bool ran = false;
    if (!q->image)
        return st_request(c, "a report wants an image");
    if (q->form != STOA_HTML && q->form != STOA_JSON)
        return st_request(c, "a report is a page or JSON");
    if (!st_options(c, &o, sizeof o, q->given, sizeof o))
        return false;
    const struct st_result *r = o.result ? &o.result->result : NULL;
    if (r && o.run)
        return st_request(c, "a result has its own counters: it is given, or a run is");
    if (r && is_other(r, q->image))
        return st_request(c, "the result is of '%s' on '%s', and so of another image", r->network, r->fabric);
    if (o.run) {
        if (!read_run(c, o.run, q->image, &run, &read, &ran))
            return false;
        r = ran ? NULL : &read;
    }
    struct st_report_input in = {.image = q->image->image,
                                 .result = r,
                                 .run = ran ? &run : NULL,
                                 .published = p,
                                 .date = st_page_date(c->arena, o.date)};
    in.published_count = r ? st_page_stated(r, p) : 0;
    if (o.published > 0)
        p[in.published_count++] = (struct st_published){"given on the command line", o.published, "--published"};
    const char *text =
        q->form == STOA_JSON ? st_report_json(c->arena, &in, &q->length) : st_report_html(c->arena, &in, &q->length);
    return (q->text = st_give(c, text, q->length)) != NULL;
}

stoa_status stoa_report(const stoa_image *image, stoa_form form, const stoa_report_options *options, char **text,
                        size_t *length, stoa_diagnostics **said)
{
    struct reporting q = {.image = image, .given = options, .form = form};
    stoa_status status = st_call(said, report, &q);
    *text = q.text;
    *length = q.length;
    return status;
}
