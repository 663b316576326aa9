#include "encode.h"
#include "kernels.h"
#include "stoa/permutation.h"
#include <stdatomic.h>
#include <string.h>

struct group {
    const struct st_receptor *def;
    uint32_t words;
    uint64_t *bits;       /* [period][words] */
    uint8_t *pixels;      /* [size] the picture as it is cropped and wired */
    uint32_t *seen;       /* [width * height] the place in the source of each pixel, where wired */
    uint8_t *filtered;    /* [width * height] the picture cropped and filtered; the source of what follows */
    uint16_t *room;       /* [2][width * height], of the filter */
    uint32_t *taps;       /* of a code, [taps][size]: places in the source */
    int16_t *sum;         /* of a code, [size] */
    bool wired;           /* the tables are made, */
    uint64_t permutation; /* for this; 0: none */
    uint32_t *residue;    /* accumulator: [size] */
    uint16_t *chance;     /* poisson: [256] */
    uint32_t lit_ticks;   /* ticks of `bits` that may hold a bit of the last presentation */
};

/* What the first group that a code or a permutation stands before sees of each picture: a bit a receptor, or a byte. */
struct st_seen {
    const uint8_t *pixels; /* of the data set, */
    size_t picture;        /* bytes of a picture */
    uint32_t count, words, group;
    uint64_t *at;        /* [count][words] */
    atomic_uchar *there; /* [count] */
};
enum { NOT_THERE, BEING_MADE, THERE };

struct st_encoders {
    const struct st_image *image;
    struct st_seen *shared; /* or NULL */
    const struct st_kernels *kernels;
    uint64_t seed;
    uint32_t width, height;
    struct group *groups;
    const struct st_spike_list *lists; /* [receptors], or NULL */
    const uint64_t **frame_bits;
    struct st_frame frame;
};

/* Lays out an encoder in memory, or with base NULL counts its bytes. */
static size_t lay(struct st_encoders *e, const struct st_image *image)
{
    size_t used = 0;
    char *base = (char *)e;
#define TAKE(place, count)                                                                                             \
    do {                                                                                                               \
        if (base)                                                                                                      \
            (place) = (void *)(base + used);                                                                           \
        used += ((size_t)(count) * sizeof *(place) + 63) / 64 * 64;                                                    \
    } while (0)
    struct st_encoders scratch;
    struct group one;
    used = (sizeof *e + 63) / 64 * 64;
    struct st_encoders *to = e ? e : &scratch;
    TAKE(to->groups, image->receptor_count);
    TAKE(to->frame_bits, image->receptor_count);
    for (uint32_t i = 0; i < image->receptor_count; i++) {
        const struct st_receptor *r = &image->receptors[i];
        struct group *g = e ? &e->groups[i] : &one;
        g->def = r;
        g->words = (r->size + 63) / 64;
        TAKE(g->bits, (size_t)image->period_ticks * g->words);
        if (st_encoder_sees(r->encoder)) {
            TAKE(g->pixels, g->words * 64);
            TAKE(g->seen, (size_t)r->width * r->height);
        }
        if (r->filter.surround) {
            TAKE(g->filtered, (size_t)r->width * r->height);
            TAKE(g->room, (size_t)r->width * r->height * 2);
        }
        if (r->code.taps) {
            TAKE(g->taps, (size_t)r->size * (r->code.taps + r->code.against));
            TAKE(g->sum, r->size);
        }
        if (r->encoder == ST_ENCODE_ACCUMULATOR)
            TAKE(g->residue, r->size);
        if (r->encoder == ST_ENCODE_POISSON)
            TAKE(g->chance, 256);
    }
    return used;
#undef TAKE
}

size_t st_encoder_size(const struct st_image *image) { return lay(NULL, image); }

/* exp(-x) for 0 <= x, by series after halving: the same bits wherever + * / are IEEE, which libm does not promise. */
static double exp_minus(double x)
{
    unsigned halvings = 0;
    for (; x > 0.125; halvings++)
        x /= 2;
    double term = 1, sum = 1;
    for (int n = 1; n < 20; n++) {
        term *= -x / n;
        sum += term;
    }
    while (halvings--)
        sum *= sum;
    return sum;
}

struct st_encoders *st_encoder_init(void *mem, const struct st_image *image, uint32_t copy, uint32_t width,
                                    uint32_t height, struct st_run_options options)
{
    struct st_encoders *e = mem;
    memset(mem, 0, st_encoder_size(image));
    lay(e, image);
    e->image = image;
    e->kernels = st_kernels_find(options.variant);
    const struct st_copy *c = &image->copies[copy];
    e->seed = options.test ? st_seed_test(c->seed) : c->seed;
    e->width = width;
    e->height = height;
    uint32_t carried = 0;
    for (uint32_t i = 0; i < image->receptor_count; i++) {
        struct group *g = &e->groups[i];
        if (g->chance)
            for (uint32_t p = 0; p < 256; p++)
                g->chance[p] = (uint16_t)(65535.0 * (1.0 - exp_minus(g->def->rate / 65536.0 * p / 255.0)) + 0.5);
        if (g->residue && c->carry && !options.test)
            memcpy(g->residue, c->carry + carried, g->def->size * sizeof *g->residue);
        if (g->residue)
            carried += g->def->size;
        e->frame_bits[i] = g->bits;
    }
    st_encoder_wire(e, 0);
    e->frame.ticks = image->period_ticks;
    e->frame.bits = e->frame_bits;
    return e;
}

struct st_seen *st_seen_open(const struct st_image *image, uint64_t permutation, const uint8_t *pixels, uint32_t count,
                             size_t picture)
{
    const struct st_receptor *r = image->receptors, *end = r + image->receptor_count;
    while (r < end && !(st_encoder_sees(r->encoder) && (r->code.taps || permutation || r->permutation)))
        r++;
    struct st_seen *s = r < end ? st_alloc(sizeof *s) : NULL;
    if (!s)
        return NULL;
    uint32_t words = r->code.taps ? (r->size + 63) / 64 : (r->size + 7) / 8;
    *s = (struct st_seen){.pixels = pixels,
                          .picture = picture,
                          .count = count,
                          .words = words,
                          .group = (uint32_t)(r - image->receptors),
                          .at = st_alloc((size_t)count * words * sizeof *s->at),
                          .there = st_alloc(count)};
    if (s->at && s->there)
        return s;
    st_seen_close(s);
    return NULL;
}

void st_seen_close(struct st_seen *s)
{
    if (!s)
        return;
    st_release(s->at);
    st_release(s->there);
    st_release(s);
}

void st_encoder_share(struct st_encoders *e, struct st_seen *shared) { e->shared = shared; }

void st_encoder_feed(struct st_encoders *e, const struct st_spike_list *lists) { e->lists = lists; }

/* Where each pixel of the group's picture lies in the source, through the permutation; and of a code each tap. */
static void wire_group(const struct st_encoders *e, struct group *g, uint64_t permutation)
{
    const struct st_receptor *r = g->def;
    uint32_t left = st_receptor_left(r, e->width), top = st_receptor_top(r, e->height), pixels = r->width * r->height;
    if (g->wired && g->permutation == permutation)
        return;
    g->wired = true;
    g->permutation = permutation;
    uint32_t across = e->width;
    if (r->filter.surround) { /* the source is the crop */
        left = top = 0;
        across = r->width;
    }
    for (uint32_t k = 0; k < pixels; k++)
        g->seen[k] = k;
    if (permutation)
        st_permutation(permutation, pixels, g->seen);
    for (uint32_t k = 0; k < pixels; k++)
        g->seen[k] = (top + g->seen[k] / r->width) * across + left + g->seen[k] % r->width;
    for (uint32_t t = 0; t < (uint32_t)r->code.taps + r->code.against; t++)
        for (uint32_t i = 0; i < r->size; i++)
            g->taps[(size_t)t * r->size + i] = g->seen[st_code_pixel(&r->code, i, t, r->width, r->height)];
}

void st_encoder_wire(struct st_encoders *e, uint64_t permutation)
{
    for (uint32_t i = 0; i < e->image->receptor_count; i++) {
        struct group *g = &e->groups[i];
        if (st_encoder_sees(g->def->encoder))
            wire_group(e, g, permutation ? permutation : g->def->permutation);
    }
}

bool st_encoder_fits(const struct st_image *image, uint32_t width, uint32_t height, struct st_fault *f)
{
    for (uint32_t i = 0; i < image->receptor_count; i++) {
        const struct st_receptor *r = &image->receptors[i];
        if (st_encoder_sees(r->encoder) && (r->left + r->width > width || r->top + r->height > height))
            return st_fail(f, ST_FAULT_DATA,
                           "receptors '%s' want pictures of at least %u x %u, the data has %u x %u: "
                           "choose another data set or change the group's shape or crop",
                           r->name, r->left + r->width, r->top + r->height, width, height);
    }
    return true;
}

void st_encoder_restart(struct st_encoders *e)
{
    for (uint32_t i = 0; i < e->image->receptor_count; i++)
        if (e->groups[i].residue)
            memset(e->groups[i].residue, 0, e->groups[i].def->size * sizeof *e->groups[i].residue);
}

void st_encoder_save(const struct st_encoders *e, uint32_t *carry)
{
    uint32_t at = 0;
    for (uint32_t i = 0; i < e->image->receptor_count; i++)
        if (e->groups[i].residue) {
            memcpy(carry + at, e->groups[i].residue, e->groups[i].def->size * sizeof *carry);
            at += e->groups[i].def->size;
        }
}

static void crop(const struct st_encoders *e, const struct group *g, const uint8_t *picture, uint8_t *to)
{
    uint32_t w = g->def->width, h = g->def->height;
    uint32_t left = st_receptor_left(g->def, e->width), top = st_receptor_top(g->def, e->height);
    for (uint32_t y = 0; y < h; y++)
        memcpy(to + (size_t)y * w, picture + (size_t)(top + y) * e->width + left, w);
}

/* The picture that a group's code, permutation and encoder begin with. */
static const uint8_t *filter(const struct st_encoders *e, struct group *g, const uint8_t *picture)
{
    if (!g->def->filter.surround)
        return picture;
    crop(e, g, picture, g->filtered);
    st_filter(&g->def->filter, g->filtered, g->def->width, g->def->height, g->room);
    return g->filtered;
}

static void wire(struct group *g, const uint8_t *picture)
{
    for (uint32_t i = 0; i < g->def->size; i++)
        g->pixels[i] = picture[g->seen[i]];
}

/* The largest sums, above 0, of those that may speak: all above the least level that is exceeded by no more of them. */
static void code(struct group *g, const uint8_t *picture)
{
    enum { SUMS = 255 * ST_CODE_TAPS_MOST + 1 };
    const struct st_code *c = &g->def->code;
    uint32_t size = g->def->size, above[SUMS] = {0}, most = 0, limit = SUMS - 1;
    memset(g->sum, 0, size * sizeof *g->sum);
    for (uint32_t t = 0; t < (uint32_t)c->taps + c->against; t++) {
        const uint32_t *at = g->taps + (size_t)t * size;
        for (uint32_t i = 0; i < size; i++)
            g->sum[i] = (int16_t)(t < c->taps ? g->sum[i] + picture[at[i]] : g->sum[i] - picture[at[i]]);
    }
    for (uint32_t i = 0; i < size; i++)
        above[g->sum[i] > 0 ? g->sum[i] : 0]++;
    while (limit > 0 && most + above[limit] <= c->speak)
        most += above[limit--];
    for (uint32_t i = 0; i < size; i++)
        g->pixels[i] = g->sum[i] > (int32_t)limit ? c->level : 0;
}

static void pack(const struct group *g, uint64_t *words)
{
    if (!g->def->code.taps) {
        memcpy(words, g->pixels, g->def->size);
        return;
    }
    for (uint32_t k = 0; k < g->words; k++) {
        words[k] = 0;
        for (uint32_t b = 0; b < 64 && k * 64 + b < g->def->size; b++)
            words[k] |= (uint64_t)(g->pixels[k * 64 + b] != 0) << b;
    }
}

static const uint8_t *unpack(struct group *g, const uint64_t *words)
{
    if (!g->def->code.taps)
        return (const uint8_t *)words;
    for (uint32_t k = 0; k < g->words; k++) {
        uint8_t *to = g->pixels + k * 64; /* has room for whole words */
        memset(to, 0, 64);
        for (uint64_t word = words[k]; word; word &= word - 1)
            to[__builtin_ctzll(word)] = g->def->code.level;
    }
    return g->pixels;
}

/* A picture as the group sees it through its code or permutation. Of encoders that meet at a picture one shares it. */
static const uint8_t *look(const struct st_encoders *e, struct group *g, const uint8_t *picture)
{
    struct st_seen *s = e->shared;
    bool shares = s && g == &e->groups[s->group] && picture >= s->pixels && picture < s->pixels + s->picture * s->count;
    size_t i = shares ? (size_t)(picture - s->pixels) / s->picture : 0;
    if (shares && atomic_load_explicit(&s->there[i], memory_order_acquire) == THERE)
        return unpack(g, s->at + i * s->words);
    if (g->def->code.taps)
        code(g, filter(e, g, picture));
    else
        wire(g, filter(e, g, picture));
    unsigned char nobody = NOT_THERE;
    if (shares && atomic_compare_exchange_strong(&s->there[i], &nobody, BEING_MADE)) {
        pack(g, s->at + i * s->words);
        atomic_store_explicit(&s->there[i], THERE, memory_order_release);
    }
    return g->pixels;
}

static void set(struct group *g, uint32_t tick, uint32_t i)
{
    g->bits[(size_t)tick * g->words + i / 64] |= UINT64_C(1) << (i % 64);
}

static void encode_picture(struct st_encoders *e, struct group *g, const uint8_t *picture, uint32_t tick)
{
    uint32_t n = g->def->size, ticks = e->image->picture_ticks;
    const uint8_t *p = picture;
    if (g->def->code.taps || g->permutation) {
        p = look(e, g, picture);
    } else if (g->filtered) {
        p = filter(e, g, picture);
    } else if (g->def->width != e->width || g->def->height != e->height) {
        crop(e, g, picture, g->pixels);
        p = g->pixels;
    }
    g->lit_ticks = ticks;
    if (g->def->encoder == ST_ENCODE_ACCUMULATOR && !g->def->carry)
        memset(g->residue, 0, n * sizeof *g->residue);
    struct st_key keys[ST_KEYS];
    for (uint32_t t = 0; t < ticks; t++) {
        if (t % ST_KEYS == 0)
            e->kernels->keys(e->seed, g->def->stream << 8 | ST_DRAW_ENCODER, tick + t, keys);
        struct st_key key = keys[t % ST_KEYS];
        switch ((enum st_encoder)g->def->encoder) {
        case ST_ENCODE_BERNOULLI: /* with all keys at hand */
            if (t % ST_KEYS == 0)
                e->kernels->bernoulli(keys, ticks - t < ST_KEYS ? ticks - t : ST_KEYS, p, n,
                                      g->bits + (size_t)t * g->words);
            break;
        case ST_ENCODE_POISSON:
            for (uint32_t i = 0; i < n; i++)
                if (p[i] && st_draw16(key, i) < g->chance[p[i]])
                    set(g, t, i);
            break;
        case ST_ENCODE_ACCUMULATOR:
            for (uint32_t i = 0; i < n; i++) {
                g->residue[i] += p[i];
                if (g->residue[i] >= 255) {
                    g->residue[i] -= 255;
                    set(g, t, i);
                }
            }
            break;
        default:
            for (uint32_t i = 0; i < n; i++)
                if (p[i] && (255u - p[i]) * ticks / 256 == t)
                    set(g, t, i);
        }
    }
}

static void encode_teacher(const struct st_encoders *e, struct group *g, uint32_t label)
{
    g->lit_ticks = e->image->period_ticks;
    for (uint32_t k = 0; k < g->def->at_count; k++) {
        if (g->def->encoder == ST_ENCODE_CLOCK)
            for (uint32_t i = 0; i < g->def->size; i++)
                set(g, g->def->at[k], i);
        else if (label < g->def->size)
            set(g, g->def->at[k], label);
    }
}

static void encode_list(const struct st_encoders *e, struct group *g, const struct st_spike_list *l, uint32_t tick)
{
    uint32_t period = e->image->period_ticks;
    for (uint32_t k = st_spike_list_find(l, tick); k < l->count && l->events[k].tick - tick < period; k++) {
        set(g, l->events[k].tick - tick, l->events[k].index);
        g->lit_ticks = period;
    }
}

const struct st_frame *st_encode(struct st_encoders *e, const uint8_t *picture, uint32_t label, uint32_t tick,
                                 bool teach)
{
    for (uint32_t i = 0; i < e->image->receptor_count; i++) {
        struct group *g = &e->groups[i];
        memset(g->bits, 0, (size_t)g->lit_ticks * g->words * sizeof *g->bits);
        g->lit_ticks = 0;
        if (st_encoder_sees(g->def->encoder))
            encode_picture(e, g, picture, tick);
        else if (g->def->encoder == ST_ENCODE_SPIKES && e->lists)
            encode_list(e, g, &e->lists[i], tick);
        else if (g->def->encoder != ST_ENCODE_SPIKES && teach)
            encode_teacher(e, g, label);
        e->frame_bits[i] = g->lit_ticks ? g->bits : NULL;
    }
    return &e->frame;
}
