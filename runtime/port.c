#include "port.h"
#include "image_io.h"
#include <setjmp.h>
#include <string.h>

const struct st_port *const st_ports[] = {
#define X(name) &st_port_##name,
#include "ports.def"
    NULL};

const struct st_port *st_port_find(const char *name)
{
    size_t n = strcspn(name, ":");
    for (const struct st_port *const *p = st_ports; *p; p++)
        if (!strncmp((*p)->name, name, n) && !(*p)->name[n] && (!name[n] || st_port_can(*p, ST_CAN_DEVICE)))
            return *p;
    return NULL;
}

const char *st_port_device(const char *name)
{
    const char *at = strchr(name, ':');
    return at && at[1] ? at + 1 : NULL;
}

const char *st_can_name(enum st_can can)
{
    static const char *const names[] = {
#define X(NAME, name, what) name,
#include "port_can.def"
    };
    return (unsigned)can < ST_CAN_COUNT ? names[can] : "?";
}

bool st_machine_ready(struct st_machine *m, const struct st_port *port, const struct st_image *image,
                      struct st_port_want want, struct st_arena *a, struct st_fault *f)
{
    *m = (struct st_machine){.port = port, .image = image, .want = want};
    if (want.lanes && !st_port_can(port, ST_CAN_LANES))
        return st_fail(f, ST_FAULT_CANNOT, "machine '%s' has no lanes to choose", port->name);
    if (want.shared && !st_port_can(port, ST_CAN_SHARE))
        return st_fail(f, ST_FAULT_CANNOT, "machine '%s' has the multipliers that it has", port->name);
    return port->ready(m, a, f);
}

/* --- runs --------------------------------------------------------------------------------------------------- */

struct st_run *st_run_open(const struct st_machine *m, uint32_t copy, struct st_run_options options, struct st_fault *f)
{
    const struct st_port *p = m->port;
    if (m->image->copies[copy].live && !options.test && !st_port_can(p, ST_CAN_GO_ON)) {
        st_fail(f, ST_FAULT_CANNOT, "copy %u of the image is under way, and machine '%s' cannot go on from there",
                m->want.first_copy + copy, p->name);
        return NULL;
    }
    if (options.learn && !st_port_can(p, ST_CAN_LEARN)) {
        st_fail(f, ST_FAULT_CANNOT, "machine '%s' cannot learn", p->name);
        return NULL;
    }
    struct st_run *r = p->open(m, copy, options, f);
    if (r) {
        r->on = m;
        r->copy = copy;
        r->options = options;
    }
    return r;
}

void st_run_close(struct st_run *r)
{
    if (r)
        r->on->port->close(r);
}

/* No tick from ST_TICK_END on is run, by any machine: the state stays as it is, and can be saved. */
static bool ticks_left(uint64_t from, uint64_t ticks, struct st_fault *f)
{
    return from + ticks <= ST_TICK_END ||
           st_fail(
               f, ST_FAULT_TICKS,
               "%llu ticks from tick %llu on would pass the end of the tick counter, %u: begin a new run, from what "
               "was learnt without what is live",
               (unsigned long long)ticks, (unsigned long long)from, ST_TICK_END);
}

bool st_run_seek(struct st_run *r, uint32_t presentation, struct st_fault *f)
{
    return ticks_left((uint64_t)presentation * r->on->image->period_ticks, 0, f) &&
           r->on->port->seek(r, presentation, f);
}

bool st_run_inject(struct st_run *r, uint32_t receptor, uint32_t index, struct st_fault *f)
{
    return r->on->port->inject(r, receptor, index, f);
}

bool st_run_inject_frame(struct st_run *r, const struct st_frame *frame, uint32_t tick, struct st_fault *f)
{
    const struct st_image *m = r->on->image;
    for (uint32_t g = 0; g < m->receptor_count && tick < frame->ticks; g++) {
        uint32_t words = (m->receptors[g].size + 63) / 64;
        for (uint32_t k = 0; frame->bits[g] && k < words; k++)
            for (uint64_t word = frame->bits[g][(size_t)tick * words + k]; word; word &= word - 1)
                if (!st_run_inject(r, g, k * 64 + (uint32_t)__builtin_ctzll(word), f))
                    return false;
    }
    return true;
}

bool st_run_step(struct st_run *r, struct st_fault *f)
{
    return ticks_left(st_run_now(r), 1, f) && r->on->port->step(r, f);
}

bool st_run_present(struct st_run *r, const struct st_frame *frame, struct st_fault *f)
{
    if (!ticks_left(st_run_now(r), r->on->image->period_ticks, f))
        return false;
    if (r->on->port->present(r, frame, f))
        return true;
    if (f->id == ST_FAULT_DIFFERS) { /* many copies are shown pictures: which was it? */
        char text[sizeof f->text];
        memcpy(text, f->text, sizeof text);
        st_fail(f, ST_FAULT_DIFFERS, "copy %u, %.480s", r->on->want.first_copy + r->copy, text);
    }
    return false;
}

/* What is learnt lies within the ranges of the rule, on which no parameter of the list has a part; so programs keep the
 * fields as they did. */
bool st_run_rewrite(struct st_run *r, const struct st_image *to, struct st_fault *f)
{
    struct st_arena a;
    st_arena_init(&a);
    if (setjmp(a.full)) {
        st_arena_free(&a);
        return st_fail(f, ST_FAULT_MEMORY, "no memory to compare two images");
    }
    bool right = st_image_rewrites(&a, r->on->image, to);
    st_arena_free(&a);
    if (!right)
        return st_fail(
            f, ST_FAULT_CANNOT,
            "the images differ in more than the words and tables that are listed as parameters of rules: save "
            "the copy and go on in the other image");
    return r->on->port->rewrite(r, to, f);
}

uint32_t st_run_now(const struct st_run *r) { return r->on->port->now(r); }

const struct st_host_spike *st_run_spikes(const struct st_run *r, uint32_t *count)
{
    return r->on->port->spikes(r, count);
}

const uint64_t *st_run_cycles(const struct st_run *r) { return r->on->port->cycles ? r->on->port->cycles(r) : NULL; }

struct st_probe st_run_probe(const struct st_run *r, uint32_t core, uint32_t neuron)
{
    return r->on->port->probe(r, core, neuron);
}

bool st_run_save(struct st_run *r, struct st_copy *copy, bool last, struct st_fault *f)
{
    return r->on->port->save(r, copy, last, f);
}

struct st_counters st_run_counters(const struct st_run *r, uint32_t core) { return r->on->port->counters(r, core); }

struct st_timing st_run_timing(const struct st_run *r)
{
    struct st_timing t = {0};
    if (r->on->port->timing)
        r->on->port->timing(r, &t);
    return t;
}

uint64_t st_run_busy(const struct st_run *r, uint32_t core)
{
    return r->on->port->busy ? r->on->port->busy(r, core) : 0;
}

bool st_image_place(const struct st_image *image, uint32_t population, uint32_t index, struct st_place_of *out)
{
    for (uint32_t k = 0; k < image->core_count; k++)
        for (uint32_t g = 0; g < image->cores[k].group_count; g++) {
            const struct st_group *group = &image->cores[k].groups[g];
            uint32_t at = group->population == population ? st_group_find(group, index) : ST_NONE;
            if (at != ST_NONE) {
                *out = (struct st_place_of){k, group->first + at};
                return true;
            }
        }
    return false;
}
