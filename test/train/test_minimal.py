"""The one-file script, run as SageMaker would: alone, killed and started again, and as two processes."""

import shutil
import socket
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import torch

import support
from support import make_channel

ROOT = Path(tempfile.mkdtemp(prefix="minimal-test-"))
CLASSES = ["a", "b", "c"]


def setUpModule():
    unittest.addModuleCleanup(shutil.rmtree, ROOT)
    make_channel(ROOT / "train", 8, classes=CLASSES)
    make_channel(ROOT / "val", 2, classes=CLASSES, seed=1)


def start(name: str, *arguments: str, **env: str) -> subprocess.Popen[str]:
    for folder in ("model", "checkpoints"):
        (ROOT / name / folder).mkdir(parents=True, exist_ok=True)
    channels = {f"SM_CHANNEL_{channel.upper()}": str(ROOT / channel) for channel in ("train", "val")}
    own = {"SM_MODEL_DIR": str(ROOT / name / "model"), "SAGEMAKER_BASE_DIR": str(ROOT / name)}
    call = [sys.executable, str(support.TRAIN_DIR / "minimal.py"), "--batch_size", "8", "--lr", "1e-3", *arguments]
    return support.popen(call, **channels, **own, **env)


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
        self.assertEqual(support.epochs_in(seen) + support.epochs_in(rest), [1, 2, 3])
        killed = weights("killed")
        for name, value in weights("whole").items():
            self.assertTrue(torch.equal(value, killed[name]), name)

    def test_two_processes_train_one_model(self):
        with tempfile.TemporaryDirectory() as folder:
            place = {
                "WORLD_SIZE": "2",
                "MASTER_ADDR": "127.0.0.1",
                "MASTER_PORT": free_port(),
                "GLOO_SOCKET_IFNAME": "lo",
            }
            pair = [
                start(f"pair-{rank}", "--epochs", "1", RANK=str(rank), LOCAL_RANK="0", TMPDIR=folder, **place)
                for rank in (0, 1)
            ]
            results = [support.finish(process) for process in pair]
        self.assertEqual([code for code, _ in results], [0, 0], results)
        self.assertEqual(support.epochs_in(results[0][1]), [1])
        self.assertEqual((results[1][1], list((ROOT / "pair-1/model").iterdir())), ("", []))
        self.assertTrue(weights("pair-0"))

    def test_is_one_page(self):
        self.assertLessEqual(len((support.TRAIN_DIR / "minimal.py").read_text().splitlines()), 60)


def free_port() -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])


if __name__ == "__main__":
    unittest.main()
