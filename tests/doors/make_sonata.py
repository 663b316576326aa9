#!/usr/bin/python3
"""make_sonata.py FOLDER NODES EDGES - a SONATA network of so many iaf_psc_exp neurons, 100 virtual nodes, and edges by target as the
Allen tools write them: ids, types, groups, a weight and a delay each."""
import json
import os
import sys

import h5py
import numpy as np


def attributes(f):
    f.attrs["magic"] = np.uint32(0x0A7A)
    f.attrs["version"] = np.array([0, 1], dtype=np.uint32)


def write_nodes(path, name, types, **own):
    """own: datasets of group 0."""
    n = len(types)
    with h5py.File(path, "w") as f:
        attributes(f)
        g = f.create_group(f"nodes/{name}")
        g["node_id"], g["node_type_id"] = np.arange(n, dtype=np.uint64), np.asarray(types, np.uint64)
        g["node_group_id"], g["node_group_index"] = np.zeros(n, np.uint32), np.arange(n, dtype=np.uint64)
        g.create_group("0")
        for key, value in own.items():
            g[f"0/dynamics_params/{key}"] = value


def write_edges(path, name, source, target, ends, types, **own):
    n = len(source)
    with h5py.File(path, "w") as f:
        attributes(f)
        g = f.create_group(f"edges/{name}")
        g["source_node_id"], g["target_node_id"] = np.asarray(source, np.uint64), np.asarray(target, np.uint64)
        g["source_node_id"].attrs["node_population"], g["target_node_id"].attrs["node_population"] = ends
        g["edge_type_id"] = np.asarray(types, np.uint32)
        g["edge_group_id"], g["edge_group_index"] = np.zeros(n, np.uint16), np.arange(n, dtype=np.uint32)
        g.create_group("0")
        for key, value in own.items():
            g[f"0/{key}"] = value


def write_config(folder, nodes, edges, dt):
    """nodes, edges: names of populations; NAME_nodes.h5 and NAME_node_types.csv are theirs."""
    def file(kind, name):
        return {f"{kind}s_file": f"$NET/{name}_{kind}s.h5", f"{kind}_types_file": f"${{NET}}/{name}_{kind}_types.csv"}
    circuit = {"manifest": {"$BASE": ".", "$NET": "$BASE/network"}, "components": {"point_neuron_models_dir": "$BASE/cells"},
               "networks": {"nodes": [file("node", n) for n in nodes], "edges": [file("edge", n) for n in edges]}}
    simulation = {"run": {"tstop": 1000.0, "dt": dt}, "network": "./circuit.json"}
    for name, what in (("circuit", circuit), ("simulation", simulation),
                       ("config", {"network": "circuit.json", "simulation": "simulation.json"})):
        with open(os.path.join(folder, name + ".json"), "w", encoding="utf-8") as f:
            json.dump(what, f)


def make(folder, nodes, edges):
    r = np.random.default_rng(1)
    net = os.path.join(folder, "network")
    os.makedirs(os.path.join(folder, "cells"), exist_ok=True)
    os.makedirs(net, exist_ok=True)
    with open(os.path.join(folder, "cells", "exp.json"), "w", encoding="utf-8") as f:
        json.dump({"tau_m": 10.0, "C_m": 250.0, "V_th": -55.0, "E_L": -70.0, "V_reset": -70.0, "t_ref": 2.0, "tau_syn_ex": 2.0,
                   "tau_syn_in": 4.0}, f)
    tables = {"in_node_types": "node_type_id model_type\n7 virtual\n",
              "cells_node_types": "node_type_id model_type model_template dynamics_params\n1 point_process nest:iaf_psc_exp exp.json\n",
              "all_edge_types": "edge_type_id model_template delay\n3 static_synapse 1.0\n",
              "in_edge_types": "edge_type_id model_template delay\n3 static_synapse 1.0\n"}
    for name, text in tables.items():
        with open(os.path.join(net, name + ".csv"), "w", encoding="utf-8") as f:
            f.write(text)
    write_nodes(os.path.join(net, "in_nodes.h5"), "in", np.full(100, 7))
    write_nodes(os.path.join(net, "cells_nodes.h5"), "cells", np.full(nodes, 1))
    # so many different sources of each target, ascending
    each = edges // nodes
    step = nodes // each
    source = (np.arange(each) * step)[None, :] + r.integers(0, step, (nodes, each))
    n = nodes * each
    write_edges(os.path.join(net, "all_edges.h5"), "cells_to_cells", source.reshape(-1), np.repeat(np.arange(nodes), each), ("cells", "cells"),
                np.full(n, 3), syn_weight=r.normal(10, 30, n), delay=r.integers(1, 16, n) * 0.5)
    write_edges(os.path.join(net, "in_edges.h5"), "in_to_cells", np.arange(100), np.arange(100) % nodes, ("in", "cells"), np.full(100, 3),
                syn_weight=np.full(100, 500.0))
    write_config(folder, ["in", "cells"], ["all", "in"], 0.5)


if __name__ == "__main__":
    make(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
