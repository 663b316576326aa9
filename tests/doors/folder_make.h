/* folder_make.h - the files of a circuit out of one text: a line "@ NAME" begins a file, whose lines follow. A name
 * that ends in .h5 is made by h5_make.h, others are the lines. Names with a slash or a dot at the front make nothing.
 */
#ifndef STOA_TESTS_FOLDER_MAKE_H
#define STOA_TESTS_FOLDER_MAKE_H

#include <stddef.h>

void st_folder_fill(const char *folder, const char *text, size_t length);
/* Removes them, and the folder. */
void st_folder_empty(const char *folder);

#endif
