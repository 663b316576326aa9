/* lenet.c - learns the weights of netlists/networks/lenet.yaml from MNIST's training pictures, by backpropagation on
 * the host.
 *
 *     lenet FOLDER OUT [EPOCHS]        FOLDER has MNIST's train-*-ubyte; OUT gets conv1.csv, conv2.csv and dense.csv
 *
 * What learns in floating point is what spikes will do in integers, as far as a rate can say it:
 *
 *     pixels ──5x5, every 2nd──> 8 x 12 x 12 ──4x4, every 2nd──> 20 x 5 x 5 ──dense──> 10 sums ──> softmax
 *     in 16 steps                floor(16 h) / 16, 0 <= h <= 1    the same
 *
 * A neuron that adds up what arrives and takes its threshold off with each spike has floor(sum / threshold) spikes in
 * the end, at most one a tick: that is the activation here, with threshold 1, whose gradient is taken as 1 between 0
 * and 1. No biases. Weights then become integers of 9 bits, a scale a layer, and the thresholds (that of the last layer
 * chosen on the pictures held out) are printed: they are the parameters of the network file. The spikes of the pictures
 * held out are counted here too, of each by itself; one after the other a picture also gets what the last tick of the
 * one before sent.
 *
 * Every sum has one order and products are not fused: the same bits at each run. */
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    SIDE = 28,
    PIXELS = SIDE * SIDE,
    K1 = 5,
    SIDE1 = 12,
    C1 = 8,
    TAPS1 = K1 * K1,
    OUT1 = SIDE1 * SIDE1 * C1,
    K2 = 4,
    SIDE2 = 5,
    C2 = 20,
    TAPS2 = K2 * K2 * C1,
    OUT2 = SIDE2 * SIDE2 * C2,
    CLASSES = 10,
    WIDE = 12, /* classes, up to whole vectors */
    TICKS = 16,
    DRAIN = 8,
    HELD_OUT = 5000,
    BATCH = 32,
    LARGEST = 255
};

/* Channels of the target are the innermost index everywhere: they are what the compiler's vectors run over. */
struct weights {
    float one[TAPS1][C1], two[TAPS2][C2], three[OUT2][WIDE];
};
enum { WEIGHTS = sizeof(struct weights) / sizeof(float) };

struct pass {
    float x[PIXELS], h1[OUT1], h2[OUT2], z[WIDE]; /* activations; h before the steps in s1, s2 */
    float s1[OUT1], s2[OUT2], d1[OUT1], d2[OUT2], dz[WIDE];
};

static uint64_t random_state = 1;
static uint32_t draw(uint32_t below)
{
    random_state = random_state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)((random_state >> 33) * below >> 31);
}

/* --- the network in floating point ------------------------------------------------------------------------ */

static float steps(float h) { return h <= 0 ? 0 : h >= 1 ? 1 : floorf(h * TICKS) / TICKS; }

static void forward(const struct weights *w, struct pass *p)
{
    memset(p->s1, 0, sizeof p->s1);
    memset(p->s2, 0, sizeof p->s2);
    memset(p->z, 0, sizeof p->z);
    for (int at = 0; at < SIDE1 * SIDE1; at++)
        for (int k = 0; k < TAPS1; k++) {
            float x = p->x[(at / SIDE1 * 2 + k / K1) * SIDE + at % SIDE1 * 2 + k % K1];
            if (x != 0)
                for (int c = 0; c < C1; c++)
                    p->s1[at * C1 + c] += x * w->one[k][c];
        }
    for (int i = 0; i < OUT1; i++)
        p->h1[i] = steps(p->s1[i]);
    for (int at = 0; at < SIDE2 * SIDE2; at++)
        for (int k = 0; k < TAPS2; k++) {
            int c1 = k % C1, y = k / C1 / K2, x = k / C1 % K2;
            float h = p->h1[((at / SIDE2 * 2 + y) * SIDE1 + at % SIDE2 * 2 + x) * C1 + c1];
            if (h != 0)
                for (int c = 0; c < C2; c++)
                    p->s2[at * C2 + c] += h * w->two[k][c];
        }
    for (int i = 0; i < OUT2; i++)
        p->h2[i] = steps(p->s2[i]);
    for (int i = 0; i < OUT2; i++)
        if (p->h2[i] != 0)
            for (int c = 0; c < WIDE; c++)
                p->z[c] += p->h2[i] * w->three[i][c];
}

static void backward(const struct weights *w, struct pass *p, uint32_t label, struct weights *g)
{
    float most = p->z[0], sum = 0;
    for (int c = 1; c < CLASSES; c++)
        most = fmaxf(most, p->z[c]);
    for (int c = 0; c < CLASSES; c++)
        sum += p->dz[c] = expf(p->z[c] - most);
    for (int c = 0; c < CLASSES; c++)
        p->dz[c] = p->dz[c] / sum - ((uint32_t)c == label);
    memset(p->d1, 0, sizeof p->d1);
    for (int i = 0; i < OUT2; i++) {
        float d = 0;
        for (int c = 0; c < CLASSES; c++) {
            g->three[i][c] += p->h2[i] * p->dz[c];
            d += w->three[i][c] * p->dz[c];
        }
        p->d2[i] = p->s2[i] > 0 && p->s2[i] < 1 ? d : 0;
    }
    for (int at = 0; at < SIDE2 * SIDE2; at++)
        for (int k = 0; k < TAPS2; k++) {
            int c1 = k % C1, y = k / C1 / K2, x = k / C1 % K2;
            int from = ((at / SIDE2 * 2 + y) * SIDE1 + at % SIDE2 * 2 + x) * C1 + c1;
            float h = p->h1[from], product[C2], d = 0;
            for (int c = 0; c < C2; c++)
                product[c] = w->two[k][c] * p->d2[at * C2 + c];
            for (int c = 0; c < C2; c++)
                d += product[c];
            p->d1[from] += d;
            if (h != 0)
                for (int c = 0; c < C2; c++)
                    g->two[k][c] += h * p->d2[at * C2 + c];
        }
    for (int i = 0; i < OUT1; i++)
        p->d1[i] = p->s1[i] > 0 && p->s1[i] < 1 ? p->d1[i] : 0;
    for (int at = 0; at < SIDE1 * SIDE1; at++)
        for (int k = 0; k < TAPS1; k++) {
            float x = p->x[(at / SIDE1 * 2 + k / K1) * SIDE + at % SIDE1 * 2 + k % K1];
            if (x != 0)
                for (int c = 0; c < C1; c++)
                    g->one[k][c] += x * p->d1[at * C1 + c];
        }
}

/* What the encoder `accumulator` says in TICKS ticks, of the picture moved by (dx, dy). */
static void look(const uint8_t *pixels, int dx, int dy, float *x)
{
    for (int i = 0; i < PIXELS; i++) {
        int row = i / SIDE - dy, column = i % SIDE - dx;
        bool inside = row >= 0 && row < SIDE && column >= 0 && column < SIDE;
        x[i] = inside ? (float)(pixels[row * SIDE + column] * TICKS / 255) / TICKS : 0;
    }
}

/* Stochastic gradient descent with momentum; the rate falls along a cosine. Pictures are moved by up to a pixel. */
static void learn(struct weights *w, const uint8_t *pixels, const uint8_t *labels, uint32_t count, uint32_t epochs)
{
    static struct weights gradient, momentum;
    static struct pass p;
    float *value = (float *)w, *g = (float *)&gradient, *m = (float *)&momentum;
    uint32_t *order = malloc(count * sizeof *order), done = 0;
    if (!order)
        exit(1);
    for (uint32_t i = 0; i < count; i++)
        order[i] = i;
    for (uint32_t epoch = 0; epoch < epochs; epoch++) {
        uint32_t right = 0;
        for (uint32_t i = count - 1; i > 0; i--) {
            uint32_t j = draw(i + 1), t = order[i];
            order[i] = order[j];
            order[j] = t;
        }
        for (uint32_t i = 0; i < count; i++) {
            look(pixels + (size_t)order[i] * PIXELS, (int)draw(3) - 1, (int)draw(3) - 1, p.x);
            forward(w, &p);
            backward(w, &p, labels[order[i]], &gradient);
            right += p.dz[labels[order[i]]] > -0.5f;
            if (++done % BATCH == 0) {
                float rate = 0.025f * (1 + cosf(3.14159265f * (float)done / (float)((float)count * (float)epochs)));
                for (int k = 0; k < WEIGHTS; k++) {
                    m[k] = 0.9f * m[k] + g[k] / BATCH + 1e-4f * value[k];
                    value[k] -= rate * m[k];
                }
                memset(&gradient, 0, sizeof gradient);
            }
        }
        printf("epoch %u: %.2f %% of the training pictures\n", epoch + 1, 100.0 * right / count);
        fflush(stdout);
    }
    free(order);
}

/* --- the network in spikes -------------------------------------------------------------------------------- */

struct spiking {
    int32_t one[TAPS1][C1], two[TAPS2][C2], three[OUT2][WIDE], threshold[3];
};

static int32_t quantize(const float *from, int32_t *to, size_t count)
{
    float most = 0;
    for (size_t i = 0; i < count; i++)
        most = fmaxf(most, fabsf(from[i]));
    for (size_t i = 0; i < count; i++)
        to[i] = (int32_t)lrintf(from[i] * LARGEST / most);
    return (int32_t)lrintf(LARGEST / most);
}

/* Neurons add up and fire at the threshold, which is then taken off; out[c] becomes the potential of neuron c of the
 * last layer as it would be without spikes, tick by tick. */
static void spikes(const struct spiking *s, const uint8_t *pixels, int32_t out[TICKS + DRAIN][CLASSES])
{
    static int32_t rest[PIXELS], u1[OUT1], u2[OUT2];
    int32_t u3[CLASSES] = {0};
    memset(rest, 0, sizeof rest);
    memset(u1, 0, sizeof u1);
    memset(u2, 0, sizeof u2);
    for (int t = 0; t < TICKS + DRAIN; t++) {
        for (int i = 0; i < PIXELS && t < TICKS; i++)
            rest[i] += pixels[i];
        for (int at = 0; at < SIDE1 * SIDE1 && t < TICKS; at++)
            for (int k = 0; k < TAPS1; k++)
                if (rest[(at / SIDE1 * 2 + k / K1) * SIDE + at % SIDE1 * 2 + k % K1] >= 255)
                    for (int c = 0; c < C1; c++)
                        u1[at * C1 + c] += s->one[k][c];
        for (int i = 0; i < PIXELS; i++)
            rest[i] -= rest[i] >= 255 ? 255 : 0;
        for (int at = 0; at < SIDE2 * SIDE2; at++)
            for (int k = 0; k < TAPS2; k++) {
                int y = at / SIDE2 * 2 + k / C1 / K2, x = at % SIDE2 * 2 + k / C1 % K2;
                if (u1[(y * SIDE1 + x) * C1 + k % C1] >= s->threshold[0])
                    for (int c = 0; c < C2; c++)
                        u2[at * C2 + c] += s->two[k][c];
            }
        for (int i = 0; i < OUT1; i++)
            u1[i] -= u1[i] >= s->threshold[0] ? s->threshold[0] : 0;
        for (int i = 0; i < OUT2; i++)
            if (u2[i] >= s->threshold[1]) {
                u2[i] -= s->threshold[1];
                for (int c = 0; c < CLASSES; c++)
                    u3[c] += s->three[i][c];
            }
        memcpy(out[t], u3, sizeof u3);
    }
}

/* The class with the most spikes, ties to the first; -1 without any. */
static int answer(int32_t out[TICKS + DRAIN][CLASSES], int32_t threshold)
{
    int best = -1;
    int32_t most = 0;
    for (int c = 0; c < CLASSES; c++) {
        int32_t fired = 0;
        for (int t = 0; t < TICKS + DRAIN; t++)
            fired += out[t][c] - fired * threshold >= threshold;
        if (fired > most) {
            most = fired;
            best = c;
        }
    }
    return best;
}

/* The last layer's threshold with the most right answers on the pictures held out. */
static void choose_threshold(struct spiking *s, const uint8_t *pixels, const uint8_t *labels)
{
    static uint32_t right[64];
    int32_t out[TICKS + DRAIN][CLASSES], unit = s->threshold[2];
    uint32_t best = 0, potential = 0;
    for (int i = 0; i < HELD_OUT; i++) {
        spikes(s, pixels + (size_t)i * PIXELS, out);
        int most = 0;
        for (int c = 1; c < CLASSES; c++)
            most = out[TICKS + DRAIN - 1][c] > out[TICKS + DRAIN - 1][most] ? c : most;
        potential += most == labels[i];
        for (int k = 0; k < 64; k++)
            right[k] += answer(out, unit * (k + 1) / 4) == labels[i];
    }
    for (uint32_t k = 1; k < 64; k++)
        best = right[k] > right[best] ? k : best;
    s->threshold[2] = unit * (int32_t)(best + 1) / 4;
    printf("held out, by potentials %.2f %%, by spikes %.2f %%\n", 100.0 * potential / HELD_OUT,
           100.0 * right[best] / HELD_OUT);
}

/* --- files ------------------------------------------------------------------------------------------------ */

static uint8_t *read_idx(const char *folder, const char *name, size_t head, size_t *bytes)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *f = fopen(path, "rb");
    if (!f || fseek(f, 0, SEEK_END) != 0) {
        fprintf(stderr, "lenet: cannot read '%s'\n", path);
        exit(1);
    }
    long end = ftell(f);
    *bytes = end > (long)head ? (size_t)end - head : 0;
    uint8_t *data = malloc(*bytes + 1);
    if (!data || fseek(f, (long)head, SEEK_SET) != 0 || fread(data, 1, *bytes, f) != *bytes) {
        fprintf(stderr, "lenet: cannot read '%s'\n", path);
        exit(1);
    }
    fclose(f);
    return data;
}

static FILE *begin(const char *folder, const char *name)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *f = fopen(path, "w");
    if (!f) {
        fprintf(stderr, "lenet: cannot write '%s'\n", path);
        exit(1);
    }
    return f;
}

static void end(FILE *f)
{
    if (fclose(f) != 0) {
        fprintf(stderr, "lenet: cannot write\n");
        exit(1);
    }
}

/* Kernels in the order of the language: channel of the target, of the source, row, column. */
static void write_all(const struct spiking *s, const char *folder)
{
    FILE *f = begin(folder, "conv1.csv");
    for (int c = 0; c < C1; c++)
        for (int k = 0; k < TAPS1; k++)
            fprintf(f, "%d\n", s->one[k][c]);
    end(f);
    f = begin(folder, "conv2.csv");
    for (int c = 0; c < C2; c++)
        for (int c1 = 0; c1 < C1; c1++)
            for (int k = 0; k < K2 * K2; k++)
                fprintf(f, "%d\n", s->two[k * C1 + c1][c]);
    end(f);
    f = begin(folder, "dense.csv");
    for (int i = 0; i < OUT2; i++)
        for (int c = 0; c < CLASSES; c++)
            fprintf(f, "%d,%d,%d\n", i, c, s->three[i][c]);
    end(f);
}

int main(int words, char **word)
{
    static struct weights w;
    static struct spiking s;
    if (words < 3) {
        fprintf(stderr, "usage: lenet FOLDER OUT [EPOCHS]\n");
        return 2;
    }
    size_t bytes, count;
    uint8_t *pixels = read_idx(word[1], "train-images-idx3-ubyte", 16, &bytes);
    uint8_t *labels = read_idx(word[1], "train-labels-idx1-ubyte", 8, &count);
    if (count * PIXELS != bytes || count <= HELD_OUT) {
        fprintf(stderr, "lenet: '%s' does not hold MNIST\n", word[1]);
        return 1;
    }
    const float spread[] = {0.35f, 0.15f, 0.06f};
    for (int k = 0; k < WEIGHTS; k++) {
        int layer = (k >= TAPS1 * C1) + (k >= TAPS1 * C1 + TAPS2 * C2);
        ((float *)&w)[k] = spread[layer] * ((float)draw(1 << 20) / (1 << 19) - 1);
    }
    for (int i = 0; i < OUT2; i++)
        for (int c = CLASSES; c < WIDE; c++)
            w.three[i][c] = 0;
    learn(&w, pixels, labels, (uint32_t)count - HELD_OUT, words > 3 ? (uint32_t)atoi(word[3]) : 12);
    s.threshold[0] = quantize(&w.one[0][0], &s.one[0][0], TAPS1 * C1);
    s.threshold[1] = quantize(&w.two[0][0], &s.two[0][0], TAPS2 * C2);
    s.threshold[2] = quantize(&w.three[0][0], &s.three[0][0], OUT2 * WIDE);
    choose_threshold(&s, pixels + (count - HELD_OUT) * PIXELS, labels + (count - HELD_OUT));
    printf("thresholds: conv1 %d, conv2 %d, dense %d\n", s.threshold[0], s.threshold[1], s.threshold[2]);
    write_all(&s, word[2]);
    free(pixels);
    free(labels);
    return 0;
}
