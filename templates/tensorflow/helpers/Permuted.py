# needs: keras import:numpy:np
class Permuted(keras.utils.PyDataset):
    """The batches of a loader, with their axes in the order that the network takes."""

    def __init__(self, loader, inputs=None, targets=None):
        super().__init__()
        self.loader = loader
        self.axes = (inputs, targets)

    def on_epoch_begin(self):
        self.loader.on_epoch_begin()

    def __len__(self):
        return len(self.loader)

    def __getitem__(self, index):
        batch = self.loader[index]
        return tuple(
            part if axes is None else np.transpose(part, axes)
            for part, axes in zip(batch, self.axes)
        )
