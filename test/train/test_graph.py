"""A graph trains as launching does. Only a GPU can tell."""

import copy
import unittest

import torch
from torch.nn import functional

import support  # noqa: F401 - makes train/ importable
from graph import Graphed, Pass


@unittest.skipUnless(torch.cuda.is_available(), "needs a GPU")
class GraphedTest(unittest.TestCase):
    def test_trains_as_launching_does(self):
        torch.manual_seed(0)
        start = torch.nn.Sequential(
            torch.nn.Conv2d(1, 4, 3), torch.nn.BatchNorm2d(4), torch.nn.Flatten(), torch.nn.Linear(144, 3)
        ).cuda()
        # The last batch of an epoch is short, and another epoch follows.
        batches = [(torch.rand(size, 1, 8, 8).cuda(), torch.arange(size).cuda() % 3) for size in (8, 8, 3, 8, 3)]
        launched, graphed = (train(copy.deepcopy(start), batches, graph) for graph in (False, True))
        self.assertEqual(launched[0], graphed[0])
        for name, value in launched[1].items():
            self.assertTrue(torch.equal(value, graphed[1][name]), name)


def train(network: torch.nn.Module, batches: list[tuple[torch.Tensor, torch.Tensor]], graph: bool):
    optimizer = torch.optim.Adam(network.parameters(), fused=True)

    def run(images: torch.Tensor, labels: torch.Tensor, fresh: bool = True) -> torch.Tensor:
        optimizer.zero_grad(set_to_none=fresh)
        loss = functional.cross_entropy(network(images), labels)
        loss.backward()
        return loss.detach()

    step: Pass = Graphed(run, network) if graph else run
    losses = []
    for images, labels in batches:
        losses.append(step(images, labels).item())
        optimizer.step()
    return losses, network.state_dict()


if __name__ == "__main__":
    unittest.main()
