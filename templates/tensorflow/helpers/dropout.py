# needs: keras
def dropout(x, rate=0.5, training=None):
    """Dropout where training."""
    return keras.random.dropout(x, rate) if training and rate > 0 else x
