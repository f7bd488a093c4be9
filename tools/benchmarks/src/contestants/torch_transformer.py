"""The network of bench-network.ts in PyTorch: train or infer some windows in batches of a size, on two threads."""
import sys
import time

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from sample import print_sample

torch.set_num_threads(2)
task, batch_size, windows = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
PAST, PLANNED, PAST_NUMBERS, PLANNED_NUMBERS, WIDTH, HEADS, HIDDEN, LAYERS, OUTPUTS = 52, 26, 12, 8, 128, 4, 512, 2, 13


class Attention(nn.Module):
    def __init__(self):
        super().__init__()
        self.query = nn.Linear(WIDTH, WIDTH)
        self.keys_and_values = nn.Linear(WIDTH, 2 * WIDTH)
        self.output = nn.Linear(WIDTH, WIDTH)

    def forward(self, asking, asked):
        batch, n, _ = asking.shape
        m = asked.shape[1]
        q = self.query(asking).view(batch, n, HEADS, -1).transpose(1, 2)
        k, v = self.keys_and_values(asked).view(batch, m, 2, HEADS, -1).permute(2, 0, 3, 1, 4)
        return self.output(F.scaled_dot_product_attention(q, k, v).transpose(1, 2).reshape(batch, n, WIDTH))


class Layer(nn.Module):
    def __init__(self, reads):
        super().__init__()
        self.self_norm, self.self_attention = nn.LayerNorm(WIDTH), Attention()
        if reads:
            self.cross_norm, self.cross = nn.LayerNorm(WIDTH), Attention()
        self.feed_norm = nn.LayerNorm(WIDTH)
        self.inner, self.outer = nn.Linear(WIDTH, HIDDEN), nn.Linear(HIDDEN, WIDTH)

    def forward(self, x, read=None):
        normal = self.self_norm(x)
        x = x + self.self_attention(normal, normal)
        if read is not None:
            x = x + self.cross(self.cross_norm(x), read)
        return x + self.outer(F.relu(self.inner(self.feed_norm(x))))


class Network(nn.Module):
    def __init__(self):
        super().__init__()
        self.past, self.planned = nn.Linear(PAST_NUMBERS, WIDTH), nn.Linear(PLANNED_NUMBERS, WIDTH)
        self.encoder = nn.ModuleList([Layer(False) for _ in range(LAYERS)])
        self.decoder = nn.ModuleList([Layer(True) for _ in range(LAYERS)])
        self.output = nn.Linear(WIDTH, OUTPUTS)

    def forward(self, past, planned):
        encoded, decoded = self.past(past), self.planned(planned)
        for layer in self.encoder:
            encoded = layer(encoded)
        for layer in self.decoder:
            decoded = layer(decoded, encoded)
        return self.output(decoded)


def waves(length, scale, phase):
    return torch.from_numpy((scale * np.sin(0.7 * np.arange(length) + phase)).astype(np.float32))


network = Network()
offset = 0
with torch.no_grad():
    for name, parameter in network.named_parameters():
        size = parameter.numel()
        if "norm" in name and name.endswith("weight"):
            parameter.fill_(1)
        elif parameter.dim() == 2:
            parameter.copy_(waves(size, 0.08, offset).view(parameter.shape[1], parameter.shape[0]).T)
        else:
            parameter.copy_(waves(size, 0.08, offset))
        offset += size
optimizer = torch.optim.AdamW(network.parameters(), lr=1e-4, betas=(0.9, 0.98), eps=1e-8, weight_decay=0)


def batch_of(size):
    return (
        waves(size * PAST * PAST_NUMBERS, 1, 0).view(size, PAST, PAST_NUMBERS),
        waves(size * PLANNED * PLANNED_NUMBERS, 1, 1).view(size, PLANNED, PLANNED_NUMBERS),
        waves(size * PLANNED * OUTPUTS, 1, 2).view(size, PLANNED, OUTPUTS),
    )


def step(batch):
    past, planned, wanted = batch
    loss = ((network(past, planned) - wanted) ** 2).mean()
    optimizer.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(network.parameters(), 1.0)
    optimizer.step()
    return loss.item()


def infer(batch):
    with torch.inference_mode():
        return network(batch[0], batch[1])[0, 0, 0].item()


once = step if task == "train" else infer
small = batch_of(32)
# Losses of four steps say that gradients and steps are the same too.
if task == "train":
    check = " ".join(f"{step(small):#.3g}" for _ in range(4))
else:
    check = f"{infer(small):#.3g}"
batch = batch_of(batch_size)
for _ in range(2):
    once(batch)
began = time.perf_counter()
for _ in range(0, windows, batch_size):
    once(batch)
print_sample(time.perf_counter() - began, check)
