/* data_make.c - idx files out of others, or out of nothing: permuted, subset, noise, pictures, letters. */
#include "data.h"
#include "file.h"
#include "known_data.h"
#include "letters.h"
#include "noise.h"
#include "pictures.h"
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

/* Every pair of the source, changed, into the folder. */
static int from_others(struct cli *c, int argc, char **argv, bool permuted)
{
    struct cli_data q;
    struct st_text made;
    struct st_fault f;
    size_t count;
    if (!cli_data_options(c, argc, argv, permuted ? "oshj" : "ofncltj", &q))
        return CLI_USAGE;
    if (optind + 1 != argc || !q.out)
        return cli_usage(c, "make %s wants one SOURCE, a folder or a file of pictures, and -o FOLDER", argv[0]);
    const struct cli_data_pair *pairs = cli_data_pairs(c, argv[optind], &count, &f);
    if (!pairs)
        return cli_fault(&f);
    st_text_init(&made, c->arena);
    for (size_t i = 0; i < count; i++) {
        struct st_dataset whole, d;
        if (!st_dataset_load(c->arena, pairs[i].images, pairs[i].labels, &whole, &f))
            return cli_fault(&f);
        if (permuted)
            st_dataset_permute(c->arena, &whole, q.seed, &d);
        else if (!st_dataset_choose(c->arena, &whole, &q.choice, &d, &f))
            return cli_fault(&f);
        if (d.count == 0)
            return cli_usage(c, "--first %u leaves nothing of %s", q.choice.first, pairs[i].images);
        if (!cli_data_save(c, &d, q.out, plain_name(c, pairs[i].images),
                           d.labels ? plain_name(c, pairs[i].labels) : NULL, &made, &f))
            return cli_fault(&f);
    }
    if (q.json)
        cli_data_made(&made);
    return CLI_DONE;
}

static int noise(struct cli *c, int argc, char **argv)
{
    struct cli_data q;
    struct st_text made;
    struct st_fault f;
    struct st_dataset d;
    int kind = 0;
    if (!cli_data_options(c, argc, argv, "osnkzj", &q))
        return CLI_USAGE;
    while (q.kind && kind < ST_NOISE_KINDS && strcmp(q.kind, st_noise_names[kind]) != 0)
        kind++;
    if (!q.kind || kind == ST_NOISE_KINDS)
        return cli_usage(c, "make noise wants --kind white, blurred or flat");
    if (optind != argc || !q.out)
        return cli_usage(c, "make noise wants -o FOLDER, and no source");
    const struct st_noise noise = {(enum st_noise_kind)kind, ST_NOISE_LEVEL, ST_NOISE_BLUR};
    st_noise_make(c->arena, q.seed, &noise, (uint32_t)q.side, (uint32_t)q.side, 0,
                  q.choice.count ? q.choice.count : 1000, &d);
    st_text_init(&made, c->arena);
    if (!cli_data_save(c, &d, q.out, st_arena_printf(c->arena, "%s-images-idx3-ubyte", q.kind), NULL, &made, &f))
        return cli_fault(&f);
    if (q.json)
        cli_data_made(&made);
    return CLI_DONE;
}

/* Pictures of other formats. */
static int pictures(struct cli *c, int argc, char **argv)
{
    struct cli_data q;
    struct st_text made;
    struct st_fault f;
    struct st_pictures p;
    if (!cli_data_options(c, argc, argv, "oj", &q))
        return CLI_USAGE;
    if (optind + 1 != argc || !q.out)
        return cli_usage(c, "make pictures wants a folder of PNG files, a .npy or a .npz, and -o FOLDER");
    if (!st_pictures_read(c->arena, &c->diags, argv[optind], &p, &f))
        return f.id ? cli_fault(&f) : cli_diags(c, false);
    const struct st_dataset d = {.count = p.count,
                                 .width = p.width,
                                 .height = p.height,
                                 .classes = p.classes,
                                 .pixels = p.pixels,
                                 .labels = p.labels};
    st_text_init(&made, c->arena);
    if (!cli_data_save(c, &d, q.out, "images-idx3-ubyte", "labels-idx1-ubyte", &made, &f))
        return cli_fault(&f);
    for (uint32_t i = 0; p.labels && p.names && i < p.classes; i++)
        fprintf(stderr, "%u is '%s'\n", i, cli_shown(c, p.names[i]));
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

static bool are_complete(const char *first, const char *second)
{
    struct st_fault f;
    return st_known_look_all(ST_KNOWN_LETTERS_1, first, &f) == ST_KNOWN_THERE &&
           st_known_look_all(ST_KNOWN_LETTERS_2, second, &f) == ST_KNOWN_THERE;
}

static bool draw(struct cli *c, const struct cli_data *q, uint32_t task, const char *folder, struct st_text *made,
                 struct st_fault *f)
{
    static const struct {
        const char *images, *labels;
        uint32_t first, count;
    } parts[] = {
        {"train-images-idx3-ubyte", "train-labels-idx1-ubyte", 0, ST_LETTERS_TRAIN},
        {"t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte", ST_LETTERS_TRAIN, ST_LETTERS_TEST},
    };
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        struct st_dataset d;
        st_letters_make(c->arena, q->seed, (uint32_t)q->hands, task, parts[i].first, parts[i].count, &d);
        if (!cli_data_save(c, &d, folder, parts[i].images, parts[i].labels, made, f))
            return false;
    }
    return true;
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
    bool shipped = q.seed == SEED && q.hands == ST_LETTER_HANDS;
    if (!q.out && !shipped)
        return cli_usage(c, "another seed or other hands are another data set: say with -o FOLDER where it goes");
    const char *out = q.out ? q.out : "data/letters";
    const char *folders[ST_LETTER_TASKS] = {st_path_join(c->arena, out, "1"), st_path_join(c->arena, out, "2")};
    st_text_init(&made, c->arena);
    if (shipped && are_complete(folders[0], folders[1])) {
        fprintf(stderr, "%s is complete\n", cli_shown(c, out));
    } else {
        const char *text = st_arena_printf(c->arena, about, (unsigned long long)q.seed, (unsigned long long)q.hands);
        for (uint32_t task = 0; task < ST_LETTER_TASKS; task++)
            if (!draw(c, &q, task, folders[task], &made, &f))
                return cli_fault(&f);
        if (!st_file_write(st_path_join(c->arena, out, "README"), text, strlen(text), &f))
            return cli_fault(&f);
    }
    if (q.json)
        cli_data_made(&made);
    return CLI_DONE;
}
