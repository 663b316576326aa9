/* sha256.h - SHA-256 (FIPS 180-4): the checksum that data sets are published with. */
#ifndef STOA_SHA256_H
#define STOA_SHA256_H

#include <stddef.h>
#include <stdint.h>

/* In hexadecimal, with a 0 at its end. */
void st_sha256(const void *bytes, size_t length, char out[65]);

#endif
