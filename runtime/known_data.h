/* known_data.h - the data sets that experiments here are about: which files, and whether those on the disk are they.
 *
 *     known_data.def ──> name, folder, files ──disk──> there, not checked, missing, wrong
 *
 * A file may be gzipped, with .gz behind its name; its checksum is that of what is inside. Where no checksum is known
 * for sure, the format and the number of pictures are all that can be looked at, and that is said. */
#ifndef STOA_KNOWN_DATA_H
#define STOA_KNOWN_DATA_H

#include "arena.h"
#include "fault.h"
#include <stdint.h>

enum st_known_set {
#define SET(ID, name, folder, what, how) ST_KNOWN_##ID,
#define FILE(...)
#include "known_data.def"
    ST_KNOWN_SETS
};

enum st_known_state { ST_KNOWN_THERE, ST_KNOWN_NOT_CHECKED, ST_KNOWN_MISSING, ST_KNOWN_WRONG };

struct st_known_file {
    enum st_known_set set;
    const char *name;
    unsigned dims;
    uint32_t count;
    const char *sha256; /* or NULL */
};

const char *st_known_name(enum st_known_set set);
const char *st_known_folder(enum st_known_set set); /* below the data folder */
const char *st_known_what(enum st_known_set set);
const char *st_known_how(enum st_known_set set); /* to get it: a command, or words */
/* File k of a set, NULL beyond the last. */
const struct st_known_file *st_known_file_at(enum st_known_set set, size_t k);

/* `there`, `not-checked`, .. */
const char *st_known_state_name(enum st_known_state state);
/* Looks for a file in a folder, with .gz or without. WRONG: f says in what. */
enum st_known_state st_known_look(const struct st_known_file *file, const char *folder, struct st_fault *f);
/* The worst of a set's files; f is about the first of that kind. */
enum st_known_state st_known_look_all(enum st_known_set set, const char *folder, struct st_fault *f);

#endif
