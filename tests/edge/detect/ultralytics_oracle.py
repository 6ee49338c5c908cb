"""Run in the export environment: what Ultralytics itself sees, as JSON. Not a test.

python ultralytics_oracle.py predict MODEL.pt SIZE true|false PICTURE...
python ultralytics_oracle.py yolo26 OUT.pt PICTURE
"""

import json
import os
import sys

os.environ |= {"YOLO_OFFLINE": "True", "YOLO_AUTOINSTALL": "false", "YOLO_VERBOSE": "false"}

import cv2
import numpy as np
import torch  # type: ignore[reportMissingImports]
from ultralytics import YOLO  # type: ignore[reportMissingImports]


def predict(model: str, size: str, end_to_end: str, *pictures: str) -> list[dict[str, list]]:
    """People of each picture; `end_to_end` chooses the head of a YOLO26."""
    yolo, found = YOLO(model, task="detect"), []
    for path in pictures:
        options = {"imgsz": int(size), "nms": False if end_to_end == "true" else None}
        boxes = yolo.predict(cv2.imread(path), rect=False, classes=[0], verbose=False, **options)[
            0
        ].boxes
        found.append({"boxes_xyxy_px": boxes.xyxy.tolist(), "confidence": boxes.conf.tolist()})
    return found


def yolo26(out: str, picture: str) -> list[float]:
    """Save an untrained YOLO26n of fixed weights that sees a few dozen "people" in `picture`.

    Its normalisation is set by that picture, so that the signal does not die on its way through.
    """
    torch.manual_seed(26)
    yolo = YOLO("yolo26n.yaml", task="detect")
    photo = cv2.imread(picture)
    assert photo is not None, picture
    image = np.ascontiguousarray(cv2.resize(photo, (640, 640))[..., ::-1])
    batch = torch.from_numpy(image).permute(2, 0, 1)[None].float() / 255
    norms = [m for m in yolo.model.modules() if isinstance(m, torch.nn.BatchNorm2d)]
    with torch.no_grad():
        for norm in norms:
            norm.momentum = 1.0
        yolo.model.train()(batch)
        head = yolo.model.eval().model[-1]
        for branch in [*head.cv3, *head.one2one_cv3]:
            branch[-1].bias[:] = -6.0
            branch[-1].bias[0] = -2.5
    yolo.model.names = {i: str(i) if i else "person" for i in range(80)}
    yolo.save(out)
    return []


if __name__ == "__main__":
    command = {"predict": predict, "yolo26": yolo26}[sys.argv[1]]
    answer = command(*sys.argv[2:])
    sys.stdout.write("\n" + json.dumps(answer) + "\n")
