import importlib.util
import tempfile
import unittest
from itertools import product
from pathlib import Path

import numpy as np
from PIL import Image

SCRIPT = Path(__file__).resolve().parents[2] / "local" / "data" / "make_images.py"
spec = importlib.util.spec_from_file_location("make_images", SCRIPT)
make_images = importlib.util.module_from_spec(spec)
spec.loader.exec_module(make_images)


class Split(unittest.TestCase):
    def test_no_train_slice_is_near_a_val_slice(self):
        for direction, (_, slices) in make_images.DIRECTIONS.items():
            train, val = (make_images.split_slices(slices, split) for split in ("train", "val"))
            self.assertGreaterEqual(min(len(train) // 3, len(val)), 8, direction)
            self.assertGreater(min(abs(one - other) for one, other in product(train, val)), 3, direction)

    def test_sagittal_slices_come_from_one_hemisphere(self):
        axis, slices = make_images.DIRECTIONS["sagittal"]
        width = 197  # voxels of the template from left to right, its middle at 98
        self.assertEqual(axis, 0)
        self.assertLess(max(slices), width // 2)


class Images(unittest.TestCase):
    def make(self, folder: str) -> dict[str, bytes]:
        volume = np.random.default_rng(0).integers(0, 255, (197, 233, 189), dtype=np.uint8)
        make_images.make_class(Path(folder), "axial-t1", volume, 2, range(26, 70), [0, 0, 2])
        files = sorted(Path(folder).rglob("*.png"))
        return {file.relative_to(folder).as_posix(): file.read_bytes() for file in files}

    def test_the_same_bytes_every_time(self):
        with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as other:
            first = self.make(one)
            self.assertEqual(first, self.make(other))
            self.assertEqual(sum(name.startswith("train/axial-t1/") for name in first), 206)
            self.assertEqual(sum(name.startswith("val/axial-t1/") for name in first), 36)
            with Image.open(Path(one) / sorted(first)[0]) as image:
                self.assertEqual((image.mode, image.size), ("L", (64, 64)))


if __name__ == "__main__":
    unittest.main()
