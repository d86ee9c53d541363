# needs: helper:Checkpoint helper:latest_checkpoint import:os
class CheckpointManager:
    """Saves a checkpoint again and again, and keeps the last files."""

    def __init__(self, checkpoint, directory, max_to_keep=5, checkpoint_name="ckpt"):
        self.checkpoint = checkpoint
        self.directory = directory
        self.max_to_keep = max_to_keep
        self.name = checkpoint_name
        self.saved = []

    @property
    def latest_checkpoint(self):
        return latest_checkpoint(self.directory)

    def save(self):
        os.makedirs(self.directory, exist_ok=True)
        self.saved.append(self.checkpoint.save(os.path.join(self.directory, self.name)))
        while self.max_to_keep and len(self.saved) > self.max_to_keep:
            os.remove(self.saved.pop(0))
        return self.saved[-1]
