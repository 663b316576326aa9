# %% [markdown]
# # Learning pictures that are arrays
# A CoLaNET that ships, on small pictures of our own: bars in three places. No files are involved.

# %%
import numpy as np
import stoa

draw = np.random.default_rng(1)


def bars(count):
    """Pictures of 28 x 28 with a bright bar in one of ten rows, and what they are."""
    labels = draw.integers(0, 10, count)
    pixels = draw.integers(0, 40, (count, 28, 28))
    for picture, label in zip(pixels, labels):
        picture[4 + 2 * label:6 + 2 * label, 4:24] = 230
    return pixels.astype(np.uint8), labels.astype(np.uint8)


image = stoa.compile("colanet-tuned", "stoa-1-large", copies=2)
print(image.compiled.summary)

# %% [markdown]
# ## Learn, then ask
# `learn` goes on from where the copies are, so it may be called again and again.

# %%
for part in range(3):
    learnt = image.learn(*bars(500))
    print(f"after {500 * (part + 1)}: of the last {learnt.curve_step}, {100 * learnt.curve[-1]:.0f} % were right before they were learnt"
          if len(learnt.curve) else f"after {500 * (part + 1)}")
pixels, labels = bars(300)
asked = image.ask(pixels, labels)
print(f"{100 * asked.accuracy:.1f} % right; one copy {100 * asked.copy_accuracy.mean():.1f} %")
print(asked.confusion[:3])

# %% [markdown]
# ## What it has learnt
# Weights are views into the image: nothing is copied, and they follow what is learnt.

# %%
part = image.weights("R", "L")[0]
print("receptors x neurons", part.array.shape, "on core", part.core)
field = image.weight_matrix("R", "L")[:, 0].reshape(28, 28)
print("neuron 0 looks for rows", np.flatnonzero(field.mean(axis=1) > field.mean() + field.std()))

# %% [markdown]
# ## A page about it

# %%
page = image.report_html(asked)
print(f"{len(page)} characters of HTML")
