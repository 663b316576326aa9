#!/usr/bin/python3
"""The Python package: what it hands out, what it raises, that it says what stoa.h says, and its examples as they stand."""

import gc
import json
import math
import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
import unittest
import warnings
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
if "STOA_INSTALLED" not in os.environ:
    sys.path.insert(0, str(ROOT / "python"))
os.chdir(ROOT)

import numpy as np  # noqa: E402
import stoa  # noqa: E402
from stoa import _abi  # noqa: E402

STOA = os.environ.get("STOA", str(ROOT / "build/release/stoa"))


def small():
    """A network of 6 x 6 pictures in three classes."""
    return (stoa.Network("small", copies=2, picture=4, silence=4)
            .receptors("R", shape=[6, 6], encoder="bernoulli")
            .receptors("Label", size=3, encoder="label", at=[5])
            .population("L", columns=3, microcolumns=4, compete={"block": 1},
                        neuron={"model": "lif", "threshold": 3, "leak": 0.3, "noise": 0.5})
            .population("OUT", columns=3, neuron={"model": "lif", "threshold": 1, "leak": 1})
            .project("R", "L", policy="all-to-all",
                     plasticity={"rule": "colanet", "w_min": -0.3, "w_max": 0.3, "hebbian": -0.2})
            .project("L", "OUT", policy="aligned", weight=1)
            .project("Label", "L", policy="aligned", weight=9, forcing=True)
            .project("Label", "L", policy="aligned", kind="reward", weight=0.2, delay=2)
            .readout("OUT"))


def pictures(count):
    draw = np.random.default_rng(count)
    labels = np.arange(count, dtype=np.uint8) % 3
    pixels = draw.integers(0, 32, (count, 6, 6), dtype=np.uint8)
    for picture, label in zip(pixels, labels):
        picture[2 * label:2 * label + 2] = 230
    return pixels, labels


class Package(unittest.TestCase):
    def test_it_says_what_the_header_says(self):
        header = re.sub(r"/\*.*?\*/", "", (ROOT / "include/stoa.h").read_text(), flags=re.S)
        declared = {}
        for name, arguments in re.findall(r"STOA_API[^;(]*?\b(stoa_\w+)\(([^;]*)\);", header):
            declared[name] = 0 if arguments.strip() == "void" else arguments.count(",") + 1
        self.assertEqual(declared, {name: len(takes) for name, (_gives, takes) in _abi.FUNCTIONS.items()})
        # structures have the same members in the same order
        for python, c_name in [(_abi.Diagnostic, "stoa_diagnostic"), (_abi.Setting, "stoa_setting"),
                               (_abi.CompileOptions, "stoa_compile_options"), (_abi.ImageInfo, "stoa_image_info"),
                               (_abi.GroupInfo, "stoa_group_info"), (_abi.Weights, "stoa_weights"),
                               (_abi.VerifyOptions, "stoa_verify_options"), (_abi.RunOptions, "stoa_run_options"), (_abi.Spike, "stoa_spike"), (_abi.SpikeIn, "stoa_spike_in"),
                               (_abi.Counters, "stoa_counters"), (_abi.Pictures, "stoa_pictures"),
                               (_abi.ShowOptions, "stoa_show_options"), (_abi.TrainOptions, "stoa_train_options"),
                               (_abi.ResultInfo, "stoa_result_info"), (_abi.ReportOptions, "stoa_report_options"),
                               (_abi.Verdict, "stoa_verdict"), (_abi.ExportOptions, "stoa_export_options"),
                               (_abi.EventOptions, "stoa_event_options"), (_abi.Event, "stoa_event"),
                               (_abi.EventsInfo, "stoa_events_info"), (_abi.DataPair, "stoa_data_pair"),
                               (_abi.Choice, "stoa_choice"), (_abi.KnownSet, "stoa_known_set"),
                               (_abi.BaselineOptions, "stoa_baseline_options"), (_abi.Range, "stoa_range"),
                               (_abi.Tuning, "stoa_tuning"), (_abi.TuneOptions, "stoa_tune_options")]:
            body = re.search(r"typedef struct %s \{(.*?)\} %s;" % (c_name, c_name), header, re.S).group(1)
            members = [re.sub(r".*[\s*]", "", part.strip())
                       for line in body.split(";") if line.strip() for part in line.split(",")]
            self.assertEqual(members, [name for name, _kind in python._fields_], c_name)

    def test_first_spike_in_five_lines(self):
        lines = (ROOT / "python/examples/first_spike.py").read_text().split("# %%\n")[1].strip().splitlines()
        lines = [line for line in lines if line and not line.startswith("#")]
        self.assertEqual(len(lines), 5)
        told = {}
        exec("\n".join(lines[:-1]), told)
        spikes = told["run"].step(5)
        self.assertEqual(spikes.tolist(), [(1, 0, 0, 0)])
        self.assertEqual(spikes.dtype, stoa.SPIKE)

    def test_dicts_and_builders_are_the_same(self):
        built = stoa.compile(small(), "stoa-1-small")
        told = stoa.compile(small().to_dict(), stoa.Fabric("stoa-1-small"))
        self.assertEqual(built.to_bytes(), told.to_bytes())
        self.assertEqual(stoa.Image.of(built.to_bytes()).to_bytes(), built.to_bytes())
        self.assertIn("small on stoa-1-small", built.compiled.summary)
        self.assertTrue(built.compiled.stage("place"))
        rows = np.array([[0, 1, 0.5, 1], [3, 0, 2.0, 2]])
        listed = (stoa.Network("listed").receptors("R", size=4, encoder="spikes")
                  .population("L", columns=2, neuron={"model": "lif", "threshold": np.float64(1)})
                  .project("R", "L", synapses=rows).readout("L"))
        # arrays go as they are, as text they say the same
        as_text = stoa.Network.of(json.loads(listed.to_text()))
        self.assertEqual(stoa.network.print_network(listed), stoa.network.print_network(as_text))
        run = stoa.compile(listed, "stoa-1-small").run()
        run.inject("R", np.array([3]))
        self.assertEqual(run.step(4)["tick"].tolist(), [2])

    def test_arrays_of_synapses(self):
        def net(rows, **keys):
            return (stoa.Network("listed").receptors("R", size=4, encoder="spikes")
                    .population("L", columns=2, neuron={"model": "lif", "threshold": 1})
                    .project("R", "L", synapses=np.array(rows), **keys).readout("L"))

        own = [[0, 1, math.nan, 2], [3, 0, 2.0, math.nan]]
        built = net(own, weight=0.5, delay=3)
        self.assertEqual(stoa.network.print_network(built),
                         stoa.network.print_network(stoa.Network.of(json.loads(built.to_text()))))
        for wrong in ([[0, 1.5, 1]], [[-1, 0, 1]], [[0]], [[0, 0, 1, 1e6]], [[math.nan, 0, 1]]):
            with self.assertRaises(ValueError):
                stoa.compile(net(wrong), "stoa-1-small")
        with self.assertRaises(stoa.Refused) as refused:
            stoa.compile(net([[0, 2, 1.0], [4, 0, 1.0]]), "stoa-1-small")
        self.assertEqual([d.id for d in refused.exception.diagnostics][:2], ["list-bounds", "list-bounds"])

    def test_a_search_and_a_baseline(self):
        with tempfile.TemporaryDirectory() as folder:
            experiment = os.path.join(folder, "small.yaml")
            Path(experiment).write_text(
                f"experiment: small\nnetwork: {ROOT}/netlists/networks/colanet-permuted.yaml\n"
                f"fabric: {ROOT}/netlists/fabrics/stoa-1-large.yaml\n"
                f"data: {{ folder: {ROOT}/data/mnist, hold_out: 3, train: {{ images: train-images-idx3-ubyte, labels: "
                "train-labels-idx1-ubyte }, test: { images: t10k-images-idx3-ubyte, labels: t10k-labels-idx1-ubyte } }\n"
                "tune: { parameters: { alpha: [0.02, 0.12] }, population: 3, elite: 1, generations: 2, seeds: 1, copies: 1,\n"
                "  first: 30, ask: 15 }\n")
            told = []
            found = stoa.tune(experiment, os.path.join(folder, "tuned"), threads=2, progress=lambda now: told.append(now.done))
            self.assertEqual((found["stoa_tune"], len(found["trials"])), (1, 5))
            self.assertEqual(told[-1], max(told))
            self.assertEqual(stoa.tune(experiment, os.path.join(folder, "again"), ranges={"alpha": (0.02, 0.12)}), found)
            with self.assertRaises(stoa.Stopped):
                stoa.tune(experiment, os.path.join(folder, "stopped"), progress=lambda now: True)
            dense = stoa.baseline(experiment, hidden=16, limit=60, ask=30)
            self.assertEqual((dense["stoa_baseline"], dense["hidden"]), (1, 16))

    def test_formats_of_others(self):
        net = (stoa.Network("plain", picture=100, silence=0).receptors("R", size=3, encoder="spikes")
               .population("L", columns=4, neuron={"model": "lif", "threshold": 1, "leak": 0.25})
               .project("R", "L", policy="all-to-all", weight=0.5).readout("L"))
        with tempfile.TemporaryDirectory() as folder:
            graph = f"{folder}/plain.nir"
            self.assertIn("exact", {v.verdict for v in stoa.export_network(net, graph)})
            back, verdicts = stoa.import_network(graph, {"dt": 1e-3})
            self.assertEqual(back.name, "plain")
            self.assertIn("L", {v.node for v in verdicts})
            self.assertTrue(stoa.compile(back, "stoa-1-small").to_bytes())
            with self.assertRaises(stoa.Refused) as refused:
                stoa.import_network(graph)
            self.assertIsInstance(refused.exception.verdicts, list)
            stoa.write_network(back, f"{folder}/plain.yaml")
            self.assertTrue(stoa.compile(f"{folder}/plain.yaml", "stoa-1-small").to_bytes())

    def test_events_are_arrays(self):
        events = stoa.events([(7, 0, 3), (2, 1, 5), (2, 0, 9), (7, 0, 3)], ("in", "out"))
        self.assertEqual(events.array.tolist(), [(2, 0, 9), (2, 1, 5), (7, 0, 3)])
        self.assertEqual((events.together, events.label, events.groups), (1, None, ["in", "out"]))
        with tempfile.TemporaryDirectory() as folder:
            events.write(f"{folder}/e.h5")
            out = stoa.read_events(f"{folder}/e.h5", group="out", start=1).array
            gc.collect()
            self.assertEqual(out.tolist(), [(1, 0, 5)])
            with self.assertRaises(TypeError):
                stoa.read_events(f"{folder}/e.h5", grup="out")

    def test_arrays_are_no_copies_and_outlive_what_they_are_of(self):
        image = stoa.compile(small(), "stoa-1-small")
        part, = image.weights("R", "L", copy=1)
        self.assertEqual(part.array.shape, (36, 12))
        self.assertFalse(part.array.flags.owndata)
        before = part.array.copy()
        learnt = image.learn(*pictures(120))
        self.assertTrue((part.array != before).any())  # the same memory
        self.assertEqual(image.weight_matrix("R", "L", 1)[part.sources][:, part.targets].tolist(), part.array.tolist())
        one = [image.ask(*pictures(30), copy=1, machine=machine).votes.tolist() for machine in ("sim", "timed")]
        self.assertEqual(one[0], one[1])
        asked = image.ask(*pictures(60))
        votes, answers = asked.votes, asked.answers
        self.assertTrue(np.array_equal(np.where(votes.max(axis=1) > 0, votes.argmax(axis=1), 3), answers))
        self.assertAlmostEqual(float((answers == pictures(60)[1]).mean()), asked.accuracy)
        self.assertEqual(int(asked.confusion.sum()), 60)
        was = votes.copy(), part.array.copy()
        del asked, learnt, image
        gc.collect()
        self.assertTrue(np.array_equal(was[0], votes) and np.array_equal(was[1], part.array))
        run = stoa.compile(small(), "stoa-1-small").run(learn=True)
        kept = []
        for _ in range(50):
            run.inject("Label", [0])
            kept.append(run.step(3))
        copies = [spikes.copy() for spikes in kept]
        del run
        gc.collect()
        self.assertGreater(sum(map(len, kept)), 0)
        for spikes, copy in zip(kept, copies):
            self.assertTrue(np.array_equal(spikes, copy))

    def test_mistakes_are_exceptions(self):
        with self.assertRaises(stoa.Refused) as caught:
            stoa.compile(small().project("R", "K", policy="all-to-all"), "stoa-1-small")
        first = caught.exception.diagnostics[0]
        self.assertEqual((first.id, first.file), ("no-population", "<network>"))
        self.assertGreater(first.line, 1)
        self.assertIsInstance(caught.exception, ValueError)
        self.assertIsNotNone(stoa.explain(first.id))
        with self.assertRaises(OSError):
            stoa.load("/no/such/image")
        image = stoa.compile(small(), "stoa-1-small")
        with self.assertRaises(stoa.Usage):
            image.run(machine="abacus")
        with self.assertRaises(ValueError):
            image.ask(np.zeros((2, 2, 2, 2)))
        with self.assertRaises(stoa.Usage):
            image.run().inject("R", [36])
        with self.assertRaises(KeyError):
            image.run().inject("Q", [0])
        self.assertTrue(math.isnan(image.ask(pictures(3)[0]).accuracy))

    def test_warnings_are_warned_of(self):
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            unused = stoa.Network.of({**small().to_dict(), "parameters": {"nobody": 3}})
            stoa.compile(unused, "stoa-1-small")
        self.assertTrue(any(issubclass(w.category, stoa.StoaWarning) and "nobody" in str(w.message) for w in caught))

    def test_a_run_goes_on_elsewhere(self):
        image = stoa.compile(small(), "stoa-1-small")
        run = image.run(learn=True)
        for tick in range(40):
            run.inject("R", range(tick % 7, 36, 5))
            run.step()
        run.save()
        rest = [stoa.Image.of(image.to_bytes()).run(learn=True, machine=machine) for machine in ("sim", "timed")]
        for tick in range(40):
            for r in [run, *rest]:
                r.inject("R", range(tick % 5, 36, 4))
            a, b, c = (r.step() for r in [run, *rest])
            self.assertTrue(np.array_equal(a, b) and np.array_equal(a, c))
        self.assertEqual(run.state("L").tolist(), rest[1].state("L").tolist())
        self.assertGreater(rest[1].counters["cycles"], 0)

    def test_threads_have_their_own(self):
        got = {}

        def work(i):
            image = stoa.compile(small(), "stoa-1-small")
            image.learn(*pictures(90), threads=1)
            got[i] = image.to_bytes()

        threads = [threading.Thread(target=work, args=(i,)) for i in range(3)]
        for t in threads:
            t.start()
        for t in threads:
            t.join()
        self.assertEqual(len(set(got.values())), 1)

    def test_progress_may_stop_and_raise(self):
        image = stoa.compile(small(), "stoa-1-small")
        packed = image.to_bytes()
        with self.assertRaises(stoa.Stopped):
            image.learn(*pictures(600), progress=lambda *_: True)

        def broken(*_):
            raise RuntimeError("mine")

        with self.assertRaises(RuntimeError):
            image.learn(*pictures(600), progress=broken)
        self.assertEqual(image.to_bytes(), packed)

    def test_interrupts_are_heard(self):
        script = ("import stoa\nstoa.train('mnist', out={!r}, checkpoint=1000, "
                  "progress=lambda what, done, *_: print(done, flush=True) if done else None)")
        with tempfile.TemporaryDirectory() as folder:
            child = subprocess.Popen([sys.executable, "-c", script.format(folder)], stdout=subprocess.PIPE,
                                     stderr=subprocess.PIPE, text=True,  # who runs the tests may have it ignored
                                     preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
                                     env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)})
            child.stdout.readline()
            child.send_signal(signal.SIGINT)
            _out, err = child.communicate(timeout=120)
            self.assertNotEqual(child.returncode, 0)
            self.assertIn("KeyboardInterrupt", err)
            self.assertTrue(Path(folder, "checkpoint").exists(), err)
            with self.assertRaises(stoa.Failed):  # it is not begun anew over the checkpoint
                stoa.train("mnist", out=folder)

    def test_training_is_the_commands(self):
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run([STOA, "train", "mnist", "--copies", "2", "--limit", "300", "--ask", "200", "--out",
                            folder + "/command"], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            result = stoa.train("mnist", copies=2, limit=300, ask=200, out=folder + "/python")
            result.image.save(folder + "/again.img")
            command = Path(folder, "command/trained.img").read_bytes()
            self.assertEqual(command, Path(folder, "python/trained.img").read_bytes())
            self.assertEqual(command, Path(folder, "again.img").read_bytes())
            self.assertIn("</html>", Path(folder, "python/report.html").read_text())
            self.assertEqual(result.json["accuracy"], result.accuracy)
            image, again = stoa.trained(folder + "/command")
            self.assertEqual((image.to_bytes(), again.accuracy), (command, result.accuracy))
            fresh = stoa.compile("colanet", "stoa-1-large")
            self.assertIn("synapses", fresh.verify("colanet", "stoa-1-large"))
            with self.assertRaises(stoa.Refused):
                fresh.verify("colanet", "stoa-1-large", seed=2)

    def nir(self):
        """The stand-in for the package, random graphs, and the fabric that the files' tests use."""
        sys.path[:0] = [str(ROOT / "tests/doors"), str(ROOT / "tests/lib")]
        import doors
        import nir_float
        import nir_stand_in
        return nir_stand_in, nir_float, doors, stoa.Fabric.of(doors.FABRIC)

    def test_graphs_of_nir_are_networks(self):
        """The same image, bit by bit, as of the file that nir would have written."""
        nir, nir_float, doors, fabric = self.nir()
        seen = set()
        with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            path = os.path.join(folder, "graph.nir")
            for seed in range(24):
                nodes, edges, _, dt = nir_float.random_graph(seed, seed % 2 == 0)
                seen |= {n["type"] for n in nodes.values()}
                doors.write_nir(path, nodes, edges)
                read, given = (stoa.compile(net, fabric, effort=0, settings={"dt": dt})
                               for net in (path, nir.graph_of(nodes, edges)))
                self.assertEqual(read.to_bytes(), given.to_bytes(), f"graph {seed}")
        self.assertGreaterEqual(len(seen), 14, seen)

    def test_graphs_of_nir_may_be_nested(self):
        nir, _, _, fabric = self.nir()
        ones, of = np.ones(3), nir.CLASSES
        cell = {"r": ones, "v_threshold": 2 * ones, "v_reset": 0 * ones}
        weight = np.array([[1.0, 2, 3], [0, 1, 0], [2, 2, 2]])
        flat = nir.NIRGraph({"in": nir.Input(np.array([3])), "w": of["Linear"](weight=weight), "cell": of["IF"](**cell),
                             "out": nir.Output(np.array([3]))}, [("in", "w"), ("w", "cell"), ("cell", "out")])
        inner = nir.NIRGraph({"a": nir.Input(np.array([3])), "w": of["Linear"](weight=weight), "b": nir.Output(np.array([3]))},
                             [("a", "w"), ("w", "b")])
        nested = nir.NIRGraph({"in": nir.Input((3,)), "part": inner, "cell": of["IF"](**cell), "out": nir.Output((3,))},
                              [("in", "part"), ("part", "cell"), ("cell", "out")])
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            first, second = (stoa.compile(g, fabric, settings={"dt": 1}) for g in (flat, nested))
        self.assertEqual(first.to_bytes(), second.to_bytes())
        run = first.run()
        run.inject("in", [2])  # 3, 0 and 2 come; it is above 2 that a neuron fires
        self.assertEqual(run.step(4)[["population", "index"]].tolist(), [(0, 0)])

    def test_graphs_of_nir_are_refused_in_words(self):
        nir, nir_float, _, fabric = self.nir()

        def refused(error, words, change=lambda g: None, **settings):
            nodes, edges, _, dt = nir_float.random_graph(1, True)
            graph = nir.graph_of(nodes, edges)
            change(graph)
            with warnings.catch_warnings(), self.assertRaises(error) as caught:
                warnings.simplefilter("ignore")
                stoa.compile(graph, fabric, settings={"dt": dt, **settings} if settings.pop("timed", True) else None)
            self.assertIn(words, str(caught.exception))

        cell = next(k for k, n in nir_float.random_graph(1, True)[0].items() if n["type"] in ("IF", "LIF", "Threshold"))
        refused(stoa.Refused, "dt", timed=False)
        refused(stoa.Refused, "has no such parameter", lambda g: setattr(g.nodes[cell], "noise", 1.0))
        refused(stoa.Refused, "which is no node of the graph", lambda g: g.edges.append(("in", "nowhere")))
        refused(ValueError, "cannot be the name of a node", lambda g: g.nodes.update({"a/b": g.nodes[cell]}))
        refused(ValueError, "is no number", lambda g: setattr(g.nodes[cell], "gain", object()))
        refused(ValueError, "has no shape", lambda g: g.nodes["in"].input_type.clear())
        kept = sys.modules.get("h5py")
        sys.modules["h5py"] = None  # as where it is not installed
        try:
            refused(ImportError, "python3-h5py")
        finally:
            sys.modules["h5py"] = kept

    def test_examples_run_as_they_stand(self):
        for example in sorted((ROOT / "python/examples").glob("*.py")):
            with self.subTest(example.name):
                out = subprocess.run([sys.executable, str(example)], cwd=ROOT, capture_output=True, text=True,
                                     env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)})
                self.assertEqual(out.returncode, 0, out.stderr)
                self.assertTrue(out.stdout.strip())


class AsCmocka(unittest.TextTestResult):
    """A line a test, as tools/run-tests.sh counts them."""

    def addSuccess(self, test):
        super().addSuccess(test)
        print("[       OK ]", test._testMethodName)

    def addError(self, test, err):
        super().addError(test, err)
        print("[  FAILED  ]", test._testMethodName)

    addFailure = lambda self, test, err: (unittest.TextTestResult.addFailure(self, test, err),  # noqa: E731
                                          print("[  FAILED  ]", test._testMethodName))

    def addSubTest(self, test, subtest, err):
        super().addSubTest(test, subtest, err)
        if err is not None:
            print("[  FAILED  ]", test._testMethodName, subtest._subDescription())


if __name__ == "__main__":
    unittest.main(testRunner=unittest.TextTestRunner(resultclass=AsCmocka, verbosity=0, stream=sys.stdout))
