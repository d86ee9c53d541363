# needs: keras.ops
def softmin(x, axis=-1):
    return ops.softmax(-x, axis=axis)
