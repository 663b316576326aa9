#include "nir.h"

/* One element of what a linear node gives, as parts of what it takes. Written from the specification's sums. */

struct axis {
    uint64_t size, kernel, stride, padding, dilation, windows;
};

static uint64_t whole_at(const struct st_h5_array *a, uint32_t axis, uint64_t standard)
{
    return a->at ? (uint64_t)a->at[a->count == 1 ? 0 : axis] : standard;
}

/* An axis behind the channels. */
static struct axis axis_of(const struct nir_node *n, const struct nir_node *in, uint32_t of)
{
    bool conv = n->param[NIR_WEIGHT].at != NULL;
    struct axis a = {.size = in->shape[1 + of],
                     .kernel = conv ? n->param[NIR_WEIGHT].size[2 + of] : whole_at(&n->param[NIR_KERNEL_SIZE], of, 1),
                     .stride = whole_at(&n->param[NIR_STRIDE], of, 1),
                     .padding = n->padding == NIR_PADDING_NUMBERS ? whole_at(&n->param[NIR_PADDING], of, 0) : 0,
                     .dilation = whole_at(&n->param[NIR_DILATION], of, 1),
                     .windows = n->shape[1 + of]};
    if (n->padding == NIR_PADDING_SAME)
        a.padding = a.dilation * (a.kernel - 1) / 2;
    return a;
}

/* Which pixel tap k of window w sees; false: one of the padding. */
static bool pixel(const struct axis *a, uint64_t w, uint64_t k, uint64_t *out)
{
    uint64_t at = w * a->stride + k * a->dilation;
    *out = at - a->padding;
    return at >= a->padding && at - a->padding < a->size;
}

static void window_element(const struct nir_node *n, const struct nir_node *in, uint32_t axes, uint32_t element,
                           nir_take *take, void *context)
{
    const struct st_h5_array *w = &n->param[NIR_WEIGHT];
    struct axis one = {1, 1, 1, 0, 1, 1}, y = axes == 2 ? axis_of(n, in, 0) : one, x = axis_of(n, in, axes - 1);
    uint64_t column = element % x.windows, row = element / x.windows % y.windows,
             channel = element / (x.windows * y.windows);
    uint64_t groups = w->at ? whole_at(&n->param[NIR_GROUPS], 0, 1) : 1;
    uint64_t channels = w->at ? w->size[1] : 1;
    uint64_t first = w->at ? channel / (w->size[0] / groups) * channels : channel;
    double part = n->type == NIR_NODE_AVGPOOL2D ? 1.0 / (double)(x.kernel * y.kernel) : 1;
    for (uint64_t c = 0; c < channels; c++)
        for (uint64_t i = 0; i < y.kernel; i++)
            for (uint64_t j = 0; j < x.kernel; j++) {
                uint64_t py, px;
                if (pixel(&y, row, i, &py) && pixel(&x, column, j, &px))
                    take(context, (uint32_t)(((first + c) * y.size + py) * x.size + px),
                         w->at ? w->at[((channel * channels + c) * y.kernel + i) * x.kernel + j] : part);
            }
}

void st_nir_element(const struct nir_node *n, const struct nir_node *input, uint32_t element, nir_take *take,
                    void *context)
{
    const struct st_h5_array *w = &n->param[NIR_WEIGHT], *scale = &n->param[NIR_SCALE];
    switch (n->type) {
    case NIR_NODE_AFFINE:
    case NIR_NODE_LINEAR: {
        uint32_t out = (uint32_t)w->size[0], width = (uint32_t)w->size[1], block = element / out;
        for (uint32_t i = 0; i < width; i++)
            take(context, block * width + i, w->at[(uint64_t)(element % out) * width + i]);
        break;
    }
    case NIR_NODE_CONV1D:
        window_element(n, input, 1, element, take, context);
        break;
    case NIR_NODE_CONV2D:
    case NIR_NODE_SUMPOOL2D:
    case NIR_NODE_AVGPOOL2D:
        window_element(n, input, 2, element, take, context);
        break;
    case NIR_NODE_SCALE:
        take(context, element, scale->at[scale->count == 1 ? 0 : element]);
        break;
    default:
        take(context, element, 1);
    }
}
