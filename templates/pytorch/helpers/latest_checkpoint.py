# needs: import:glob import:os
def latest_checkpoint(checkpoint_dir):
    """The file of the checkpoint that was saved last; None without one."""
    return max(glob.glob(os.path.join(checkpoint_dir, "*.pt")), key=os.path.getmtime, default=None)
