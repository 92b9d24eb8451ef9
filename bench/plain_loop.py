"""The loop that tutorials show, to compare with: DenseNet121, Adam, fp32, images read one by one."""

import argparse
import os
from pathlib import Path

import torch
from monai.networks.nets import DenseNet121
from PIL import Image
from torch.utils.data import DataLoader, Dataset


class Images(Dataset):
    def __init__(self, folder: Path) -> None:
        self.classes = sorted(entry.name for entry in folder.iterdir())
        self.files = sorted(folder.glob("*/*"))

    def __len__(self) -> int:
        return len(self.files)

    def __getitem__(self, index: int) -> tuple[torch.Tensor, int]:
        path = self.files[index]
        grey = Image.open(path).convert("L").resize((64, 64))
        pixels = torch.frombuffer(bytearray(grey.tobytes()), dtype=torch.uint8).view(1, 64, 64) / 255
        return pixels, self.classes.index(path.parent.name)


parser = argparse.ArgumentParser()
parser.add_argument("--epochs", type=int, default=5)
parser.add_argument("--batch_size", type=int, default=32)
parser.add_argument("--lr", type=float, default=1e-4)
parser.add_argument("--seed", type=int, default=0)
args = parser.parse_args()

torch.manual_seed(args.seed)
device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
train, val = (Images(Path(os.environ[f"SM_CHANNEL_{name}"])) for name in ("TRAIN", "VAL"))
model = DenseNet121(spatial_dims=2, in_channels=1, out_channels=len(train.classes)).to(device)
optimizer = torch.optim.Adam(model.parameters(), lr=args.lr)
loss_function = torch.nn.CrossEntropyLoss()
for epoch in range(args.epochs):
    model.train()
    for pixels, labels in DataLoader(train, args.batch_size, shuffle=True):
        optimizer.zero_grad()
        loss = loss_function(model(pixels.to(device)), labels.to(device))
        loss.backward()
        optimizer.step()
    model.eval()
    with torch.no_grad():
        hits = sum((model(x.to(device)).argmax(1).cpu() == y).sum().item() for x, y in DataLoader(val, 32))
    print(f"epoch={epoch + 1} train_loss={loss.item():.4f} val_accuracy={hits / len(val):.4f}", flush=True)
torch.save(model.state_dict(), Path(os.environ["SM_MODEL_DIR"], "model.pth"))
