# ---------------------------------------------------------------------------------------------- units: a layer's arrays

class Slot:
    """One array of a layer. to: from the framework's form to PyTorch's, back: the inverse."""

    def __init__(self, variable, to=None, back=None):
        self.variable, self.to, self.back = variable, to or (lambda a: a), back or (lambda a: a)


class Unit:
    def __init__(self, kind, owner, stride=1, **slots):
        self.kind, self.owner, self.stride = kind, owner, stride
        self.slots = {name: s if isinstance(s, Slot) else Slot(s) for name, s in slots.items() if s is not None}

    def get(self, read):
        return {name: slot.to(read(slot.variable)) for name, slot in self.slots.items()}

    def set(self, read, write, arrays):
        arrays = fit_names(self.kind, dict(arrays), set(self.slots))
        for name, slot in self.slots.items():
            old = read(slot.variable)
            new = slot.back(fit_shape(arrays[name], slot.to(old).shape, name, self.kind))
            write(slot.variable, new.astype(old.dtype))


def fit_shape(a, shape, name, kind):
    """The same array, give or take axes of length 1: a 1x1 convolution's kernel is a Dense layer's."""
    if a.shape == tuple(shape):
        return a
    if [n for n in a.shape if n != 1] == [n for n in shape if n != 1]:
        return a.reshape(shape)
    if kind in ("norm", "own", "parameter", "prelu") and a.ndim > 1:
        for moved in (np.moveaxis(a, 0, -1), np.moveaxis(a, -1, 0)):
            if moved.shape == tuple(shape):         # a weight over (C, H, W), where the port has (H, W, C)
                return moved
    if name == "weight" and a.size == 1:
        return np.broadcast_to(a.reshape(()), shape).copy()
    raise Mismatch(f"its {name} has shape {tuple(a.shape)} in the source and {tuple(shape)} in the port "
                   "(both in PyTorch's order)")


def fit_names(kind, arrays, wanted):
    """Gives a unit the names it has, from those of its counterpart: biases that one side holds in one array and the
    other in two, gains and biases that only one side has."""
    have = set(arrays)
    if "bias" in wanted and "bias_ih" in have:
        ih, hh = arrays.pop("bias_ih"), arrays.pop("bias_hh")
        if kind == "gru" and np.any(hh[2 * len(hh) // 3:]):
            raise Mismatch("a GRU with reset_after=False has no place for the recurrent bias of the candidate gate")
        arrays["bias"] = ih + hh
    if "bias_ih" in wanted and "bias" in have:
        arrays["bias_ih"] = arrays.pop("bias")
        arrays["bias_hh"] = np.zeros_like(arrays["bias_ih"])
    norm = kind in ("norm", "batchnorm")
    for name in wanted - set(arrays):
        like = arrays.get("weight", next(iter(arrays.values()), None))
        if like is None or not ("bias" in name or norm):
            raise Mismatch(f"the port's layer has a {name}, the source's has none")
        size = like.shape if norm else like.shape[1:2] if kind == "conv_transpose" else like.shape[:1]
        arrays[name] = np.full(size, 1.0 if norm and name in ("weight", "running_var") else 0.0, like.dtype)
    for name in set(arrays) - wanted:
        if np.any(arrays[name] != (1 if norm and name in ("weight", "running_var") else 0)):
            raise Mismatch(f"the source's layer has a {name}, the port's has none")
        del arrays[name]
    return arrays


def children_units(own, children, units):
    found = [own] if own and own.slots else []
    for child in children:
        found += units(child)
    return found


def torch_layer(obj):
    """The units of one of PyTorch's own layers, in the order of execution where there are several; None for others."""
    import torch
    nn = torch.nn
    conv, transpose = nn.modules.conv._ConvNd, nn.modules.conv._ConvTransposeNd
    if isinstance(obj, transpose):
        return [Unit("conv_transpose", obj, int(np.prod(obj.stride)), weight=obj.weight, bias=obj.bias)]
    if isinstance(obj, (nn.Linear, conv)):
        return [Unit("dense", obj, weight=obj.weight, bias=obj.bias)]
    if isinstance(obj, nn.modules.batchnorm._NormBase):
        kind = "batchnorm" if obj.running_mean is not None else "norm"
        return [Unit(kind, obj, weight=obj.weight, bias=obj.bias, running_mean=obj.running_mean,
                     running_var=obj.running_var)]
    if isinstance(obj, (nn.LayerNorm, nn.GroupNorm, getattr(nn, "RMSNorm", nn.LayerNorm))):
        return [Unit("norm", obj, weight=obj.weight, bias=getattr(obj, "bias", None))]
    if isinstance(obj, (nn.Embedding, nn.EmbeddingBag)):
        return [Unit("embedding", obj, weight=obj.weight)]
    if isinstance(obj, nn.PReLU):
        return [Unit("prelu", obj, weight=obj.weight)]
    if isinstance(obj, nn.RNNBase) or hasattr(obj, "weight_ih_l0"):     # or a port's own, with the same names
        gru = isinstance(obj, nn.GRU) or getattr(obj, "cell", "") == "gru"
        kind, found = ("gru" if gru else "rnn"), []
        for layer in range(getattr(obj, "num_layers", 1)):
            for direction in ("", "_reverse")[:2 if obj.bidirectional else 1]:
                arrays = {n: getattr(obj, f"{n}_l{layer}{direction}", None)
                          for n in ("weight_ih", "weight_hh", "bias_ih", "bias_hh", "weight_hr")}
                found.append(Unit(kind, obj, **arrays))
        return found
    if isinstance(obj, nn.RNNCellBase):
        return [Unit("gru" if isinstance(obj, nn.GRUCell) else "rnn", obj, weight_ih=obj.weight_ih,
                     weight_hh=obj.weight_hh, bias_ih=obj.bias_ih, bias_hh=obj.bias_hh)]
    if isinstance(obj, nn.MultiheadAttention):
        if obj.in_proj_weight is not None:
            parts = obj.in_proj_weight.chunk(3)
        else:
            parts = (obj.q_proj_weight, obj.k_proj_weight, obj.v_proj_weight)
        biases = obj.in_proj_bias.chunk(3) if obj.in_proj_bias is not None else (None,) * 3
        return [Unit("dense", obj, weight=w, bias=b) for w, b in zip(parts, biases)] + torch_layer(obj.out_proj)
    return None


def torch_units(obj):
    """The units of a module, of a list of them, or of a bare parameter."""
    import torch
    if isinstance(obj, (tuple, list)):
        return children_units(None, obj, torch_units)
    if isinstance(obj, torch.Tensor):
        return [Unit("parameter", obj, weight=obj)]
    if not isinstance(obj, torch.nn.Module):
        return []
    found = torch_layer(obj)
    if found is not None:
        return found
    lists = (torch.nn.ParameterList, torch.nn.ParameterDict)
    children = sorted(obj.children(), key=lambda c: not isinstance(c, lists))
    return children_units(Unit("own", obj, **dict(obj.named_parameters(recurse=False))), children, torch_units)


def keras_conv(layer, variable, bias, kind="dense"):
    """A kernel (*k, in, out) as (out, in, *k)."""
    n = len(variable.shape)
    to = lambda a: np.transpose(a, (n - 1, n - 2, *range(n - 2)))
    back = lambda a: np.transpose(a, (*range(2, n), 1, 0))
    return Unit(kind, layer, weight=Slot(variable, to, back), bias=bias)


def keras_depthwise(layer, variable, bias):
    """A kernel (*k, C, M) as that of a convolution in C groups, (C*M, 1, *k)."""
    *k, c, m = tuple(variable.shape)
    n = len(k)
    to = lambda a: np.transpose(a, (n, n + 1, *range(n))).reshape(c * m, 1, *k)
    back = lambda a: np.transpose(a.reshape(c, m, *k), (*range(2, 2 + n), 0, 1))
    return Unit("dense", layer, weight=Slot(variable, to, back), bias=bias)


def keras_cell(cell):
    """The gates of a recurrent cell; a GRU's are z, r, h in Keras and r, z, n in PyTorch."""
    gru = "GRU" in type(cell).__name__
    bias = getattr(cell, "bias", None)

    def gates(a):
        if not gru:
            return a
        z, r, h = np.split(a, 3)
        return np.concatenate([r, z, h])
    turn, back = (lambda a: gates(a.T)), (lambda a: gates(a).T)
    slots = {"weight_ih": Slot(cell.kernel, turn, back), "weight_hh": Slot(cell.recurrent_kernel, turn, back)}
    if bias is not None and len(bias.shape) == 2:
        pair = Unit("gru", cell, **slots)
        pair.slots["bias_pair"] = Slot(bias, lambda a: np.stack([gates(row) for row in a]),
                                       lambda a: np.stack([gates(row) for row in a]))
        return [PairedBias(pair)]
    if bias is not None:
        slots["bias"] = Slot(bias, gates, gates)
    return [Unit("gru" if gru else "rnn", cell, **slots)]


class PairedBias:
    """A unit whose bias_ih and bias_hh stand in one array (2, 3H): a Keras GRU with reset_after=True."""

    def __init__(self, unit):
        self.unit, self.kind, self.owner, self.stride, self.slots = unit, unit.kind, unit.owner, 1, unit.slots

    def get(self, read):
        arrays = self.unit.get(read)
        arrays["bias_ih"], arrays["bias_hh"] = arrays.pop("bias_pair")
        return arrays

    def set(self, read, write, arrays):
        arrays = fit_names("gru", dict(arrays), {"weight_ih", "weight_hh", "bias_ih", "bias_hh"})
        arrays["bias_pair"] = np.stack([arrays.pop("bias_ih"), arrays.pop("bias_hh")])
        self.unit.set(read, write, arrays)


def keras_heads(layer):
    """MultiHeadAttention: kernels (E, heads, d) and (heads, d, E)."""
    found = []
    for dense in (layer._query_dense, layer._key_dense, layer._value_dense):
        e, h, d = tuple(dense.kernel.shape)
        to = lambda a: a.reshape(a.shape[0], -1).T
        back = lambda a, shape=(e, h, d): a.T.reshape(shape)
        bias = dense.bias
        flat = None if bias is None else Slot(bias, lambda a: a.reshape(-1), lambda a, s=(h, d): a.reshape(s))
        found.append(Unit("dense", layer, weight=Slot(dense.kernel, to, back), bias=flat))
    out = layer._output_dense
    shape = tuple(out.kernel.shape)
    weight = Slot(out.kernel, lambda a: a.reshape(-1, a.shape[-1]).T, lambda a: a.T.reshape(shape))
    return found + [Unit("dense", layer, weight=weight, bias=out.bias)]


def keras_children(layer):
    if hasattr(layer, "_flatten_layers"):
        found = list(layer._flatten_layers(recursive=False, include_self=False))
        return [c for c in found if c is not layer]
    return list(getattr(layer, "_layers", []))


def keras_own(layer):
    """A layer's own variables, by the attributes that hold them."""
    return Unit("own", layer, **{name: v for name, v in vars(layer).items()
                                 if name[0] != "_" and hasattr(v, "assign") and getattr(v, "trainable", False)})


def keras_held(layer):
    """Variables in lists and dictionaries of a layer, a unit for each: PyTorch's ParameterList and ParameterDict."""
    found = []
    for name, held in vars(layer).items():
        items = dict(held) if isinstance(held, dict) else dict(enumerate(held)) if isinstance(held, (list, tuple)) else {}
        if name[0] != "_" and items and all(hasattr(v, "assign") and getattr(v, "trainable", False) for v in items.values()):
            found.append(Unit("own", layer, **{str(k): v for k, v in items.items()}))
    return found


def keras_layer(obj):
    """As torch_layer, for Keras of either generation: classes are known by name, so that tf_keras and keras need no
    separate code."""
    bases = [c.__name__ for c in type(obj).__mro__ if c.__module__.split(".")[0] in ("keras", "tf_keras", "tensorflow")]
    is_a = lambda *names: any(n in bases for n in names)
    if is_a("Bidirectional"):
        return keras_units(obj.forward_layer) + keras_units(obj.backward_layer)
    if is_a("TimeDistributed"):
        return keras_units(obj.layer)
    if is_a("StackedRNNCells"):
        return keras_units(list(obj.cells))
    if is_a("SimpleRNN", "LSTM", "GRU", "RNN"):
        return keras_units(obj.cell)
    if is_a("SimpleRNNCell", "LSTMCell", "GRUCell"):
        return keras_cell(obj)
    if is_a("Dense", "BaseConv", "BaseDepthwiseConv", "Conv") and not getattr(obj, "built", True):
        return []                                   # no call reaches it: it has no weights yet
    bias = getattr(obj, "bias", None)
    if type(obj).__name__ == "TiedDense":                           # a port's own
        tied = getattr(obj.source, "embeddings", None)
        weight = Slot(obj.source.kernel, np.transpose, np.transpose) if tied is None else tied
        return [Unit("dense", obj, weight=weight, bias=bias)]
    if is_a("Dense"):
        return [Unit("dense", obj, weight=Slot(obj.kernel, np.transpose, np.transpose), bias=bias)]
    if is_a("SeparableConv1D", "SeparableConv2D", "SeparableConv"):
        return [keras_depthwise(obj, obj.depthwise_kernel, None), keras_conv(obj, obj.pointwise_kernel, bias)]
    if is_a("DepthwiseConv1D", "DepthwiseConv2D", "DepthwiseConv"):
        kernel = getattr(obj, "depthwise_kernel", None)
        return [keras_depthwise(obj, obj.kernel if kernel is None else kernel, bias)]
    if is_a("Conv1DTranspose", "Conv2DTranspose", "Conv3DTranspose"):
        unit = keras_conv(obj, obj.kernel, bias, "conv_transpose")     # (*k, out, in) as (in, out, *k)
        unit.stride = int(np.prod(obj.strides))
        return [unit]
    if is_a("Conv1D", "Conv2D", "Conv3D"):
        return [keras_conv(obj, obj.kernel, bias)]
    if is_a("BatchNormalization"):
        return [Unit("batchnorm", obj, weight=getattr(obj, "gamma", None), bias=getattr(obj, "beta", None),
                     running_mean=obj.moving_mean, running_var=obj.moving_variance)]
    if is_a("LayerNormalization", "GroupNormalization"):
        return [Unit("norm", obj, weight=getattr(obj, "gamma", None), bias=getattr(obj, "beta", None))]
    if is_a("RMSNormalization"):
        return [Unit("norm", obj, weight=obj.scale)]
    if is_a("Embedding"):
        return [Unit("embedding", obj, weight=obj.embeddings)]
    if is_a("PReLU"):
        return [Unit("prelu", obj, weight=Slot(obj.alpha, *shared_axes(tuple(obj.alpha.shape))))]
    if is_a("MultiHeadAttention"):
        return keras_heads(obj)
    return None


def keras_units(obj):
    if isinstance(obj, (tuple, list)):
        return children_units(None, obj, keras_units)
    if hasattr(obj, "assign"):
        return [Unit("parameter", obj, weight=obj)]
    if not hasattr(obj, "weights"):
        return []
    found = keras_layer(obj)
    if found is not None:
        return found
    own = keras_own(obj)
    return ([own] if own.slots else []) + keras_held(obj) + children_units(None, keras_children(obj), keras_units)


def shared_axes(shape):
    """PReLU: (1, 1, C) in Keras is (C,) in PyTorch."""
    if sum(n != 1 for n in shape) > 1:
        return None, None
    return (lambda a: a.reshape(-1)), (lambda a: a.reshape(shape))
