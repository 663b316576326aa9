#include "names.h"

const char *const st_policy_names[ST_POLICY_COUNT + 1] = {
    [ST_ALL_TO_ALL] = "all-to-all",           [ST_ALIGNED] = "aligned",
    [ST_ONE_TO_ONE] = "one-to-one",           [ST_WITHIN_COLUMN] = "within-column",
    [ST_BETWEEN_COLUMNS] = "between-columns", [ST_LIST] = "list",
    [ST_CONVOLUTION] = "convolution",         [ST_SMALL_WORLD] = "small-world",
};

const char *const st_row_names[ST_FORMAT_COUNT + 1] = {
    [ST_ROW_DENSE] = "dense",
    [ST_ROW_SPARSE] = "sparse",
};

const char *const st_kind_names[ST_KIND_COUNT + 1] = {
    [ST_SIGNAL] = "signal",
    [ST_GATING] = "gating",
    [ST_REWARD] = "reward",
    [ST_GRADED] = "graded",
    [ST_STOCHASTIC_SIGNAL] = "stochastic",
};

const char *const st_encoder_names[ST_ENCODER_COUNT + 1] = {
    [ST_ENCODE_BERNOULLI] = "bernoulli", [ST_ENCODE_ACCUMULATOR] = "accumulator", [ST_ENCODE_POISSON] = "poisson",
    [ST_ENCODE_LATENCY] = "latency",     [ST_ENCODE_SPIKES] = "spikes",           [ST_ENCODE_LABEL] = "label",
    [ST_ENCODE_CLOCK] = "clock",
};

const char *const st_decide_names[] = {[ST_DECIDE_COUNT] = "count", [ST_DECIDE_EXCESS] = "excess", NULL};

const char *const st_inference_names[ST_INFERENCE_COUNT + 1] = {"hold", "ignore", "run", NULL};
const char *const st_model_names[ST_MODEL_COUNT + 1] = {
#define X(NAME, name, what) #name,
#include "models.def"
};
