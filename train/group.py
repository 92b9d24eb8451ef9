"""The processes of one training: one alone, or several that share every batch's gradients."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import torch
import torch.distributed as dist

from errors import InputError


@dataclass(frozen=True)
class Group:
    rank: int
    world_size: int
    local_rank: int
    device: torch.device

    @property
    def is_main(self) -> bool:
        return self.rank == 0

    def sum(self, *values: torch.Tensor) -> None:
        """Add up each tensor over all processes, in place."""
        if self.world_size > 1:
            for value in values:
                dist.all_reduce(value)

    def share(self, value: Any) -> Any:
        """The main process's value, on every process."""
        if self.world_size == 1:
            return value
        box = [value]
        dist.broadcast_object_list(box, src=0, device=self.device)
        return box[0]

    def share_buffers(self, module: torch.nn.Module) -> None:
        """Give every process the main one's batch-norm statistics, which are the ones that get saved."""
        if self.world_size > 1:
            for buffer in module.buffers():
                dist.broadcast(buffer, src=0)

    def wrap(self, network: torch.nn.Module) -> torch.nn.Module:
        if self.world_size == 1:
            return network
        devices = [self.local_rank] if self.device.type == "cuda" else None
        # Buffers are shared once per epoch, by share_buffers, instead of at every step.
        return torch.nn.parallel.DistributedDataParallel(
            network, device_ids=devices, broadcast_buffers=False, gradient_as_bucket_view=True, static_graph=True
        )


@contextmanager
def process_group() -> Iterator[Group]:
    """Join the group that torchrun describes; leave it together at the end."""
    rank, world_size, local_rank = place()
    group = Group(rank, world_size, local_rank, pick_device(local_rank))
    if world_size > 1 and not dist.is_initialized():
        dist.init_process_group("nccl" if group.device.type == "cuda" else "gloo")
    yield group
    # Not after an error: the others may be waiting in an exchange that this process will never join.
    if dist.is_initialized():
        dist.barrier()
        dist.destroy_process_group()


def place() -> tuple[int, int, int]:
    """Rank, number of processes, rank on this host: what torchrun says."""
    hosts = sagemaker_hosts()
    if "WORLD_SIZE" not in os.environ and len(hosts) > 1:
        raise InputError(
            f"{len(hosts)} hosts without a launcher would each train for themselves: "
            "set the job's distribution to torchDistributed"
        )
    places = {"RANK": "0", "WORLD_SIZE": "1", "LOCAL_RANK": "0"}
    return tuple(int(os.environ.get(name, alone)) for name, alone in places.items())


def pick_device(local_rank: int) -> torch.device:
    gpus = int(os.environ.get("SM_NUM_GPUS", "0"))
    if torch.cuda.is_available():
        torch.cuda.set_device(local_rank)
        return torch.device("cuda", local_rank)
    if gpus > 0:
        raise InputError(f"the instance has {gpus} GPU(s), but torch sees none: use a GPU training image")
    return torch.device("cpu")


def sagemaker_hosts() -> list[str]:
    return json.loads(os.environ.get("SM_HOSTS", '["localhost"]'))
