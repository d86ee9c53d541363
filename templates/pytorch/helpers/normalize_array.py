# needs: import:numpy:np
def normalize_array(x, axis=-1, order=2):
    """The array divided by its norms along an axis; where these are 0, as it is."""
    norms = np.atleast_1d(np.linalg.norm(x, order, axis))
    norms[norms == 0] = 1
    return x / np.expand_dims(norms, axis)
