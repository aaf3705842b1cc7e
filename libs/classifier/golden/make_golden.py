#!/usr/bin/env python3
"""Draws the golden JPEGs and writes what OpenCV and Pillow make of them.

Needs Debian's python3-opencv, python3-pil and python3-numpy:  python3 make_golden.py
The images are drawn here, so they belong to this project; the outputs are raw 8 bit RGB.
"""
import json
import pathlib

import cv2
import numpy as np
from PIL import Image, ImageDraw

HERE = pathlib.Path(__file__).parent
SUBSAMPLING = {"444": 0, "422": 1, "420": 2}
# name, width, height, chroma subsampling, extra options for the JPEG, targets [width, height]
CASES = [
    ("45", 45, 45, "420", {}, [[64, 64]]),
    ("127", 127, 127, "420", {}, [[64, 64]]),
    ("128", 128, 128, "420", {}, [[64, 64], [128, 128]]),
    ("129", 129, 129, "420", {}, [[128, 128]]),
    ("200", 200, 200, "422", {}, [[64, 64]]),
    ("256", 256, 256, "444", {}, [[64, 64], [128, 128]]),
    ("400", 400, 400, "420", {}, [[32, 32], [128, 128]]),
    ("1x1", 1, 1, "444", {}, [[32, 32]]),
    ("wide", 300, 40, "420", {}, [[48, 64]]),
    ("tall", 33, 210, "422", {}, [[64, 48]]),
    ("grey", 150, 90, "grey", {}, [[64, 64]]),
    ("progressive", 160, 160, "420", {"progressive": True}, [[64, 64]]),
]


def draw(width, height, seed):
    """Something like a crop: a soft ground, a few bodies, fine legs, a little noise."""
    rng = np.random.default_rng(seed)
    ground = rng.uniform(60, 200, (4, 4, 3)).astype(np.float32)
    image = cv2.resize(ground, (width, height), interpolation=cv2.INTER_CUBIC)
    image = Image.fromarray(np.clip(image, 0, 255).astype(np.uint8))
    pen = ImageDraw.Draw(image)
    for _ in range(6):
        x, y = rng.uniform(0, width), rng.uniform(0, height)
        w, h = rng.uniform(0.05, 0.3) * width, rng.uniform(0.05, 0.3) * height
        pen.ellipse([x - w, y - h, x + w, y + h], fill=tuple(int(v) for v in rng.integers(0, 256, 3)))
        pen.line([x, y, x + 2 * w, y - 2 * h], fill=(10, 10, 10), width=1)
    noise = rng.normal(0, 3, (height, width, 3))
    return Image.fromarray(np.clip(np.asarray(image) + noise, 0, 255).astype(np.uint8))


def main():
    index = []
    for seed, (name, width, height, chroma, options, targets) in enumerate(CASES):
        image = draw(width, height, seed)
        if chroma == "grey":
            image = image.convert("L")
        else:
            options = {**options, "subsampling": SUBSAMPLING[chroma]}
        path = HERE / f"{name}.jpg"
        image.save(path, quality=85, **options)
        decoded = cv2.cvtColor(cv2.imread(str(path), cv2.IMREAD_COLOR), cv2.COLOR_BGR2RGB)
        pillow = Image.open(path).convert("RGB")
        assert np.array_equal(decoded, np.asarray(pillow)), f"{name}: OpenCV and Pillow decode differently"
        for target_width, target_height in targets:
            size = (target_width, target_height)
            base = f"{name}-{target_width}x{target_height}"
            (HERE / f"{base}.cv2.rgb").write_bytes(
                cv2.resize(decoded, size, interpolation=cv2.INTER_LINEAR).tobytes()
            )
            (HERE / f"{base}.pil.rgb").write_bytes(
                np.asarray(pillow.resize(size, Image.Resampling.BILINEAR)).tobytes()
            )
            index.append({"image": path.name, "width": target_width, "height": target_height, "base": base})
    made_by = f"OpenCV {cv2.__version__}, Pillow {Image.__version__}"
    (HERE / "index.json").write_text(json.dumps({"madeBy": made_by, "cases": index}, indent=2) + "\n")


main()
