/* data_make.c - idx files out of others, or out of nothing: permuted, subset, noise, pictures, letters. */
#include "data.h"
#include "file.h"
#include <stdio.h>
#include <string.h>

enum { SEED = 1 }; /* the one whose checksums are known */

/* The file's own name, without its folder and without .gz. */
static const char *plain_name(struct cli *c, const char *path)
{
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    size_t length = strlen(name);
    return st_arena_text(c->arena, name, length > 3 && !strcmp(name + length - 3, ".gz") ? length - 3 : length);
}

static bool permute(struct cli *c, stoa_dataset **d, uint64_t seed, int *done)
{
    stoa_diagnostics *said;
    stoa_dataset *permuted;
    stoa_status status = stoa_dataset_permute(*d, seed, &permuted, &said);
    stoa_dataset_free(*d);
    *d = permuted;
    *done = cli_said(c, status, said);
    return status == STOA_OK;
}

/* A pair, changed, into the folder. */
static int from_pair(struct cli *c, const struct cli_data *q, const stoa_data_pair *pair, bool permuted,
                     struct st_text *made)
{
    stoa_dataset *d;
    int done;
    if (!cli_data_load(c, pair, &d, &done) ||
        !(permuted ? permute(c, &d, q->seed, &done) : cli_data_choose(c, &d, &q->choice, &done)))
        return done;
    if (stoa_dataset_pictures(d)->count == 0) {
        stoa_dataset_free(d);
        return cli_usage(c, "--first %u leaves nothing of %s", q->choice.first, pair->images);
    }
    return cli_data_save(c, d, q->out, plain_name(c, pair->images), pair->labels ? plain_name(c, pair->labels) : NULL,
                         made);
}

/* Every pair of the source. */
static int from_others(struct cli *c, int argc, char **argv, bool permuted)
{
    struct cli_data q;
    struct st_text made;
    stoa_diagnostics *said;
    stoa_data_pair *pairs;
    size_t count;
    if (!cli_data_options(c, argc, argv, permuted ? "oshj" : "ofncltj", &q))
        return CLI_USAGE;
    if (optind + 1 != argc || !q.out)
        return cli_usage(c, "make %s wants one SOURCE, a folder or a file of pictures, and -o FOLDER", argv[0]);
    stoa_status status = stoa_data_pairs(argv[optind], &pairs, &count, &said);
    int done = cli_said(c, status, said);
    st_text_init(&made, c->arena);
    for (size_t i = 0; i < count && done == CLI_DONE; i++)
        done = from_pair(c, &q, &pairs[i], permuted, &made);
    stoa_free(pairs);
    if (q.json && done == CLI_DONE)
        cli_data_made(&made);
    return done;
}

static int noise(struct cli *c, int argc, char **argv)
{
    static const char *const kinds[] = {"white", "blurred", "flat"};
    struct cli_data q;
    struct st_text made;
    stoa_diagnostics *said;
    stoa_dataset *d;
    size_t kind = 0;
    if (!cli_data_options(c, argc, argv, "osnkzj", &q))
        return CLI_USAGE;
    while (q.kind && kind < sizeof kinds / sizeof *kinds && strcmp(q.kind, kinds[kind]) != 0)
        kind++;
    if (!q.kind || kind == sizeof kinds / sizeof *kinds)
        return cli_usage(c, "make noise wants --kind white, blurred or flat");
    if (optind != argc || !q.out)
        return cli_usage(c, "make noise wants -o FOLDER, and no source");
    stoa_status status = stoa_dataset_noise(q.kind, (uint32_t)q.side, (uint32_t)q.side,
                                            q.choice.count ? q.choice.count : 1000, q.seed, &d, &said);
    if (status != STOA_OK)
        return cli_said(c, status, said);
    st_text_init(&made, c->arena);
    int done = cli_data_save(c, d, q.out, st_arena_printf(c->arena, "%s-images-idx3-ubyte", q.kind), NULL, &made);
    if (q.json && done == CLI_DONE)
        cli_data_made(&made);
    return done;
}

/* Pictures of other formats. */
static int pictures(struct cli *c, int argc, char **argv)
{
    struct cli_data q;
    struct st_text made, names;
    stoa_diagnostics *said;
    stoa_dataset *d;
    if (!cli_data_options(c, argc, argv, "oj", &q))
        return CLI_USAGE;
    if (optind + 1 != argc || !q.out)
        return cli_usage(c, "make pictures wants a folder of PNG files, a .npy or a .npz, and -o FOLDER");
    stoa_status status = stoa_dataset_import(argv[optind], &d, &said);
    int done = cli_said(c, status, said);
    if (status != STOA_OK)
        return done;
    st_text_init(&made, c->arena);
    st_text_init(&names, c->arena);
    for (uint32_t i = 0; stoa_dataset_class(d, i); i++)
        st_textf(&names, "%u is '%s'\n", i, cli_shown(c, stoa_dataset_class(d, i)));
    done = cli_data_save(c, d, q.out, "images-idx3-ubyte", "labels-idx1-ubyte", &made);
    if (done != CLI_DONE)
        return done;
    fputs(names.at, stderr);
    if (q.json)
        cli_data_made(&made);
    return CLI_DONE;
}

int cli_data_make(struct cli *c, int argc, char **argv)
{
    static const char *const kinds[] = {"permuted", "subset", "noise", "pictures"};
    const char *kind = argc > 1 ? argv[1] : "";
    if (!strcmp(kind, "noise"))
        return noise(c, argc - 1, argv + 1);
    if (!strcmp(kind, "pictures"))
        return pictures(c, argc - 1, argv + 1);
    if (!strcmp(kind, "permuted") || !strcmp(kind, "subset"))
        return from_others(c, argc - 1, argv + 1, kind[0] == 'p');
    const char *near = st_nearest(kind, kinds, sizeof kinds / sizeof *kinds);
    return cli_usage(c, "make wants permuted, subset, noise or pictures%s%s%s", near ? "; did you mean '" : "",
                     near ? near : "", near ? "'?" : "");
}

/* --- letters -------------------------------------------------------------------------------------------------- */

static const char about[] =
    "Letters drawn by `stoa data letters`: a stand-in for letters written by hand, NOT EMNIST.\n"
    "\n"
    "1: A B D E G H N Q R S   2: Z X Y U W J L P K C   labels 0 .. 9 in this order\n"
    "24,000 pictures to learn, 4,000 to test, 28 x 28, laid out like MNIST's; seed %llu; hands differ by %llu %% of\n"
    "what ships, and the less, the easier.\n"
    "Forms: the Hershey fonts (Dr. A. V. Hershey, U. S. National Bureau of Standards); small letters stand with\n"
    "those that EMNIST balanced counts as one class with their capital. Any figure on these says `stand-in`.\n";

/* Whether a set of that name is in the folder. */
static bool is_complete(const char *name, const char *folder)
{
    const stoa_known_set *set;
    const char *state = "";
    for (size_t i = 0; (set = stoa_known_set_at(i)); i++)
        if (!strcmp(set->name, name))
            stoa_known_set_look(i, folder, &state, NULL);
    return !strcmp(state, "there");
}

static int draw(struct cli *c, const struct cli_data *q, uint32_t task, const char *folder, struct st_text *made)
{
    static const struct {
        const char *images, *labels;
        uint32_t first, count;
    } parts[] = {
        {"train-images-idx3-ubyte", "train-labels-idx1-ubyte", 0, STOA_LETTERS_TRAIN},
        {"t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte", STOA_LETTERS_TRAIN, STOA_LETTERS_TEST},
    };
    int done = CLI_DONE;
    for (size_t i = 0; i < sizeof parts / sizeof *parts && done == CLI_DONE; i++) {
        stoa_diagnostics *said;
        stoa_dataset *d;
        stoa_status status =
            stoa_dataset_letters(task, (uint32_t)q->hands, parts[i].first, parts[i].count, q->seed, &d, &said);
        done = status == STOA_OK ? cli_data_save(c, d, folder, parts[i].images, parts[i].labels, made)
                                 : cli_said(c, status, said);
    }
    return done;
}

int cli_data_letters(struct cli *c, int argc, char **argv)
{
    struct cli_data q;
    struct st_text made;
    struct st_fault f;
    if (!cli_data_options(c, argc, argv, "oshj", &q))
        return CLI_USAGE;
    if (optind != argc)
        return cli_usage(c, "letters takes no source");
    bool shipped = q.seed == SEED && q.hands == STOA_LETTER_HANDS;
    if (!q.out && !shipped)
        return cli_usage(c, "another seed or other hands are another data set: say with -o FOLDER where it goes");
    const char *out = q.out ? q.out : "data/letters";
    const char *folders[STOA_LETTER_TASKS] = {st_path_join(c->arena, out, "1"), st_path_join(c->arena, out, "2")};
    st_text_init(&made, c->arena);
    if (shipped && is_complete("letters-1", folders[0]) && is_complete("letters-2", folders[1])) {
        fprintf(stderr, "%s is complete\n", cli_shown(c, out));
    } else {
        const char *text = st_arena_printf(c->arena, about, (unsigned long long)q.seed, (unsigned long long)q.hands);
        for (uint32_t task = 0; task < STOA_LETTER_TASKS; task++) {
            int done = draw(c, &q, task, folders[task], &made);
            if (done != CLI_DONE)
                return done;
        }
        if (!st_file_write(st_path_join(c->arena, out, "README"), text, strlen(text), &f))
            return cli_fault(&f);
    }
    if (q.json)
        cli_data_made(&made);
    return CLI_DONE;
}
