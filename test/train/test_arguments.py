import unittest
from pathlib import Path
from unittest import mock

import torch

import support
import train
from errors import InputError

SAGEMAKER = {
    "SM_MODEL_DIR": "/opt/ml/model",
    "SM_CHANNEL_TRAIN": "/opt/ml/input/data/train",
    "SM_CHANNEL_VAL": "/opt/ml/input/data/val",
}

LIMITED = ("--epochs", "--stop_after_epoch", "--batch_size", "--seed", "--image_size", "--num_classes", "--workers")


def parse(*arguments: str, **env: str):
    with mock.patch.dict("os.environ", env, clear=True):
        return train.parse_args(list(arguments))


class Arguments(unittest.TestCase):
    def test_defaults_in_a_job(self):
        args = parse(**SAGEMAKER)
        self.assertEqual(args.model_dir, Path("/opt/ml/model"))
        self.assertEqual(args.train, Path("/opt/ml/input/data/train"))
        self.assertEqual(args.val, Path("/opt/ml/input/data/val"))
        self.assertEqual(args.checkpoint_dir, Path("/opt/ml/checkpoints"))
        self.assertEqual((args.epochs, args.batch_size, args.lr, args.num_classes), (5, 32, 1e-4, None))

    def test_the_base_directory_moves_the_checkpoints(self):
        self.assertEqual(parse(**SAGEMAKER, SAGEMAKER_BASE_DIR="/jobs/1").checkpoint_dir, Path("/jobs/1/checkpoints"))

    def test_a_checkpoint_to_begin_with_is_a_channel(self):
        channel = "/opt/ml/input/data/checkpoint"
        self.assertEqual(parse(**SAGEMAKER, SM_CHANNEL_CHECKPOINT=channel).start_from, Path(channel))
        self.assertIsNone(parse(**SAGEMAKER).start_from)
        self.assertIsNone(parse(**SAGEMAKER).stop_after_epoch)

    def test_defaults_in_a_shell(self):
        args = parse()
        self.assertEqual((args.train, args.val, args.model_dir), (Path("data/train"), Path("data/val"), Path("model")))
        self.assertIsNone(args.checkpoint_dir)

    def test_the_command_line_wins(self):
        args = parse("--model_dir", "m", "--train", "t", "--val", "v", "--epochs", "2", "--lr", "0.01", **SAGEMAKER)
        self.assertEqual((args.model_dir, args.train, args.val), (Path("m"), Path("t"), Path("v")))
        self.assertEqual((args.epochs, args.lr), (2, 0.01))

    def test_refused(self):
        for arguments, pattern in [
            (("--epoch", "2"), "unrecognized arguments: --epoch"),
            (("--epochs", "0"), "--epochs: 0 is not from 1 to 100000"),
            (("--epochs", "2.5"), "--epochs: invalid whole number value: '2.5'"),
            (("--image_size", "16"), "--image_size: 16 is not from 32 to 4096"),
            *(((name, "1" + "0" * 23), f"{name}: 10{{23}} is not from ") for name in LIMITED),
            (("--lr", "nan"), "--lr: nan is not a positive number"),
            (("--lr", "-1"), "--lr: -1 is not a positive number"),
        ]:
            with self.subTest(arguments), self.assertRaisesRegex(InputError, pattern):
                parse(*arguments)

    def test_an_error_is_one_line_that_the_toolkit_recognises(self):
        code, output = support.run_here(["--epochs", "many"])
        self.assertEqual(code, 1)
        self.assertRegex(output, r"\AValueError: argument --epochs: [^\n]+\n\Z")

    def test_a_gpu_that_is_too_small_is_one_line_too(self):
        error = torch.cuda.OutOfMemoryError("CUDA out of memory. Tried to allocate 2 GiB")
        with mock.patch("train.run", side_effect=error):
            code, output = support.run_here([])
        self.assertEqual(code, 1)
        self.assertRegex(output, r"\AValueError: the GPU's memory is too small: lower batch_size .*Tried[^\n]+\n\Z")


class Place(unittest.TestCase):
    def place(self, **env: str):
        import group

        with mock.patch.dict("os.environ", env, clear=True):
            import os

            return group.place(), os.environ.get("MASTER_ADDR"), os.environ.get("MASTER_PORT")

    def test_alone(self):
        self.assertEqual(self.place(), ((0, 1, 0), None, None))
        self.assertEqual(self.place(SM_HOSTS='["algo-1"]', SM_CURRENT_HOST="algo-1")[0], (0, 1, 0))

    def test_torchrun_decides(self):
        hosts = {"SM_HOSTS": '["algo-1", "algo-2"]', "SM_CURRENT_HOST": "algo-2"}
        torchrun = {"RANK": "5", "WORLD_SIZE": "8", "LOCAL_RANK": "1", "MASTER_ADDR": "x"}
        self.assertEqual(self.place(**hosts, **torchrun), ((5, 8, 1), "x", None))

    def test_hosts_without_torchrun_are_refused(self):
        hosts = {"SM_HOSTS": '["algo-1", "algo-2"]', "SM_CURRENT_HOST": "algo-2"}
        with self.assertRaisesRegex(InputError, "2 hosts without a launcher .* distribution to torchDistributed"):
            self.place(**hosts)

    def test_a_gpu_instance_without_a_gpu_for_torch_is_refused(self):
        import group

        with (
            mock.patch.dict("os.environ", {"SM_NUM_GPUS": "4"}),
            mock.patch("torch.cuda.is_available", return_value=False),
            self.assertRaisesRegex(InputError, r"the instance has 4 GPU\(s\), but torch sees none"),
        ):
            group.pick_device(0)


if __name__ == "__main__":
    unittest.main()
