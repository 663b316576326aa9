#include "nir.h"

#include <string.h>

/* How many elements each node gives, and in which shape. Inputs and neurons say it themselves; what stands between
 * them follows from what it takes. */

enum { SIZE_MAX_MEMBERS = 1 << 24 };

static bool set_shape(const struct nir_graph *g, struct nir_node *n, const char *param, uint32_t dims,
                      const uint64_t *shape)
{
    uint64_t size = 1;
    n->dims = dims;
    for (uint32_t k = 0; k < dims; k++) {
        n->shape[k] = shape[k];
        if (__builtin_mul_overflow(size, shape[k], &size) || size > SIZE_MAX_MEMBERS)
            return st_nir_refuse(g, ST_DIAG_FOREIGN_SIZE, n, param, "it has more than %d elements", SIZE_MAX_MEMBERS);
    }
    n->size = (uint32_t)size;
    return size > 0 || st_nir_refuse(g, ST_DIAG_FOREIGN_SHAPE, n, param, "it has no elements");
}

/* Whole numbers of a parameter, one for each of `want` axes; one alone counts for all. */
static bool whole(const struct nir_graph *g, const struct nir_node *n, enum nir_param p, uint32_t want, double lowest,
                  uint64_t *out)
{
    const struct st_h5_array *a = &n->param[p];
    if (a->count != want && a->count != 1)
        return st_nir_refuse(g, ST_DIAG_FOREIGN_SHAPE, n, st_nir_param_names[p], "%u numbers are wanted here, not %llu",
                             want, (unsigned long long)a->count);
    for (uint32_t k = 0; k < want; k++) {
        double x = a->at[a->count == 1 ? 0 : k];
        if (!(x >= lowest && x <= 1 << 24) || x != (double)(uint64_t)x)
            return st_nir_refuse(g, ST_DIAG_FOREIGN_REFUSED, n, st_nir_param_names[p],
                                 "a whole number from %.0f on is wanted here, not %g", lowest, x);
        out[k] = (uint64_t)x;
    }
    return true;
}

static bool given_shape(const struct nir_graph *g, struct nir_node *n)
{
    const struct st_h5_array *a = &n->param[NIR_SHAPE];
    uint64_t shape[ST_H5_DIMS] = {1};
    if (a->count > ST_H5_DIMS)
        return st_nir_refuse(g, ST_DIAG_FOREIGN_SHAPE, n, "shape", "it has more than %d dimensions", ST_H5_DIMS);
    return whole(g, n, NIR_SHAPE, (uint32_t)a->count, 1, shape) && set_shape(g, n, "shape", (uint32_t)a->count, shape);
}

/* A neuron's parameters have all one shape, or are a single value. */
static bool neuron_shape(const struct nir_graph *g, struct nir_node *n)
{
    const struct st_h5_array *first = NULL;
    for (int i = 0; i < NIR_PARAMS; i++) {
        const struct st_h5_array *a = &n->param[i];
        if (a->at && a->count != 1 && !first)
            first = a;
    }
    for (int i = 0; i < NIR_PARAMS; i++) {
        const struct st_h5_array *a = &n->param[i];
        bool same = a->at && first && a->dims == first->dims && !memcmp(a->size, first->size, sizeof a->size);
        if (a->at && a->count != 1 && !same)
            return st_nir_refuse(g, ST_DIAG_FOREIGN_SHAPE, n, st_nir_param_names[i],
                                 "it has another shape than the node's other parameters");
        if (a->at && !a->count)
            return st_nir_refuse(g, ST_DIAG_FOREIGN_SHAPE, n, st_nir_param_names[i], "it has no elements");
    }
    if (first)
        return set_shape(g, n, NULL, first->dims, first->size);
    return set_shape(g, n, NULL, 0, NULL);
}

static bool affine_shape(const struct nir_graph *g, struct nir_node *n, const struct nir_node *in)
{
    const struct st_h5_array *w = &n->param[NIR_WEIGHT], *b = &n->param[NIR_BIAS];
    uint64_t shape[ST_H5_DIMS];
    if (w->dims != 2)
        return st_nir_refuse(g, ST_DIAG_FOREIGN_SHAPE, n, "weight",
                             "a matrix [out, in] is wanted here, not %u dimensions", w->dims);
    bool blocks = in->size != w->size[1] && in->dims > 1 && in->shape[in->dims - 1] == w->size[1];
    if (in->size != w->size[1] && !blocks)
        return st_nir_refuse(g, ST_DIAG_FOREIGN_SHAPE, n, "weight", "it takes %llu elements, and '%.100s' gives %u",
                             (unsigned long long)w->size[1], in->name, in->size);
    if (b->at && b->count != w->size[0])
        return st_nir_refuse(g, ST_DIAG_FOREIGN_SHAPE, n, "bias", "it has %llu elements, the weights give %llu",
                             (unsigned long long)b->count, (unsigned long long)w->size[0]);
    if (!blocks)
        return set_shape(g, n, "weight", 1, w->size);
    memcpy(shape, in->shape, sizeof shape);
    shape[in->dims - 1] = w->size[0];
    return set_shape(g, n, "weight", in->dims, shape);
}

static bool elementwise(const struct nir_graph *g, struct nir_node *n, const struct nir_node *in, enum nir_param p)
{
    const struct st_h5_array *a = &n->param[p];
    if (a->count != 1 && a->count != in->size)
        return st_nir_refuse(g, ST_DIAG_FOREIGN_SHAPE, n, st_nir_param_names[p],
                             "it has %llu elements, and '%.100s' gives %u", (unsigned long long)a->count, in->name,
                             in->size);
    return set_shape(g, n, NULL, in->dims, in->shape);
}

static bool flat_shape(const struct nir_graph *g, struct nir_node *n, const struct nir_node *in)
{
    uint64_t shape[ST_H5_DIMS];
    double ends[2];
    uint32_t dims = 0;
    for (int k = 0; k < 2; k++) {
        enum nir_param p = k ? NIR_END_DIM : NIR_START_DIM;
        ends[k] = n->param[p].count == 1 ? n->param[p].at[0] : -1e9;
        ends[k] += ends[k] < 0 ? in->dims : 0;
        if (!(ends[k] >= 0 && ends[k] < in->dims))
            return st_nir_refuse(g, ST_DIAG_FOREIGN_SHAPE, n, st_nir_param_names[p], "it is none of the %u dimensions",
                                 in->dims);
    }
    for (uint32_t k = 0; k < in->dims; k++)
        if (k > ends[0] && k <= ends[1])
            shape[dims - 1] *= in->shape[k];
        else
            shape[dims++] = in->shape[k];
    return set_shape(g, n, NULL, dims, shape);
}

/* Windows along one axis; 0: none fits. */
static uint64_t windows(uint64_t size, uint64_t kernel, uint64_t stride, uint64_t padding, uint64_t dilation)
{
    uint64_t reach = dilation * (kernel - 1) + 1;
    return size + 2 * padding < reach ? 0 : (size + 2 * padding - reach) / stride + 1;
}

/* The last `axes` dimensions are looked at through windows; what is before them are channels. */
static bool window_shape(const struct nir_graph *g, struct nir_node *n, const struct nir_node *in, uint32_t axes)
{
    bool conv = n->type == NIR_NODE_CONV1D || n->type == NIR_NODE_CONV2D;
    const struct st_h5_array *w = &n->param[NIR_WEIGHT], *b = &n->param[NIR_BIAS];
    uint64_t shape[3], size[2], kernel[2] = {0, 0}, stride[2] = {1, 1}, padding[2] = {0, 0}, dilation[2] = {1, 1};
    uint64_t groups = 1;
    if (in->dims != axes + 1)
        return st_nir_refuse(g, ST_DIAG_FOREIGN_SHAPE, n, NULL,
                             "it takes channels of %u dimensions, and '%.100s' gives %u dimensions", axes, in->name,
                             in->dims);
    memcpy(size, in->shape + 1, axes * sizeof *size);
    if (conv) {
        if (w->dims != axes + 2 || !w->count)
            return st_nir_refuse(g, ST_DIAG_FOREIGN_SHAPE, n, "weight", "%u dimensions are wanted here, not %u",
                                 axes + 2, w->dims);
        memcpy(kernel, w->size + 2, axes * sizeof *kernel);
        if (!whole(g, n, NIR_GROUPS, 1, 1, &groups) || !whole(g, n, NIR_DILATION, axes, 1, dilation))
            return false;
        if (w->size[1] * groups != in->shape[0] || w->size[0] % groups)
            return st_nir_refuse(g, ST_DIAG_FOREIGN_SHAPE, n, "weight",
                                 "%llu groups of %llu channels are wanted, and '%.100s' gives %llu channels",
                                 (unsigned long long)groups, (unsigned long long)w->size[1], in->name,
                                 (unsigned long long)in->shape[0]);
        if (b->count != w->size[0])
            return st_nir_refuse(g, ST_DIAG_FOREIGN_SHAPE, n, "bias", "it has %llu elements, there are %llu channels",
                                 (unsigned long long)b->count, (unsigned long long)w->size[0]);
        const struct st_h5_array *s = &n->param[NIR_INPUT_SHAPE];
        for (uint32_t k = 0; s->at && s->count == axes && k < axes; k++)
            if (s->at[k] != (double)size[k])
                return st_nir_refuse(g, ST_DIAG_FOREIGN_SHAPE, n, "input_shape", "it is not that of '%.100s'",
                                     in->name);
    } else if (!whole(g, n, NIR_KERNEL_SIZE, axes, 1, kernel)) {
        return false;
    }
    if (!whole(g, n, NIR_STRIDE, axes, 1, stride) ||
        (n->padding == NIR_PADDING_NUMBERS && n->param[NIR_PADDING].at && !whole(g, n, NIR_PADDING, axes, 0, padding)))
        return false;
    shape[0] = conv ? w->size[0] : in->shape[0];
    for (uint32_t k = 0; k < axes; k++) {
        if (kernel[k] == 0)
            return st_nir_refuse(g, ST_DIAG_FOREIGN_SHAPE, n, "weight", "the kernel is empty");
        if (n->padding == NIR_PADDING_SAME && stride[k] != 1)
            return st_nir_refuse(g, ST_DIAG_FOREIGN_REFUSED, n, "padding", "'same' goes with a stride of 1");
        shape[k + 1] =
            n->padding == NIR_PADDING_SAME ? size[k] : windows(size[k], kernel[k], stride[k], padding[k], dilation[k]);
        if (!shape[k + 1])
            return st_nir_refuse(g, ST_DIAG_FOREIGN_SHAPE, n, NULL, "no window fits into what '%.100s' gives",
                                 in->name);
    }
    return set_shape(g, n, NULL, axes + 1, shape);
}

static bool pass_shape(const struct nir_graph *g, struct nir_node *n, const struct nir_node *in)
{
    switch (n->type) {
    case NIR_NODE_OUTPUT:
        if (!given_shape(g, n))
            return false;
        return n->size == in->size ||
               st_nir_refuse(g, ST_DIAG_FOREIGN_SHAPE, n, "shape", "it has %u elements, and '%.100s' gives %u", n->size,
                             in->name, in->size);
    case NIR_NODE_AFFINE:
    case NIR_NODE_LINEAR:
        return affine_shape(g, n, in);
    case NIR_NODE_SCALE:
        return elementwise(g, n, in, NIR_SCALE);
    case NIR_NODE_DELAY:
        return elementwise(g, n, in, NIR_DELAY);
    case NIR_NODE_FLATTEN:
        return flat_shape(g, n, in);
    case NIR_NODE_CONV1D:
        return window_shape(g, n, in, 1);
    case NIR_NODE_CONV2D:
    case NIR_NODE_SUMPOOL2D:
    case NIR_NODE_AVGPOOL2D:
        return window_shape(g, n, in, 2);
    default:
        return set_shape(g, n, NULL, in->dims, in->shape);
    }
}

/* What is summed has one size. */
static bool check_sums(const struct nir_graph *g, uint32_t node)
{
    const struct nir_node *n = &g->nodes[node];
    for (uint32_t e = g->into[node]; e < g->into[node + 1]; e++) {
        const struct nir_node *in = &g->nodes[g->from[e]];
        if (nir_stands(n) ? in->size != n->size : in->size != g->nodes[g->from[g->into[node]]].size)
            return st_nir_refuse(g, ST_DIAG_FOREIGN_SHAPE, n, NULL,
                                 "'%.100s' has %u elements, and '%.100s' gives it %u", n->name, n->size, in->name,
                                 in->size);
    }
    return true;
}

bool st_nir_shapes(struct nir_graph *g)
{
    bool good = true;
    for (uint32_t i = 0; i < g->node_count; i++) {
        struct nir_node *n = &g->nodes[i];
        if (nir_stands(n))
            good &= n->type == NIR_NODE_INPUT ? given_shape(g, n) : neuron_shape(g, n);
    }
    for (uint32_t k = 0; good && k < g->passes; k++) {
        struct nir_node *n = &g->nodes[g->order[k]];
        good = pass_shape(g, n, &g->nodes[g->from[g->into[g->order[k]]]]) && check_sums(g, g->order[k]);
    }
    for (uint32_t i = 0; good && i < g->node_count; i++)
        good = !nir_stands(&g->nodes[i]) || check_sums(g, i);
    return good;
}
