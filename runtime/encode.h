/* encode.h - receptors: which of them spike in the ticks of one presentation.
 *
 *     picture, label ──crop──> receptor groups ──encoder──> frame: one bit a receptor and tick
 *
 * Bernoulli and Poisson draws are by address (docs/arithmetic.md): the frame of presentation k does not depend on
 * what was encoded before. The accumulator is the exception by definition when it carries its residue on. */
#ifndef STOA_ENCODE_H
#define STOA_ENCODE_H

#include "fault.h"
#include "spike_file.h"
#include "stoa/run.h"

struct st_encoders;
enum { ST_NO_LABEL = UINT32_MAX };

/* Bytes for an encoder of this image; pictures are width x height. */
size_t st_encoder_size(const struct st_image *image);
struct st_encoders *st_encoder_init(void *mem, const struct st_image *image, uint32_t copy, uint32_t width,
                                    uint32_t height, struct st_run_options options);
/* What receptors with `encoder: spikes` say (one list a group, as st_spike_lists gives them); silent without. The
 * lists must outlive the encoder. */
void st_encoder_feed(struct st_encoders *e, const struct st_spike_list *lists);
/* Receptors of pictures are wired by this permutation (stoa/permutation.h) in place of the image's; 0: by the image's.
 */
void st_encoder_wire(struct st_encoders *e, uint64_t permutation);
/* What a code or a permutation makes of a picture depends on the picture alone, so the members of an ensemble may share
 * it: for each picture of a data set it is made by the first encoder that is shown it. One place for pictures of one
 * wiring; NULL: nothing is shared. */
struct st_seen;
/* Of `count` pictures from `pixels` on, wired as st_encoder_wire says; NULL where receptors see them as they are, or no
 * memory is left: then each looks for itself. */
struct st_seen *st_seen_open(const struct st_image *image, uint64_t permutation, const uint8_t *pixels, uint32_t count,
                             size_t picture);
void st_seen_close(struct st_seen *s);
/* shared must outlive the encoder. */
void st_encoder_share(struct st_encoders *e, struct st_seen *shared);
/* Whether pictures of this size can feed every picture encoder of the image. */
bool st_encoder_fits(const struct st_image *image, uint32_t width, uint32_t height, struct st_fault *f);

/* The frame of the presentation that begins at `tick`. label is used when teach is set: label and clock receptors are
 * silent otherwise, and label receptors with ST_NO_LABEL. The frame belongs to the encoder until the next call. */
const struct st_frame *st_encode(struct st_encoders *e, const uint8_t *picture, uint32_t label, uint32_t tick,
                                 bool teach);

/* Residues of carrying accumulators, for checkpoints; as st_copy.carry. */
void st_encoder_save(const struct st_encoders *e, uint32_t *carry);
/* As if nothing had been encoded before: accumulators hold no residue. For batches that may run in any order. */
void st_encoder_restart(struct st_encoders *e);

#endif
