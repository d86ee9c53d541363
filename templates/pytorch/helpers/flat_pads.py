def flat_pads(padding):
    """Padding as Keras says it, a number or one for each axis or pairs, as PyTorch takes it: pairs, last axis first."""
    if isinstance(padding, int):
        return padding
    pairs = [(p, p) if isinstance(p, int) else tuple(p) for p in padding]
    return tuple(n for pair in reversed(pairs) for n in pair)
