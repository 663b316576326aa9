#include "h5_make.h"

#include <hdf5.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LINE = 4096, WORDS = 512, DIMS = 8, VALUES_MAX = 1 << 20 };

struct line {
    char *word[WORDS];
    int words, values; /* values: the first word behind '=' */
};

static void split(char *text, struct line *l)
{
    l->words = 0;
    l->values = -1;
    for (char *w = strtok(text, " \t\r"); w && l->words < WORDS; w = strtok(NULL, " \t\r"))
        if (!strcmp(w, "=") && l->values < 0)
            l->values = l->words;
        else
            l->word[l->words++] = w;
    if (l->values < 0)
        l->values = l->words;
}

static const char *value(const struct line *l, size_t i)
{
    int n = l->words - l->values;
    return n ? l->word[l->values + (int)(i % (size_t)n)] : "";
}

static hid_t number_type(const char *word)
{
    return !strcmp(word, "f32")   ? H5T_IEEE_F32LE
           : !strcmp(word, "i64") ? H5T_STD_I64LE
           : !strcmp(word, "u64") ? H5T_STD_U64LE
           : !strcmp(word, "i8")  ? H5T_STD_I8LE
                                  : H5T_IEEE_F64LE;
}

static void make_set(hid_t file, const struct line *l)
{
    hsize_t size[DIMS];
    int dims = 0;
    size_t count = 1;
    const char *kind = l->word[0];
    bool text = !strcmp(kind, "text"), claim = !strcmp(kind, "claim"), zip = !strcmp(kind, "zip");
    for (int k = 2; k < l->values && dims < DIMS; k++, dims++) {
        size[dims] = strtoull(l->word[k], NULL, 10);
        if (__builtin_mul_overflow(count, (size_t)size[dims], &count))
            return;
    }
    if (!claim && count > VALUES_MAX)
        return;
    hid_t space = dims ? H5Screate_simple(dims, size, NULL) : H5Screate(H5S_SCALAR);
    hid_t type = text ? H5Tcopy(H5T_C_S1) : H5Tcopy(number_type(kind)), how = H5Pcreate(H5P_DATASET_CREATE);
    if (text) {
        H5Tset_size(type, H5T_VARIABLE);
        H5Tset_cset(type, H5T_CSET_UTF8);
    }
    if (zip && dims && count) {
        H5Pset_chunk(how, dims, size);
        H5Pset_deflate(how, 6);
    }
    H5Pset_alloc_time(how, H5D_ALLOC_TIME_LATE);
    hid_t set = H5Dcreate2(file, l->word[1], type, space, H5P_DEFAULT, how, H5P_DEFAULT);
    if (set >= 0 && !claim && count) {
        const char **texts = calloc(count, sizeof *texts);
        double *numbers = calloc(count, sizeof *numbers);
        for (size_t i = 0; texts && numbers && i < count; i++) {
            texts[i] = value(l, i);
            numbers[i] = strtod(texts[i], NULL);
        }
        if (texts && numbers)
            H5Dwrite(set, text ? type : H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT,
                     text ? (const void *)texts : numbers);
        free(texts);
        free(numbers);
    }
    if (set >= 0)
        H5Dclose(set);
    H5Pclose(how);
    H5Tclose(type);
    H5Sclose(space);
}

static void make_note(hid_t file, const struct line *l)
{
    const char *text = value(l, 0);
    hid_t type = H5Tcopy(H5T_C_S1), space = H5Screate(H5S_SCALAR);
    H5Tset_size(type, H5T_VARIABLE);
    hid_t note = H5Acreate_by_name(file, l->word[1], l->word[2], type, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    if (note >= 0) {
        H5Awrite(note, type, &text);
        H5Aclose(note);
    }
    H5Sclose(space);
    H5Tclose(type);
}

static void make_line(hid_t file, struct line *l)
{
    static const char *const sets[] = {"text", "f64", "f32", "i64", "u64", "i8", "zip", "claim"};
    if (l->words < 2 || l->values < 2 || l->word[1][0] != '/')
        return;
    if (!strcmp(l->word[0], "group")) {
        hid_t group = H5Gcreate2(file, l->word[1], H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
        if (group >= 0)
            H5Gclose(group);
    } else if (!strcmp(l->word[0], "link")) {
        H5Lcreate_hard(file, value(l, 0), file, l->word[1], H5P_DEFAULT, H5P_DEFAULT);
    } else if (!strcmp(l->word[0], "soft")) {
        H5Lcreate_soft(value(l, 0), file, l->word[1], H5P_DEFAULT, H5P_DEFAULT);
    } else if (!strcmp(l->word[0], "note")) {
        if (l->values == 3)
            make_note(file, l);
    } else {
        for (size_t k = 0; k < sizeof sets / sizeof *sets; k++)
            if (!strcmp(l->word[0], sets[k]))
                make_set(file, l);
    }
}

void *st_h5_make(const char *lines, size_t length, size_t *out_length)
{
    static struct line l;
    H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
    hid_t how = H5Pcreate(H5P_FILE_ACCESS);
    H5Pset_fapl_core(how, 64 << 10, 0);
    hid_t file = H5Fcreate("made", H5F_ACC_TRUNC, H5P_DEFAULT, how);
    H5Pclose(how);
    for (const char *at = lines, *end = lines + length; at < end;) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));
        size_t n = (size_t)((stop ? stop : end) - at);
        char text[LINE];
        if (n < sizeof text) {
            memcpy(text, at, n);
            text[n] = 0;
            split(text, &l);
            make_line(file, &l);
        }
        at += n + 1;
    }
    H5Fflush(file, H5F_SCOPE_GLOBAL);
    ssize_t size = H5Fget_file_image(file, NULL, 0);
    void *bytes = size > 0 ? malloc((size_t)size) : NULL;
    *out_length = bytes ? (size_t)size : 0;
    if (bytes)
        H5Fget_file_image(file, bytes, (size_t)size);
    H5Fclose(file);
    return bytes;
}
