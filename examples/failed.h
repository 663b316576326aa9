/* failed.h - what a call said, shown. */
#ifndef FAILED_H
#define FAILED_H

#include <stdio.h>
#include <stoa.h>

/* What is said goes to a terminal here; a program may as well look at each diagnostic. It takes the place of what is
 * said: C does not promise that the call is made before the other argument is looked at. */
static int failed(stoa_status status, stoa_diagnostics **said)
{
    fputs(stoa_diagnostics_text(*said, 0), stderr);
    stoa_diagnostics_free(*said);
    *said = NULL;
    return status != STOA_OK;
}

#endif
