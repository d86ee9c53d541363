# needs: keras keras.ops copy
def copied(value, memo=None):
    """A deep copy, of layers too: with weights of their own, made anew when the copy is called."""
    memo = {} if memo is None else memo
    if id(value) in memo:
        return memo[id(value)]
    if isinstance(value, keras.Sequential):
        made = keras.Sequential([copied(layer, memo) for layer in value.layers])
    elif isinstance(value, keras.layers.Layer) and type(value).__module__.startswith("keras."):
        made = type(value).from_config(value.get_config())
    elif isinstance(value, keras.layers.Layer):
        made = type(value).__new__(type(value))
        base = keras.Model if isinstance(value, keras.Model) else keras.layers.Layer
        base.__init__(made)
        memo[id(value)] = made
        for name, part in dict(vars(value)).items():
            if name not in vars(made) and not name.startswith("_self_"):
                setattr(made, name, copied(part, memo))
    elif isinstance(value, keras.Variable):
        made = keras.Variable(ops.copy(value), trainable=value.trainable)
    elif isinstance(value, dict):
        made = {key: copied(item, memo) for key, item in value.items()}
    elif isinstance(value, (list, tuple)):
        made = [copied(item, memo) for item in value]
        made = tuple(made) if isinstance(value, tuple) else made
    else:
        made = copy.deepcopy(value)
    memo[id(value)] = made
    return made
