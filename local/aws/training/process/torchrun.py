"""Stands in for torchrun: the same launcher, run by the job's own Python.

On SageMaker every host has an address; here the hosts of a job share one machine, so whatever address a command
names, such as algo-1:7777, becomes a loopback port of the job's own. torchrun reads its arguments itself, so that
every spelling that it knows counts: `--master_addr X`, `--master-addr=X`, an abbreviation, a variable.
"""

import os
import sys
from pathlib import Path
from typing import Any

LOOPBACK = "127.0.0.1"


def on_this_machine(arguments: list[str]) -> Any:
    """The arguments as torchrun reads them, with the job's own address and port as the meeting point."""
    from torch.distributed.run import parse_args

    parsed = parse_args(arguments)
    port = os.environ["LOCAL_MASTER_PORT"]
    parsed.master_addr = parsed.local_addr = LOOPBACK
    parsed.master_port = int(port)
    if parsed.rdzv_endpoint:
        parsed.rdzv_endpoint = f"{LOOPBACK}:{port}"
    return parsed


def main() -> None:
    """Starts the real launcher; the directory of this file must not be importable by the job."""
    own = str(Path(__file__).parent)
    sys.path[:] = [entry for entry in sys.path if entry != own]
    from torch.distributed.elastic.multiprocessing.errors import record
    from torch.distributed.run import run

    record(run)(on_this_machine(sys.argv[1:]))


if __name__ == "__main__":
    main()
