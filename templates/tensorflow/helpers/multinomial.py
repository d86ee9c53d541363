# needs: keras keras.ops
def multinomial(probabilities, num_samples, replacement=False):
    """Indices drawn by probabilities, each row for itself; without replacement no index comes twice."""
    logits = ops.log(probabilities)
    if replacement or num_samples == 1:
        return keras.random.categorical(logits, num_samples)
    noise = -ops.log(-ops.log(keras.random.uniform(ops.shape(logits), 1e-20, 1.0)))
    return ops.top_k(logits + noise, num_samples)[1]
