#include "team.h"
#include "arena.h"
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>

/* A piece of work is one word, so that who joins in knows that it is still this piece: its number, whether it is open,
 * and how many are at it. */
#define PIECE (UINT64_C(1) << 32)
#define OPEN (UINT64_C(1) << 31)
#define AT_IT (OPEN - 1)

enum { LOOKS = 4000 }; /* before sleep: some 50 microseconds */

struct member {
    struct st_team *team;
    pthread_t thread;
    uint32_t number;
};

struct st_team {
    void (*work)(void *user, uint32_t number);
    void *user;
    uint32_t size, looks;
    pthread_mutex_t lock; /* of going to sleep */
    pthread_cond_t wake;
    _Alignas(64) atomic_ullong piece;
    _Alignas(64) atomic_uint asleep;
    atomic_bool over;
    bool gathers;
    atomic_uint came; /* to this piece, where all are waited for */
    struct member member[];
};

static void pause_a_little(void)
{
#if defined(__x86_64__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("yield");
#endif
}

/* Waits for another piece than that one, or the end; false: it is the end. */
static bool wait_for_piece(struct st_team *t, uint64_t last)
{
    for (uint32_t k = 0; k < t->looks; k++) {
        if (atomic_load_explicit(&t->piece, memory_order_relaxed) / PIECE != last || atomic_load(&t->over))
            return !atomic_load(&t->over);
        pause_a_little();
    }
    pthread_mutex_lock(&t->lock);
    atomic_fetch_add(&t->asleep, 1); /* whoever opens a piece after this sees it, or it sees the piece */
    while (atomic_load(&t->piece) / PIECE == last && !atomic_load(&t->over))
        pthread_cond_wait(&t->wake, &t->lock);
    atomic_fetch_sub(&t->asleep, 1);
    pthread_mutex_unlock(&t->lock);
    return !atomic_load(&t->over);
}

static void *help(void *user)
{
    const struct member *m = user;
    struct st_team *t = m->team;
    uint64_t last = 0;
    while (wait_for_piece(t, last)) {
        unsigned long long now = atomic_load(&t->piece);
        last = now / PIECE;
        while (now & OPEN && now / PIECE == last)
            if (atomic_compare_exchange_weak(&t->piece, &now, now + 1)) {
                if (t->gathers)
                    atomic_fetch_add(&t->came, 1);
                t->work(t->user, m->number);
                atomic_fetch_sub(&t->piece, 1);
                break;
            }
    }
    return NULL;
}

static void wake_all(struct st_team *t)
{
    if (!atomic_load(&t->asleep))
        return;
    pthread_mutex_lock(&t->lock);
    pthread_cond_broadcast(&t->wake);
    pthread_mutex_unlock(&t->lock);
}

/* Processors that this process may use. */
static uint32_t processors(void)
{
    cpu_set_t set;
    CPU_ZERO(&set);
    return sched_getaffinity(0, sizeof set, &set) == 0 ? (uint32_t)CPU_COUNT(&set) : 1;
}

struct st_team *st_team_open(uint32_t threads)
{
    threads = threads < ST_TEAM_MOST ? threads : ST_TEAM_MOST;
    struct st_team *t = threads > 1 ? st_alloc(sizeof *t + threads * sizeof *t->member) : NULL;
    if (!t)
        return NULL;
    t->size = 1;
    t->looks = threads > processors() ? 0 : LOOKS;
    pthread_mutex_init(&t->lock, NULL);
    pthread_cond_init(&t->wake, NULL);
    for (; t->size < threads; t->size++) {
        struct member *m = &t->member[t->size];
        *m = (struct member){.team = t, .number = t->size};
        if (pthread_create(&m->thread, NULL, help, m) != 0)
            break;
    }
    if (t->size > 1)
        return t;
    st_team_close(t);
    return NULL;
}

void st_team_close(struct st_team *t)
{
    if (!t)
        return;
    atomic_store(&t->over, true);
    wake_all(t);
    for (uint32_t k = 1; k < t->size; k++)
        pthread_join(t->member[k].thread, NULL);
    pthread_cond_destroy(&t->wake);
    pthread_mutex_destroy(&t->lock);
    st_release(t);
}

void st_team_gather(struct st_team *t) { t->gathers = true; }

uint32_t st_team_size(const struct st_team *t) { return t->size; }

void st_team_do(struct st_team *t, void (*work)(void *user, uint32_t number), void *user)
{
    t->work = work;
    t->user = user;
    uint64_t piece = (atomic_load(&t->piece) / PIECE + 1) * PIECE;
    atomic_store(&t->came, 0);
    atomic_store(&t->piece, piece | OPEN);
    wake_all(t);
    while (t->gathers && atomic_load(&t->came) + 1 < t->size)
        sched_yield();
    work(user, 0);
    atomic_fetch_and(&t->piece, ~OPEN);
    for (uint32_t k = 0; atomic_load(&t->piece) & AT_IT; k++)
        if (k < t->looks)
            pause_a_little();
        else
            sched_yield();
}
