# needs: keras.layers keras.ops
def pretrained_embedding(weights, freeze=True, **options):
    """A table of vectors that is there already, trained further only if it is not frozen."""
    weights = ops.convert_to_numpy(weights)
    return layers.Embedding(*weights.shape, weights=weights, trainable=not freeze)
