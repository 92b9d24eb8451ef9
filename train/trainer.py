"""The training loop: epochs, validation, the best model so far, checkpoints."""

import argparse
import logging
import math
import time
from pathlib import Path
from typing import Any

import torch
from torch.nn import functional

from artifact import METRICS_FILE, snapshot, write_json, write_model
from checkpoint import Checkpoint, check_settings, parse_checkpoint, read_checkpoint, save_checkpoint
from cpu import speed_up
from data import ImageFolder, train_loader, val_loader
from errors import InputError
from graph import Graphed, Pass
from group import Group
from network import build_network

log = logging.getLogger("train")

WARM_UP = 0.1  # share of the training in which the learning rate rises
CHECK_EVERY = 20  # steps between looks at the loss, each of which waits for the GPU


class Trainer:
    def __init__(self, args: argparse.Namespace, group: Group, train_set: ImageFolder, val_set: ImageFolder) -> None:
        self.args, self.group, self.classes = args, group, train_set.classes
        self.autocast = pick_precision(group.device)
        on_gpu = group.device.type == "cuda"
        reading = {"num_workers": args.workers, "persistent_workers": args.workers > 0, "pin_memory": on_gpu}
        share = {"rank": group.rank, "world_size": group.world_size, "batch_size": args.batch_size}
        self.train_batches, self.sampler = train_loader(train_set, seed=args.seed, **share, **reading)
        self.val_batches = val_loader(val_set, **share, **reading)
        self.network = build_network(len(self.classes)).to(group.device, memory_format=torch.channels_last)
        if not on_gpu:
            speed_up(self.network)
        self.optimizer = torch.optim.Adam(self.network.parameters(), lr=args.lr, fused=True)
        # Gradients of fp16 fall below its range unless the loss is scaled up; bf16 has the range of fp32.
        self.scaler = torch.amp.GradScaler(group.device.type, enabled=self.autocast == torch.float16)
        self.epoch = 0  # finished epochs
        self.best: dict[str, Any] = {}
        self.best_weights: dict[str, torch.Tensor] = {}
        if on_gpu:
            torch.backends.cudnn.allow_tf32 = False  # its 10 bits would pass for full precision in validation

    @property
    def precision(self) -> str:
        return {torch.bfloat16: "bf16", torch.float16: "fp16", torch.float32: "fp32"}[self.autocast]

    @property
    def last_epoch(self) -> int:
        """The learning rate follows from `epochs`, so a part of a training has those of the whole, and stops early."""
        return min(self.args.epochs, self.args.stop_after_epoch or self.args.epochs)

    def run(self) -> None:
        """Train to the last epoch, or to the one to stop after."""
        self.resume()
        forward_backward = self.training_pass()
        while self.epoch < self.last_epoch:
            self.finish_epoch(*self.train_epoch(forward_backward))
        self.publish()
        log.info(
            "final val_accuracy=%.6f val_loss=%.6f best_epoch=%d",
            *(self.best["val_accuracy"], self.best["val_loss"], self.best["epoch"]),
        )

    def training_pass(self) -> Pass:
        """Forward and backward pass of a batch."""
        model = self.group.wrap(self.network)  # after resuming: wrapping shares the weights
        kind, mixed = self.group.device.type, self.autocast != torch.float32

        def run(images: torch.Tensor, labels: torch.Tensor, fresh: bool = True) -> torch.Tensor:
            self.optimizer.zero_grad(set_to_none=fresh)
            with torch.autocast(kind, self.autocast, enabled=mixed, cache_enabled=False):
                loss = functional.cross_entropy(model(images), labels)
            self.scaler.scale(loss).backward()
            return loss.detach()

        alone_on_gpu = kind == "cuda" and self.group.world_size == 1
        return Graphed(run, self.network) if alone_on_gpu else run

    def train_epoch(self, forward_backward: Pass) -> tuple[float, float]:
        """Mean loss and images per second over all processes."""
        started, steps = time.perf_counter(), len(self.train_batches)
        total, seen = torch.zeros(2, dtype=torch.float64, device=self.group.device)
        self.sampler.set_epoch(self.epoch)
        self.network.train()
        for step, (images, labels) in enumerate(self.train_batches):
            set_learning_rate(self.optimizer, self.args.lr, (self.epoch + step / steps) / self.args.epochs)
            images, labels = self.to_device(images, labels)
            loss = forward_backward(images, labels)
            self.scaler.step(self.optimizer)
            self.scaler.update()
            total += loss * len(labels)
            seen += len(labels)
            if step % CHECK_EVERY == 0 or step == steps - 1:
                self.check_finite(total, f"step {step + 1}")
        self.group.sum(total, seen)
        return (total / seen).item(), seen.item() / (time.perf_counter() - started)

    def check_finite(self, loss: torch.Tensor, where: str) -> None:
        if not math.isfinite(loss.item()):
            raise InputError(
                f"the loss is not finite in epoch {self.epoch + 1}, {where}: "
                f"lower lr (it is {self.args.lr:g}) or look for broken images"
            )

    @torch.no_grad()
    def validate(self, network: torch.nn.Module) -> dict[str, Any]:
        """Loss, accuracy and confusion matrix (rows: true class) in full precision, as in serving, up to rounding."""
        count, device = len(self.classes), self.group.device
        confusion = torch.zeros(count * count, dtype=torch.int64, device=device)
        loss = torch.zeros((), dtype=torch.float64, device=device)
        self.group.share_buffers(network)
        network.eval()
        for images, labels in self.val_batches:
            images, labels = self.to_device(images, labels)
            logits = network(images).float()
            loss += functional.cross_entropy(logits, labels, reduction="sum")
            confusion += torch.bincount(labels * count + logits.argmax(dim=1), minlength=count * count)
        self.group.sum(confusion, loss)
        self.check_finite(loss, "validation")
        confusion = confusion.view(count, count)
        total, correct = int(confusion.sum()), int(confusion.trace())
        return {
            "val_accuracy": round(correct / total, 6),
            "val_loss": round(loss.item() / total, 6),
            "val_correct": correct,
            "val_images": total,
            "confusion_matrix": confusion.tolist(),
        }

    def finish_epoch(self, train_loss: float, images_per_second: float) -> None:
        """Validate, keep the best, save; the epoch's line comes last, so a printed epoch is never lost."""
        metrics = self.validate(self.network)
        self.epoch += 1
        metrics |= {"epoch": self.epoch, "train_loss": round(train_loss, 6)}
        if not self.best or quality(metrics) > quality(self.best):
            self.best, self.best_weights = metrics, snapshot(self.network)
            self.publish()
        self.save()
        log.info(
            "epoch=%d train_loss=%.4f val_loss=%.4f val_accuracy=%.4f images_per_second=%.1f",
            *(self.epoch, train_loss, metrics["val_loss"], metrics["val_accuracy"], images_per_second),
        )

    def publish(self) -> None:
        """Write the best model so far, so that a job stopped or out of time still leaves one."""
        if not self.group.is_main:
            return
        write_model(self.args.model_dir, self.best_weights, self.classes, self.args.image_size)
        figures = {name: value for name, value in self.best.items() if name != "epoch"}
        epochs = {"best_epoch": self.best["epoch"], "epochs": self.epoch}
        write_json(Path(self.args.model_dir) / METRICS_FILE, figures | epochs | {"classes": self.classes})

    def settings(self) -> dict[str, Any]:
        """What a checkpoint must agree in to be gone on from."""
        names = ("epochs", "batch_size", "lr", "seed", "image_size")
        return {name: getattr(self.args, name) for name in names} | {"classes": self.classes}

    def save(self) -> None:
        if self.args.checkpoint_dir and self.group.is_main:
            state = (snapshot(self.network), self.optimizer.state_dict(), self.best_weights, self.best)
            checkpoint = Checkpoint(self.settings(), self.epoch, *state, self.scaler.state_dict())
            save_checkpoint(self.args.checkpoint_dir, checkpoint)

    def resume(self) -> None:
        """Go on from the main process's checkpoint, whether or not the other hosts have a copy."""
        newest = self.group.share(self.newest_checkpoint() if self.group.is_main else None)
        if newest is None:
            return
        folder, data = newest
        found = parse_checkpoint(data)
        check_settings(found, self.settings())
        if found.epoch > self.last_epoch:
            raise InputError(
                f"the checkpoint in {folder} is of epoch {found.epoch}, and the training stops after epoch "
                f"{self.last_epoch}: use another checkpoint location"
            )
        self.network.load_state_dict(found.model)
        self.optimizer.load_state_dict(found.optimizer)
        if found.scaler:  # empty: from a machine that needs none
            self.scaler.load_state_dict(found.scaler)
        self.epoch, self.best, self.best_weights = found.epoch, found.best, found.best_model
        log.info("resumed after epoch %d of %d from %s", self.epoch, self.args.epochs, folder)

    def newest_checkpoint(self) -> tuple[Path, bytes] | None:
        """Its own before the one to begin with: that one is older. None for a training that begins with nothing."""
        for folder in (self.args.checkpoint_dir, self.args.start_from):
            if folder and (data := read_checkpoint(folder)):
                return folder, data
        if self.args.start_from:
            raise InputError(f"no checkpoint is in {self.args.start_from}, which this training is to begin with")
        return None

    def to_device(self, images: torch.Tensor, labels: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        device = self.group.device
        images = images.to(device, non_blocking=True, memory_format=torch.channels_last)
        return images, labels.to(device, non_blocking=True)


def quality(metrics: dict[str, Any]) -> tuple[float, float]:
    """What makes an epoch the best: val accuracy, then, among equals, the lower val loss."""
    return metrics["val_accuracy"], -metrics["val_loss"]


def set_learning_rate(optimizer: torch.optim.Optimizer, peak: float, progress: float) -> None:
    """A linear warm-up and a cosine down to a hundredth; it follows from the progress (0 to 1) alone."""
    cosine = 0.5 * (1 + math.cos(math.pi * (progress - WARM_UP) / (1 - WARM_UP)))
    factor = progress / WARM_UP if progress < WARM_UP else cosine
    for settings in optimizer.param_groups:
        settings["lr"] = peak * max(factor, 0.01)


def pick_precision(device: torch.device) -> torch.dtype:
    """bf16 on Ampere and later GPUs and on CPUs with AVX512-BF16 or AMX, fp16 on Volta and Turing, else fp32."""
    if device.type == "cuda":
        generation, _ = torch.cuda.get_device_capability(device)
        return torch.bfloat16 if generation >= 8 else torch.float16 if generation == 7 else torch.float32
    cpu_info = Path("/proc/cpuinfo")
    fast = cpu_info.is_file() and any(flag in cpu_info.read_text() for flag in (" avx512_bf16", " amx_bf16"))
    return torch.bfloat16 if fast else torch.float32
