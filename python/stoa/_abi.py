"""What stoa.h says, for ctypes: structures and functions. A test holds it against the header."""

import ctypes as c

P, S, Z = c.c_void_p, c.c_char_p, c.c_size_t
U32, U64, I = c.c_uint32, c.c_uint64, c.c_int
PROGRESS = c.CFUNCTYPE(I, P, S, U64, U64, c.c_double)
WARN = c.CFUNCTYPE(None, P, P)


class Diagnostic(c.Structure):
    _fields_ = [("id", S), ("message", S), ("cure", S), ("file", S), ("path", S), ("line", U32), ("column", U32),
                ("width", U32), ("is_error", I)]


class Setting(c.Structure):
    _fields_ = [("name", S), ("value", c.c_double)]


class CompileOptions(c.Structure):
    _fields_ = [("size", Z), ("seed", U64), ("copies", U32), ("effort", U32), ("frozen", I), ("listen", I), ("weights", P),
                ("constraints", S), ("activity", S)]


class ImageInfo(c.Structure):
    _fields_ = [("network", S), ("fabric", S), ("copies", U32), ("cores", U32), ("blocks", U32), ("routes", U32),
                ("receptors", U32), ("populations", U32), ("period_ticks", U32), ("picture_ticks", U32), ("readout", U32),
                ("learns", I), ("sees", I)]


class GroupInfo(c.Structure):
    _fields_ = [("name", S), ("size", U32), ("columns", U32), ("width", U32), ("height", U32), ("encoder", S)]


class Weights(c.Structure):
    _fields_ = [("sources", U32), ("targets", U32), ("weight", P), ("target_population", P), ("target_index", P),
                ("source_group", P), ("source_is_receptor", P), ("source_index", P), ("joined", P)]


class VerifyOptions(c.Structure):
    _fields_ = [("size", Z), ("seed", U64), ("settings", c.POINTER(Setting)), ("setting_count", Z), ("frozen", I),
                ("weights", P)]


class RunOptions(c.Structure):
    _fields_ = [("size", Z), ("machine", S), ("kernel", S), ("copy", U32), ("lanes", U32), ("shared", I), ("learn", I),
                ("readout", I)]


class Spike(c.Structure):
    _fields_ = [("tick", U32), ("population", U32), ("index", U32), ("excess", c.c_int16), ("unused", c.c_int16)]


class SpikeIn(c.Structure):
    _fields_ = [("tick", U32), ("receptor", U32), ("index", U32)]


class Counters(c.Structure):
    _fields_ = [(name, U64) for name in ("presentations", "ticks", "axon_events", "synaptic_operations", "neuron_updates",
                                         "spikes", "packets", "hops", "programs", "learning_operations", "cycles")]


class Pictures(c.Structure):
    _fields_ = [("size", Z), ("count", U32), ("width", U32), ("height", U32), ("pixels", P), ("labels", P), ("name", S)]


class ShowOptions(c.Structure):
    _fields_ = [("size", Z), ("threads", U32), ("epochs", U32), ("copy", U32), ("only_copy", I), ("machine", S),
                ("kernel", S), ("lanes", U32), ("shared", I), ("stop", P), ("progress", PROGRESS), ("user", P)]


class TrainOptions(c.Structure):
    _fields_ = [("size", Z), ("seed", U64), ("copies", U32), ("threads", U32), ("limit", U32), ("ask", U32), ("fabric", S),
                ("data", S), ("out", S), ("kernel", S), ("settings", c.POINTER(Setting)), ("setting_count", Z),
                ("checkpoint", c.c_double), ("validate", I), ("resume", I), ("fresh", I), ("stop", P),
                ("progress", PROGRESS), ("warn", WARN), ("user", P)]


class ResultInfo(c.Structure):
    _fields_ = [("experiment", S), ("network", S), ("fabric", S), ("dataset", S), ("seed", U64), ("trained", U64),
                ("tested", U64), ("silent", U64), ("copies", U32), ("classes", U32), ("threads", U32),
                ("accuracy", c.c_double), ("copy_accuracy", P), ("curve", P), ("curve_count", U32), ("curve_step", U32),
                ("confusion", P), ("votes", P), ("train_seconds", c.c_double), ("test_seconds", c.c_double)]


class ReportOptions(c.Structure):
    _fields_ = [("size", Z), ("result", P), ("run", S), ("published", c.c_double), ("date", S)]


class Verdict(c.Structure):
    _fields_ = [("node", S), ("parameter", S), ("note", S), ("error", c.c_double), ("faith", I)]


class ExportOptions(c.Structure):
    _fields_ = [("size", Z), ("seed", U64), ("dt", c.c_double)]


class EventOptions(c.Structure):
    _fields_ = [("size", Z), ("dt", c.c_double), ("from", c.c_double), ("ticks", U32), ("width", U32), ("height", U32),
                ("sample", U32), ("polarity", S), ("camera", S), ("group", S), ("format", S)]


class Event(c.Structure):
    _fields_ = [("tick", U32), ("group", U32), ("index", U32)]


class EventsInfo(c.Structure):
    _fields_ = [("at", P), ("count", Z), ("groups", c.POINTER(S)), ("group_count", U32), ("together", U64),
                ("outside", U64), ("label", c.c_int64), ("what", S)]


class DataPair(c.Structure):
    _fields_ = [("images", S), ("labels", S)]


class Choice(c.Structure):
    _fields_ = [("size", Z), ("first_label", U32), ("class_count", U32), ("classes", P), ("first", U32), ("count", U32),
                ("transpose", I)]


class KnownSet(c.Structure):
    _fields_ = [("name", S), ("what", S), ("folder", S), ("how", S)]


class BaselineOptions(c.Structure):
    _fields_ = [("size", Z), ("seed", U64), ("method", S), ("data", S), ("limit", U32), ("ask", U32), ("hidden", U32),
                ("batch", U32), ("kept", U32), ("validate", I), ("rate", c.c_double), ("penalty", c.c_double), ("stop", P),
                ("progress", PROGRESS), ("user", P)]


class Range(c.Structure):
    _fields_ = [("name", S), ("low", c.c_double), ("high", c.c_double)]


class Tuning(c.Structure):
    _fields_ = [("generation", U32), ("generations", U32), ("done", U64), ("all", U64), ("seconds", c.c_double),
                ("mean", c.c_double), ("deviation", c.c_double), ("judged", U32)]


TUNE_PROGRESS = c.CFUNCTYPE(I, P, c.POINTER(Tuning))


class TuneOptions(c.Structure):
    _fields_ = [("size", Z), ("seed", U64), ("population", U32), ("generations", U32), ("seeds", U32), ("copies", U32),
                ("limit", U32), ("ask", U32), ("threads", U32), ("fabric", S), ("data", S), ("kernel", S), ("out", S),
                ("settings", c.POINTER(Setting)), ("setting_count", Z), ("ranges", c.POINTER(Range)), ("range_count", Z),
                ("stop", P), ("progress", TUNE_PROGRESS), ("user", P)]


OUT, SAID = c.POINTER(P), c.POINTER(P)
SETTINGS = c.POINTER(Setting)

# name: (what it returns, what it takes)
FUNCTIONS = {
    "stoa_version": (S, []),
    "stoa_diagnostics_count": (Z, [P]),
    "stoa_diagnostics_at": (c.POINTER(Diagnostic), [P, Z]),
    "stoa_diagnostics_errors": (U32, [P]),
    "stoa_diagnostics_text": (S, [P, I]),
    "stoa_diagnostics_json": (S, [P]),
    "stoa_diagnostics_free": (None, [P]),
    "stoa_explain": (S, [S]),
    "stoa_explained": (S, [Z]),
    "stoa_free": (None, [P]),
    "stoa_net_read": (I, [S, SETTINGS, Z, OUT, SAID]),
    "stoa_net_parse": (I, [S, S, Z, SETTINGS, Z, OUT, SAID]),
    "stoa_net_name": (S, [P]),
    "stoa_net_print": (I, [P, OUT, SAID]),
    "stoa_net_write": (I, [P, S, SAID]),
    "stoa_net_free": (None, [P]),
    "stoa_build_begin": (I, [S, OUT, SAID]),
    "stoa_build_number": (I, [P, S, c.c_double, SAID]),
    "stoa_build_receptors": (I, [P, S, S, SAID]),
    "stoa_build_population": (I, [P, S, S, SAID]),
    "stoa_build_emitter": (I, [P, S, S, SAID]),
    "stoa_build_projection": (I, [P, S, c.POINTER(U32), SAID]),
    "stoa_build_synapses": (I, [P, U32, Z, P, P, P, P, SAID]),
    "stoa_build_readout": (I, [P, S, SAID]),
    "stoa_build_finish": (I, [P, OUT, SAID]),
    "stoa_build_free": (None, [P]),
    "stoa_verdicts_count": (Z, [P]),
    "stoa_verdicts_at": (c.POINTER(Verdict), [P, Z]),
    "stoa_verdicts_text": (S, [P]),
    "stoa_verdicts_json": (S, [P]),
    "stoa_verdicts_free": (None, [P]),
    "stoa_import": (I, [S, SETTINGS, Z, OUT, OUT, SAID]),
    "stoa_export": (I, [P, S, S, c.POINTER(ExportOptions), OUT, SAID]),
    "stoa_events_read": (I, [S, c.POINTER(EventOptions), OUT, SAID]),
    "stoa_events_of": (I, [P, Z, c.POINTER(S), U32, OUT, SAID]),
    "stoa_events_about": (c.POINTER(EventsInfo), [P]),
    "stoa_events_write": (I, [P, c.c_double, S, SAID]),
    "stoa_events_free": (None, [P]),
    "stoa_fabric_read": (I, [S, OUT, SAID]),
    "stoa_fabric_parse": (I, [S, S, Z, OUT, SAID]),
    "stoa_fabric_name": (S, [P]),
    "stoa_fabric_print": (I, [P, OUT, SAID]),
    "stoa_fabric_json": (I, [P, OUT, SAID]),
    "stoa_fabric_break": (I, [P, U32, U32, U64, OUT, SAID]),
    "stoa_fabric_wear": (I, [P, U32, U32, U64, OUT, SAID]),
    "stoa_fabric_free": (None, [P]),
    "stoa_compile": (I, [P, P, c.POINTER(CompileOptions), OUT, SAID]),
    "stoa_compiled_image": (P, [P]),
    "stoa_compiled_stage": (I, [P, S, OUT, SAID]),
    "stoa_compiled_summary": (S, [P]),
    "stoa_compiled_free": (None, [P]),
    "stoa_compare": (I, [P, c.POINTER(P), Z, I, c.POINTER(CompileOptions), I, OUT, c.POINTER(Z), SAID]),
    "stoa_check": (I, [S, SETTINGS, Z, S, I, S, OUT, SAID]),
    "stoa_image_load": (I, [S, OUT, SAID]),
    "stoa_image_save": (I, [P, S, SAID]),
    "stoa_image_unpack": (I, [S, Z, OUT, SAID]),
    "stoa_image_pack": (I, [P, OUT, c.POINTER(Z), SAID]),
    "stoa_image_memories": (I, [P, P, S, OUT, SAID]),
    "stoa_image_dump": (I, [P, OUT, c.POINTER(Z), SAID]),
    "stoa_image_parameters": (I, [P, OUT, SAID]),
    "stoa_image_rest": (None, [P]),
    "stoa_image_free": (None, [P]),
    "stoa_image_about": (c.POINTER(ImageInfo), [P]),
    "stoa_image_receptor": (c.POINTER(GroupInfo), [P, U32]),
    "stoa_image_population": (c.POINTER(GroupInfo), [P, U32]),
    "stoa_image_state": (S, [P, U32, Z]),
    "stoa_image_find_receptor": (U32, [P, S]),
    "stoa_image_find_population": (U32, [P, S]),
    "stoa_image_weights": (I, [P, U32, U32, c.POINTER(c.POINTER(Weights)), SAID]),
    "stoa_verify": (I, [S, S, P, c.POINTER(VerifyOptions), OUT, SAID]),
    "stoa_run_open": (I, [P, c.POINTER(RunOptions), OUT, SAID]),
    "stoa_run_inject": (I, [P, U32, P, Z, SAID]),
    "stoa_spikes_read": (I, [P, S, OUT, c.POINTER(Z), SAID]),
    "stoa_run_step": (I, [P, U32, SAID]),
    "stoa_run_now": (U32, [P]),
    "stoa_run_take": (P, [P, c.POINTER(Z)]),
    "stoa_run_take_cycles": (P, [P]),
    "stoa_run_state": (I, [P, U32, S, P, Z, SAID]),
    "stoa_run_counters": (None, [P, c.POINTER(Counters), Z]),
    "stoa_run_save": (I, [P, P, SAID]),
    "stoa_run_finish": (I, [P, P, SAID]),
    "stoa_run_json": (I, [P, OUT, SAID]),
    "stoa_run_profile": (I, [P, OUT, SAID]),
    "stoa_run_text": (I, [P, OUT, SAID]),
    "stoa_run_close": (None, [P]),
    "stoa_machine": (S, [Z]),
    "stoa_kernel": (S, [Z]),
    "stoa_machine_can": (I, [S, S]),
    "stoa_stop_new": (P, []),
    "stoa_stop_ask": (None, [P]),
    "stoa_stop_free": (None, [P]),
    "stoa_dataset_read": (I, [S, S, OUT, SAID]),
    "stoa_dataset_import": (I, [S, OUT, SAID]),
    "stoa_dataset_classes": (U32, [P]),
    "stoa_dataset_class": (S, [P, U32]),
    "stoa_dataset_save": (I, [P, S, S, SAID]),
    "stoa_data_pairs": (I, [S, OUT, c.POINTER(Z), SAID]),
    "stoa_dataset_choose": (I, [P, c.POINTER(Choice), OUT, SAID]),
    "stoa_dataset_permute": (I, [P, U64, OUT, SAID]),
    "stoa_dataset_noise": (I, [S, U32, U32, U32, U64, OUT, SAID]),
    "stoa_dataset_letters": (I, [U32, U32, U32, U32, U64, OUT, SAID]),
    "stoa_dataset_sheet": (I, [P, U32, I, U32, OUT, c.POINTER(Z), SAID]),
    "stoa_known_set_at": (c.POINTER(KnownSet), [Z]),
    "stoa_known_set_look": (I, [Z, S, c.POINTER(S), SAID]),
    "stoa_dataset_pictures": (c.POINTER(Pictures), [P]),
    "stoa_dataset_free": (None, [P]),
    "stoa_learn": (I, [P, c.POINTER(Pictures), c.POINTER(ShowOptions), OUT, SAID]),
    "stoa_ask": (I, [P, c.POINTER(Pictures), c.POINTER(ShowOptions), OUT, SAID]),
    "stoa_experiment_name": (I, [S, OUT, SAID]),
    "stoa_train": (I, [S, c.POINTER(TrainOptions), OUT, SAID]),
    "stoa_baseline": (I, [S, c.POINTER(BaselineOptions), OUT, OUT, SAID]),
    "stoa_tune": (I, [S, c.POINTER(TuneOptions), OUT, OUT, SAID]),
    "stoa_result_about": (c.POINTER(ResultInfo), [P]),
    "stoa_result_answers": (P, [P]),
    "stoa_result_image": (P, [P]),
    "stoa_result_json": (S, [P]),
    "stoa_result_text": (S, [P]),
    "stoa_result_machine": (S, [P]),
    "stoa_result_free": (None, [P]),
    "stoa_trained_read": (I, [S, OUT, OUT, SAID]),
    "stoa_result_read": (I, [S, OUT, SAID]),
    "stoa_report": (I, [P, I, c.POINTER(ReportOptions), OUT, c.POINTER(Z), SAID]),
    "stoa_report_seeds": (I, [c.POINTER(S), Z, S, OUT, c.POINTER(Z), SAID]),
}
