/* shipped.h - networks, fabrics, experiments and images by their names: files, or what lies in netlists/.
 *
 * netlists/ is looked for in the current folder, in the checkout or installation that the command or the library is in,
 * and in what the system shares. */
#ifndef STOA_SHIPPED_H
#define STOA_SHIPPED_H

#include "fabric.h"
#include "fault.h"
#include "net.h"

/* A file by path, or the one of that name that ships in netlists/FOLDER; NULL and *f when there is neither. */
const char *st_find(struct st_arena *a, const char *folder, const char *name, struct st_fault *f);
/* Networks and fabrics by path, or by the name of one that ships; networks also in the formats of others (door.h):
 * *note says then how much is approximated, else it is NULL. NULL: diagnosed, or *f says why; else f->id is ST_OK.
 */
const struct st_net *st_net_load(struct st_arena *a, struct st_diags *d, const char *name,
                                 const struct st_setting *settings, size_t count, const char **note,
                                 struct st_fault *f);
const struct st_fabric *st_fabric_load(struct st_arena *a, struct st_diags *d, const char *name, struct st_fault *f);
/* An image by path; what ships under that name is no image, and how it becomes one is said. */
struct st_image *st_image_find(struct st_arena *a, const char *path, struct st_fault *f);

#endif
