"""Lets torchvision be imported beside a build of PyTorch that its compiled operators do not load with.

Two of the operators have to be declared before the import; the networks themselves use none of them.
"""

import importlib.abc
import sys


class Declare(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name == "torchvision":
            sys.meta_path.remove(self)
            import torch

            library = torch.library.Library("torchvision", "DEF")
            library.define("nms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
            library.define("qnms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
            sys.torchvision_operators = library  # kept alive
        return None


sys.meta_path.insert(0, Declare())
