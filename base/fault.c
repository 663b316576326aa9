#include "fault.h"
#include <stdarg.h>
#include <stdio.h>

bool st_fail(struct st_fault *f, enum st_fault_id id, const char *format, ...)
{
    va_list args;
    f->id = id;
    va_start(args, format);
    vsnprintf(f->text, sizeof f->text, format, args);
    va_end(args);
    return false;
}

const char *st_fault_name(enum st_fault_id id)
{
    static const char *const names[ST_FAULT_COUNT] = {
        "ok",
#define X(ID, name, what) name,
#include "faults.def"
    };
    return (unsigned)id < ST_FAULT_COUNT ? names[id] : "?";
}
