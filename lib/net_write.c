/* net_write.c - a network as a file, and its long lists as files beside it. */
#include "file.h"
#include "handles.h"
#include "text.h"
#include <string.h>

enum { LEAST_BESIDE = 1000, ROWS_AT_ONCE = 1 << 14 };

struct writing {
    const stoa_net *net;
    const char *path;
};

static bool put_rows(struct st_call *c, struct st_file_out *o, const struct st_net_list *l)
{
    struct st_text t;
    st_text_init(&t, c->arena);
    for (uint32_t i = 0; i < l->count; i += ROWS_AT_ONCE) {
        t.length = 0;
        st_net_print_rows(&t, l, i, l->count - i < ROWS_AT_ONCE ? l->count - i : ROWS_AT_ONCE);
        if (!st_file_put(o, t.at, t.length, &c->fault))
            return false;
    }
    return true;
}

/* A list as a file, piece by piece. Memory that runs out is a jump, which closes the file first. */
static bool write_list(struct st_call *c, const char *path, const struct st_net_list *l)
{
    struct st_file_out *o = ST_NEW(c->arena, struct st_file_out, 1);
    jmp_buf outer;
    if (!st_file_begin(o, path, &c->fault))
        return false;
    memcpy(&outer, &c->arena->full, sizeof outer);
    if (setjmp(c->arena->full)) {
        st_file_drop(o);
        memcpy(&c->arena->full, &outer, sizeof outer);
        longjmp(c->arena->full, 1);
    }
    bool good = put_rows(c, o, l);
    memcpy(&c->arena->full, &outer, sizeof outer);
    if (good)
        return st_file_commit(o, &c->fault);
    st_file_drop(o);
    return false;
}

static bool write_net(struct st_call *c, void *user)
{
    struct writing *q = user;
    if (!q->net || !q->path)
        return st_request(c, "writing wants a network and a file");
    if (!strcmp(q->path, "-"))
        return st_request(c, "a network goes into files; stoa_net_print gives it as a text");
    const struct st_net *net = q->net->net;
    const char *slash = strrchr(q->path, '/'), *name = slash ? slash + 1 : q->path, *dot = strrchr(name, '.');
    const char *stem = st_arena_text(c->arena, name, dot && dot > name ? (size_t)(dot - name) : strlen(name));
    const char *folder = st_path_folder(c->arena, q->path);
    for (uint32_t i = 0; i < net->projection_count; i++) {
        const struct st_net_projection *p = &net->projections[i];
        const char *file = st_path_join(c->arena, folder, st_net_list_file(c->arena, stem, i));
        if (p->policy == ST_LIST && p->list.count >= LEAST_BESIDE && !write_list(c, file, &p->list))
            return false;
    }
    const char *text = st_net_print_beside(c->arena, net, stem, LEAST_BESIDE);
    return st_file_write(q->path, text, strlen(text), &c->fault);
}

stoa_status stoa_net_write(const stoa_net *net, const char *path, stoa_diagnostics **said)
{
    struct writing q = {net, path};
    return st_call(said, write_net, &q);
}
