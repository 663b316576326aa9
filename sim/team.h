/* team.h - threads that help their caller with one piece of work after the other, each of some microseconds.
 *
 *     caller    ──do──┬── work ──┬────────────do──┬── work ──┬──>
 *     member 1  ......└── work ──┘................└── work ──┘....
 *     member 2  ......└── work ──┘............ (asleep) ..........
 *
 * To wake a thread takes longer than such a piece, so members look for the next one for a while before they sleep;
 * where there are more threads than processors they sleep at once. A piece is done when the caller finds nothing left
 * of it and those who joined in have come back: a member that the system does not let run holds up nobody. */
#ifndef STOA_TEAM_H
#define STOA_TEAM_H

#include <stdint.h>

enum { ST_TEAM_MOST = 256 };

struct st_team;

/* threads: the caller's among them. NULL: there is no second one, and the caller works alone. */
struct st_team *st_team_open(uint32_t threads);
void st_team_close(struct st_team *t); /* or NULL */
/* Threads that there are, the caller's among them. */
uint32_t st_team_size(const struct st_team *t);
/* From now on a piece begins when all members have joined in: slow, and for tests, in which the caller would often be
 * done before. */
void st_team_gather(struct st_team *t);
/* The caller has number 0, members 1 .. size - 1; each that joins in calls work once, which returns when it finds
 * nothing left to take. What was written before can be read in it, and what it wrote, after. */
void st_team_do(struct st_team *t, void (*work)(void *user, uint32_t number), void *user);

#endif
