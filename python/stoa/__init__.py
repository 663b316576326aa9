"""Columnar spiking networks on core-and-router neuromorphic fabrics.

    import stoa
    image = stoa.compile("colanet", "stoa-1-large")
    image.learn(pixels, labels)
    print(image.ask(more_pixels).answers)

A network is described in Python (Network), by a dict in the words of the network language, or by a file; `compile` maps it
onto a fabric, and an Image runs, learns, is asked and reported on. What the library hands out as arrays - spikes, weights,
votes - are views of its memory, not copies.
"""

from ._errors import Bug, Diagnostic, Differs, Failed, Refused, StoaError, StoaWarning, Stopped, Usage
from ._lib import explain, kernels, machines, version
from .formats import EVENT, Events, Verdict, events, export_network, import_network, read_events, write_network
from .image import Compiled, Image, Weights, compile, load, trained
from .network import Fabric, Net, Network
from .result import Result
from .run import SPIKE, Run
from .train import Tuning, baseline, train, tune

__version__ = version()
__all__ = [
    "Bug", "Compiled", "Diagnostic", "Differs", "EVENT", "Events", "Fabric", "Failed", "Image", "Net", "Network", "Refused",
    "Result", "Run", "SPIKE", "StoaError", "StoaWarning", "Stopped", "Tuning", "Usage", "Verdict", "Weights", "baseline", "compile",
    "events", "explain", "export_network", "import_network", "kernels", "load", "machines", "read_events", "train", "trained",
    "tune", "version", "write_network",
]
