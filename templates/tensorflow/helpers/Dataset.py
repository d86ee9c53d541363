class Dataset:
    """Items by number: a subclass says __len__ and __getitem__."""

    def __getitem__(self, index):
        raise NotImplementedError
