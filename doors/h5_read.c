#include "h5_read.h"

#include "file.h"
#include "utf8.h"
#include <hdf5.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TEXT_MOST = 1000, NAME_MOST = 1000 };

bool st_h5_begins(const unsigned char *first, size_t length)
{
    return length >= 8 && !memcmp(first, "\x89HDF\r\n\x1a\n", 8);
}

struct st_mark st_h5_mark(const struct st_h5 *h, const char *path) { return st_diags_path(h->diags, h->source, path); }

bool st_h5_open(struct st_h5 *h, struct st_arena *a, struct st_diags *d, const char *path, const void *bytes,
                size_t length, struct st_fault *f)
{
    *h = (struct st_h5){.file = -1, .arena = a, .diags = d, .source = st_diags_source(d, path, "", 0)};
    uint64_t on_disk;
    H5Eset_auto2(H5E_DEFAULT, NULL, NULL); /* what is wrong is said here */
    if (!bytes && !st_file_length(path, &on_disk, f))
        return false;
    hid_t how = H5Pcreate(H5P_FILE_ACCESS);
    H5Pset_fclose_degree(how, H5F_CLOSE_STRONG);
    if (bytes) {
        H5Pset_fapl_core(how, 64 << 10, 0);
        H5Pset_file_image(how, (void *)(uintptr_t)bytes, length);
    }
    h->file = H5Fopen(path, H5F_ACC_RDONLY, how);
    H5Pclose(how);
    if (h->file >= 0)
        return true;
    st_error(d, ST_DIAG_FOREIGN_FILE, st_h5_mark(h, "/"), NULL, "this is not a whole HDF5 file");
    return false;
}

void st_h5_close(struct st_h5 *h)
{
    if (h->file >= 0)
        H5Fclose(h->file);
    h->file = -1;
}

/* --- what is there ------------------------------------------------------------------------------------------ */

/* Step by step, because a link may lead out of the file: such are not followed. */
enum st_h5_kind st_h5_kind(const struct st_h5 *h, const char *path)
{
    char part[NAME_MOST + 1];
    size_t length = strlen(path);
    H5O_info_t info;
    if (!strcmp(path, "/"))
        return ST_H5_GROUP;
    if (length > NAME_MOST)
        return ST_H5_NONE;
    for (size_t n = 1; n <= length; n++) {
        if (path[n] != '/' && path[n] != 0)
            continue;
        H5L_info_t link;
        memcpy(part, path, n);
        part[n] = 0;
        if (H5Lexists(h->file, part, H5P_DEFAULT) <= 0 || H5Lget_info(h->file, part, &link, H5P_DEFAULT) < 0)
            return ST_H5_NONE;
        if (link.type != H5L_TYPE_HARD)
            return ST_H5_OTHER;
    }
    if (H5Oget_info_by_name2(h->file, path, &info, H5O_INFO_BASIC, H5P_DEFAULT) < 0)
        return ST_H5_OTHER;
    return info.type == H5O_TYPE_GROUP ? ST_H5_GROUP : info.type == H5O_TYPE_DATASET ? ST_H5_DATASET : ST_H5_OTHER;
}

bool st_h5_need(const struct st_h5 *h, const char *path, enum st_h5_kind kind)
{
    enum st_h5_kind is = st_h5_kind(h, path);
    const char *what = kind == ST_H5_GROUP ? "group" : "dataset";
    if (is == kind)
        return true;
    if (is == ST_H5_NONE)
        st_error(h->diags, ST_DIAG_FOREIGN_MISSING, st_h5_mark(h, path), NULL, "there is no such %s", what);
    else
        st_error(h->diags, ST_DIAG_FOREIGN_TYPE, st_h5_mark(h, path), NULL, "a %s is wanted here, and this is %s", what,
                 is == ST_H5_OTHER     ? "a link to elsewhere or something unknown"
                 : kind == ST_H5_GROUP ? "a dataset"
                                       : "a group");
    return false;
}

struct name_list {
    char **names;
    uint32_t count, most;
    struct st_arena *arena;
    bool full;
};

static herr_t add_name(hid_t group, const char *name, const H5L_info_t *info, void *context)
{
    struct name_list *l = context;
    size_t length = strlen(name);
    (void)group;
    (void)info;
    if (l->count == l->most)
        return 1;
    char *kept = st_arena_try(l->arena, length + 1, 1);
    if (!kept) {
        l->full = true;
        return 1;
    }
    memcpy(kept, name, length);
    l->names[l->count++] = kept;
    return 0;
}

static bool plain_text(const char *text)
{
    const char *end = text + strlen(text);
    for (size_t n; text < end; text += n)
        if (!(n = st_utf8_length(text, end)))
            return false;
    return true;
}

const char *const *st_h5_names(const struct st_h5 *h, const char *group, uint32_t most, uint32_t *count)
{
    H5G_info_t info;
    struct name_list l = {.arena = h->arena};
    if (!st_h5_need(h, group, ST_H5_GROUP))
        return NULL;
    if (H5Gget_info_by_name(h->file, group, &info, H5P_DEFAULT) < 0 || info.nlinks > most) {
        st_error(h->diags, ST_DIAG_FOREIGN_SIZE, st_h5_mark(h, group), NULL, "the group has more than %u members",
                 most);
        return NULL;
    }
    l.most = (uint32_t)info.nlinks;
    l.names = ST_NEW(h->arena, char *, (size_t)l.most + 1);
    hsize_t at = 0;
    herr_t status = H5Literate_by_name(h->file, group, H5_INDEX_NAME, H5_ITER_INC, &at, add_name, &l, H5P_DEFAULT);
    if (l.full)
        longjmp(h->arena->full, 1);
    for (uint32_t i = 0; status == 0 && i < l.count; i++)
        status = plain_text(l.names[i]) ? 0 : -1;
    if (status < 0) {
        st_error(h->diags, ST_DIAG_FOREIGN_FILE, st_h5_mark(h, group), NULL, "the members of the group cannot be read");
        return NULL;
    }
    *count = l.count;
    return (const char *const *)l.names;
}

/* --- datasets ----------------------------------------------------------------------------------------------- */

/* A dataset as it is open for a moment. */
struct open_set {
    hid_t set, type, space;
    H5T_class_t class;
};

static void close_set(struct open_set *s)
{
    if (s->space >= 0)
        H5Sclose(s->space);
    if (s->type >= 0)
        H5Tclose(s->type);
    if (s->set >= 0)
        H5Dclose(s->set);
}

static bool lies_here(hid_t set)
{
    hid_t how = H5Dget_create_plist(set);
    H5D_layout_t layout = how >= 0 ? H5Pget_layout(how) : H5D_LAYOUT_ERROR;
    bool here =
        (layout == H5D_COMPACT || layout == H5D_CONTIGUOUS || layout == H5D_CHUNKED) && H5Pget_external_count(how) == 0;
    if (how >= 0)
        H5Pclose(how);
    return here;
}

/* Opens and measures; what is wrong is said. most: elements. */
static bool open_set(const struct st_h5 *h, const char *path, uint64_t most, struct open_set *s,
                     struct st_h5_array *shape)
{
    *s = (struct open_set){-1, -1, -1, H5T_NO_CLASS};
    *shape = (struct st_h5_array){.count = 1};
    if (!st_h5_need(h, path, ST_H5_DATASET))
        return false;
    s->set = H5Dopen2(h->file, path, H5P_DEFAULT);
    s->type = s->set >= 0 ? H5Dget_type(s->set) : -1;
    s->space = s->set >= 0 ? H5Dget_space(s->set) : -1;
    enum st_diag_id id = ST_DIAG_FOREIGN_FILE;
    const char *wrong = NULL;
    char text[100];
    int dims = s->space >= 0 ? H5Sget_simple_extent_ndims(s->space) : -1;
    hsize_t size[H5S_MAX_RANK];
    if (s->type < 0 || dims < 0 || H5Sget_simple_extent_dims(s->space, size, NULL) < 0) {
        wrong = "the dataset cannot be opened";
    } else if (!lies_here(s->set)) {
        wrong = "the dataset lies in another file";
    } else if (dims > ST_H5_DIMS || H5Sget_simple_extent_type(s->space) == H5S_NULL) {
        id = ST_DIAG_FOREIGN_SHAPE;
        wrong =
            dims > ST_H5_DIMS ? "the dataset has more dimensions than anything of this format" : "the dataset is empty";
    } else {
        shape->dims = (uint32_t)dims;
        for (int k = 0; k < dims; k++) {
            shape->size[k] = size[k];
            if (__builtin_mul_overflow(shape->count, (uint64_t)size[k], &shape->count))
                shape->count = UINT64_MAX;
        }
        s->class = H5Tget_class(s->type);
        if (shape->count > most) {
            id = ST_DIAG_FOREIGN_SIZE;
            snprintf(text, sizeof text, "the dataset has %llu elements; there may be %llu here",
                     (unsigned long long)shape->count, (unsigned long long)most);
            wrong = text;
        }
    }
    if (!wrong)
        return true;
    close_set(s);
    st_error(h->diags, id, st_h5_mark(h, path), NULL, "%s", wrong);
    return false;
}

static bool say_type(const struct st_h5 *h, const char *path, const char *wanted)
{
    st_error(h->diags, ST_DIAG_FOREIGN_TYPE, st_h5_mark(h, path), NULL, "%s wanted here", wanted);
    return false;
}

static bool say_read(const struct st_h5 *h, const char *path)
{
    st_error(h->diags, ST_DIAG_FOREIGN_FILE, st_h5_mark(h, path), NULL,
             "the dataset cannot be read: it is damaged, or packed by an unknown filter");
    return false;
}

/* Truth values are names of bytes there: the bytes. */
static bool read_truths(const struct open_set *s, uint64_t count, double *out, signed char *bytes)
{
    if (count && H5Dread(s->set, s->type, H5S_ALL, H5S_ALL, H5P_DEFAULT, bytes) < 0)
        return false;
    for (uint64_t i = 0; i < count; i++)
        out[i] = bytes[i];
    return true;
}

bool st_h5_numbers(const struct st_h5 *h, const char *path, uint64_t most, struct st_h5_array *out)
{
    struct open_set s;
    if (!open_set(h, path, most, &s, out))
        return false;
    bool truths = s.class == H5T_ENUM && H5Tget_size(s.type) == 1;
    bool numbers = truths || s.class == H5T_INTEGER || s.class == H5T_FLOAT;
    out->at = numbers ? st_arena_try(h->arena, out->count, sizeof *out->at) : NULL;
    signed char *bytes = truths ? st_arena_try(h->arena, out->count, 1) : NULL;
    bool full = (numbers && !out->at) || (truths && !bytes);
    bool good =
        numbers && !full && st_file_allowed('r') &&
        (truths ? read_truths(&s, out->count, out->at, bytes)
                : !out->count || H5Dread(s.set, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, out->at) >= 0);
    close_set(&s);
    if (full)
        longjmp(h->arena->full, 1);
    return !numbers ? say_type(h, path, "numbers are") : good ? true : say_read(h, path);
}

bool st_h5_ragged(const struct st_h5 *h, const char *path, uint64_t row, uint64_t most, struct st_h5_array *out)
{
    struct open_set s;
    struct st_h5_array rows;
    char wrong[100] = "";
    if (!open_set(h, path, most, &s, &rows))
        return false;
    hid_t inner = s.class == H5T_VLEN ? H5Tget_super(s.type) : -1;
    bool lists = inner >= 0 && (H5Tget_class(inner) == H5T_INTEGER || H5Tget_class(inner) == H5T_FLOAT), full = false,
         good = false;
    if (inner >= 0)
        H5Tclose(inner);
    if (lists && (rows.dims != 1 || row >= rows.count)) {
        snprintf(wrong, sizeof wrong, "there is no sample %llu: they are 0 to %lld", (unsigned long long)row,
                 (long long)rows.count - 1);
    } else if (lists) {
        hsize_t from = row, one = 1;
        hvl_t list = {0, NULL};
        hid_t memory = H5Tvlen_create(H5T_NATIVE_DOUBLE), space = H5Screate_simple(1, &one, NULL);
        good = st_file_allowed('r') && H5Sselect_hyperslab(s.space, H5S_SELECT_SET, &from, NULL, &one, NULL) >= 0 &&
               H5Dread(s.set, memory, space, s.space, H5P_DEFAULT, &list) >= 0 && list.len <= most;
        if (good) {
            *out = (struct st_h5_array){.dims = 1, .size = {list.len}, .count = list.len};
            out->at = st_arena_try(h->arena, list.len, sizeof *out->at);
            full = !out->at;
            if (!full && list.len)
                memcpy(out->at, list.p, list.len * sizeof *out->at);
        }
        if (list.p)
            H5Dvlen_reclaim(memory, space, H5P_DEFAULT, &list);
        H5Sclose(space);
        H5Tclose(memory);
    }
    close_set(&s);
    if (full)
        longjmp(h->arena->full, 1);
    if (wrong[0]) {
        st_error(h->diags, ST_DIAG_FOREIGN_NODE, st_h5_mark(h, path), NULL, "%s", wrong);
        return false;
    }
    return !lists ? say_type(h, path, "lists of numbers are") : good ? true : say_read(h, path);
}

bool st_h5_is_text(const struct st_h5 *h, const char *path)
{
    struct open_set s;
    struct st_h5_array shape;
    if (st_h5_kind(h, path) != ST_H5_DATASET || !open_set(h, path, UINT64_MAX, &s, &shape))
        return false;
    bool text = s.class == H5T_STRING;
    close_set(&s);
    return text;
}

/* One text out of libhdf5's memory; NULL: it is not UTF-8, or too long. */
static char *kept(struct st_arena *a, const char *from, size_t room, bool *full)
{
    size_t length = from ? strnlen(from, room) : 0;
    if (length > TEXT_MOST)
        return NULL;
    char *to = st_arena_try(a, length + 1, 1);
    *full |= !to;
    if (!to)
        return NULL;
    if (length)
        memcpy(to, from, length);
    return plain_text(to) ? to : NULL;
}

bool st_h5_texts(const struct st_h5 *h, const char *path, uint64_t most, struct st_h5_array *shape, char ***out)
{
    struct open_set s;
    if (!open_set(h, path, most, &s, shape))
        return false;
    bool text = s.class == H5T_STRING, variable = text && H5Tis_variable_str(s.type) > 0, full = false, good = false;
    size_t width = variable ? sizeof(char *) : H5Tget_size(s.type), n = (size_t)shape->count;
    char *raw = NULL;
    if (text && width <= TEXT_MOST) {
        *out = st_arena_try(h->arena, n + 1, sizeof **out);
        raw = st_arena_try(h->arena, n + 1, width);
        full = !*out || !raw;
        hid_t memory = H5Tcopy(variable ? H5T_C_S1 : s.type);
        if (variable) {
            H5Tset_size(memory, H5T_VARIABLE);
            H5Tset_cset(memory, H5Tget_cset(s.type));
        }
        good = !full && st_file_allowed('r') && (!n || H5Dread(s.set, memory, H5S_ALL, H5S_ALL, H5P_DEFAULT, raw) >= 0);
        bool read = good;
        for (size_t i = 0; read && i < n; i++) {
            const char *from;
            if (variable)
                memcpy(&from, raw + i * width, sizeof from);
            else
                from = raw + i * width;
            (*out)[i] = kept(h->arena, from, variable ? TEXT_MOST + 1 : width, &full);
            good = good && (*out)[i];
        }
        if (read && variable && n)
            H5Dvlen_reclaim(memory, s.space, H5P_DEFAULT, raw);
        H5Tclose(memory);
    }
    close_set(&s);
    if (full)
        longjmp(h->arena->full, 1);
    return !text ? say_type(h, path, "texts are") : good ? true : say_read(h, path);
}

bool st_h5_text(const struct st_h5 *h, const char *path, const char **out)
{
    struct st_h5_array shape;
    char **texts;
    if (!st_h5_texts(h, path, 1, &shape, &texts))
        return false;
    *out = shape.count ? texts[0] : "";
    return true;
}

const char *st_h5_attribute(const struct st_h5 *h, const char *path, const char *name)
{
    char *out = NULL;
    bool full = false;
    if (H5Aexists_by_name(h->file, path, name, H5P_DEFAULT) <= 0)
        return NULL;
    hid_t attribute = H5Aopen_by_name(h->file, path, name, H5P_DEFAULT, H5P_DEFAULT);
    hid_t type = attribute >= 0 ? H5Aget_type(attribute) : -1, space = attribute >= 0 ? H5Aget_space(attribute) : -1;
    if (type >= 0 && space >= 0 && H5Tget_class(type) == H5T_STRING && H5Sget_simple_extent_npoints(space) == 1) {
        if (H5Tis_variable_str(type) > 0) {
            char *one = NULL;
            hid_t memory = H5Tcopy(H5T_C_S1);
            H5Tset_size(memory, H5T_VARIABLE);
            H5Tset_cset(memory, H5Tget_cset(type));
            if (H5Aread(attribute, memory, &one) >= 0 && one) {
                out = kept(h->arena, one, TEXT_MOST + 1, &full);
                H5Dvlen_reclaim(memory, space, H5P_DEFAULT, &one);
            }
            H5Tclose(memory);
        } else if (H5Tget_size(type) <= TEXT_MOST) {
            char one[TEXT_MOST + 1] = "";
            if (H5Aread(attribute, type, one) >= 0)
                out = kept(h->arena, one, TEXT_MOST, &full);
        }
    }
    if (space >= 0)
        H5Sclose(space);
    if (type >= 0)
        H5Tclose(type);
    if (attribute >= 0)
        H5Aclose(attribute);
    if (full)
        longjmp(h->arena->full, 1);
    return out;
}

/* --- columns ------------------------------------------------------------------------------------------------ */

bool st_h5_column_open(const struct st_h5 *h, const char *path, uint64_t most, struct st_h5_column *c)
{
    struct open_set s;
    struct st_h5_array shape;
    *c = (struct st_h5_column){h, path, -1, 0};
    if (!open_set(h, path, most, &s, &shape))
        return false;
    bool numbers = s.class == H5T_INTEGER || s.class == H5T_FLOAT, flat = shape.dims == 1;
    if (numbers && flat) {
        c->dataset = s.set;
        c->count = shape.count;
        s.set = -1;
    }
    close_set(&s);
    if (!numbers)
        return say_type(h, path, "numbers are");
    if (!flat)
        st_error(h->diags, ST_DIAG_FOREIGN_SHAPE, st_h5_mark(h, path), NULL,
                 "a column is wanted here, and this has %u dimensions", shape.dims);
    return flat;
}

void st_h5_column_close(struct st_h5_column *c)
{
    if (c->dataset >= 0)
        H5Dclose(c->dataset);
    c->dataset = -1;
}

static bool read_part(struct st_h5_column *c, uint64_t first, uint64_t count, hid_t type, void *out)
{
    hsize_t from = first, n = count;
    if (!count)
        return true;
    hid_t file = H5Dget_space(c->dataset), memory = H5Screate_simple(1, &n, NULL);
    bool good = file >= 0 && memory >= 0 && st_file_allowed('r') &&
                H5Sselect_hyperslab(file, H5S_SELECT_SET, &from, NULL, &n, NULL) >= 0 &&
                H5Dread(c->dataset, type, memory, file, H5P_DEFAULT, out) >= 0;
    if (file >= 0)
        H5Sclose(file);
    if (memory >= 0)
        H5Sclose(memory);
    return good ? true : say_read(c->file, c->path);
}

bool st_h5_column_whole(struct st_h5_column *c, uint64_t first, uint64_t count, uint64_t *out)
{
    return read_part(c, first, count, H5T_NATIVE_UINT64, out);
}

bool st_h5_column_real(struct st_h5_column *c, uint64_t first, uint64_t count, double *out)
{
    return read_part(c, first, count, H5T_NATIVE_DOUBLE, out);
}
