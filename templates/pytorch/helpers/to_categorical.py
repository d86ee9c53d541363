# needs: import:numpy:np
def to_categorical(labels, num_classes=None):
    """For each label a row with a 1 at its place."""
    labels = np.asarray(labels, dtype="int64")
    if labels.ndim > 1 and labels.shape[-1] == 1:
        labels = labels[..., 0]
    return np.eye(num_classes or labels.max() + 1, dtype="float32")[labels]
