#include "netsim.h"
#include <assert.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum { CELLS = 64, INPUTS = 4, PINS = 256, MEMORIES = 512, NAMES = 1 << 19, LINE = 1 << 16 };
enum kind { GATE, LATCH, FLOP };

/* A cell of the library. */
struct lib {
    char name[32], in[INPUTS][8], out[8];
    char function[128];
    unsigned inputs;
    uint16_t truth; /* output for each setting of the inputs */
    enum kind kind;
};

struct cell {
    int in[INPUTS], out; /* LATCH, FLOP: in[0] D, in[1] CLK */
    uint16_t truth, level;
    uint8_t kind, inputs;
    bool queued, next; /* next: what a register takes */
};

struct memory {
    char *geometry, *instance;
    bool single, masked;
    unsigned width, address_bits;
    int clock, enable, write, address[2][32], d[64], q[64], mask[64]; /* addresses: read or only, write */
    uint64_t *word, value;
    bool read;
    uint64_t count[3][NETSIM_PHASES];
};

struct name {
    char *text;
    int alias; /* the name whose net this is, or -1 */
    int net;
};

struct netsim {
    struct lib lib[CELLS];
    unsigned libs;
    struct name *names; /* hashed */
    struct cell *cells;
    struct memory *memories;
    uint32_t cell_count, memory_count, name_count, net_count, levels;
    uint8_t *value;
    uint32_t *fan, *fan_first; /* cells that look at a net: fan[fan_first[n] .. fan_first[n + 1]) */
    uint32_t **queue, *queue_count, *queue_room;
    uint32_t *risen, risen_count; /* registers whose clock rose */
    uint64_t (*changes)[NETSIM_PHASES];
    int phase, clk;
};

static _Noreturn void die(const char *why, const char *what)
{
    fprintf(stderr, "netsim: %s: %s\n", why, what);
    exit(3);
}

static void *take(size_t count, size_t size)
{
    void *p = calloc(count ? count : 1, size);
    if (!p)
        die("no memory", "");
    return p;
}

static char *copy(const char *s) { return strcpy(take(strlen(s) + 1, 1), s); }

/* --- the library -------------------------------------------------------------------------------------------------- */

/* A function of Liberty at one setting of the inputs: ! before, then ^, then blank or * for and, then + for or. */
struct reader {
    const struct lib *lib;
    const char *at;
    unsigned setting;
};

static bool read_or(struct reader *r);

static void skip_blanks(struct reader *r)
{
    while (*r->at == ' ')
        r->at++;
}

static bool read_one(struct reader *r)
{
    skip_blanks(r);
    if (*r->at == '!') {
        r->at++;
        return !read_one(r);
    }
    if (*r->at == '(') {
        r->at++;
        bool v = read_or(r);
        skip_blanks(r);
        if (*r->at++ != ')')
            die("function", r->lib->function);
        return v;
    }
    size_t l = 0;
    while (isalnum((unsigned char)r->at[l]))
        l++;
    for (unsigned k = 0; k < r->lib->inputs; k++)
        if (l && strlen(r->lib->in[k]) == l && !strncmp(r->lib->in[k], r->at, l)) {
            r->at += l;
            return r->setting >> k & 1;
        }
    die("function", r->lib->function);
}

static bool read_xor(struct reader *r)
{
    bool v = read_one(r);
    for (skip_blanks(r); *r->at == '^'; skip_blanks(r)) {
        r->at++;
        v ^= read_one(r);
    }
    return v;
}

static bool read_and(struct reader *r)
{
    bool v = read_xor(r);
    for (;;) {
        skip_blanks(r);
        if (*r->at == '*' || *r->at == '&')
            r->at++;
        else if (*r->at != '!' && *r->at != '(' && !isalnum((unsigned char)*r->at))
            return v;
        v &= read_xor(r);
    }
}

static bool read_or(struct reader *r)
{
    bool v = read_and(r);
    for (skip_blanks(r); *r->at == '+' || *r->at == '|'; skip_blanks(r)) {
        r->at++;
        v |= read_and(r);
    }
    return v;
}

/* What a cell's lines say. Cells of two outputs are kept, and refused when they are used. */
static void read_liberty(struct netsim *s, const char *file)
{
    static char line[LINE];
    FILE *in = fopen(file, "r");
    char pin[32] = "", word[128];
    struct lib *l = NULL;
    if (!in)
        die("cannot read", file);
    while (fgets(line, LINE, in)) {
        if (sscanf(line, " cell (%31[^)])", word) == 1) {
            if (s->libs == CELLS)
                die("too many cells", file);
            l = &s->lib[s->libs++];
            strcpy(l->name, word);
        } else if (l && sscanf(line, " pin(%7[^)])", pin) == 1)
            ;
        else if (l && sscanf(line, " direction : %15[a-z]", word) == 1) {
            if (!strcmp(word, "input") && l->inputs < INPUTS)
                strcpy(l->in[l->inputs++], pin);
            else
                strcpy(l->out, l->out[0] ? "two" : pin);
        } else if (l && sscanf(line, " function : \"%127[^\"]", word) == 1)
            strcpy(l->function, word);
        else if (l && strstr(line, "latch (") == line + 2)
            l->kind = LATCH;
        else if (l && strstr(line, "ff (") == line + 2)
            l->kind = FLOP;
    }
    fclose(in);
    for (unsigned c = 0; c < s->libs; c++) {
        l = &s->lib[c];
        if (l->kind != GATE || !l->function[0] || !strcmp(l->out, "two"))
            continue;
        for (unsigned v = 0; v < 1u << l->inputs; v++) {
            struct reader r = {l, l->function, v};
            l->truth |= (uint16_t)((unsigned)read_or(&r) << v);
        }
    }
}

static const struct lib *lib_called(const struct netsim *s, const char *name)
{
    for (unsigned c = 0; c < s->libs; c++)
        if (!strcmp(s->lib[c].name, name))
            return strcmp(s->lib[c].out, "two") ? &s->lib[c] : NULL;
    return NULL;
}

/* --- the netlist -------------------------------------------------------------------------------------------------- */

static int name_at(const struct netsim *s, const char *text)
{
    uint32_t h = 2166136261u;
    for (const char *c = text; *c; c++)
        h = (h ^ (uint8_t)*c) * 16777619u;
    h &= NAMES - 1;
    while (s->names[h].text && strcmp(s->names[h].text, text))
        h = (h + 1) & (NAMES - 1);
    return (int)h;
}

static int name_of(struct netsim *s, const char *text)
{
    int n = name_at(s, text);
    if (!s->names[n].text) {
        if (++s->name_count == NAMES)
            die("too many nets", text);
        s->names[n] = (struct name){copy(text), -1, -1};
    }
    while (s->names[n].alias >= 0)
        n = s->names[n].alias;
    return n;
}

static int net_of(struct netsim *s, const char *text)
{
    struct name *n = &s->names[name_of(s, text)];
    if (n->net < 0)
        n->net = (int)s->net_count++;
    return n->net;
}

/* PIN=net, PIN[3]=net: the pin's index is put into *bit. */
static int pin_of(struct netsim *s, char *pair, char **pin, unsigned *bit)
{
    char *equals = strchr(pair, '='), *bracket = strchr(pair, '[');
    if (!equals)
        die("pin", pair);
    *equals = 0;
    *pin = pair;
    *bit = 0;
    if (bracket && bracket < equals) {
        *bracket = 0;
        *bit = (unsigned)strtoul(bracket + 1, NULL, 10);
    }
    return net_of(s, equals + 1);
}

static void add_memory(struct netsim *s, const char *type, char **pair, unsigned pairs)
{
    if (s->memory_count == MEMORIES)
        die("too many memories", type);
    struct memory *m = &s->memories[s->memory_count++];
    *m = (struct memory){.geometry = copy(type)};
    m->single = !strncmp(type, "stoa_ram1", 9);
    m->masked = type[9] == 'm';
    for (unsigned k = 0; k < pairs; k++) {
        char *pin;
        unsigned bit;
        int net = pin_of(s, pair[k], &pin, &bit);
        if (bit >= 64)
            die("memory", type);
        if (!strcmp(pin, "ce") || !strcmp(pin, "re"))
            m->enable = net;
        else if (!strcmp(pin, "we"))
            m->write = net;
        else if (!strcmp(pin, "addr") || !strcmp(pin, "raddr")) {
            m->address[0][bit & 31] = net;
            m->address_bits = bit + 1 > m->address_bits ? bit + 1 : m->address_bits;
        } else if (!strcmp(pin, "waddr"))
            m->address[1][bit & 31] = net;
        else if (!strcmp(pin, "d"))
            m->d[bit] = net;
        else if (!strcmp(pin, "mask"))
            m->mask[bit] = net;
        else if (!strcmp(pin, "q")) {
            m->q[bit] = net;
            m->width = bit + 1 > m->width ? bit + 1 : m->width;
        } else if (!strcmp(pin, "clk"))
            m->clock = net;
        else
            die("memory pin", pin);
    }
    m->word = take((size_t)1 << m->address_bits, sizeof *m->word);
}

static void add_cell(struct netsim *s, const char *type, char **pair, unsigned pairs)
{
    const struct lib *l = lib_called(s, type);
    struct cell *c = &s->cells[s->cell_count++];
    if (!l || pairs != l->inputs + 1)
        die("cell", type);
    *c = (struct cell){.kind = (uint8_t)l->kind, .inputs = (uint8_t)l->inputs, .truth = l->truth, .out = -1};
    for (unsigned k = 0; k < pairs; k++) {
        char *pin;
        unsigned bit, i = 0;
        int net = pin_of(s, pair[k], &pin, &bit);
        if (!strcmp(pin, l->out))
            c->out = net;
        else if (l->kind != GATE)
            c->in[!strcmp(pin, "CLK")] = net;
        else {
            while (i < l->inputs && strcmp(pin, l->in[i]))
                i++;
            if (i == l->inputs)
                die("pin", pin);
            c->in[i] = net;
        }
    }
}

static void read_blif(struct netsim *s, const char *file)
{
    static char line[LINE];
    FILE *in = fopen(file, "r");
    uint32_t gates = 0;
    if (!in)
        die("cannot read", file);
    while (fgets(line, LINE, in)) {
        char one[512], two[512];
        gates += !strncmp(line, ".gate", 5);
        if (sscanf(line, ".conn %511s %511s", one, two) == 2) {
            int a = name_of(s, one), b = name_of(s, two);
            if (a != b)
                s->names[b].alias = a;
        }
    }
    rewind(in);
    s->cells = take(gates, sizeof *s->cells);
    s->memories = take(MEMORIES, sizeof *s->memories);
    net_of(s, "$false");
    net_of(s, "$true");
    bool memory = false;
    while (fgets(line, LINE, in)) {
        char *pair[PINS], *type, *save, *p;
        unsigned pairs = 0;
        if (!strchr(line, '\n'))
            die("line too long", file);
        type = strtok_r(line, " \n", &save);
        if (type && !strcmp(type, ".cname") && memory)
            s->memories[s->memory_count - 1].instance = copy(strtok_r(NULL, " \n", &save));
        if (!type || (strcmp(type, ".gate") && strcmp(type, ".inputs")))
            continue;
        if (!strcmp(type, ".inputs")) {
            while ((p = strtok_r(NULL, " \n", &save)))
                net_of(s, p);
            continue;
        }
        type = strtok_r(NULL, " \n", &save);
        while ((p = strtok_r(NULL, " \n", &save))) {
            if (pairs == PINS)
                die("too many pins", type);
            pair[pairs++] = p;
        }
        memory = !strncmp(type, "stoa_ram", 8);
        if (memory)
            add_memory(s, type, pair, pairs);
        else
            add_cell(s, type, pair, pairs);
    }
    fclose(in);
    s->clk = netsim_net(s, "clk");
    if (s->clk < 0)
        die("no clk in", file);
}

/* --- order -------------------------------------------------------------------------------------------------------- */

/* Whether the cell looks at its input k: a register only at its clock. */
static bool looks(const struct cell *c, unsigned k) { return c->kind != FLOP || k == 1; }

static void list_fans(struct netsim *s)
{
    s->fan_first = take(s->net_count + 2, sizeof *s->fan_first);
    for (int pass = 0; pass < 2; pass++) {
        for (uint32_t c = 0; c < s->cell_count; c++)
            for (unsigned k = 0; k < s->cells[c].inputs; k++)
                if (looks(&s->cells[c], k)) {
                    uint32_t *at = &s->fan_first[s->cells[c].in[k] + (pass ? 1 : 2)];
                    if (pass)
                        s->fan[*at] = c;
                    ++*at;
                }
        if (pass)
            break;
        for (uint32_t n = 2; n < s->net_count + 2; n++)
            s->fan_first[n] += s->fan_first[n - 1];
        s->fan = take(s->fan_first[s->net_count + 1], sizeof *s->fan);
    }
}

/* A cell's level is one more than the highest of the cells that drive it; registers and memories begin anew. */
static void set_levels(struct netsim *s)
{
    uint32_t *missing = take(s->cell_count, sizeof *missing), *ready = take(s->cell_count, sizeof *ready);
    uint32_t *driver = take(s->net_count, sizeof *driver), count = 0, done = 0;
    for (uint32_t c = 0; c < s->cell_count; c++)
        if (s->cells[c].kind != FLOP)
            driver[s->cells[c].out] = c + 1;
    for (uint32_t c = 0; c < s->cell_count; c++) {
        struct cell *cell = &s->cells[c];
        for (unsigned k = 0; k < cell->inputs; k++)
            missing[c] += looks(cell, k) && driver[cell->in[k]];
        if (!missing[c])
            ready[count++] = c;
    }
    while (done < count) {
        struct cell *cell = &s->cells[ready[done++]];
        if (cell->level >= s->levels)
            s->levels = cell->level + 1u;
        if (cell->kind == FLOP)
            continue;
        for (uint32_t f = s->fan_first[cell->out]; f < s->fan_first[cell->out + 1]; f++) {
            struct cell *to = &s->cells[s->fan[f]];
            if (to->level <= cell->level)
                to->level = (uint16_t)(cell->level + 1);
            if (!--missing[s->fan[f]])
                ready[count++] = s->fan[f];
        }
    }
    if (done != s->cell_count)
        die("gates in a circle", "");
    free(missing);
    free(ready);
    free(driver);
}

/* --- the simulation ----------------------------------------------------------------------------------------------- */

static void put(struct netsim *s, int net, bool to)
{
    if (s->value[net] == to)
        return;
    s->value[net] = to;
    if (s->phase >= 0)
        s->changes[net][s->phase]++;
    for (uint32_t f = s->fan_first[net]; f < s->fan_first[net + 1]; f++) {
        uint32_t c = s->fan[f];
        struct cell *cell = &s->cells[c];
        if (cell->kind == FLOP) {
            if (to)
                s->risen[s->risen_count++] = c;
        } else if (!cell->queued) {
            cell->queued = true;
            s->queue[cell->level][s->queue_count[cell->level]++] = c;
        }
    }
}

static void flow(struct netsim *s)
{
    for (uint32_t level = 0; level < s->levels; level++) {
        for (uint32_t k = 0; k < s->queue_count[level]; k++) {
            struct cell *c = &s->cells[s->queue[level][k]];
            unsigned setting = 0;
            c->queued = false;
            for (unsigned i = 0; i < c->inputs; i++)
                setting |= (unsigned)s->value[c->in[i]] << i;
            if (c->kind == GATE)
                put(s, c->out, c->truth >> setting & 1);
            else if (setting & 2)
                put(s, c->out, setting & 1);
        }
        s->queue_count[level] = 0;
    }
}

static uint64_t word_at(const struct netsim *s, const int *net, unsigned bits)
{
    uint64_t v = 0;
    for (unsigned b = 0; b < bits; b++)
        v |= (uint64_t)s->value[net[b]] << b;
    return v;
}

/* The clock is high: the memory's own too, unless it is gated. */
static void access_memory(struct netsim *s, struct memory *m)
{
    bool risen = s->value[m->clock], enable = risen && s->value[m->enable];
    bool write = risen && s->value[m->write] && (enable || !m->single);
    m->read = enable && !(m->single && write);
    if (m->read)
        m->value = m->word[word_at(s, m->address[0], m->address_bits)];
    if (write) {
        uint64_t *w = &m->word[word_at(s, m->address[!m->single], m->address_bits)];
        uint64_t mask = m->masked ? word_at(s, m->mask, m->width) : UINT64_MAX;
        if (s->phase >= 0)
            m->count[2][s->phase] += m->masked ? (unsigned)__builtin_popcountll(mask) : m->width;
        *w = (*w & ~mask) | (word_at(s, m->d, m->width) & mask);
    }
    if (s->phase >= 0) {
        m->count[0][s->phase] += m->read;
        m->count[1][s->phase] += write;
    }
}

void netsim_settle(struct netsim *s)
{
    put(s, s->clk, false);
    flow(s);
    assert(!s->risen_count);
}

void netsim_edge(struct netsim *s)
{
    put(s, s->clk, true);
    flow(s); /* clocks only */
    uint32_t risen = s->risen_count;
    for (uint32_t m = 0; m < s->memory_count; m++)
        access_memory(s, &s->memories[m]);
    for (uint32_t k = 0; k < risen; k++) {
        struct cell *c = &s->cells[s->risen[k]];
        c->next = s->value[c->in[0]];
    }
    for (uint32_t k = 0; k < risen; k++) {
        struct cell *c = &s->cells[s->risen[k]];
        put(s, c->out, c->next);
    }
    for (uint32_t k = 0; k < s->memory_count; k++) {
        struct memory *m = &s->memories[k];
        for (unsigned b = 0; m->read && b < m->width; b++)
            put(s, m->q[b], m->value >> b & 1);
    }
    flow(s);
    assert(s->risen_count == risen); /* a register's output is nobody's clock */
    s->risen_count = 0;
}

struct netsim *netsim_open(const char *liberty, const char *netlist)
{
    struct netsim *s = take(1, sizeof *s);
    s->names = take(NAMES, sizeof *s->names);
    s->phase = -1;
    read_liberty(s, liberty);
    read_blif(s, netlist);
    list_fans(s);
    set_levels(s);
    s->value = take(s->net_count, 1);
    s->changes = take(s->net_count, sizeof *s->changes);
    s->risen = take(2 * (size_t)s->cell_count, sizeof *s->risen);
    s->queue = take(s->levels, sizeof *s->queue);
    s->queue_count = take(s->levels, sizeof *s->queue_count);
    s->queue_room = take(s->levels, sizeof *s->queue_room);
    for (uint32_t c = 0; c < s->cell_count; c++)
        s->queue_room[s->cells[c].level]++;
    for (uint32_t l = 0; l < s->levels; l++)
        s->queue[l] = take(s->queue_room[l], sizeof **s->queue);
    for (uint32_t c = 0; c < s->cell_count; c++)
        if (s->cells[c].kind != FLOP) {
            s->cells[c].queued = true;
            s->queue[s->cells[c].level][s->queue_count[s->cells[c].level]++] = c;
        }
    s->value[net_of(s, "$true")] = 1;
    netsim_settle(s);
    return s;
}

void netsim_close(struct netsim *s)
{
    for (uint32_t n = 0; n < NAMES; n++)
        free(s->names[n].text);
    for (uint32_t m = 0; m < s->memory_count; m++) {
        free(s->memories[m].geometry);
        free(s->memories[m].instance);
        free(s->memories[m].word);
    }
    for (uint32_t l = 0; l < s->levels; l++)
        free(s->queue[l]);
    free(s->queue);
    free(s->queue_count);
    free(s->queue_room);
    free(s->names);
    free(s->cells);
    free(s->memories);
    free(s->value);
    free(s->changes);
    free(s->risen);
    free(s->fan);
    free(s->fan_first);
    free(s);
}

int netsim_net(const struct netsim *s, const char *name)
{
    int n = name_at(s, name);
    if (!s->names[n].text)
        return -1;
    while (s->names[n].alias >= 0)
        n = s->names[n].alias;
    return s->names[n].net;
}

bool netsim_get(const struct netsim *s, int net) { return s->value[net]; }

void netsim_set(struct netsim *s, int net, bool value) { put(s, net, value); }

void netsim_phase(struct netsim *s, int phase) { s->phase = phase; }

void netsim_print(const struct netsim *s, FILE *out)
{
    for (uint32_t k = 0; k < s->memory_count; k++)
        for (int what = 0; what < 3; what++) {
            static const char *const whats[] = {"read", "write", "bits"}; /* of what was written */
            const struct memory *m = &s->memories[k];
            fprintf(out, "memory %s %s %s", whats[what], m->geometry, m->instance ? m->instance : "-");
            for (int p = 0; p < NETSIM_PHASES; p++)
                fprintf(out, " %llu", (unsigned long long)m->count[what][p]);
            fprintf(out, "\n");
        }
    for (uint32_t h = 0; h < NAMES; h++) {
        int net = s->names[h].text ? netsim_net(s, s->names[h].text) : -1;
        uint64_t sum = 0;
        for (int p = 0; net >= 0 && p < NETSIM_PHASES; p++)
            sum += s->changes[net][p];
        if (!sum)
            continue;
        fprintf(out, "net %s", s->names[h].text);
        for (int p = 0; p < NETSIM_PHASES; p++)
            fprintf(out, " %llu", (unsigned long long)s->changes[net][p]);
        fprintf(out, "\n");
    }
}
