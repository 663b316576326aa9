"""nest_float.py - point neurons of NEST (iaf_psc_exp, iaf_psc_delta) and NEURON (IntFire1) in floating point, from their equations.

A step is dt. iaf_psc_exp: the potential takes the currents as the step found them, then these decay and take what arrives; delta and
IntFire1 take what arrives into the potential. A refractory neuron's potential stays at the reset, its currents go on."""
import numpy as np

NEAR = 0.0015


def simulate(params, edges, inputs_edges, inputs, dt):
    """Spikes [steps, neurons], up to the step in which a potential is so near to its threshold that a rounding decides. edges: (source,
    target, weight, steps); inputs: [steps, sources] with edges of their own."""
    steps, n = len(inputs), len(params)
    v, ex, inh, shut = np.zeros(n), np.zeros(n), np.zeros(n), np.zeros(n, int)
    plus, minus = np.zeros((steps + 64, n)), np.zeros((steps + 64, n))
    out = np.zeros((steps, n))

    def send(t, fired, table):
        for s, target, w, d in table:
            if fired[s]:
                (plus if w >= 0 else minus)[t + d, target] += w

    for t in range(steps):
        for i, p in enumerate(params):
            fire = p["kind"] == "fire"
            tau = p["tau"] * 1000 if fire else p["tau_m"]
            leak = np.exp(-dt / tau)
            threshold = 1.0 if fire else p["V_th"] - p["E_L"]
            reset = 0.0 if fire else p["V_reset"] - p["E_L"]
            drive = 0.0 if fire else p.get("I_e", 0) * tau / p["C_m"] * (1 - leak)
            if p["kind"] == "exp":
                g = [tau / p["C_m"] * s / (s - tau) * (np.exp(-dt / s) - leak) for s in (p["tau_syn_ex"], p["tau_syn_in"])]
                drive += g[0] * ex[i] + g[1] * inh[i]
                ex[i] = ex[i] * np.exp(-dt / p["tau_syn_ex"]) + plus[t, i]
                inh[i] = inh[i] * np.exp(-dt / p["tau_syn_in"]) + minus[t, i]
            else:
                drive += plus[t, i] + minus[t, i]
            if shut[i]:
                shut[i] -= 1
                continue
            v[i] = v[i] * leak + drive
            if abs(v[i] - threshold) < NEAR * threshold:
                return out[:t]
            if v[i] >= threshold:
                out[t, i] = 1
                v[i] = reset
                shut[i] = round((p["refrac"] * 1000 if fire else p["t_ref"]) / dt)
        send(t, out[t], edges)
        send(t, inputs[t], inputs_edges)
    return out
