# What only says, finds and checks the input's shape goes; what only refuses arguments too
import os
import warnings

from keras import backend as K
from keras.applications.imagenet_utils import _obtain_input_shape
from keras.layers import Conv2D, Dense, Flatten, Input
from keras.models import Model
from keras.utils import get_file


def build(input_shape=None, weights=None, include_top=True, alpha=1.0, classes=5):
    if not (weights in {'imagenet', None} or os.path.exists(weights)):
        raise ValueError('no such weights')
    input_shape = _obtain_input_shape(input_shape, default_size=24, min_size=16,
                                      data_format=K.image_data_format(), require_flatten=include_top, weights=weights)
    if K.image_data_format() == 'channels_last':
        row_axis, col_axis = (0, 1)
    else:
        row_axis, col_axis = (1, 2)
    rows = input_shape[row_axis]
    cols = input_shape[col_axis]
    if weights == 'imagenet':
        if alpha not in [0.5, 1.0]:
            raise ValueError('no weights for this alpha')
        if rows != cols:
            rows = 24
            warnings.warn('not square')
    img_input = Input(shape=input_shape)
    x = Conv2D(int(8 * alpha), 3, activation='relu')(img_input)
    x = Flatten()(x)
    x = Dense(classes)(x)
    return Model(img_input, x, name='net_%s' % rows)


model = build()
