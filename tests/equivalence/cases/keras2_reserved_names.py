# Names of layers that Python keeps for itself
from keras.layers import *
from keras.models import Model, Sequential
inp = Input(shape=(8, 8, 3), name='image')
x = Conv2D(4, 3, name='class')(inp)
x = Conv2D(4, 3, name='block1/conv-2')(x)
x = Conv2D(4, 3, name='3x3')(x)
x = Lambda(lambda t: t * 2)(x)
out = Dense(3, name="is")(Flatten(name='import')(x))
model = Model(inp, out)
print(model.summary())
