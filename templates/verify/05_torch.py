# ---------------------------------------------------------------------------------------------- the two frameworks

def flat(value):
    """The tensors in a nested result, dictionaries by sorted key."""
    if isinstance(value, dict):
        return [t for k in sorted(value) for t in flat(value[k])]
    if isinstance(value, (list, tuple)):
        return [t for v in value for t in flat(v)]
    return [] if value is None else [value]


def mapped(value, fn):
    if isinstance(value, dict):
        return {k: mapped(v, fn) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        items = [mapped(v, fn) for v in value]
        return type(value)(*items) if hasattr(value, "_fields") else type(value)(items)
    return value if value is None else fn(value)


def formed(form, values):
    """An argument as the source's own call held it: numbers stand for the inputs."""
    if isinstance(form, int):
        return values[form]
    if isinstance(form, list):
        return [formed(x, values) for x in form]
    if form is None or "v" in form:
        return form and form["v"]
    if "tuple" in form:
        return tuple(formed(x, values) for x in form["tuple"])
    return {k: formed(x, values) for k, x in form["dict"].items()}


def bind(forward, names, values, form=None):
    """Arguments by position where that is the same thing, else by name; several for one parameter as a list."""
    if form:
        return formed(form, values), {}
    import inspect
    parameters = inspect.signature(forward).parameters
    plain = [n for n, p in parameters.items() if p.kind is p.POSITIONAL_OR_KEYWORD]
    takes_any = any(p.kind is p.VAR_POSITIONAL for p in parameters.values())
    named = list(names) == plain[:len(names)]
    if len(names) > 1 and len([n for n in plain if n not in ("training", "mask")]) == 1 and not takes_any and not named:
        return [list(values)], {}
    if len(names) > 1 and names != plain[:len(names)] and all(n in plain for n in names):
        return [], dict(zip(names, values))
    return list(values), {}


class Torch:
    title = "PyTorch"

    def __init__(self, spec):
        import torch
        self.torch = torch
        torch.set_num_threads(max(1, (os.cpu_count() or 2) // 2))
        torch.manual_seed(spec["seed"])
        CHANCE.for_torch(torch)
        self.version = f"torch {torch.__version__}"
        self.spec = spec

    def build(self):
        self.root, self.names = build_root(self.spec)
        if not isinstance(self.root, self.torch.nn.Module):
            raise Failure(f"{self.spec['root']} is a {type(self.root).__name__}, not a module")
        self.fold_parametrisations()
        self.root.eval()

    units = staticmethod(torch_units)

    def read(self, variable):
        return variable.detach().cpu().numpy().copy()

    def write(self, variable, a):
        with self.torch.no_grad():
            variable.copy_(self.torch.from_numpy(np.ascontiguousarray(a)).reshape(variable.shape))

    def fold_parametrisations(self):
        """Weights that are computed from others (weight_norm, spectral_norm) become the weights that they are."""
        utils = self.torch.nn.utils
        for m in self.root.modules():
            for name in ("weight", "weight_hh_l0", "weight_ih_l0"):
                for remove in (utils.remove_weight_norm, utils.remove_spectral_norm):
                    with contextlib.suppress(ValueError):
                        remove(m, name)
                if utils.parametrize.is_parametrized(m, name):
                    utils.parametrize.remove_parametrizations(m, name)

    def call(self, names, arrays):
        args, kwargs = bind(self.root.forward, names, [self.torch.from_numpy(np.ascontiguousarray(a)) for a in arrays],
                            self.spec.get("form"))
        with self.torch.no_grad(), CHANCE.same():
            return [self.read(t) for t in flat(self.root(*args, **kwargs)) if self.torch.is_tensor(t)]

    def channel_axis(self, layer):
        return 1

    def watch(self, layer, before, after):
        """Calls before(inputs) and after(inputs, output, what to compare); the latter may return another output.
        Returns what undoes it."""
        handles = []
        if before:
            handles.append(layer.register_forward_pre_hook(lambda m, args: before(args)))
        if after:
            handles.append(layer.register_forward_hook(lambda m, args, out: after(args, out, out)))
        return lambda: [h.remove() for h in handles]

    def callable(self, obj):
        return isinstance(obj, self.torch.nn.Module) and type(obj).__name__ not in ("ModuleList", "ModuleDict")

    def recorded(self, layer, inputs, output):
        """What stands for a call: copies, since a later in-place activation overwrites the tensor. A recurrent layer
        gives its sequence, batch first, and its last state."""
        found = {}
        tensors = [t for t in flat(inputs) if self.torch.is_tensor(t)]
        if tensors:
            found["in"] = self.read(tensors[0])
        outputs = [t for t in flat(output) if self.torch.is_tensor(t)]
        if isinstance(layer, self.torch.nn.RNNBase) and outputs[0].dim() == 3:
            seq, h = outputs[0], outputs[1]
            found["seq"] = self.read(seq if layer.batch_first else seq.transpose(0, 1))
            found["last"] = self.read(self.torch.cat([h[-2], h[-1]], -1) if layer.bidirectional else h[-1])
        elif outputs:
            found["out"] = self.read(outputs[0])
        return found

    def disturbed(self, tensor, rng):
        if not self.torch.is_tensor(tensor) or not tensor.is_floating_point():
            return tensor
        sign = rng.choice([-1.0, 1.0], tuple(tensor.shape)) * DISTURBANCE
        return tensor * self.torch.from_numpy(np.asarray(1 + sign)).to(tensor.dtype)

    def variables(self):
        return [(n, p) for n, p in self.root.named_parameters()]

    def bearers(self):
        """Every layer that PyTorch defines and that has weights, and every bare parameter, with its path."""
        layers = []
        for path, module in self.root.named_modules():
            if any(path.startswith(known + ".") for known in layers):
                continue
            if torch_layer(module) is not None:
                layers.append(path)
                yield path, module
                continue
            for name, parameter in module.named_parameters(recurse=False):
                yield (path + "." + name).lstrip("."), parameter

    @contextlib.contextmanager
    def float64(self, names, arrays):
        """The same network in double precision, and back."""
        state = list(self.root.parameters()) + list(self.root.buffers())
        kept = [t.dtype for t in state]
        try:
            self.torch.set_default_dtype(self.torch.float64)
            self.root.double()
            yield self
        finally:
            self.torch.set_default_dtype(self.torch.float32)
            self.root.float()
            for t, dtype in zip(list(self.root.parameters()) + list(self.root.buffers()), kept):
                t.data = t.data.to(dtype)
