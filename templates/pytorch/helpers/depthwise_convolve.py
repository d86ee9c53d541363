# needs: helper:convolve
def depthwise_convolve(x, weight, stride=1, padding="valid", dilation=1):
    """A convolution of each channel by itself, with weights (..., in, multiplier)."""
    channels, multiplier = weight.shape[-2:]
    weight = weight.reshape(*weight.shape[:-2], 1, channels * multiplier)
    return convolve(x, weight, stride, padding, dilation, channels)
