# %% [markdown]
# # An experiment that ships
# The same as `stoa train mnist`, here in short: 2 000 pictures, 2 copies. `make data` has fetched MNIST.

# %%
import stoa

result = stoa.train("mnist", copies=2, limit=2000, ask=1000,
                    progress=lambda what, done, all, seconds: print(f"{what}: {done} of {all}") if done == all else None)
print(result)

# %% [markdown]
# ## The trained image
# runs elsewhere: frozen, cycle by cycle beside the fast engine.

# %%
image = result.image
frozen = stoa.compile("colanet-tuned", "stoa-1-large", frozen=True, weights=image)
run = frozen.run(machine="timed")
run.inject("R", range(300, 420))
run.step(20)
print(f"{run.counters['cycles']} cycles for {run.counters['synaptic_operations']} synaptic operations")
