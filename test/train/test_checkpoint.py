import tempfile
import unittest
from pathlib import Path
from unittest import mock

import torch

import support  # noqa: F401 (puts train/ on the path)
from checkpoint import Checkpoint, check_settings, parse_checkpoint, read_checkpoint, save_checkpoint
from errors import InputError
from trainer import set_learning_rate

SETTINGS = {"epochs": 3, "batch_size": 8, "lr": 1e-3, "seed": 0, "image_size": 32, "classes": ["a", "b"]}


def checkpoint(epoch: int = 1) -> Checkpoint:
    weights = {"w": torch.ones(3)}
    return Checkpoint(SETTINGS, epoch, weights, {"state": {}, "param_groups": []}, weights, {"val_accuracy": 0.5})


def load(folder: Path) -> Checkpoint:
    return parse_checkpoint(read_checkpoint(folder), folder)


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

    def test_a_save_that_is_cut_off_leaves_the_last_one(self):
        save_checkpoint(self.folder, checkpoint(1))

        def cut_off(_value, path):
            Path(path).write_bytes(b"half")
            raise KeyboardInterrupt

        with mock.patch("torch.save", cut_off), self.assertRaises(KeyboardInterrupt):
            save_checkpoint(self.folder, checkpoint(2))
        self.assertEqual(load(self.folder).epoch, 1)

    def test_an_unreadable_one_is_named(self):
        self.folder.mkdir()
        (self.folder / "checkpoint.pt").write_bytes(b"rubbish")
        with self.assertRaisesRegex(InputError, r"cannot read the checkpoint .*checkpoint\.pt: "):
            load(self.folder)

    def test_another_training_is_refused(self):
        for change in ({"classes": ["a", "c"]}, {"image_size": 64}):
            with self.subTest(change), self.assertRaisesRegex(InputError, "another training"):
                check_settings(checkpoint(), SETTINGS | change)
        with self.assertRaisesRegex(InputError, "has 3 finished epochs, more than the 2 asked for"):
            check_settings(checkpoint(3), SETTINGS | {"epochs": 2})

    def test_other_changes_are_told(self):
        self.assertEqual(check_settings(checkpoint(), SETTINGS), [])
        self.assertEqual(check_settings(checkpoint(), SETTINGS | {"epochs": 5}), ["epochs: 3 -> 5"])


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
