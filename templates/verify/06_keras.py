class KerasTwoAsKeras:
    """An import hook that lets `import keras`, tf.keras and their old submodules mean tf_keras, the last Keras 2."""

    def find_spec(self, name, path=None, target=None):
        import importlib.util
        parts = name.split(".")
        for prefix in (["tensorflow"], ["tensorflow", "python"]):
            if parts[:len(prefix) + 1] == prefix + ["keras"]:
                parts = parts[len(prefix):]
        if parts[0] != "keras" or parts[-1][:1].isupper():
            return None                             # keras.engine.topology.Layer is a class
        for end in range(len(parts), 0, -1):        # keras.layers.core is tf_keras.layers
            with contextlib.suppress(ImportError):
                found = importlib.import_module(".".join(["tf_keras"] + parts[1:end]))
                return importlib.util.spec_from_loader(name, StandIn(found), is_package=True)
        return None


class StandIn:
    """Loads a module that has another's contents."""

    def __init__(self, module):
        self.module = module

    def create_module(self, spec):
        proxy = types.ModuleType(spec.name)
        proxy.__dict__.update({k: v for k, v in vars(self.module).items() if not k.startswith("__")})
        proxy.__getattr__ = self.find
        return proxy

    RENAMED = {"Deconvolution2D": "Conv2DTranspose", "Deconvolution3D": "Conv3DTranspose"}

    def find(self, name):
        """A name of the module, or one that has moved: keras.engine.topology.Layer is tf_keras.layers.Layer."""
        name = self.RENAMED.get(name, name)
        for place in ("", "layers", "models", "utils"):
            module = self.module if not place else importlib.import_module(f"tf_keras.{place}")
            if hasattr(module, name):
                return getattr(module, name)
        raise AttributeError(name)

    def exec_module(self, module):
        pass


def as_before(make):
    """An optimizer of Keras 2 by arguments that only the ones before it took (decay): nothing here trains with it."""
    def made(*args, **kwargs):
        try:
            return make(*args, **kwargs)
        except (TypeError, ValueError):
            return make()
    return made


class Keras:
    title = "Keras"

    def __init__(self, spec):
        legacy = spec.get("keras") == 2
        os.environ["TF_USE_LEGACY_KERAS"] = "1" if legacy else "0"
        os.environ["KERAS_BACKEND"] = "tensorflow"
        import tensorflow as tf
        threads = max(1, (os.cpu_count() or 2) // 2)
        with contextlib.suppress(RuntimeError):
            tf.config.threading.set_intra_op_parallelism_threads(threads)
            tf.config.threading.set_inter_op_parallelism_threads(1)
        tf.config.run_functions_eagerly(True)       # a layer inside a tf.function is watched too
        tf.get_logger().setLevel("ERROR")
        if legacy and tf.version.VERSION.startswith("2.") and int(tf.version.VERSION.split(".")[1]) < 16:
            from tensorflow import keras            # Keras 2 is at home there
        elif legacy:
            import tf_keras as keras
            sys.meta_path.insert(0, KerasTwoAsKeras())
            with contextlib.suppress(ImportError):
                from tf_keras.src.engine.keras_tensor import KerasTensor
                KerasTensor._keras_shape = property(lambda self: tuple(self.shape))     # as it was called
            for name in ("Adam", "SGD", "RMSprop", "Adagrad", "Adadelta", "Adamax", "Nadam"):
                setattr(keras.optimizers, name, as_before(getattr(keras.optimizers, name)))
        else:
            import keras
        self.tf, self.keras, self.legacy, self.spec = tf, keras, legacy, spec
        keras.utils.set_random_seed(spec["seed"])
        CHANCE.for_keras(tf, keras)
        self.version = f"{'tf_keras' if legacy else 'keras'} {keras.__version__}, tensorflow {tf.__version__}"

    def build(self):
        self.root, self.names = build_root(self.spec)
        if not isinstance(self.root, (self.keras.layers.Layer, self.tf.Module)):
            raise Failure(f"{self.spec['root']} is a {type(self.root).__name__}, not a Keras layer or model")

    units = staticmethod(keras_units)

    def read(self, variable):
        return np.array(variable.numpy() if hasattr(variable, "numpy") else variable)

    def write(self, variable, a):
        variable.assign(np.ascontiguousarray(a).reshape(tuple(variable.shape)))

    def call(self, names, arrays):
        import inspect
        call = self.root.call if hasattr(self.root, "call") else self.root.__call__    # a tf.Module has no call
        args, kwargs = bind(call, names, [self.tf.constant(a) for a in arrays], self.spec.get("form"))
        if "training" in inspect.signature(call).parameters:
            kwargs["training"] = False
        with CHANCE.same():
            return [self.read(t) for t in flat(self.root(*args, **kwargs)) if hasattr(t, "dtype")]

    def channel_axis(self, layer):
        return layer.axis if isinstance(layer.axis, int) else list(layer.axis)[0]

    def watch(self, layer, before, after):
        original, seen = layer.call, {}
        # PyTorch has no activation inside a layer: what is compared is the value before it
        weighted = hasattr(layer, "kernel") or hasattr(layer, "depthwise_kernel")
        weighted = weighted and not hasattr(layer, "recurrent_kernel")
        activation = getattr(layer, "activation", None) if after and weighted else None

        def activate(value, *args, **kwargs):
            seen["out"] = value
            return activation(value, *args, **kwargs)

        def call(*args, **kwargs):
            inputs = args if args else tuple(kwargs.values())
            if before:
                before(inputs)
            seen.pop("out", None)
            output = original(*args, **kwargs)
            changed = after(inputs, output, seen.get("out", output)) if after else None
            return output if changed is None else changed
        layer.call = call
        if activation is not None:
            layer.activation = activate

        def undo():
            layer.call = original
            if activation is not None:
                layer.activation = activation
        return undo

    def callable(self, obj):
        return isinstance(obj, self.keras.layers.Layer)

    def recorded(self, layer, inputs, output):
        found = {}
        tensors = [t for t in flat(inputs) if hasattr(t, "dtype")]
        if tensors:
            found["in"] = self.read(tensors[0])
        outputs = [t for t in flat(output) if hasattr(t, "dtype")]
        recurrent = [c.__name__ for c in type(layer).__mro__ if c.__name__ in ("RNN", "Bidirectional")]
        if recurrent and outputs:
            sequences = getattr(layer, "return_sequences", False)
            found["seq" if sequences else "last"] = self.read(outputs[0])
        elif outputs:
            found["out"] = self.read(outputs[0])
        return found

    def disturbed(self, tensor, rng):
        if not hasattr(tensor, "dtype") or "float" not in str(tensor.dtype):
            return tensor
        sign = rng.choice([-1.0, 1.0], tuple(tensor.shape)) * DISTURBANCE
        return tensor * self.tf.constant(1 + sign, tensor.dtype)

    def variables(self):
        found = []
        for v in self.root.trainable_variables:
            found.append((getattr(v, "path", v.name).split(":")[0], v))
        return found

    def bearers(self):
        """Every layer that Keras defines and that has weights, and every bare variable, with its path."""
        seen = {}               # by identity, and kept: what comes later has no identity of what went

        def walk(obj, path):
            if id(obj) in seen:
                return
            seen[id(obj)] = obj
            if hasattr(obj, "assign"):
                if getattr(obj, "trainable", False):
                    yield path, obj
            elif isinstance(obj, (list, tuple, dict)):
                items = obj.items() if isinstance(obj, dict) else enumerate(obj)
                for key, item in items:
                    yield from walk(item, f"{path}.{key}".lstrip("."))
            elif isinstance(obj, self.tf.Module) and not isinstance(obj, self.keras.layers.Layer):
                for name, item in list(vars(obj).items()):
                    if name[0] != "_":
                        yield from walk(item, f"{path}.{name}".lstrip("."))
            elif isinstance(obj, self.keras.layers.Layer):
                if keras_layer(obj) is not None:
                    yield path, obj
                    return
                for name, item in list(vars(obj).items()):
                    if name[0] != "_":
                        yield from walk(item, f"{path}.{name}".lstrip("."))
                if isinstance(obj, self.keras.Sequential):
                    yield from walk(list(obj.layers), path)
                elif isinstance(obj, self.keras.Model):             # a graph's layers, by their names
                    for layer in obj.layers:
                        yield from walk(layer, f"{path}.{layer.name}".lstrip("."))
        return walk(self.root, "")

    def set_precision(self, name):
        if self.legacy:
            self.keras.backend.set_floatx(name)
            self.keras.mixed_precision.set_global_policy(name)
        else:
            self.keras.config.set_floatx(name)
            self.keras.config.set_dtype_policy(name)

    @contextlib.contextmanager
    def float64(self, names, arrays):
        """A Keras layer's precision is settled when it is built: build a second network, with the same weights."""
        try:
            self.set_precision("float64")
            twin = object.__new__(Keras)
            twin.__dict__.update(self.__dict__)
            twin.build()
            twin.call(names, arrays)
            twin.root.set_weights([np.asarray(w) for w in self.root.get_weights()])
            yield twin
        finally:
            self.set_precision("float32")
