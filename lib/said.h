/* said.h - diagnostics and a fault as one value that outlives the call. */
#ifndef STOA_SAID_H
#define STOA_SAID_H

#include "diag.h"
#include "fault.h"
#include "stoa.h"

/* What was said; d or f may be NULL. at_length: in place of the fault's sentence, or NULL. note: a
 * warning of no place, or NULL. NULL: no memory to say it.
 */
stoa_diagnostics *st_said(const struct st_diags *d, const struct st_fault *f, const char *at_length, const char *note);

/* A fault that ends nothing, as a warning; or NULL. */
stoa_diagnostics *st_said_warning(const struct st_fault *f);

#endif
