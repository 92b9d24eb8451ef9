"""The processes of one training: one alone, or several that share every batch's gradients."""

import json
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import torch
import torch.distributed as dist

from errors import InputError

# The port that SageMaker's own torchrun launcher uses; open between the hosts of a job.
MASTER_PORT = "7777"


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

    def any(self, flag: bool) -> bool:
        value = torch.tensor(float(flag), device=self.device)
        self.sum(value)
        return bool(value.item())

    def share(self, value: Any) -> Any:
        """The main process's value, on every process."""
        if self.world_size == 1:
            return value
        box = [value]
        dist.broadcast_object_list(box, src=0, device=self.device)
        return box[0]

    def share_buffers(self, module: torch.nn.Module) -> None:
        """Give every process the main one's batch-norm statistics, which are the ones that get saved."""
        self.share_tensors(module.buffers())

    def share_weights(self, module: torch.nn.Module) -> None:
        self.share_tensors(module.state_dict().values())

    def share_tensors(self, tensors: Iterable[torch.Tensor]) -> None:
        if self.world_size > 1:
            for tensor in tensors:
                dist.broadcast(tensor, src=0)

    def wrap(self, network: torch.nn.Module) -> torch.nn.Module:
        if self.world_size == 1:
            return network
        devices = [self.local_rank] if self.device.type == "cuda" else None
        return torch.nn.parallel.DistributedDataParallel(network, device_ids=devices)


@contextmanager
def process_group() -> Iterator[Group]:
    """Join the group that torchrun, or SageMaker's list of hosts, describes; leave it together at the end."""
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
    """Rank, number of processes, rank on this host."""
    hosts = sagemaker_hosts()
    if "WORLD_SIZE" not in os.environ and len(hosts) > 1:
        # Several hosts without a launcher: one process per host. Training each host for itself would be paid N times.
        os.environ["WORLD_SIZE"] = str(len(hosts))
        os.environ["RANK"] = str(hosts.index(current_host()))
        os.environ.setdefault("MASTER_ADDR", hosts[0])
        os.environ.setdefault("MASTER_PORT", MASTER_PORT)
    return tuple(int(os.environ.get(name, default)) for name, default in PLACE)


PLACE = (("RANK", "0"), ("WORLD_SIZE", "1"), ("LOCAL_RANK", "0"))


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


def current_host() -> str:
    return os.environ.get("SM_CURRENT_HOST", "localhost")
