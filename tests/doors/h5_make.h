/* h5_make.h - HDF5 files in memory, out of a few lines of text: fixtures of the readers' tests and of their fuzzing.
 *
 * A line is an object; what it is, where, how it is stored, its shape, then its values (fewer are repeated from the
 * first on, none is 0 or an empty text):
 *
 *     group /node/nodes
 *     text  /node/type            = NIRGraph              text without a shape: a single one
 *     text  /node/edges 2 2       = in lif lif out
 *     f64   /node/nodes/lif/tau 3 = 0.01 0.02 0.03        also f32, i64, u64, i8
 *     zip   /node/nodes/w 100     = 1 2                   f64 in chunks, deflated
 *     claim /node/nodes/x 1000000000                      f64 of that shape, of which nothing is stored
 *     link  /node/nodes/y         = /node                 a hard link; soft: a soft one
 *     note  /edges/a/source_node_id node_population = x   a text attribute
 *
 * Fuzzing the bytes of HDF5 would try libhdf5; these lines reach what is ours. */
#ifndef STOA_TESTS_H5_MAKE_H
#define STOA_TESTS_H5_MAKE_H

#include <stddef.h>

/* The file's bytes, the caller's to free; lines that make nothing are passed over. */
void *st_h5_make(const char *lines, size_t length, size_t *out_length);

#endif
