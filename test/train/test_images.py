import io
import struct
import tempfile
import unittest
from pathlib import Path

import numpy as np
import torch
from PIL import Image

import support  # noqa: F401 (puts train/ on the path)
from errors import InputError
from images import read_image, to_tensor


class Preprocessing(unittest.TestCase):
    def test_keeps_rows_rows(self):
        pixels = np.zeros((48, 64), dtype=np.uint8)
        pixels[:, :32] = 200  # bright on the left
        tensor = to_tensor(Image.fromarray(pixels), 32)
        self.assertEqual(tensor.shape, (1, 32, 32))
        self.assertEqual(tensor.dtype, torch.float32)
        self.assertTrue((tensor[0, :, :14] == 1).all())
        self.assertTrue((tensor[0, :, 18:] == 0).all())

    def test_scales_every_depth_to_the_same_range(self):
        ramp = np.arange(32 * 32, dtype=np.uint16).reshape(32, 32)
        eight = to_tensor(Image.fromarray((ramp // 4).astype(np.uint8)), 32)
        sixteen = to_tensor(Image.fromarray(ramp * 60), 32)
        self.assertEqual((sixteen.min().item(), sixteen.max().item()), (0.0, 1.0))
        self.assertLess((eight - sixteen).abs().max().item(), 0.01)

    def test_takes_colour_as_grey(self):
        grey = Image.fromarray(np.arange(1024, dtype=np.uint16).reshape(32, 32).astype(np.uint8))
        self.assertTrue(torch.equal(to_tensor(grey.convert("RGB"), 32), to_tensor(grey, 32)))

    def test_a_flat_image_is_no_division_by_zero(self):
        self.assertTrue((to_tensor(Image.new("L", (40, 40), 90), 32) == 0).all())

    def test_a_file_and_its_bytes_give_the_same_tensor(self):
        with tempfile.TemporaryDirectory() as folder:
            for suffix in (".png", ".jpg"):
                path = Path(folder) / f"image{suffix}"
                noise = np.random.default_rng(1).integers(0, 255, (50, 70), dtype=np.uint8)
                Image.fromarray(noise).save(path)
                self.assertTrue(torch.equal(read_image(path, 32), read_image(path.read_bytes(), 32)))

    def test_the_way_up_is_that_of_the_camera(self):
        pixels = np.zeros((40, 40), dtype=np.uint8)
        pixels[:, :20] = 200
        exif = Image.Exif()
        exif[0x0112] = 6  # turned by 90 degrees
        buffer = io.BytesIO()
        Image.fromarray(pixels).save(buffer, "jpeg", exif=exif)
        tensor = read_image(buffer.getvalue(), 32)
        self.assertGreater(tensor[0, :12].min().item(), 0.8)  # bright on top
        self.assertLess(tensor[0, 20:].max().item(), 0.2)

    def test_damaged_exif_data_is_a_broken_image(self):
        buffer = io.BytesIO()
        Image.new("L", (40, 40)).save(buffer, "jpeg")
        plain = buffer.getvalue()
        # Turned by 90 degrees, and a list of tags that is a byte: Pillow fails where it writes the tags again.
        tags = struct.pack("<HHHIIHHII", 2, 0x0112, 3, 1, 6, 0xA005, 1, 1, 0)
        exif = b"Exif\0\0II*\0" + struct.pack("<I", 8) + tags + bytes(4)
        damaged = plain[:2] + b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif + plain[2:]
        with self.assertRaisesRegex(InputError, "cannot read the image the request body: "):
            read_image(damaged, 32)

    def test_a_broken_file_is_named(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "broken.png"
            buffer = io.BytesIO()
            Image.new("L", (64, 64)).save(buffer, "png")
            path.write_bytes(buffer.getvalue()[:60])
            with self.assertRaisesRegex(InputError, r"cannot read the image .*broken\.png: "):
                read_image(path, 32)


if __name__ == "__main__":
    unittest.main()
