"""nir_stand_in.py - the classes of the package `nir`, which Debian has not: the same names and the same public attributes, among
them those that are no parameters (input_type, output_type, metadata), and nothing else."""
from dataclasses import dataclass, field
from typing import Any, Dict, List, Tuple


@dataclass(eq=False)
class Node:
    input_type: Dict[str, Any] = field(init=False, default_factory=dict)
    output_type: Dict[str, Any] = field(init=False, default_factory=dict)
    metadata: Dict[str, Any] = field(init=False, default_factory=dict)


def node(name: str, *parameters: str, **absent: Any) -> type:
    """A class whose instances have these parameters, the last of them perhaps absent."""

    def begin(self: Any, **given: Any) -> None:
        Node.__init__(self)
        self.metadata = {"from": "a test"}
        for key in parameters:
            setattr(self, key, given.pop(key))
        for key, value in absent.items():
            setattr(self, key, given.pop(key, value))
        assert not given, f"{name} has no {given}"

    return type(name, (Node,), {"__init__": begin})


class Input(Node):
    def __init__(self, shape: Any) -> None:
        super().__init__()
        self.input_type, self.output_type = {"input": shape}, {"output": shape}


class Output(Node):
    def __init__(self, shape: Any) -> None:
        super().__init__()
        self.input_type, self.output_type = {"input": shape}, {"output": shape}


class Flatten(Node):
    def __init__(self, start_dim: int, end_dim: int, input_type: Any = None) -> None:
        super().__init__()
        self.start_dim, self.end_dim = start_dim, end_dim
        self.input_type, self.output_type = {"input": input_type}, {"output": None}


class NIRGraph(Node):
    def __init__(self, nodes: Dict[str, Any], edges: List[Tuple[str, str]]) -> None:
        super().__init__()
        self.nodes, self.edges = nodes, edges


CONVOLUTION = ("weight", "stride", "padding", "dilation", "groups", "bias")
CLASSES = {c.__name__: c for c in (
    Input, Output, Flatten, NIRGraph,
    node("Affine", "weight", "bias"), node("Linear", "weight"), node("Scale", "scale"), node("Delay", "delay"),
    node("Conv1d", *CONVOLUTION, input_shape=None), node("Conv2d", *CONVOLUTION, input_shape=None),
    node("SumPool2d", "kernel_size", "stride", "padding"), node("AvgPool2d", "kernel_size", "stride", "padding"),
    node("Threshold", "threshold"), node("I", "r"), node("IF", "r", "v_threshold", v_reset=None),
    node("LI", "tau", "r", "v_leak"), node("LIF", "tau", "r", "v_leak", "v_threshold", v_reset=None),
    node("CubaLI", "tau_syn", "tau_mem", "r", "v_leak", w_in=1.0),
    node("CubaLIF", "tau_syn", "tau_mem", "r", "v_leak", "v_threshold", w_in=1.0, v_reset=None))}


def graph_of(nodes: Dict[str, Dict[str, Any]], edges: List[Tuple[str, str]]) -> NIRGraph:
    """Of nodes as tests/doors has them: dicts with the parameters of a file, and the type."""
    return NIRGraph({k: CLASSES[n["type"]](**{key: v for key, v in n.items() if key != "type"}) for k, n in nodes.items()},
                    [(str(a), str(b)) for a, b in edges])
