#include "known_data.h"
#include "dataset.h"
#include "file.h"
#include "sha256.h"
#include <string.h>
#include <unistd.h>

static const struct {
    const char *name, *folder, *what, *how;
} sets[ST_KNOWN_SETS] = {
#define SET(ID, name, folder, what, how) {name, folder, what, how},
#define FILE(...)
#include "known_data.def"
};

static const struct st_known_file files[] = {
#define SET(...)
#define FILE(ID, name, dims, count, sha256) {ST_KNOWN_##ID, name, dims, count, sha256},
#include "known_data.def"
};
enum { FILES = sizeof files / sizeof *files };

const char *st_known_name(enum st_known_set set) { return sets[set].name; }
const char *st_known_folder(enum st_known_set set) { return sets[set].folder; }
const char *st_known_what(enum st_known_set set) { return sets[set].what; }
const char *st_known_how(enum st_known_set set) { return sets[set].how; }

const struct st_known_file *st_known_file_at(enum st_known_set set, size_t k)
{
    for (size_t i = 0; i < FILES; i++)
        if (files[i].set == set && k-- == 0)
            return &files[i];
    return NULL;
}

const char *st_known_state_name(enum st_known_state state)
{
    static const char *const names[] = {"there", "not-checked", "missing", "wrong"};
    return names[state];
}

/* Whether the file's content is what is known of it. */
static bool right(struct st_arena *a, const struct st_known_file *file, const char *path, struct st_fault *f)
{
    char *bytes, digest[65];
    size_t length;
    struct st_idx idx;
    if (!st_file_read_like(a, path, st_idx_begins, &bytes, &length, f) ||
        !st_idx_parse((const uint8_t *)bytes, length, file->dims, path, &idx, f))
        return false;
    if (idx.size[0] != file->count)
        return st_fail(f, ST_FAULT_DATA, "%s: has %u %s, not %u", path, idx.size[0],
                       file->dims == 1 ? "labels" : "pictures", file->count);
    if (!file->sha256)
        return true;
    st_sha256(bytes, length, digest);
    return !strcmp(digest, file->sha256) ||
           st_fail(f, ST_FAULT_DATA, "%s: its sha256 is %s, not %s", path, digest, file->sha256);
}

static enum st_known_state look(struct st_arena *a, const struct st_known_file *file, const char *folder,
                                struct st_fault *f)
{
    const char *path = st_path_join(a, folder, file->name);
    if (access(path, F_OK) != 0)
        path = st_arena_printf(a, "%s.gz", path);
    if (access(path, F_OK) != 0)
        return ST_KNOWN_MISSING;
    if (!right(a, file, path, f))
        return ST_KNOWN_WRONG;
    return file->sha256 ? ST_KNOWN_THERE : ST_KNOWN_NOT_CHECKED;
}

enum st_known_state st_known_look(const struct st_known_file *file, const char *folder, struct st_fault *f)
{
    /* An arena of its own: data sets are large, and only one is looked at at a time. */
    struct st_arena arena;
    st_arena_init(&arena);
    if (setjmp(arena.full)) {
        st_fail(f, ST_FAULT_MEMORY, "no memory to read %s/%s", folder, file->name);
        st_arena_free(&arena);
        return ST_KNOWN_WRONG;
    }
    enum st_known_state state = look(&arena, file, folder, f);
    st_arena_free(&arena);
    return state;
}

enum st_known_state st_known_look_all(enum st_known_set set, const char *folder, struct st_fault *f)
{
    enum st_known_state worst = ST_KNOWN_THERE;
    const struct st_known_file *file;
    for (size_t k = 0; worst != ST_KNOWN_WRONG && (file = st_known_file_at(set, k)) != NULL; k++) {
        enum st_known_state state = st_known_look(file, folder, f);
        worst = state > worst ? state : worst;
    }
    return worst;
}
