# needs: keras.ops
def softplus(x, beta=1.0):
    return ops.softplus(beta * x) / beta
