import tensorflow as tf
K = tf.keras.backend
L = tf.keras.layers
x = tf.keras.Input((4,))
y = L.Dense(3)(x)
z = K.relu(y)
m = tf.keras.Model(x, z)
