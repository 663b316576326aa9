#include "on.h"
#include "energy.h"
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

bool cli_on_name(const struct cli *c, struct cli_on *on, const char *name)
{
    enum { NAMES_MAX = 16 };
    const char *names[NAMES_MAX];
    size_t count = 0;
    on->port = st_port_find(name);
    if (on->port)
        return true;
    struct st_text t;
    st_text_init(&t, c->arena);
    for (; st_ports[count] && count < NAMES_MAX; count++) {
        names[count] = st_ports[count]->name;
        st_textf(&t, "%s%s", !count ? "" : st_ports[count + 1] ? ", " : " and ", names[count]);
    }
    const char *near = st_nearest(name, names, count);
    cli_usage(c, "--on: no machine '%s'; there are %s%s%s%s", name, t.at, near ? "; did you mean '" : "",
              near ? near : "", near ? "'?" : "");
    return false;
}

int cli_on_prepare(struct cli *c, struct cli_on *on, const struct st_image *image, uint32_t first_copy)
{
    struct st_fault f;
    struct st_port_want want = {.lanes = (uint32_t)on->lanes, .shared = on->shared, .first_copy = first_copy};
    struct st_machine *m = &on->single;
    if (!st_machine_ready(m, on->port, image, want, c->arena, &f)) {
        if (f.id == ST_FAULT_CANNOT)
            return cli_usage(c, "--on %s: %s", on->port->name, f.text);
        if (f.id != ST_FAULT_MISFIT)
            return cli_fault(&f);
        fprintf(stderr, "stoa: %s%s", m->why ? m->why : f.text, m->why ? "" : "\n");
        return CLI_REFUSED;
    }
    on->machine = *m;
    if (on->port == &st_port_timed) { /* what it says is only worth something if it does what the fast engine does */
        if (!st_machine_ready(&on->fast, &st_port_sim, image, (struct st_port_want){.first_copy = first_copy}, c->arena,
                              &f))
            return cli_fault(&f);
        on->machine = st_machine_beside(m, &on->fast);
    }
    return CLI_DONE;
}

int cli_on_failed(struct cli *c, const struct st_fault *f, int argc, char **argv)
{
    int status = cli_fault(f);
    if (f->id != ST_FAULT_DIFFERS)
        return status;
    struct st_text t;
    st_text_init(&t, c->arena);
    for (int k = 0; k < argc; k++) {
        bool plain =
            argv[k][strspn(argv[k], "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+=:,./%@")] == 0;
        st_text_put(&t, plain && *argv[k] ? " " : " '");
        for (const char *s = argv[k]; *s; s++)
            st_textf(&t, *s == '\'' ? "'\\''" : "%c", *s);
        st_text_put(&t, plain && *argv[k] ? "" : "'");
    }
    fprintf(stderr, "  this repeats it: stoa%s\n", cli_shown(c, t.at));
    return CLI_DIFFER;
}

/* --- figures ------------------------------------------------------------------------------------------------ */

static double ratio(uint64_t a, uint64_t b) { return b ? (double)a / (double)b : 0; }

void cli_on_print(const struct cli_on *on, const struct st_timing *s, const uint64_t *busy, FILE *to)
{
    double clock;
    const struct st_image *image = on->machine.image;
    bool timed = st_cost_ns(st_cost_find(image, "clock"), &clock);
    if (s->presentations)
        fprintf(to, "  cycles a picture %12.1f   longest %" PRIu64 "\n", ratio(s->cycles, s->presentations),
                s->longest_presentation);
    fprintf(to, "  cycles a tick    %12.1f   longest %" PRIu64 "; %u lane%s%s\n", ratio(s->cycles, s->ticks),
            s->longest_tick, on->machine.lanes, on->machine.lanes > 1 ? "s" : "",
            on->machine.shared ? ", one multiplier" : "");
    if (timed && s->presentations)
        fprintf(to, "  at %g ns a cycle %12.1f us a picture, %.0f pictures/s\n", clock,
                1e-3 * clock * ratio(s->cycles, s->presentations), 1e9 / (clock * ratio(s->cycles, s->presentations)));
    else if (timed)
        fprintf(to, "  at %g ns a cycle %12.1f us\n", clock, 1e-3 * clock * (double)s->cycles);
    for (uint32_t k = 0; k < image->core_count; k++)
        fprintf(to, "  core %-3u busy    %12.1f %% of the cycles\n", k, 100 * ratio(busy[k], s->cycles));
    if (on->machine.model)
        fprintf(to, "  RTL model %-6s %12" PRIu64 " words compared in %" PRIu64 " cycles, 0 differences\n",
                on->machine.model, s->compared, s->cycles);
    else
        fprintf(to, "  0 differences from the fast engine in %" PRIu64 " ticks\n", s->ticks);
}

void cli_on_json(const struct cli_on *on, const struct st_timing *s, const uint64_t *busy, struct st_text *t)
{
    const struct st_image *image = on->machine.image;
    double clock;
    st_textf(t,
             "{\"on\": \"%s\", \"lanes\": %u, \"shared\": %s, \"cycles\": %" PRIu64 ", \"ticks\": %" PRIu64
             ", \"longest_tick\": %" PRIu64,
             on->port->name, on->machine.lanes, on->machine.shared ? "true" : "false", s->cycles, s->ticks,
             s->longest_tick);
    if (s->presentations)
        st_textf(t, ", \"pictures\": %" PRIu64 ", \"longest_picture\": %" PRIu64, s->presentations,
                 s->longest_presentation);
    if (st_cost_ns(st_cost_find(image, "clock"), &clock)) {
        st_text_put(t, ", \"clock_ns\": ");
        st_text_number(t, clock);
    }
    st_text_put(t, ", \"busy\": [");
    for (uint32_t k = 0; k < image->core_count; k++)
        st_textf(t, "%s%" PRIu64, k ? ", " : "", busy[k]);
    st_text_put(t, "]");
    if (on->machine.model)
        st_textf(t, ", \"model\": \"%s\"", on->machine.model);
    st_textf(t, ", \"words_compared\": %" PRIu64 ", \"differences\": 0}", s->compared);
}
