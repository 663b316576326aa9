/* handles.h - what stands behind the handles of stoa.h. */
#ifndef STOA_HANDLES_H
#define STOA_HANDLES_H

#include "call.h"
#include "compile.h"
#include "fabric.h"
#include "image_io.h"
#include "net.h"
#include "result.h"
#include "stoa/run.h"

/* What is wrong with either may be found when it is compiled: marks point into its sources still. */
struct stoa_net {
    struct st_held *held;
    const struct st_net *net;
    const char *file;        /* as it was asked for, or the network's own name */
    struct st_diags sources; /* and nothing that was said */
};
/* In the call's memory, which it is to hold. */
stoa_net *st_net_handle(struct st_call *c, const struct st_net *net, const char *file);

/* Whether each has a name; copies of them. */
bool st_settings_are(struct st_call *c, const stoa_setting *settings, size_t count);
struct st_setting *st_settings(struct st_call *c, const stoa_setting *settings, size_t count);

struct stoa_fabric {
    struct st_held *held;
    const struct st_fabric *fabric;
    struct st_diags sources;
};

/* The sources of a call that is over, for later ones: with what it said taken off. */
struct st_diags st_sources_of(const struct st_diags *d);
/* Both, as the sources of a call; the fabric with marks that point into them. */
const struct st_fabric *st_sources_join(struct st_call *c, const stoa_net *net, const stoa_fabric *fabric);

/* What a caller asks of a compilation, its files read. */
bool st_compile_how(struct st_call *c, const stoa_compile_options *o, struct st_compile_options *how);

/* An image may lie in one memory with what made it. What a copy has learnt stays where it is as long as the handle;
 * what is under way in it may lie elsewhere. */
struct stoa_image {
    struct st_held *held;
    struct st_image *image;
    const char *folder; /* from which files that it names are looked up, or NULL */
    const char *path;   /* of its file, or NULL */
    stoa_image_info about;
    stoa_group_info *receptors, *populations;
    struct st_held **live; /* [copies] in which its live state lies, or NULL: with the image */
    struct st_learns {     /* [cores] who they are that have learnt; as it is asked for */
        bool known;
        stoa_weights axes;
    } * learns;
    stoa_weights *weights; /* [copies][cores] */
};

/* A handle of an image that is in the call's memory; the image is its own. */
stoa_image *st_image_handle(struct st_call *c, struct st_image *image, const char *folder);
/* Puts handles to rest before their memory goes: what else they hold. */
void st_image_end(void *image);

struct stoa_result {
    struct st_held *held;
    struct st_result result;
    stoa_result_info about;
    stoa_image *image; /* or NULL: it is the caller's own */
    uint32_t *answers;
    const char *json, *text, *machine; /* machine: "" where it has no cycles */
};

/* A handle of what came of a run; image: what it trained, or NULL; on: the machine that was asked for, or NULL. */
struct st_on;
stoa_result *st_result_handle(struct st_call *c, const struct st_result *r, const struct st_image *image,
                              const struct st_on *on);

#endif
