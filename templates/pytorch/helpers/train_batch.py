def train_batch(model, criterion, optimizer, inputs, targets, *metrics):
    """One step of training: the loss; with metrics, a list of the loss and each of them."""
    model.train()
    optimizer.zero_grad()
    outputs = model(inputs)
    loss = criterion(outputs, targets)
    loss.backward()
    optimizer.step()
    values = [loss.item()] + [measure(outputs, targets).item() for measure in metrics]
    return values if metrics else values[0]
