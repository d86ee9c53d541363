# Ported from syntax_error.py (PyTorch) to Keras by Portolan.
import keras


class Net(keras.Model):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        # PORT: this did not parse
        #     self.fc = nn.Linear(4, 2
        #     
        #         def forward(self, x):
        #             return self.fc(x)
        raise NotImplementedError("this did not parse")
