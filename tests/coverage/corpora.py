"""The corpora: which networks of which installed packages, at which input.

A network is a file of a package, the call that builds it, and the shape that goes in (of the source's own layout).
Shapes are small legal ones, so that two frameworks can run each network in turn.
"""

import dataclasses
import importlib.util
import pathlib


@dataclasses.dataclass(frozen=True)
class Network:
    corpus: str
    name: str
    file: str
    entry: str
    shape: str
    to: str
    quick: bool = False


def package(name):
    spec = importlib.util.find_spec(name)
    return pathlib.Path(spec.submodule_search_locations[0]) if spec else None


IMAGE = "2,3,64,64"
TORCHVISION = {
    "alexnet": (["alexnet"], "2,3,96,96", ""),
    "vgg": (["vgg11", "vgg11_bn", "vgg13", "vgg13_bn", "vgg16", "vgg16_bn", "vgg19", "vgg19_bn"], IMAGE, ""),
    "resnet": (["resnet18", "resnet34", "resnet50", "resnet101", "resnet152", "resnext50_32x4d", "resnext101_32x8d",
                "resnext101_64x4d", "wide_resnet50_2", "wide_resnet101_2"], IMAGE, ""),
    "squeezenet": (["squeezenet1_0", "squeezenet1_1"], IMAGE, ""),
    "mobilenetv2": (["mobilenet_v2"], IMAGE, ""),
    "mobilenetv3": (["mobilenet_v3_small", "mobilenet_v3_large"], IMAGE, ""),
    "densenet": (["densenet121", "densenet161", "densenet169", "densenet201"], IMAGE, ""),
    "googlenet": (["googlenet"], "2,3,96,96", ", aux_logits=False, init_weights=False"),
    "inception": (["inception_v3"], "2,3,96,96", ", aux_logits=False, init_weights=False"),
    "shufflenetv2": (["shufflenet_v2_x0_5", "shufflenet_v2_x1_0", "shufflenet_v2_x1_5", "shufflenet_v2_x2_0"], IMAGE, ""),
    "mnasnet": (["mnasnet0_5", "mnasnet0_75", "mnasnet1_0", "mnasnet1_3"], IMAGE, ""),
    "efficientnet": (["efficientnet_b0", "efficientnet_b1", "efficientnet_b2", "efficientnet_b3", "efficientnet_b4",
                      "efficientnet_v2_s"], IMAGE, ""),
    "regnet": (["regnet_y_400mf", "regnet_y_800mf", "regnet_y_1_6gf", "regnet_y_3_2gf", "regnet_x_400mf",
                "regnet_x_800mf", "regnet_x_1_6gf", "regnet_x_3_2gf"], IMAGE, ""),
    "convnext": (["convnext_tiny", "convnext_small", "convnext_base"], IMAGE, ""),
    "vision_transformer": (["vit_b_16", "vit_b_32"], IMAGE, ", image_size=64"),
    "swin_transformer": (["swin_t", "swin_s", "swin_v2_t"], IMAGE, ""),
    "maxvit": (["maxvit_t"], "2,3,224,224", ""),
}

KERAS = {
    "vgg16": (["VGG16"], 64),
    "vgg19": (["VGG19"], 64),
    "resnet": (["ResNet50", "ResNet101", "ResNet152"], 64),
    "resnet_v2": (["ResNet50V2", "ResNet101V2", "ResNet152V2"], 64),
    "mobilenet": (["MobileNet"], 64),
    "mobilenet_v2": (["MobileNetV2"], 64),
    "mobilenet_v3": (["MobileNetV3Small", "MobileNetV3Large"], 64),
    "xception": (["Xception"], 96),
    "inception_v3": (["InceptionV3"], 96),
    "inception_resnet_v2": (["InceptionResNetV2"], 96),
    "densenet": (["DenseNet121", "DenseNet169", "DenseNet201"], 64),
    "efficientnet": (["EfficientNetB0", "EfficientNetB1"], 64),
    "efficientnet_v2": (["EfficientNetV2B0", "EfficientNetV2S"], 64),
    "nasnet": (["NASNetMobile"], 64),
    "convnext": (["ConvNeXtTiny", "ConvNeXtSmall"], 64),
}

QUICK = {"resnet18", "squeezenet1_1", "mobilenet_v2", "VGG16", "ResNet50"}


def torchvision():
    folder = package("torchvision")
    for stem, (names, shape, more) in TORCHVISION.items() if folder else ():
        for name in names:
            yield Network("torchvision", name, str(folder / "models" / f"{stem}.py"), f"{name}(num_classes=10{more})",
                          shape, "tensorflow", name in QUICK)


def keras():
    folder = package("keras")
    for stem, (names, size) in KERAS.items() if folder else ():
        for name in names:
            entry = f"{name}(weights=None, input_shape=({size}, {size}, 3), classes=10)"
            yield Network("keras.applications", name, str(folder / "src" / "applications" / f"{stem}.py"), entry,
                          f"2,{size},{size},3", "pytorch", name in QUICK)


CORPORA = {"torchvision": torchvision, "keras": keras}
