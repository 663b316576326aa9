#include "letters_shape.h"
#include "promise.h"
#include <stdlib.h>

enum { UNIT = 256, ONE = 4096 };
/* How far hands differ: deviations, in 1/256 of a unit or in 1/4096. Chosen so that a linear classifier finds these
 * letters about as hard as EMNIST's. */
enum {
    POINT = 140,   /* each point */
    STROKE = 210,  /* a stroke as a whole */
    STRETCH = 360, /* a stroke about its middle */
    KNOT = 720,    /* each knot of the elastic field */
    TURN = 430,    /* sine of the angle */
    SLANT = 750,
    WIDE = 3600,  /* width */
    WIDER = 1100, /* or so much more or less at most */
};

static int32_t larger(int32_t a, int32_t b) { return a > b ? a : b; }
static int32_t smaller(int32_t a, int32_t b) { return a < b ? a : b; }
static int32_t apart(struct st_point a, struct st_point b) { return larger(abs(a.x - b.x), abs(a.y - b.y)); }

static void append(struct st_shape *s, struct st_point p)
{
    ST_ASSERT(s->count < ST_POINTS_MAX);
    s->at[s->count++] = p;
}

static bool ends(const struct st_shape *s, uint32_t i) { return i + 1 == s->count || s->at[i + 1].begins; }

static void read_form(const char *form, struct st_shape *out)
{
    bool begins = true;
    out->count = 0;
    for (; form[0]; form += 2) {
        if (form[0] == ' ') {
            begins = true;
            continue;
        }
        append(out, (struct st_point){(form[0] - 'R') * UNIT, (form[1] - 'R') * UNIT, begins});
        begins = false;
    }
}

/* Each stroke is set down a little elsewhere, longer or shorter, and each point misses its place; less so where points
 * lie close, which would make knots of small curves. */
static void jitter(struct st_shape *s, struct st_dice *d)
{
    struct st_point old[ST_POINTS_MAX];
    for (uint32_t i = 0; i < s->count; i++)
        old[i] = s->at[i];
    for (uint32_t first = 0, last; first < s->count; first = last + 1) {
        int64_t x = 0, y = 0;
        for (last = first; !ends(s, last); last++)
            ;
        for (uint32_t i = first; i <= last; i++) {
            x += old[i].x;
            y += old[i].y;
        }
        int32_t n = (int32_t)(last - first + 1), mx = (int32_t)(x / n), my = (int32_t)(y / n);
        int32_t dx = st_dice_normal(d, STROKE), dy = st_dice_normal(d, STROKE), by = ONE + st_dice_normal(d, STRETCH);
        for (uint32_t i = first; i <= last; i++) {
            int32_t near = 20 * UNIT;
            if (i > first)
                near = smaller(near, apart(old[i], old[i - 1]));
            if (i < last)
                near = smaller(near, apart(old[i], old[i + 1]));
            int32_t far = smaller(POINT, near / 7);
            s->at[i].x = mx + (old[i].x - mx) * by / ONE + dx + st_dice_normal(d, far);
            s->at[i].y = my + (old[i].y - my) * by / ONE + dy + st_dice_normal(d, far);
        }
    }
}

static struct st_point between(struct st_point a, struct st_point b, int32_t part, int32_t of)
{
    return (struct st_point){a.x + (b.x - a.x) * part / of, a.y + (b.y - a.y) * part / of, false};
}

/* Corners are cut (G. Chaikin, 1974); ends stay. */
static void round_corners(const struct st_shape *s, struct st_shape *out)
{
    out->count = 0;
    for (uint32_t i = 0; i < s->count; i++) {
        if (s->at[i].begins || ends(s, i)) {
            append(out, s->at[i]);
            continue;
        }
        append(out, between(s->at[i], s->at[i - 1], 1, 4));
        append(out, between(s->at[i], s->at[i + 1], 1, 4));
    }
}

/* No line longer than two units, so that what bends the plane bends lines. */
static void divide(const struct st_shape *s, struct st_shape *out)
{
    out->count = 0;
    for (uint32_t i = 0; i < s->count; i++) {
        int32_t pieces = s->at[i].begins ? 1 : 1 + apart(s->at[i], s->at[i - 1]) / (2 * UNIT);
        for (int32_t k = 1; k < pieces; k++)
            append(out, between(s->at[i - 1], s->at[i], k, pieces));
        append(out, s->at[i]);
    }
}

/* Weights of the three knots around t, of 0 .. 255, in a quadratic B-spline; their sum is 2^17. */
static void weights(int64_t t, int64_t w[3])
{
    w[0] = (256 - t) * (256 - t);
    w[2] = t * t;
    w[1] = (2 << 16) - w[0] - w[2];
}

/* A smooth field of displacements with 4 x 4 knots over the letter. */
static void bend(struct st_shape *s, struct st_dice *d)
{
    enum { KNOTS = 4, SPAN = 16 * UNIT }; /* the plane from -SPAN to SPAN */
    int32_t x[KNOTS][KNOTS], y[KNOTS][KNOTS];
    for (int r = 0; r < KNOTS; r++)
        for (int c = 0; c < KNOTS; c++) {
            x[r][c] = st_dice_normal(d, KNOT);
            y[r][c] = st_dice_normal(d, KNOT);
        }
    for (uint32_t i = 0; i < s->count; i++) {
        int32_t u = larger(0, smaller(511, (s->at[i].x + SPAN) * 256 / SPAN));
        int32_t v = larger(0, smaller(511, (s->at[i].y + SPAN) * 256 / SPAN));
        int64_t wx[3], wy[3], dx = 0, dy = 0;
        weights(u % 256, wx);
        weights(v % 256, wy);
        for (int r = 0; r < 3; r++)
            for (int c = 0; c < 3; c++) {
                dx += wy[r] * wx[c] * x[v / 256 + r][u / 256 + c];
                dy += wy[r] * wx[c] * y[v / 256 + r][u / 256 + c];
            }
        s->at[i].x += (int32_t)(dx / ((int64_t)1 << 34));
        s->at[i].y += (int32_t)(dy / ((int64_t)1 << 34));
    }
}

/* Width and slant, then a turn; the cosine is its series to the second power. */
static void lean(struct st_shape *s, struct st_dice *d)
{
    int32_t more = WIDER * d->hands / 100, wide = WIDE + st_dice_range(d, -more, more),
            slant = st_dice_normal(d, SLANT), sine = st_dice_normal(d, TURN);
    int32_t cosine = ONE - sine * sine / (2 * ONE);
    for (uint32_t i = 0; i < s->count; i++) {
        int32_t x = (s->at[i].x * wide - s->at[i].y * slant) / ONE, y = s->at[i].y;
        s->at[i].x = (x * cosine - y * sine) / ONE;
        s->at[i].y = (x * sine + y * cosine) / ONE;
    }
}

void st_shape_write(struct st_shape *s, const char *form, struct st_dice *d)
{
    struct st_shape other;
    read_form(form, s);
    jitter(s, d);
    for (int32_t passes = st_dice_range(d, 0, 2); passes-- > 0;) {
        round_corners(s, &other);
        *s = other;
    }
    divide(s, &other);
    *s = other;
    bend(s, d);
    lean(s, d);
}
