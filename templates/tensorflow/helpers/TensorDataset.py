# needs: keras helper:Dataset
class TensorDataset(Dataset):
    """Arrays of one length; an item is one row of each."""

    def __init__(self, *tensors):
        self.tensors = tuple(keras.ops.convert_to_numpy(tensor) for tensor in tensors)

    def __len__(self):
        return len(self.tensors[0])

    def __getitem__(self, index):
        return tuple(tensor[index] for tensor in self.tensors)
