#include "data.h"
#include <stdlib.h>
#include <string.h>

/* "0,1,4" */
static bool classes_of(struct cli *c, const char *text, stoa_choice *choice)
{
    enum { LABELS = UINT8_MAX + 1 };
    uint32_t *list = ST_NEW(c->arena, uint32_t, LABELS), count = 0;
    for (const char *at = text;; at++) {
        char *end;
        unsigned long v = strtoul(at, &end, 10);
        if (end == at || *at == '-' || *at == '+' || *at == ' ' || v >= LABELS || count == LABELS ||
            (*end && *end != ',')) {
            cli_usage(c, "--classes wants labels with commas between them, as 0,1,4, not '%s'", text);
            return false;
        }
        list[count++] = (uint32_t)v;
        at = end;
        if (!*end)
            break;
    }
    choice->classes = list;
    choice->class_count = count;
    return true;
}

bool cli_data_options(struct cli *c, int argc, char **argv, const char *letters, struct cli_data *out)
{
    static const struct option all[] = {
        {"seed", required_argument, NULL, 's'},        {"first", required_argument, NULL, 'f'},
        {"count", required_argument, NULL, 'n'},       {"classes", required_argument, NULL, 'c'},
        {"first-label", required_argument, NULL, 'l'}, {"transpose", no_argument, NULL, 't'},
        {"kind", required_argument, NULL, 'k'},        {"columns", required_argument, NULL, 'w'},
        {"in-order", no_argument, NULL, 'r'},          {"side", required_argument, NULL, 'z'},
        {"hands", required_argument, NULL, 'h'},       {"json", no_argument, NULL, 'j'},
    };
    enum { ALL = sizeof all / sizeof *all };
    struct option some[ALL + 1] = {{NULL, 0, NULL, 0}};
    for (size_t i = 0, n = 0; i < ALL; i++)
        if (strchr(letters, all[i].val))
            some[n++] = all[i];
    *out = (struct cli_data){
        .seed = 1, .columns = 20, .side = 28, .hands = STOA_LETTER_HANDS, .choice = stoa_choice_defaults()};
    for (int o; (o = cli_option(c, argc, argv, strchr(letters, 'o') ? ":o:" : ":", some)) != -1;) {
        uint64_t v = 0;
        bool ok = true;
        switch (o) {
        case 'o':
            out->out = optarg;
            break;
        case 's':
            ok = cli_number(c, "--seed", optarg, 0, UINT64_MAX, &out->seed);
            break;
        case 'f':
            ok = cli_number(c, "--first", optarg, 0, UINT32_MAX, &v);
            out->choice.first = (uint32_t)v;
            break;
        case 'n':
            ok = cli_number(c, "--count", optarg, 1, UINT32_MAX, &v);
            out->choice.count = (uint32_t)v;
            break;
        case 'c':
            ok = classes_of(c, optarg, &out->choice);
            break;
        case 'l':
            ok = cli_number(c, "--first-label", optarg, 0, UINT8_MAX, &v);
            out->choice.first_label = (uint32_t)v;
            break;
        case 't':
            out->choice.transpose = true;
            break;
        case 'k':
            out->kind = optarg;
            break;
        case 'w':
            ok = cli_number(c, "--columns", optarg, 1, 1000, &out->columns);
            break;
        case 'r':
            out->in_order = true;
            break;
        case 'z':
            ok = cli_number(c, "--side", optarg, 1, 4096, &out->side);
            break;
        case 'h':
            ok = cli_number(c, "--hands", optarg, 0, STOA_LETTER_HANDS, &out->hands);
            break;
        case 'j':
            out->json = true;
            break;
        default:
            ok = false;
        }
        if (!ok)
            return false;
    }
    return true;
}
