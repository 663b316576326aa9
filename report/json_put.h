/* json_put.h - the pieces of JSON that the report and a run share; seen only within report/. */
#ifndef STOA_JSON_PUT_H
#define STOA_JSON_PUT_H

#include "energy.h"
#include "text.h"

/* "name": with the comma that the member before needs. */
void st_put_key(struct st_text *t, const char *name, bool first);
void st_put_key_number(struct st_text *t, const char *name, double value, bool first);
void st_put_key_unsigned(struct st_text *t, const char *name, uint64_t value, bool first);
void st_put_key_text(struct st_text *t, const char *name, const char *value, bool first);
/* A member of the outermost object, with its comma before it; nothing when the fabric prices nothing of it. */
void st_put_energy_json(struct st_text *t, const char *name, const struct st_image *image, const struct st_counters *c,
                        enum st_per per);
void st_put_latency_json(struct st_text *t, const char *name, const struct st_image *image, const struct st_counters *c,
                         enum st_per per);

#endif
