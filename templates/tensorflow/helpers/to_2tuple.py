def to_2tuple(value):
    """A pair as it is, anything else twice."""
    return value if isinstance(value, (tuple, list)) else (value, value)
