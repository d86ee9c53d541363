# Three networks over the same layers
from tensorflow.keras.layers import Input, Dense, Conv2D, Flatten, concatenate
from tensorflow.keras.models import Model


def build_actor_critic(obs_shape, n_actions, hidden=32):
    obs = Input(shape=obs_shape)
    h = Dense(hidden, activation='relu')(obs)
    h = Dense(hidden, activation='relu')(h)
    probs = Dense(n_actions, activation='softmax')(h)
    value = Dense(1)(h)
    actor = Model(inputs=obs, outputs=probs)
    critic = Model(inputs=obs, outputs=value)
    policy = Model(inputs=obs, outputs=[probs, value])
    return actor, critic, policy


actor, critic, policy = build_actor_critic((8,), 4)
