"""The tutorial's script, complete, in one file: SageMaker's variables in, metric lines and model.pth out."""

import argparse
import os
from pathlib import Path

import torch
from monai.networks.nets import DenseNet121
from PIL import Image
from torch.utils.data import DataLoader, DistributedSampler


def image(path: Path) -> torch.Tensor:
    return torch.tensor([*Image.open(path).convert("L").resize((64, 64)).tobytes()]).view(1, 64, 64) / 255


parser, env = argparse.ArgumentParser(), os.environ
for name, default in {"epochs": 5, "batch_size": 32, "lr": 1e-4, "seed": 0}.items():
    parser.add_argument(f"--{name}", type=type(default), default=default)
args = parser.parse_args()  # the hyperparameters
*data, model_dir = (Path(env[f"SM_{name}"]) for name in ("CHANNEL_TRAIN", "CHANNEL_VAL", "MODEL_DIR"))
checkpoint = Path(env.get("SAGEMAKER_BASE_DIR", "/opt/ml"), "checkpoints/minimal.pt")  # SageMaker keeps it in S3
rank, world = int(env.get("RANK", "0")), int(env.get("WORLD_SIZE", "1"))  # from torchrun
device = torch.device("cuda", int(env.get("LOCAL_RANK", "0"))) if torch.cuda.is_available() else torch.device("cpu")
cpu = Path("/proc/cpuinfo").read_text() if Path("/proc/cpuinfo").is_file() else ""
bf16 = torch.cuda.get_device_capability()[0] >= 8 if device.type == "cuda" else " avx512_bf16" in cpu
if world > 1:
    torch.distributed.init_process_group("nccl" if device.type == "cuda" else "gloo")
torch.manual_seed(args.seed)
files = [sorted(path.glob("[!.]*/[!.]*")) or parser.error(f"no image in {path}/<class>/") for path in data]
classes = sorted({path.parent.name for path in files[0]})
train, val = ([(image(path), classes.index(path.parent.name)) for path in paths] for paths in files)
order = DistributedSampler(train, world, rank, seed=args.seed)
batches = DataLoader(train, args.batch_size, sampler=order, drop_last=len(order) % args.batch_size == 1 < len(order))
network = DenseNet121(2, 1, len(classes)).to(device, memory_format=torch.channels_last)
optimizer, steps = torch.optim.Adam(network.parameters(), args.lr, fused=True), args.epochs * len(batches)
schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: min(10 * (step + 1), steps - step) / steps)
parts = (network, optimizer, schedule)
checkpoint.parent.mkdir(parents=True, exist_ok=True)
if checkpoint.is_file():
    for part, state in zip(parts, torch.load(checkpoint, map_location=device, weights_only=True), strict=True):
        part.load_state_dict(state)
model = torch.nn.parallel.DistributedDataParallel(network) if world > 1 else network
for epoch in range(schedule.last_epoch // len(batches), args.epochs):
    order.set_epoch(epoch)
    model.train()
    for pixels, labels in batches:
        with torch.autocast(device.type, torch.bfloat16, enabled=bf16):
            loss = torch.nn.functional.cross_entropy(model(pixels.to(device)), labels.to(device))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
    if rank == 0:
        with torch.inference_mode():
            hits = sum(int((network.eval()(x.to(device)).argmax(1).cpu() == y).sum()) for x, y in DataLoader(val, 32))
        torch.save([part.state_dict() for part in parts], checkpoint.with_suffix(".part"))
        checkpoint.with_suffix(".part").replace(checkpoint)  # whole, whenever the instance is taken away
        print(f"epoch={epoch + 1} train_loss={loss.item():.4f} val_accuracy={hits / len(val):.4f}", flush=True)
torch.save(network.state_dict(), model_dir / "model.pth" if rank == 0 else os.devnull)
