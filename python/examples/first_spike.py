# %% [markdown]
# # The first spike
# One receptor, one neuron, a synapse that is as strong as the threshold. Spikes of receptors arrive a tick later.

# %%
import stoa

net = stoa.Network("first").receptors("R", size=1, encoder="spikes").population("L", columns=1, neuron={"model": "lif", "threshold": 1})
run = stoa.compile(net.project("R", "L", policy="all-to-all", weight=1).readout("L"), "stoa-1-small").run()
run.inject("R", [0])
print(run.step(5))

# %% [markdown]
# ## What is in it
# Spikes are an array with fields. A neuron's potential can be read between ticks, and counters say what it cost.

# %%
run.inject("R", [0])
spikes = run.step(3)
print("ticks", spikes["tick"], "neurons", spikes["index"])
print("potential", run.state("L"))
print({name: n for name, n in run.counters.items() if n})

# %% [markdown]
# ## A mistake
# is an exception that says where it is and how it is cured.

# %%
try:
    stoa.compile(stoa.Network("wrong").receptors("R", size=1, encoder="spikes").population(
        "Layer", columns=1, neuron={"model": "lif", "threshold": 1}).project("R", "Leyer", policy="all-to-all").readout("Layer"),
        "stoa-1-small")
except stoa.Refused as refused:
    first = refused.diagnostics[0]
    print(first.id, "in line", first.line, "-", first.message, "-", first.cure)
