from keras.models import Model
from keras.layers import Input, Dense
import numpy as np
i = Input((3,))
enc = Model(inputs=[i], outputs=[Dense(2)(i)])
j = Input((3,))
m = Model(inputs=[j], outputs=[Dense(4)(enc(j))])
m.predict(np.zeros((1, 3)))
