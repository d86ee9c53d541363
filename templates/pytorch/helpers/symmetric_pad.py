def symmetric_pad(x, pad):
    """Pads with the mirror image, the edge included; pairs, last axis first."""
    for i in range(0, len(pad), 2):
        axis, n = x.dim() - 1 - i // 2, x.shape[x.dim() - 1 - i // 2]
        places = [
            -1 - j if j < 0 else 2 * n - 1 - j if j >= n else j
            for j in range(-pad[i], n + pad[i + 1])
        ]
        x = x.index_select(axis, x.new_tensor(places).long())
    return x
