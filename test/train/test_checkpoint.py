import tempfile
import unittest
from pathlib import Path

import torch

import support  # noqa: F401 (puts train/ on the path)
from checkpoint import Checkpoint, check_settings, parse_checkpoint, read_checkpoint, save_checkpoint
from errors import InputError
from trainer import set_learning_rate

SETTINGS = {"epochs": 3, "batch_size": 8, "lr": 1e-3, "seed": 0, "image_size": 32, "classes": ["a", "b"]}


def checkpoint(epoch: int = 1) -> Checkpoint:
    weights = {"w": torch.ones(3)}
    return Checkpoint(SETTINGS, epoch, weights, {"state": {}, "param_groups": []}, weights, {"val_accuracy": 0.5}, {})


def load(folder: Path) -> Checkpoint:
    return parse_checkpoint(read_checkpoint(folder))


class Checkpoints(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name) / "checkpoints"

    def test_none_yet(self):
        self.assertIsNone(read_checkpoint(self.folder))

    def test_comes_back_as_it_was(self):
        save_checkpoint(self.folder, checkpoint(2))
        found = load(self.folder)
        self.assertEqual((found.settings, found.epoch, found.best), (SETTINGS, 2, {"val_accuracy": 0.5}))
        self.assertTrue(torch.equal(found.model["w"], torch.ones(3)))

    def test_the_last_two_stay_and_nothing_beside_them(self):
        for epoch in range(1, 13):
            save_checkpoint(self.folder, checkpoint(epoch))
        names = sorted(path.name for path in self.folder.iterdir())
        self.assertEqual(names, ["epoch-000011.pt", "epoch-000012.pt"])
        self.assertEqual(load(self.folder).epoch, 12)

    def test_one_that_was_cut_off_is_named_and_leaves_the_one_before(self):
        save_checkpoint(self.folder, checkpoint(1))
        save_checkpoint(self.folder, checkpoint(2))
        newest = self.folder / "epoch-000002.pt"
        whole = newest.read_bytes()
        for torn in (b"", whole[:100], whole[: len(whole) // 2], whole[:-1]):
            newest.write_bytes(torn)
            with self.subTest(len(torn)), self.assertLogs("train", "WARNING") as logs:
                self.assertEqual(load(self.folder).epoch, 1)
            self.assertIn("epoch-000002.pt, which was cut off", logs.output[0])

    def test_none_that_can_be_read_is_no_beginning(self):
        self.folder.mkdir()
        (self.folder / "epoch-000001.pt").write_bytes(b"rubbish")
        with self.assertLogs("train", "WARNING"), self.assertRaisesRegex(InputError, "no checkpoint in .* can be read"):
            load(self.folder)

    def test_another_training_is_refused(self):
        for change in ({"classes": ["a", "c"]}, {"image_size": 64}, {"lr": 0.1}, {"epochs": 2}):
            (name,) = change
            with self.subTest(change), self.assertRaisesRegex(InputError, rf"another training \({name}: .* -> "):
                check_settings(checkpoint(3), SETTINGS | change)

    def test_more_epochs_go_on(self):
        check_settings(checkpoint(3), SETTINGS)
        check_settings(checkpoint(3), SETTINGS | {"epochs": 5})


class LearningRate(unittest.TestCase):
    def test_rises_then_falls(self):
        optimizer = torch.optim.Adam([torch.zeros(1)], lr=1.0)

        def at(progress: float) -> float:
            set_learning_rate(optimizer, 1.0, progress)
            return optimizer.param_groups[0]["lr"]

        self.assertEqual(at(0.1), 1.0)
        self.assertAlmostEqual(at(0.05), 0.5)
        self.assertAlmostEqual(at(0.55), 0.5)
        self.assertEqual(at(0.0), 0.01)
        self.assertEqual(at(1.0), 0.01)


if __name__ == "__main__":
    unittest.main()
