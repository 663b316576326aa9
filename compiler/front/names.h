/* names.h - the words of the language for the enums of NET and FABRIC; each list ends with NULL. */
#ifndef STOA_NAMES_H
#define STOA_NAMES_H

#include "net.h"

extern const char *const st_policy_names[ST_POLICY_COUNT + 1];
extern const char *const st_row_names[ST_FORMAT_COUNT + 1];
extern const char *const st_kind_names[ST_KIND_COUNT + 1];
extern const char *const st_encoder_names[ST_ENCODER_COUNT + 1];
extern const char *const st_decide_names[];
extern const char *const st_inference_names[ST_INFERENCE_COUNT + 1];
extern const char *const st_model_names[ST_MODEL_COUNT + 1];

#endif
