# ---------------------------------------------------------------------------------------------- building a network

def place_of(path):
    """The package that a file is in ("" for none), and the folder that its imports start from."""
    folder, parts = os.path.dirname(os.path.abspath(path)), []
    while os.path.exists(os.path.join(folder, "__init__.py")):
        folder, last = os.path.split(folder)
        parts.insert(0, last)
    return ".".join(parts), folder


class Absent:
    """Something of a module that is not installed: it may be named, and whoever uses it learns what is missing."""

    def __init__(self, module):
        self.__dict__["_module"] = module

    def _used(self, *args, **kwargs):
        raise ModuleNotFoundError(f"No module named {self._module!r}", name=self._module)

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return Absent(self._module)

    def __or__(self, other):
        return self

    __ror__ = __or__
    __call__ = __getitem__ = __iter__ = __enter__ = __mro_entries__ = __setattr__ = _used


class AbsentModules:
    """Imports of modules that are not installed give stand-ins: plots and progress bars are no part of a network."""

    def __init__(self):
        self.names = []

    def take(self, name):
        top = (name or "").partition(".")[0]
        if not top or top in ("torch", "tensorflow", "keras", "tf_keras", "numpy") or top in self.names:
            return False
        with contextlib.suppress(ImportError, ValueError):
            if importlib.util.find_spec(top):       # a part of it is missing, or its version is another one
                return False
        self.names.append(top)
        return True

    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] not in self.names:
            return None
        return importlib.machinery.ModuleSpec(name, self, is_package=True)

    def create_module(self, spec):
        module = types.ModuleType(spec.name)
        module.__getattr__ = Absent(spec.name.partition(".")[0]).__getattr__
        module.__all__ = []
        return module

    def exec_module(self, module):
        pass


def run_statement(code, names, absent):
    while True:
        try:
            exec(code, names)
            return
        except ModuleNotFoundError as e:
            if not absent.take(e.name):
                raise


def run_slice(spec):
    """Executes the named statements of a file, and those alone, in a module of its own; returns its names."""
    with open(spec["path"], "rb") as f:
        text = f.read()
    name = os.path.splitext(os.path.basename(spec["path"]))[0]
    package, root = place_of(spec["path"])
    for folder in (os.path.dirname(os.path.abspath(spec["path"])), root):
        if folder not in sys.path and not (package and folder != root):
            sys.path.insert(0, folder)              # imports of the project's other files
    if package:                                     # a package's file is imported as it always is
        with contextlib.suppress(Exception):
            return dict(importlib.import_module(f"{package}.{name}").__dict__)
    module = types.ModuleType(f"{package}.{name}" if package else name)
    module.__file__ = spec["path"]
    module.__package__ = package
    sys.modules.setdefault(name, module)            # dataclasses and pickling look a class's module up
    flags, absent = 0, AbsentModules()
    sys.meta_path.append(absent)
    spec["absent"] = absent.names
    ranges = spec.get("slice")
    for start, end in [[0, len(text)]] if ranges is None else ranges:
        line = text.count(b"\n", 0, start)
        statement = b"\n" * line + text[start:end]  # so that a traceback shows the right line
        code = compile(statement, spec["path"], "exec", flags=flags, dont_inherit=True)
        flags |= code.co_flags & 0x1ff0000          # from __future__ import ...
        run_statement(code, module.__dict__, absent)
    return module.__dict__


def build_root(spec):
    names = run_slice(spec)
    root = eval(compile(spec["root"], "<root>", "eval"), names)
    return (root() if isinstance(root, type) else root), names


def step_into(obj, token):
    """One step of a path: an attribute, an index, the name of a Keras layer."""
    number = token.lstrip("-").isdigit()
    if not number and hasattr(obj, token):
        return getattr(obj, token)
    if isinstance(obj, dict):
        return obj[token]
    if number:
        if token in getattr(obj, "_modules", {}):
            return obj._modules[token]
        items = obj if isinstance(obj, (list, tuple)) or not hasattr(obj, "layers") else obj.layers
        return items[int(token)]
    if token in getattr(obj, "_modules", {}):
        return obj._modules[token]
    if hasattr(obj, "get_layer"):
        with contextlib.suppress(ValueError):
            return obj.get_layer(token)
    raise AttributeError(f"{type(obj).__name__} has no {token}")


def counted_name(name):
    """'dense_12' as ('dense', 12), 'dense' as ('dense', 0)."""
    stem, _, number = name.rpartition("_")
    return (stem, int(number)) if stem and number.isdigit() else (name, 0)


def counted_layers(root, paths):
    """Keras numbers the names of layers as it builds them, those of the whole file: what is no part of the network was
    not built here, so the layers of one kind of name may have lower numbers. By path, those that go by their order."""
    wanted, built, found = {}, {}, {}
    for path in dict.fromkeys(paths):
        if path and not set(path) & set(".[,|"):
            wanted.setdefault(counted_name(path)[0], set()).add(path)
    layers = getattr(root, "layers", [])
    for layer in layers if isinstance(layers, (list, tuple)) else []:
        if getattr(layer, "weights", None):
            built.setdefault(counted_name(layer.name)[0], {})[layer.name] = layer
    for stem, some in wanted.items():
        have = built.get(stem, {})
        if len(have) == len(some) and set(have) != some:
            found.update((n, have[k]) for n, k in zip(sorted(some, key=counted_name), sorted(have, key=counted_name)))
    return found


class Itself(list):
    """A layer that is a part of itself: its class derives from the framework's layer, which the pivot counts as a part.
    It has the part's weights; what it gives is its own."""


def is_layer(obj):
    torch, keras = sys.modules.get("torch"), sys.modules.get("keras") or sys.modules.get("tf_keras")
    if torch and isinstance(obj, torch.nn.Module):
        return torch_layer(obj) is not None
    return bool(keras) and isinstance(obj, keras.layers.Layer) and keras_layer(obj) is not None


def resolve(root, names, path):
    """'features.0', 'blocks[1].conv', 'rnn_0, rnn_1' (several layers that are one on the other side), '' (the root)."""
    if "," in path:
        return tuple(resolve(root, names, part.strip()) for part in path.split(","))
    tokens = [t.strip("'\"") for t in path.replace("[", ".").replace("]", "").split(".") if t]
    obj = root
    for i, token in enumerate(tokens):
        token, _, place = token.partition("|#")
        parts = [x for x in getattr(obj, "layers", []) if hasattr(x, "layers")] if place else []
        held = [x for x in parts if x is names.get(token)] or parts[int(place or 0):][:1]
        if held:                                    # a model within a model, by its variable or its place
            obj = held[0]
            continue
        try:
            obj = step_into(obj, token)
        except (AttributeError, KeyError, IndexError, TypeError):
            if i == len(tokens) - 1 and obj is not root and is_layer(obj):
                return Itself([obj])
            if i > 0 or token not in names:
                raise Mismatch(f"there is no {path} in the network that was built") from None
            obj = names[token]                      # a layer of a functional model, by its variable
    return obj
