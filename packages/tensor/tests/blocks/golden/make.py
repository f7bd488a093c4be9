"""Blocks forward and backward by PyTorch 2.13: python make.py > blocks.json (and ../../training/golden/adamw.json)"""

import json
import pathlib

import torch
from torch import nn
from torch.nn import functional as F

torch.manual_seed(1)
WIDTH, HEADS, HIDDEN = 8, 2, 12


def numbers(tensor):
    return {"shape": list(tensor.shape), "values": [float(f"{x:.9g}") for x in tensor.detach().flatten().tolist()]}


def record(module, inputs, forward):
    """Output of the block, and gradients of the sum of output * weight by inputs and parameters."""
    for p in module.parameters():
        nn.init.normal_(p, 0, 0.5)
    inputs = [x.requires_grad_() for x in inputs]
    y = forward(*inputs)
    weight = torch.randn_like(y)
    (y * weight).sum().backward()
    return {
        # Linear layers of PyTorch hold [outputs, inputs].
        "parameters": [numbers(p.T if p.dim() == 2 else p) for p in module.parameters()],
        "parameterGradients": [numbers(p.grad.T if p.dim() == 2 else p.grad) for p in module.parameters()],
        "inputs": [numbers(x) for x in inputs],
        "inputGradients": [numbers(x.grad) for x in inputs],
        "weight": numbers(weight),
        "output": numbers(y),
    }


class Attention(nn.Module):
    def __init__(self):
        super().__init__()
        self.query = nn.Linear(WIDTH, WIDTH)
        self.keys_and_values = nn.Linear(WIDTH, 2 * WIDTH)
        self.output = nn.Linear(WIDTH, WIDTH)

    def forward(self, asking, asked, bias=None):
        batch, n, _ = asking.shape
        m = asked.shape[1]
        q = self.query(asking).view(batch, n, HEADS, -1).transpose(1, 2)
        k, v = self.keys_and_values(asked).view(batch, m, 2, HEADS, -1).permute(2, 0, 3, 1, 4)
        read = F.scaled_dot_product_attention(q, k, v, attn_mask=bias)
        return self.output(read.transpose(1, 2).reshape(batch, n, WIDTH))


class FeedForward(nn.Module):
    def __init__(self):
        super().__init__()
        self.inner = nn.Linear(WIDTH, HIDDEN)
        self.outer = nn.Linear(HIDDEN, WIDTH)

    def forward(self, x):
        return self.outer(F.relu(self.inner(x)))


linear, norm, attention, cross, feed = nn.Linear(5, 3), nn.LayerNorm(WIDTH), Attention(), Attention(), FeedForward()
mask = torch.zeros(3, 1, 1, 6)
mask[0, ..., :2] = -1e9
mask[2, ..., 1:] = -1e9
golden = {
    "mask": numbers(mask),
    "linear": record(linear, [torch.randn(2, 4, 5)], linear),
    "layerNorm": record(norm, [3 * torch.randn(2, 4, WIDTH) + 1], norm),
    "feedForward": record(feed, [torch.randn(2, 4, WIDTH)], feed),
    "selfAttention": record(attention, [torch.randn(3, 6, WIDTH)], lambda x: attention(x, x, mask)),
    "crossAttention": record(
        cross, [torch.randn(3, 4, WIDTH), torch.randn(3, 6, WIDTH)], lambda x, y: cross(x, y, mask)
    ),
}
print(json.dumps(golden))

weights = torch.randn(6).requires_grad_()
start = numbers(weights)
optimizer = torch.optim.AdamW([{"params": [weights], "weight_decay": 0.1}], lr=0.05, betas=(0.9, 0.98), eps=1e-8)
steps = []
for step in range(6):
    gradient = torch.randn(6) * (3 if step % 2 else 0.2)
    weights.grad = gradient.clone()
    nn.utils.clip_grad_norm_([weights], 1.0)
    optimizer.step()
    steps.append({"gradient": numbers(gradient), "weights": numbers(weights)})
adamw = pathlib.Path(__file__).parents[2] / "training" / "golden" / "adamw.json"
adamw.write_text(json.dumps({"start": start, "steps": steps}) + "\n")
