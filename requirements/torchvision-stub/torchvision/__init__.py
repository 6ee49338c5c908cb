"""Stands in for torchvision in the export environment, and only there.

The real torchvision pulls a newer torch with two gigabytes of CUDA behind it, which neither a
Raspberry Pi nor an office PC can use. Ultralytics, as far as detection is trained, validated and
exported with it, wants two things of torchvision: a version number, and non-maximum suppression.
The first is this package's metadata; the second is in `torchvision.ops`, from Ultralytics' own
pure-torch code. All else is left out: a classifier cannot be trained in this environment.
"""

from torchvision import ops

__version__ = "0.28.0+cheongsa.stub"
__all__ = ["ops"]
