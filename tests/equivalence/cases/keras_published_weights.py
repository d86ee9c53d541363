# The shape of applications: published weights that are not fetched here, and an input's shape that is checked and found.
import warnings

import keras
from keras import backend, layers
from keras.src.applications import imagenet_utils
from keras.utils import get_file

WEIGHTS_PATH = "https://example.org/weights_"


def Tower(input_shape=None, alpha=1.0, include_top=True, weights="imagenet", input_tensor=None, classes=10, name=None):
    if not (weights in {"imagenet", None}):
        raise ValueError("no such weights")
    if weights == "imagenet" and include_top and classes != 1000:
        raise ValueError("the published weights have 1000 classes")
    if input_shape is not None and input_tensor is not None:
        try:
            is_tensor = backend.is_keras_tensor(input_tensor)
        except ValueError:
            raise ValueError("input_tensor is no tensor")
        if is_tensor:
            if input_tensor.shape[2] != input_shape[1]:
                raise ValueError("input_tensor and input_shape disagree")
    if input_shape is None:
        default_size = 64
    else:
        rows, cols = input_shape[0], input_shape[1]
        default_size = rows if rows == cols else 64
    input_shape = imagenet_utils.obtain_input_shape(
        input_shape,
        default_size=default_size,
        min_size=16,
        data_format=backend.image_data_format(),
        require_flatten=include_top,
        weights=weights,
    )
    rows = input_shape[0]
    if weights == "imagenet":
        if alpha not in [0.5, 1.0]:
            raise ValueError("no weights for this alpha")
        if rows != 64:
            rows = 64
            warnings.warn("the weights are those for 64 rows")
    if input_tensor is None:
        image = layers.Input(shape=input_shape)
    else:
        image = input_tensor
    x = layers.Conv2D(int(8 * alpha), 3, strides=2, padding="same", name="conv1")(image)
    x = layers.ReLU(6.0)(x)
    # The size of what is padded says by how much.
    x = layers.ZeroPadding2D(imagenet_utils.correct_pad(x, 3))(x)
    x = layers.DepthwiseConv2D(3, strides=2, padding="valid")(x)
    if include_top:
        x = layers.GlobalAveragePooling2D()(x)
        x = layers.Dense(classes)(x)
    # What stands before the input belongs to the network too.
    if input_tensor is not None:
        inputs = keras.utils.get_source_inputs(input_tensor)
    else:
        inputs = image
    if name is None:
        name = f"tower_{alpha:0.2f}_{rows}"
    model = keras.Model(inputs, x, name=name)
    if weights == "imagenet":
        model_name = f"tower_{alpha}_{rows}.h5"
        model.load_weights(get_file(model_name, WEIGHTS_PATH + model_name))
    elif weights is not None:
        model.load_weights(weights)
    return model


model = Tower(input_shape=(64, 64, 3), weights=None)
