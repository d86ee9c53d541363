# needs: torch
class Checkpoint:
    """Networks and optimizers that are saved to one file and restored together."""

    def __init__(self, **parts):
        self.parts = parts
        self.count = 0

    def save(self, file_prefix):
        self.count += 1
        path = f"{file_prefix}-{self.count}.pt"
        torch.save({n: p.state_dict() for n, p in self.parts.items() if hasattr(p, "state_dict")}, path)
        return path

    def restore(self, save_path):
        for name, state in (torch.load(save_path) if save_path else {}).items():
            self.parts[name].load_state_dict(state)
        return self

    def expect_partial(self):
        return self

    assert_consumed = expect_partial
