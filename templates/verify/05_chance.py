# ---------------------------------------------------------------------------------------------- random numbers

class Chance:
    """While a network is called, the frameworks' random floats come from numpy, which begins each call alike: a network
    that draws numbers gets the same ones in every call, on both sides. Everywhere else the frameworks draw their own."""

    def __init__(self):
        self.active, self.draws = 0, 0

    @contextlib.contextmanager
    def same(self):
        random.seed(0)
        np.random.seed(0)
        self.active += 1
        try:
            yield
        finally:
            self.active -= 1

    def normal(self, shape):
        self.draws += 1
        return np.random.standard_normal(shape)

    def uniform(self, shape):
        self.draws += 1
        return np.random.random_sample(shape)

    def wrap(self, original, drawn):
        """The function, whose calls give what `drawn` does while a network is called."""
        import functools

        @functools.wraps(original)
        def draw(*args, **kwargs):
            result = None
            if self.active:
                with contextlib.suppress(TypeError, ValueError):    # another form of the call
                    result = drawn(*args, **kwargs)
            return original(*args, **kwargs) if result is None else result
        return draw

    def for_torch(self, torch):
        def like(drawn):
            def of(t, dtype=None, device=None, requires_grad=False, **_):
                return torch.from_numpy(np.asarray(drawn(tuple(t.shape)))).to(dtype or t.dtype)
            return of

        def sized(drawn):
            def of(*size, dtype=None, device=None, requires_grad=False, generator=None, size_=None, **kw):
                shape = kw.pop("size", size[0] if len(size) == 1 and not isinstance(size[0], int) else size)
                if kw:
                    raise TypeError
                shape = tuple(int(n) for n in shape)
                return torch.from_numpy(np.asarray(drawn(shape))).to(dtype or torch.get_default_dtype())
            return of

        def normal(mean=0.0, std=1.0, size=None, generator=None):
            shape = tuple(size) if size is not None else tuple((torch.as_tensor(mean) + torch.as_tensor(std)).shape)
            return torch.from_numpy(np.asarray(self.normal(shape))).to(torch.get_default_dtype()) * std + mean

        def fill(drawn, a, b, scale):
            def of(t, *args, generator=None, **kw):
                low, high = [*args, *kw.values(), *(a, b)[len(args) + len(kw):]]
                return t.copy_(torch.from_numpy(np.asarray(scale(drawn(tuple(t.shape)), low, high))))
            return of

        for name, drawn in (("randn", sized(self.normal)), ("rand", sized(self.uniform)), ("normal", normal),
                            ("randn_like", like(self.normal)), ("rand_like", like(self.uniform))):
            setattr(torch, name, self.wrap(getattr(torch, name), drawn))
        for name, drawn in (("normal_", fill(self.normal, 0.0, 1.0, lambda x, mean, std: x * std + mean)),
                            ("uniform_", fill(self.uniform, 0.0, 1.0, lambda x, a, b: x * (b - a) + a))):
            setattr(torch.Tensor, name, self.wrap(getattr(torch.Tensor, name), drawn))

    def for_keras(self, tf, keras):
        floatx = keras.backend.floatx

        def sizes(shape):
            return tuple(int(n) for n in np.array(shape).reshape(-1)) if not isinstance(shape, (list, tuple)) \
                else tuple(int(n) for n in shape)

        def normal(shape, mean=0.0, stddev=1.0, dtype=None, seed=None, name=None):
            return tf.cast(self.normal(sizes(shape)), dtype or floatx()) * stddev + mean

        def uniform(shape, minval=0.0, maxval=None, dtype=None, seed=None, name=None):
            if dtype is not None and not tf.as_dtype(dtype).is_floating:
                raise TypeError
            high = 1.0 if maxval is None else maxval
            return tf.cast(self.uniform(sizes(shape)), dtype or floatx()) * (high - minval) + minval

        places = [(tf.random, "normal", normal), (tf.random, "uniform", uniform),
                  (getattr(keras, "random", None), "normal", normal), (getattr(keras, "random", None), "uniform", uniform),
                  (keras.backend, "random_normal", normal), (keras.backend, "random_uniform", uniform)]
        swaps = {}
        for place, name, drawn in places:
            original = getattr(place, name, None)
            if original is not None:
                swaps[name, id(original)] = self.wrap(original, drawn)
        names = {name for name, _ in swaps}
        for module in list(sys.modules.values()):               # under every name that it has
            own = getattr(module, "__dict__", {})
            for name in names & own.keys():
                if (name, id(own[name])) in swaps:
                    setattr(module, name, swaps[name, id(own[name])])


CHANCE = Chance()
