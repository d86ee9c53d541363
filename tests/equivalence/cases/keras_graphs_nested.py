# Sequentials within graphs within a graph, all of one name
from keras.layers import Input, Dense, LeakyReLU
from keras.models import Sequential, Model


def build_a():
    model = Sequential()
    model.add(Dense(6, input_dim=5))
    model.add(LeakyReLU())
    z = Input(shape=(5,))
    return Model(z, model(z))


def build_b():
    model = Sequential()
    model.add(Dense(4, input_dim=6))
    x = Input(shape=(6,))
    return Model(x, model(x))


g = build_a()
d = build_b()
z = Input(shape=(5,))
comb = Model(z, d(g(z)))
