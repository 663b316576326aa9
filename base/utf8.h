/* utf8.h - characters of a text that others wrote: which bytes are one, and which must not reach a terminal.
 *
 * Names and paths come from files that nobody vouches for. Printed as they are, control characters move the cursor,
 * and marks of writing direction make a line say what it does not say. */
#ifndef STOA_UTF8_H
#define STOA_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Length of the UTF-8 character at p, 0 if it is none (too long a form, a surrogate, beyond 0x10ffff, cut off). */
static inline size_t st_utf8_length(const char *text, const char *end)
{
    const unsigned char *p = (const unsigned char *)text;
    size_t left = (size_t)(end - text);
    size_t n = left == 0                      ? 0
               : p[0] < 0x80                  ? 1
               : p[0] >= 0xc2 && p[0] <= 0xdf ? 2
               : (p[0] & 0xf0) == 0xe0        ? 3
               : p[0] >= 0xf0 && p[0] <= 0xf4 ? 4
                                              : 0;
    if (n == 0 || n > left)
        return 0;
    for (size_t i = 1; i < n; i++)
        if ((p[i] & 0xc0) != 0x80)
            return 0;
    if ((p[0] == 0xe0 && p[1] < 0xa0) || (p[0] == 0xed && p[1] > 0x9f) || (p[0] == 0xf0 && p[1] < 0x90) ||
        (p[0] == 0xf4 && p[1] > 0x8f))
        return 0;
    return n;
}

/* The code of the character of n bytes at p. */
static inline uint32_t st_utf8_code(const char *text, size_t n)
{
    const unsigned char *p = (const unsigned char *)text;
    uint32_t code = n == 1 ? p[0] : n == 2 ? p[0] & 0x1fu : n == 3 ? p[0] & 0x0fu : p[0] & 0x07u;
    for (size_t i = 1; i < n; i++)
        code = code << 6 | (p[i] & 0x3fu);
    return code;
}

/* Control characters, marks of writing direction (Unicode Standard Annex 9), separators of lines, marks of byte order.
 */
static inline bool st_utf8_hides(uint32_t code)
{
    return code < 0x20 || (code >= 0x7f && code < 0xa0) || code == 0x61c || code == 0x200e || code == 0x200f ||
           (code >= 0x2028 && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069) || code == 0xfeff;
}

#endif
