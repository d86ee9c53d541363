# needs: torch
def test_batch(model, criterion, _, inputs, targets, *metrics):
    """The loss of one batch; with metrics, a list of the loss and each of them."""
    model.eval()
    with torch.no_grad():
        outputs = model(inputs)
        values = [measure(outputs, targets).item() for measure in (criterion, *metrics)]
    return values if metrics else values[0]
