#include "train_command.h"
#include "text.h"
#include <string.h>

/* As a shell reads it: in quotes where it would read something else. */
static void put_word(struct st_text *t, const char *word)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./@:=,+%";
    if (*word && word[strspn(word, plain)] == 0) {
        st_text_put(t, word);
        return;
    }
    st_text_put(t, "'");
    for (; *word; word++)
        if (*word == '\'')
            st_text_put(t, "'\\''");
        else
            st_text_add(t, word, 1);
    st_text_put(t, "'");
}

const char *st_train_command(struct st_arena *a, const char *experiment, const stoa_train_options *o, uint32_t copies)
{
    struct st_text t, setting;
    st_text_init(&t, a);
    st_text_put(&t, "stoa train ");
    put_word(&t, experiment);
    if (o->fabric) {
        st_text_put(&t, " -f ");
        put_word(&t, o->fabric);
    }
    st_textf(&t, " --seed %llu --copies %u", (unsigned long long)o->seed, copies);
    for (size_t i = 0; i < o->setting_count; i++) {
        st_text_init(&setting, a);
        st_textf(&setting, "%s=", o->settings[i].name);
        st_text_number(&setting, o->settings[i].value);
        st_text_put(&t, " --set ");
        put_word(&t, setting.at);
    }
    if (o->data) {
        st_text_put(&t, " --data ");
        put_word(&t, o->data);
    }
    if (o->limit)
        st_textf(&t, " --limit %u", o->limit);
    if (o->ask)
        st_textf(&t, " --ask %u", o->ask);
    if (o->validate)
        st_text_put(&t, " --validate");
    return t.at;
}
