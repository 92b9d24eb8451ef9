"""Train MONAI's DenseNet121 on grey images sorted into one folder per class, on SageMaker or alone from a shell.

Per epoch one line `epoch=1 train_loss=... val_loss=... val_accuracy=... images_per_second=...`; at the end one line
`final val_accuracy=...`, the figure of the saved model: the weights of the epoch with the best val accuracy.
"""

import argparse
import logging
import os
import sys
from pathlib import Path

import torch

from data import check_images, load_channels
from errors import InputError
from group import process_group, sagemaker_hosts
from trainer import Trainer

log = logging.getLogger("train")


class Parser(argparse.ArgumentParser):
    def error(self, message: str) -> None:
        raise InputError(f"{message}; train.py --help lists the arguments, which are the job's hyperparameters")


def parse_args(argv: list[str] | None = None) -> argparse.Namespace:
    env = os.environ
    parser = Parser(description=__doc__.splitlines()[0], allow_abbrev=False)
    path, count = Path, whole_number
    add = parser.add_argument
    add("--model_dir", type=path, default=env.get("SM_MODEL_DIR", "model"), help="where the model is written")
    add("--train", type=path, default=env.get("SM_CHANNEL_TRAIN", "data/train"), help="training images")
    add("--val", type=path, default=env.get("SM_CHANNEL_VAL", "data/val"), help="validation images")
    add("--epochs", type=count(1, 100_000), default=5, help="passes over the training images (default 5)")
    add("--batch_size", type=count(2, 65_536), default=32, help="images per step and process (default 32)")
    add("--lr", type=positive, default=1e-4, help="highest learning rate, after warm-up (default 1e-4)")
    add("--seed", type=count(0, 2**32 - 1), default=0, help="of weights and image order (default 0)")
    add("--image_size", type=count(32, 4096), default=64, help="pixels per side that images are scaled to (default 64)")
    add("--num_classes", type=count(2, 100_000), help="outputs of the network (default: one per class folder)")
    add("--workers", type=count(0, 64), default=default_workers(), help="image-reading processes per channel")
    add("--checkpoint_dir", type=path, default=default_checkpoint_dir(), help="resumes from and saves to this folder")
    add("--start_from", type=path, default=env.get("SM_CHANNEL_CHECKPOINT"), help="checkpoints to begin with")
    add("--stop_after_epoch", type=count(1, 100_000), help="ends there, to be gone on from (default: the last epoch)")
    return parser.parse_args(argv)


def whole_number(least: int, most: int):  # noqa: ANN201
    def parse(text: str) -> int:
        value = int(text)
        if not least <= value <= most:
            raise argparse.ArgumentTypeError(f"{text} is not from {least} to {most}")
        return value

    parse.__name__ = "whole number"
    return parse


def positive(text: str) -> float:
    value = float(text)
    if not 0 < value < float("inf"):
        raise argparse.ArgumentTypeError(f"{text} is not a positive number")
    return value


def default_workers() -> int:
    """On a GPU, reading images is the bottleneck; on CPUs the training itself needs the cores."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(8, cores // torch.cuda.device_count()) if torch.cuda.is_available() else 0


def default_checkpoint_dir() -> str | None:
    """SageMaker's checkpoint folder in a job (which only a job with a CheckpointConfig keeps), none in a shell."""
    if "SM_MODEL_DIR" not in os.environ:
        return None
    return str(Path(os.environ.get("SAGEMAKER_BASE_DIR", "/opt/ml")) / "checkpoints")


def run(args: argparse.Namespace) -> None:
    torch.manual_seed(args.seed)  # nothing draws from other generators
    with process_group() as group:
        log.setLevel(logging.INFO if group.is_main else logging.WARNING)
        train_set, val_set = load_channels(args.train, args.val, args.image_size, args.num_classes)
        for channel in (train_set, val_set):
            check_images(channel, group.rank, group.world_size)
        log.info("data train=%d val=%d classes=%s", len(train_set), len(val_set), ",".join(train_set.classes))
        if group.world_size == 1 and (gpus := torch.cuda.device_count()) > 1:
            log.warning("one process uses one of %d GPUs: set the job's distribution to torchDistributed", gpus)
        trainer = Trainer(args, group, train_set, val_set)
        log.info(
            "start host=%s hosts=%d processes=%d device=%s precision=%s threads=%d",
            *(os.environ.get("SM_CURRENT_HOST", "localhost"), len(sagemaker_hosts()), group.world_size),
            *(group.device.type, trainer.precision, torch.get_num_threads()),
        )
        trainer.run()


def main(argv: list[str] | None = None) -> int:
    # One write per line: the toolkit passes on writes, so a line in pieces would become several log events.
    logging.basicConfig(stream=sys.stdout, format="%(message)s", force=True)
    try:
        run(parse_args(argv))
        return 0
    except InputError as error:
        # SageMaker's toolkit makes the job's FailureReason from the first line that names a built-in exception on.
        # From an image-reading process the error comes wrapped in that process's traceback.
        log.error("ValueError: %s", str(error).rpartition("InputError: ")[2].strip())
    except torch.cuda.OutOfMemoryError as error:
        log.error("ValueError: the GPU's memory is too small: lower batch_size or image_size (%s)", error)
    return 1


if __name__ == "__main__":
    sys.exit(main())
