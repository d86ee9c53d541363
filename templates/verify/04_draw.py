# ---------------------------------------------------------------------------------------------- weights that count

def draw(unit, arrays, rng):
    """Random arrays for one unit, at a scale that neither starves nor floods what comes after."""
    def normal(a, std):
        return rng.standard_normal(a.shape) * std
    drawn = {}
    for name, a in arrays.items():
        fan_in = max(1, a.size // max(1, a.shape[0] if a.ndim else 1))
        if unit.kind == "conv_transpose" and a.ndim > 1:
            fan_in = max(1, a.size // a.shape[1] // unit.stride)
        if unit.kind in ("batchnorm", "norm"):
            new = rng.uniform(0.5, 1.5, a.shape) if name in ("weight", "running_var") else normal(a, 0.3)
        elif unit.kind == "prelu":
            new = rng.uniform(0.1, 0.5, a.shape)
        elif unit.kind == "embedding":
            new = normal(a, 1.0)
        elif unit.kind in ("parameter", "own"):
            new = draw_parameter(a, rng)
        elif "bias" in name:
            new = normal(a, 0.3)
        elif unit.kind in ("rnn", "gru"):
            new = normal(a, (1.0 / fan_in) ** 0.5)
        else:
            new = normal(a, (2.0 / fan_in) ** 0.5)      # He et al. 2015
        drawn[name] = new.astype(a.dtype)
    return drawn


def draw_parameter(a, rng):
    """A bare parameter means what its author says: keep a random one, and move a constant one off its constant."""
    if a.dtype.kind != "f" or a.size == 0 or np.ptp(a) > 0:
        return a
    value = float(a.flat[0])
    if value == 0:
        return rng.standard_normal(a.shape) * 0.5
    return (1.0 if abs(value) < 1e-2 else value) * rng.uniform(0.5, 1.5, a.shape)


def fit_batchnorm(side, unit, x, rng):
    """Statistics from what arrives. A variance of a hundredth with a gain of a tenth gives the same output as the
    fitted pair, but now a wrong epsilon weighs a hundred times as much."""
    axis = side.channel_axis(unit.owner) % x.ndim
    others = tuple(i for i in range(x.ndim) if i != axis)
    mean, var = x.mean(others), x.var(others)
    var = np.maximum(var, 0.1 * var.mean() + 1e-12) * 0.01 * rng.uniform(0.7, 1.4, var.shape)
    arrays = unit.get(side.read)
    arrays["running_mean"] = (mean + 0.1 * rng.standard_normal(mean.shape) * x.std()).astype(np.float32)
    arrays["running_var"] = var.astype(np.float32)
    if "weight" in arrays:
        arrays["weight"] = arrays["weight"] * np.float32(0.1)
    unit.set(side.read, side.write, arrays)
