"""A lunch queue that is drawn, with the truth known, and the small model that counts it.

For the demo where there is neither camera nor video, for tests, and for a fleet of nodes to
load the hub with. What is counted here says nothing about how well real people are counted.
"""

from pathlib import Path
from typing import Final

MODEL_PATH: Final = Path(__file__).with_name("model") / "lunch_queue.onnx"
"""A YOLO of one class, trained on this scene alone; see MODEL_CARD.md beside it."""
