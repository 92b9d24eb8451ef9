"""Forward and backward pass as a CUDA graph: launched one by one from Python, its kernels leave a GPU idle."""

from collections.abc import Callable

import torch

Pass = Callable[..., torch.Tensor]  # images, labels, fresh: whether the gradients may be new tensors -> the loss
WARM_UP = 3  # passes in which libraries choose algorithms and take memory, which a recording must not see


class Graphed:
    """A pass that is recorded at its first batch and replayed for all batches of that shape; others run as they are."""

    def __init__(self, run: Pass, network: torch.nn.Module) -> None:
        self.run, self.network = run, network
        self.graph: torch.cuda.CUDAGraph | None = None

    def __call__(self, images: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
        """The loss; the gradients are in the network's parameters."""
        if self.graph is None:
            self.record(images, labels)
        if images.shape != self.images.shape:
            return self.run(images, labels, fresh=False)  # the graph goes on writing into these very gradients
        self.images.copy_(images)
        self.labels.copy_(labels)
        self.graph.replay()
        return self.loss

    def record(self, images: torch.Tensor, labels: torch.Tensor) -> None:
        before = {name: value.clone() for name, value in self.network.state_dict().items()}
        self.images, self.labels = images.clone(), labels.clone()
        stream = torch.cuda.Stream()
        stream.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(stream):
            for _ in range(WARM_UP):
                self.run(self.images, self.labels)
        torch.cuda.current_stream().wait_stream(stream)
        self.graph = torch.cuda.CUDAGraph()
        # Other threads, which bring the next images into pinned memory, go on meanwhile.
        with torch.cuda.graph(self.graph, capture_error_mode="thread_local"):
            self.loss = self.run(self.images, self.labels)
        self.network.load_state_dict(before)  # the warm-up moved the statistics of batch normalisation
