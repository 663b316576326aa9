/* zoo_clusters.c - meta-clustering in the integers of rules `mask`, `cluster` and `recall`, without a machine around
 * them: what its constants do.
 *
 *     zoo_clusters FIRST_SEED SEEDS [NAME VALUE]...     groups, inputs (of a group), mask, centre, random, least,
 * nearest, most, look
 *
 * An engine takes half a minute for what takes half a second here, so constants are looked for here and measured there.
 * The equations are those of the rules (rules/mask.rule, cluster.rule, recall.rule), a meta-column for each group with
 * a centre for each of its inputs; draws are others than an engine's, and masks are divided by their sum without a
 * table. Prints how many seeds come apart: at three looks in a row each group is whole, in a mask of its own. */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { GROUPS = 16, INPUTS = 256, ONE = 16384 /* of a mask; a centre has twice as many */ };

static struct {
    const char *name;
    double value;
} constants[] = {{"groups", 10},   {"inputs", 10}, {"mask", 0.5},   {"centre", 0.3}, {"random", 0.02},
                 {"least", 0.001}, {"nearest", 0}, {"most", 60000}, {"look", 500}};
enum { SET = sizeof constants / sizeof *constants };

static double constant(const char *name)
{
    for (size_t k = 0; k < SET; k++)
        if (!strcmp(constants[k].name, name))
            return constants[k].value;
    abort();
}

static uint64_t drawn;
static uint32_t draw(void) /* splitmix64 */
{
    drawn += 0x9E3779B97F4A7C15u;
    uint64_t z = drawn;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
    z = (z ^ z >> 27) * 0x94D049BB133111EBu;
    return (uint32_t)((z ^ z >> 31) >> 32);
}

static int scaled(int64_t product, int shift) /* rounded to the nearest */
{
    return (int)((product + (1 << (shift - 1))) >> shift);
}

static int groups, inputs;
static int mask[GROUPS][INPUTS], centre[GROUPS][GROUPS][INPUTS];

/* What this meta-column makes of an input: the errors its winner leaves, after it has moved. `shown`: the input of each
 * group that is on. */
static void sees(int meta, const int shown[GROUPS], int error[INPUTS])
{
    int x[INPUTS] = {0}, winner = 0;
    const int centre_step = (int)(constant("centre") * 32768 + 0.5), all = groups * inputs;
    const double lucky = constant("random") / inputs;
    for (int g = 0; g < groups; g++)
        x[shown[g]] = scaled(mask[meta][shown[g]] * 508, 15) << 7;
    int32_t least = INT32_MAX;
    for (int i = 0; i < inputs; i++) {
        int32_t distance = 0;
        for (int j = 0; j < all; j++)
            distance += abs(x[j] - centre[meta][i][j]);
        distance = draw() < lucky * 4294967296.0 ? -1 : distance >> 8;
        if (distance < least)
            least = distance, winner = i;
    }
    const bool nearest = constant("nearest") > 0;
    for (int j = 0; j < all; j++) {
        int *c = &centre[meta][winner][j];
        *c += scaled((x[j] - *c) * (int64_t)centre_step, 15);
        int left = abs(x[j] - *c) * 254;
        error[j] = nearest ? scaled(left, 15) : left >> 15;
    }
}

static void sample(void)
{
    static int error[GROUPS][INPUTS];
    int shown[GROUPS];
    const int mask_step = (int)(constant("mask") * 32768 + 0.5), least = (int)(constant("least") * ONE + 0.5);
    for (int g = 0; g < groups; g++)
        shown[g] = g * inputs + (int)(draw() % (uint32_t)inputs);
    for (int k = 0; k < groups; k++)
        sees(k, shown, error[k]);
    for (int j = 0; j < groups * inputs; j++) {
        int sum = 0;
        for (int k = 0; k < groups; k++) {
            int m = mask[k][j] - scaled((int64_t)(error[k][j] << 7) * mask_step, 16);
            mask[k][j] = m > least ? m : least;
            sum += mask[k][j];
        }
        for (int k = 0; k < groups; k++)
            mask[k][j] = (mask[k][j] * ONE + sum / 2) / sum;
    }
}

/* Groups whose inputs all have the same mask as their largest; apart: each has another. */
static int whole(bool *apart)
{
    int count = 0;
    uint32_t owners = 0;
    for (int g = 0; g < groups; g++) {
        uint32_t of = 0;
        for (int j = g * inputs; j < (g + 1) * inputs; j++) {
            int k = 0;
            for (int other = 1; other < groups; other++)
                if (mask[other][j] > mask[k][j])
                    k = other;
            of |= 1u << k;
        }
        count += !(of & (of - 1));
        owners |= of;
    }
    *apart = count == groups && owners == (1u << groups) - 1;
    return count;
}

int main(int argc, char **argv)
{
    for (int a = 3; a + 1 < argc; a += 2) {
        size_t k = 0;
        while (k < SET && strcmp(constants[k].name, argv[a]) != 0)
            k++;
        if (k == SET) {
            fprintf(stderr, "zoo_clusters: no constant '%s'\n", argv[a]);
            return 2;
        }
        constants[k].value = strtod(argv[a + 1], NULL);
    }
    groups = (int)constant("groups"), inputs = (int)constant("inputs");
    if (argc < 3 || groups < 1 || groups > GROUPS || inputs < 1 || inputs > GROUPS) {
        fprintf(stderr, "usage: zoo_clusters FIRST_SEED SEEDS [NAME VALUE]...; groups and inputs: 1 .. %d\n", GROUPS);
        return 2;
    }
    const int first = atoi(argv[1]), seeds = atoi(argv[2]), most = (int)constant("most"), look = (int)constant("look");
    int done = 0, left_whole = 0;
    int64_t samples = 0;
    for (int seed = first; seed < first + seeds; seed++) {
        drawn = (uint64_t)seed * 1000003;
        memset(centre, 0, sizeof centre);
        for (int k = 0; k < groups; k++)
            for (int j = 0; j < groups * inputs; j++)
                mask[k][j] = (ONE + groups / 2) / groups;
        int n = 0, found = 0, last = 0;
        while (n < most && found < 3) {
            bool apart;
            sample();
            if (++n % look)
                continue;
            last = whole(&apart);
            found = apart ? found + 1 : 0;
        }
        done += found == 3;
        samples += found == 3 ? n : 0;
        left_whole += last;
    }
    printf("{\"seeds\": %d, \"apart\": %d, \"samples\": %.0f, \"whole\": %.1f}\n", seeds, done,
           done ? (double)samples / done : 0, (double)left_whole / seeds);
    return 0;
}
