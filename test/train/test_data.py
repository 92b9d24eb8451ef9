import tempfile
import unittest
from pathlib import Path

import support
from data import list_channel, load_channels, train_loader, val_loader
from errors import InputError
from support import CLASSES, SIZE, make_channel


def share(size: int, rank: int = 0, world_size: int = 1) -> dict[str, int]:
    return {"batch_size": size, "rank": rank, "world_size": world_size}


class Channels(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name)

    def load(self, num_classes: int | None = None):
        return load_channels(self.root / "train", self.root / "val", SIZE, num_classes)

    def assert_refused(self, pattern: str, **options: int):
        with self.assertRaisesRegex(InputError, pattern):
            self.load(**options)

    def test_labels_are_places_in_the_sorted_class_names(self):
        make_channel(self.root / "train", 2, classes=["b", "a", ".ipynb_checkpoints"])
        (self.root / "train/a/0.png").rename(self.root / "train/a/0.PNG")
        (self.root / "train/a/notes.txt").write_text("no image")
        found = list_channel(self.root / "train", "train", SIZE)
        self.assertEqual(found.classes, ["a", "b"])
        self.assertEqual(
            [(path.parent.name, path.name, label) for path, label in found.items],
            [("a", "0.PNG", 0), ("a", "1.png", 0), ("b", "0.png", 1), ("b", "1.png", 1)],
        )
        tensor, label = found[3]
        self.assertEqual((tensor.shape, label), ((1, SIZE, SIZE), 1))

    def test_what_is_hidden_is_no_image(self):
        make_channel(self.root / "train", 1, classes=["a", "b"])
        (self.root / "train/a/.ipynb_checkpoints").mkdir()
        for name in ("a/._0.png", "a/.ipynb_checkpoints/0-checkpoint.png", ".beside.png"):
            (self.root / "train" / name).write_bytes(b"")
        with self.assertNoLogs("train"):
            found = list_channel(self.root / "train", "train", SIZE)
        self.assertEqual([path.name for path, _ in found.items], ["0.png", "0.png"])

    def test_a_class_may_be_a_link(self):
        make_channel(self.root / "elsewhere", 1, classes=["a", "b"])
        (self.root / "train").mkdir()
        for name in ("a", "b"):
            (self.root / "train" / name).symlink_to(self.root / "elsewhere" / name)
        self.assertEqual(len(list_channel(self.root / "train", "train", SIZE)), 2)

    def test_a_missing_channel(self):
        self.assert_refused(r"the train channel is missing: .*channel named train, or pass --train")

    def test_an_empty_channel(self):
        make_channel(self.root / "train", 1)
        (self.root / "val").mkdir()
        self.assert_refused(r"the val channel is empty: no png, jpg or jpeg image")

    def test_a_class_without_an_image(self):
        make_channel(self.root / "train", 1)
        (self.root / "train/g").mkdir()
        self.assert_refused(r"class folders without an image: g$")

    def test_a_single_class(self):
        make_channel(self.root / "train", 2, classes=["only"])
        self.assert_refused(r"only the class only: at least 2")

    def test_another_number_of_classes_than_outputs(self):
        make_channel(self.root / "train", 1, classes=CLASSES[:4])
        self.assert_refused(
            r"4 classes \(a, b, c, d\), but the network has 6 outputs: .* leave num_classes out", num_classes=6
        )

    def test_the_outputs_follow_the_folders(self):
        for channel in ("train", "val"):
            make_channel(self.root / channel, 1, classes=CLASSES[:4])
        self.assertEqual(self.load()[0].classes, CLASSES[:4])

    def test_what_is_left_out_is_said(self):
        for channel in ("train", "val"):
            make_channel(self.root / channel, 1, classes=["a", "b"])
        (self.root / "train/a/scan.tiff").write_bytes(b"")
        (self.root / "train/beside.png").write_bytes(b"")
        (self.root / "train/a/.DS_Store").write_bytes(b"")
        with self.assertLogs("train", "WARNING") as logs:
            self.load()
        (line,) = logs.output
        self.assertRegex(line, r"the train channel has 2 files that are no .*, such as a/scan\.tiff$")

    def test_val_classes_that_differ(self):
        make_channel(self.root / "train", 1)
        make_channel(self.root / "val", 1, classes=[*CLASSES[:5], "z"])
        self.assert_refused(r"missing f; only in val z$")

    def test_too_few_images(self):
        make_channel(self.root / "train", 1, classes=["a", "b"])
        channel = list_channel(self.root / "train", "train", SIZE)
        with self.assertRaisesRegex(InputError, "2 training images are too few for 2 process"):
            train_loader(channel, seed=0, **share(8, world_size=2))

    def test_every_val_image_is_in_exactly_one_share(self):
        make_channel(self.root / "val", 2)
        channel = list_channel(self.root / "val", "val", SIZE)
        shares = [list(val_loader(channel, **share(5, rank, 5)).sampler) for rank in range(5)]
        self.assertEqual(sorted(index for share in shares for index in share), list(range(12)))

    def test_the_order_follows_from_seed_and_epoch(self):
        make_channel(self.root / "train", 2)
        channel = list_channel(self.root / "train", "train", SIZE)

        def order(seed: int, epoch: int) -> list[int]:
            _, sampler = train_loader(channel, seed=seed, **share(4))
            sampler.set_epoch(epoch)
            return list(sampler)

        self.assertEqual(order(1, 2), order(1, 2))
        self.assertNotEqual(order(1, 2), order(1, 3))
        self.assertNotEqual(order(1, 2), order(2, 2))

    def test_every_image_is_used_but_in_a_batch_of_one(self):
        make_channel(self.root / "train", 3, classes=["a", "b", "c"])
        channel = list_channel(self.root / "train", "train", SIZE)
        for size, sizes in ((8, [8]), (7, [7, 2]), (9, [9]), (64, [9])):
            loader, _ = train_loader(channel, seed=0, **share(size))
            self.assertEqual([len(labels) for _, labels in loader], sizes)

    def test_an_unreadable_image_fails_the_run_before_the_first_step_and_is_named(self):
        make_channel(self.root / "train", 2)
        make_channel(self.root / "val", 1)
        (self.root / "val/c/0.png").write_bytes(b"not an image")
        arguments = support.command(self.root, "--model_dir", str(self.root / "model"))
        code, output = support.run_here(arguments)
        self.assertEqual(code, 1)
        self.assertRegex(output.splitlines()[-1], r"^ValueError: cannot read the image .*c/0\.png")
        self.assertNotIn("epoch=", output)

    def test_a_truncated_image_is_named_too_by_a_process_that_reads(self):
        make_channel(self.root / "train", 2)
        make_channel(self.root / "val", 1)
        image = self.root / "train/c/1.png"
        image.write_bytes(image.read_bytes()[:200])
        arguments = support.command(self.root, "--model_dir", str(self.root / "model"))
        for workers in ("0", "1"):
            code, output = support.run_here([*arguments, "--workers", workers])
            self.assertEqual(code, 1)
            self.assertRegex(output.splitlines()[-1], r"^ValueError: cannot read the image .*c/1\.png")


if __name__ == "__main__":
    unittest.main()
