"""The one-file script, run as SageMaker would: alone, killed and started again, and as two processes."""

import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

import torch
from monai.networks.nets import DenseNet121

import support
from support import make_channel

ROOT = Path(tempfile.mkdtemp(prefix="minimal-test-"))
CLASSES = ["a", "b", "c"]


def setUpModule():
    unittest.addModuleCleanup(shutil.rmtree, ROOT)
    make_channel(ROOT / "train", 8, classes=CLASSES)
    make_channel(ROOT / "val", 2, classes=CLASSES, seed=1)


def start(name: str, *arguments: str, prepare: str = "", **env: str) -> subprocess.Popen[str]:
    (ROOT / name / "model").mkdir(parents=True, exist_ok=True)
    channels = {f"SM_CHANNEL_{channel.upper()}": str(ROOT / channel) for channel in ("train", "val")}
    channels |= {variable: env.pop(variable) for variable in channels if variable in env}
    own = {"SM_MODEL_DIR": str(ROOT / name / "model"), "SAGEMAKER_BASE_DIR": str(ROOT / name)}
    fixed = ["--batch_size", "8", "--lr", "1e-3"]
    return support.start_prepared(prepare, "minimal.py", [*fixed, *arguments], **channels, **own, **env)


def start_pair(name: str, attempt: str, *arguments: str, prepare: str = "") -> list[subprocess.Popen[str]]:
    places = [support.place(rank, ROOT / f"{name}-{attempt}.meeting") for rank in (0, 1)]
    return [start(name, *arguments, prepare=prepare, **place) for place in places]


def finish_pair(pair: list[subprocess.Popen[str]]) -> str:
    results = [support.finish(process) for process in pair]
    assert [code for code, _ in results] == [0, 0], results
    assert support.said(results[1][1]) == [], results
    return results[0][1]


def weights(name: str) -> dict[str, torch.Tensor]:
    return torch.load(ROOT / name / "model/model.pth", weights_only=True)


class Minimal(unittest.TestCase):
    def test_killed_and_started_again_it_ends_with_the_same_weights(self):
        code, output = support.finish(start("whole", "--epochs", "3"))
        self.assertEqual(code, 0, output)
        self.assertEqual(support.epochs_in(output), [1, 2, 3])
        process = start("killed", "--epochs", "3")
        seen = support.wait_for(process, "epoch=1 ")
        process.kill()
        seen += support.finish(process)[1]
        code, rest = support.finish(start("killed", "--epochs", "3"))
        self.assertEqual(code, 0, rest)
        support.done_before(seen, rest, 3)
        killed = weights("killed")
        for name, value in weights("whole").items():
            self.assertTrue(torch.equal(value, killed[name]), name)

    def test_more_epochs_go_on_and_hidden_files_are_no_images(self):
        (ROOT / "train/a/.DS_Store").write_bytes(b"")
        # Ten steps, then two more.
        for epochs, printed in (("5", [1, 2, 3, 4, 5]), ("6", [6])):
            code, output = support.finish(start("more", "--epochs", epochs, "--batch_size", "12"))
            self.assertEqual((code, support.epochs_in(output)), (0, printed), output)

    def test_two_processes_resume_with_the_same_weights(self):
        self.assertEqual(support.epochs_in(finish_pair(start_pair("pair", "whole", "--epochs", "2"))), [1, 2])
        pair = start_pair("resumed", "killed", "--epochs", "2")
        support.wait_for(pair[0], "epoch=1 ")
        for process in pair:
            process.kill()
            support.finish(process)
        finish_pair(start_pair("resumed", "again", "--epochs", "2"))
        self.assertEqual(support.largest_difference(weights("pair"), weights("resumed")), 0)

    def test_two_processes_train_what_one_trains(self):
        code, output = support.finish(start("one", "--epochs", "1", prepare=support.FROZEN))
        self.assertEqual(code, 0, output)
        finish_pair(start_pair("two", "frozen", "--epochs", "1", "--batch_size", "4", prepare=support.FROZEN))
        torch.manual_seed(0)
        moved = support.largest_difference(weights("one"), DenseNet121(2, 1, len(CLASSES)).state_dict())
        self.assertLess(support.largest_difference(weights("one"), weights("two")), moved / 1000)

    def test_trains_on_a_single_image_and_in_batches_of_one(self):
        make_channel(ROOT / "single", 1, classes=["a"])
        for batch_size in ("8", "1"):
            single = {f"SM_CHANNEL_{channel}": str(ROOT / "single") for channel in ("TRAIN", "VAL")}
            process = start(f"single-{batch_size}", "--epochs", "1", "--batch_size", batch_size, **single)
            code, output = support.finish(process)
            self.assertEqual((code, support.epochs_in(output)), (0, [1]), output)
            self.assertIn("val_accuracy=1.0000", output)

    def test_a_channel_without_an_image_is_named_before_the_first_epoch(self):
        (ROOT / "empty/a").mkdir(parents=True)
        for channel in ("TRAIN", "VAL"):
            code, output = support.finish(
                start("empty", "--epochs", "1", **{f"SM_CHANNEL_{channel}": str(ROOT / "empty")})
            )
            self.assertEqual((code, support.epochs_in(output)), (2, []), output)
            self.assertIn(f"error: no image in {ROOT}/empty/<class>/", output)

    def test_is_one_page(self):
        self.assertLessEqual(len((support.TRAIN_DIR / "minimal.py").read_text().splitlines()), 60)


if __name__ == "__main__":
    unittest.main()
