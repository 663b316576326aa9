/* redzone.h - a gap behind an array that nobody may touch.
 *
 * An engine keeps all of a run in one block of memory, where a write beyond one array lands in the next and is seen by
 * nobody. Under AddressSanitizer arrays stand a gap apart, and the gap is poisoned; else there is none. */
#ifndef STOA_REDZONE_H
#define STOA_REDZONE_H

#include <stddef.h>

#ifdef __SANITIZE_ADDRESS__ /* as gcc says it, */
#define ST_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) /* and clang */
#define ST_ASAN 1
#endif
#endif

#ifdef ST_ASAN
#include <sanitizer/asan_interface.h>
enum { ST_RED_ZONE = 64 };
#define ST_POISON(at, size) __asan_poison_memory_region((at), (size))
#define ST_UNPOISON(at, size) __asan_unpoison_memory_region((at), (size))
#else
enum { ST_RED_ZONE = 0 };
#define ST_POISON(at, size) ((void)(at), (void)(size))
#define ST_UNPOISON(at, size) ((void)(at), (void)(size))
#endif

#endif
