#include "h5_write.h"

#include "file.h"
#include <errno.h>
#include <hdf5.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

bool st_h5_create(struct st_h5_out *o, struct st_arena *a, const char *path, struct st_fault *f)
{
    *o = (struct st_h5_out){.file = -1, .good = true, .path = path};
    o->fresh = st_arena_printf(a, "%s.%ld.tmp", path, (long)getpid());
    H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
    o->file = st_file_allowed('o') ? H5Fcreate(o->fresh, H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT) : -1;
    return o->file >= 0 || st_fail(f, ST_FAULT_WRITE, "%s: cannot be written: %s", path, strerror(errno));
}

void st_h5_group(struct st_h5_out *o, const char *path)
{
    hid_t group = o->good ? H5Gcreate2(o->file, path, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT) : -1;
    o->good = group >= 0;
    if (group >= 0)
        H5Gclose(group);
}

static void put(struct st_h5_out *o, const char *path, uint32_t dims, const uint64_t *size, hid_t type, hid_t memory,
                const void *data)
{
    hsize_t shape[8];
    bool some = true;
    for (uint32_t k = 0; k < dims; k++) {
        shape[k] = size[k];
        some = some && size[k];
    }
    if (!o->good)
        return;
    hid_t space = dims ? H5Screate_simple((int)dims, shape, NULL) : H5Screate(H5S_SCALAR);
    hid_t set = H5Dcreate2(o->file, path, type, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    o->good =
        set >= 0 && st_file_allowed('w') && (!some || H5Dwrite(set, memory, H5S_ALL, H5S_ALL, H5P_DEFAULT, data) >= 0);
    if (set >= 0)
        H5Dclose(set);
    H5Sclose(space);
}

void st_h5_put_texts(struct st_h5_out *o, const char *path, uint32_t dims, const uint64_t *size,
                     const char *const *texts)
{
    hid_t type = H5Tcopy(H5T_C_S1);
    H5Tset_size(type, H5T_VARIABLE);
    H5Tset_cset(type, H5T_CSET_UTF8);
    put(o, path, dims, size, type, type, texts);
    H5Tclose(type);
}

void st_h5_put_text(struct st_h5_out *o, const char *path, const char *text)
{
    st_h5_put_texts(o, path, 0, NULL, &text);
}

void st_h5_put_reals(struct st_h5_out *o, const char *path, uint32_t dims, const uint64_t *size, const double *x)
{
    put(o, path, dims, size, H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, x);
}

void st_h5_put_wholes(struct st_h5_out *o, const char *path, uint32_t dims, const uint64_t *size, const uint64_t *x)
{
    put(o, path, dims, size, H5T_STD_I64LE, H5T_NATIVE_UINT64, x);
}

static void note(struct st_h5_out *o, const char *path, const char *name, hid_t type, hid_t memory, hid_t space,
                 const void *data)
{
    hid_t a = o->good ? H5Acreate_by_name(o->file, path, name, type, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT) : -1;
    o->good = a >= 0 && H5Awrite(a, memory, data) >= 0;
    if (a >= 0)
        H5Aclose(a);
}

void st_h5_note_text(struct st_h5_out *o, const char *path, const char *name, const char *text)
{
    hid_t type = H5Tcopy(H5T_C_S1), space = H5Screate(H5S_SCALAR);
    H5Tset_size(type, H5T_VARIABLE);
    H5Tset_cset(type, H5T_CSET_UTF8);
    note(o, path, name, type, type, space, &text);
    H5Sclose(space);
    H5Tclose(type);
}

void st_h5_note_wholes(struct st_h5_out *o, const char *path, const char *name, uint32_t count, const uint32_t *x)
{
    hsize_t n = count;
    hid_t space = count > 1 ? H5Screate_simple(1, &n, NULL) : H5Screate(H5S_SCALAR);
    note(o, path, name, H5T_STD_U32LE, H5T_NATIVE_UINT32, space, x);
    H5Sclose(space);
}

void st_h5_drop(struct st_h5_out *o)
{
    if (o->file >= 0)
        H5Fclose(o->file);
    o->file = -1;
    unlink(o->fresh);
}

bool st_h5_commit(struct st_h5_out *o, struct st_fault *f)
{
    bool closed = H5Fclose(o->file) >= 0;
    o->file = -1;
    if (o->good && closed && st_file_allowed('w') && rename(o->fresh, o->path) == 0)
        return true;
    unlink(o->fresh);
    return st_fail(f, ST_FAULT_WRITE, "%s: cannot be written", o->path);
}
