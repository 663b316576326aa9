/* toggles.c - counts in a VCD how often each net of a netlist changes, by what the core does meanwhile.
 *
 *     toggles OUT < trace.vcd
 *
 *     OUT     a line `cycles clear idle key deliver update turns`
 *             a line `ret NAME clear .. turns`, cycles in which that port of the core was high
 *             a line `core|router NET clear .. turns` for each net that changed: changes in each phase
 *
 * A phase is what the core's register `state` says; it keeps its name in the netlist. All that a clock's edge causes belongs
 * to the phase that the edge begins. Delays are zero: no glitches are counted. */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PHASES = 8, LINE = 1 << 16, CODE_SPACE = 94 * 94 * 94 * 94, KEPT = 16 };

struct net {
    char *name; /* NULL: not wanted */
    uint32_t width;
    char *value;                 /* width characters */
    uint64_t (*changes)[PHASES]; /* of each bit */
    struct net *alias;           /* the same code, another name */
};

static struct net *nets[94 * 94 * 94 * 10];
static struct {
    struct net *net;
    uint32_t bit;
} batch[1 << 18];
static uint32_t batched;
static uint64_t cycles[PHASES];
static struct net *state_bit[3], *state_vector, *clock_net, *ret[KEPT];
static uint64_t ret_cycles[KEPT][PHASES];
static uint32_t rets;
static char line[LINE];

static uint32_t code_of(const char *s)
{
    uint32_t v = 0, scale = 1;
    for (; *s > ' '; s++, scale *= 94)
        v += (uint32_t)(*s - '!' + 1) * scale;
    if (v >= sizeof nets / sizeof *nets) {
        fprintf(stderr, "toggles: too many codes\n");
        exit(3);
    }
    return v;
}

static void declare(const char *scope, unsigned width, const char *code, const char *name)
{
    struct net *n = calloc(1, sizeof *n);
    uint32_t c = code_of(code);
    n->alias = nets[c];
    nets[c] = n;
    n->width = width;
    n->name = malloc(strlen(scope) + strlen(name) + 2);
    sprintf(n->name, "%s %s", scope, name);
    n->value = malloc(width);
    memset(n->value, 'x', width);
    n->changes = calloc(width, sizeof *n->changes);
    if (!strcmp(scope, "core")) {
        const char *bit = strncmp(name, "state[", 6) ? NULL : name + 6;
        if (bit && *bit >= '0' && *bit <= '2')
            state_bit[*bit - '0'] = n;
        if (!strcmp(name, "state"))
            state_vector = n;
        if (!strcmp(name, "clk"))
            clock_net = n;
        if (width == 1 && !strncmp(name, "ret_", 4) && rets < KEPT)
            ret[rets++] = n;
    }
}

static void change(struct net *n, uint32_t bit, char to)
{
    char from = n->value[bit];
    n->value[bit] = to;
    if (from == to || from == 'x')
        return;
    if (batched == sizeof batch / sizeof *batch) {
        fprintf(stderr, "toggles: too many changes at once\n");
        exit(3);
    }
    batch[batched].net = n;
    batch[batched++].bit = bit;
}

static unsigned phase_now(void)
{
    unsigned v = 0;
    for (unsigned b = 0; b < 3; b++)
        v |= (unsigned)((state_vector ? state_vector->value[b] : state_bit[b]->value[0]) == '1') << b;
    return v;
}

/* All that happened at one time. The falling edge comes first in a cycle, with inputs; what is high then counts. */
static void settle(void)
{
    unsigned p = phase_now();
    for (uint32_t k = 0; k < batched; k++)
        batch[k].net->changes[batch[k].bit][p]++;
    if (batched && clock_net->value[0] == '0') {
        cycles[p]++;
        for (uint32_t k = 0; k < rets; k++)
            ret_cycles[k][p] += ret[k]->value[0] == '1';
    }
    batched = 0;
}

int main(int argc, char **argv)
{
    char scope[64][128];
    int depth = 0;
    if (argc != 2)
        return 2;
    while (fgets(line, LINE, stdin) && strncmp(line, "$enddefinitions", 15)) {
        char word[LINE / 16], name[1024], code[16];
        unsigned width;
        char *at = line + strspn(line, " ");
        if (sscanf(at, "$scope module %127s", word) == 1 && depth < 64)
            snprintf(scope[depth++], 128, "%s", word);
        else if (!strncmp(at, "$upscope", 8))
            depth--;
        else if (depth && sscanf(at, "$var wire %u %15s %1023s", &width, code, name) == 3) {
            const char *last = scope[depth - 1];
            size_t l = strlen(last);
            const char *kind = l >= 4 && !strcmp(last + l - 4, "core") ? "core"
                             : l >= 6 && !strcmp(last + l - 6, "router") ? "router" : NULL;
            if (kind)
                declare(kind, width, code, name);
        }
    }
    if (!clock_net || !(state_vector || (state_bit[0] && state_bit[1] && state_bit[2]))) {
        fprintf(stderr, "toggles: the core's clk and state are not in the trace\n");
        return 3;
    }
    while (fgets(line, LINE, stdin)) {
        if (line[0] == '#')
            settle();
        else if (line[0] == '0' || line[0] == '1') {
            line[strcspn(line, "\n")] = 0;
            for (struct net *n = nets[code_of(line + 1)]; n; n = n->alias)
                change(n, 0, line[0]);
        } else if (line[0] == 'b') {
            char *space = strchr(line, ' ');
            size_t digits = (size_t)(space - line - 1);
            line[strcspn(line, "\n")] = 0;
            for (struct net *n = nets[code_of(space + 1)]; n; n = n->alias)
                for (uint32_t b = 0; b < n->width; b++)
                    change(n, b, b < digits ? line[digits - b] : '0');
        }
    }
    settle();
    FILE *out = fopen(argv[1], "w");
    if (!out)
        return 3;
    fprintf(out, "cycles");
    for (unsigned p = 0; p < PHASES; p++)
        fprintf(out, " %llu", (unsigned long long)cycles[p]);
    fprintf(out, "\n");
    for (uint32_t k = 0; k < rets; k++) {
        fprintf(out, "ret %s", ret[k]->name + 5);
        for (unsigned p = 0; p < PHASES; p++)
            fprintf(out, " %llu", (unsigned long long)ret_cycles[k][p]);
        fprintf(out, "\n");
    }
    for (size_t c = 0; c < sizeof nets / sizeof *nets; c++)
        for (struct net *n = nets[c]; n; n = n->alias)
            for (uint32_t b = 0; b < n->width; b++) {
                uint64_t sum = 0;
                for (unsigned p = 0; p < PHASES; p++)
                    sum += n->changes[b][p];
                if (!sum)
                    continue;
                fprintf(out, n->width > 1 ? "%s[%u]" : "%s", n->name, b);
                for (unsigned p = 0; p < PHASES; p++)
                    fprintf(out, " %llu", (unsigned long long)n->changes[b][p]);
                fprintf(out, "\n");
            }
    return fclose(out) ? 3 : 0;
}
