"""change.py - arithmetic details that can be made wrong on request, so that it is seen that each matters."""
NAME = None  # the detail that is wrong
CHANGES = ("leak", "floor", "draw", "gate", "ties", "block", "excess", "trace", "round", "nearest", "lane", "reset",
           "eligible", "pre-late", "gap", "pair", "late-latency", "poisson", "wheel", "table", "first-event", "recruit", "code",
           "part", "currents", "shut-currents", "theta-decay", "chain", "list", "joined", "rules", "columns", "ring", "measure",
           "graded", "emit", "emit-silent", "value-kept", "payload", "count", "wrap", "leak-sign", "leak-draw", "below",
           "chance", "calcium", "inside", "filter")


def wrong(name):
    assert name in CHANGES
    return NAME == name
