# needs: import:numpy:np
def pad_sequences(sequences, maxlen=None, dtype="int32", padding="pre", truncating="pre", value=0.0):
    """Sequences of several lengths as one array: cut to maxlen, and filled up to it."""
    maxlen = maxlen or max(len(s) for s in sequences)
    first = next((np.asarray(s) for s in sequences if len(s)), np.asarray([]))
    out = np.full((len(sequences), maxlen) + first.shape[1:], value, dtype=dtype)
    for row, s in zip(out, sequences):
        part = s[-maxlen:] if truncating == "pre" else s[:maxlen]
        if len(part) and padding == "pre":
            row[-len(part):] = part
        elif len(part):
            row[: len(part)] = part
    return out
