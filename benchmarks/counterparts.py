"""Each objective in PyTorch, as notebooks write it: batched over instances, samples as rows.

`p` has the parameters, (instances, ...) each, with W of (instances, n, m); x is (instances, batch,
n), or a pair of views of that shape; `noise` is what else is drawn. Settings are toysup's defaults.
A loss is given for each instance, (instances,). Needs torch.
"""

import torch
from torch.nn import functional as F  # noqa: N812  PyTorch's own habit


def decoded(h, V, b):
    return h @ V.mT + b[:, None]


def squared_error(x, y):
    return ((x - y) ** 2).mean(dim=(1, 2))


def linear_mse(p, x, noise):
    return squared_error(x, decoded(x @ p["W"], p["W"], p["b"]))


def mse(p, x, noise):
    return squared_error(x, F.relu(decoded(x @ p["W"], p["W"], p["b"])))


attacked_mse = mse  # it is attacked only once it is trained


def summed_mse(p, x, noise):
    return x.shape[2] * mse(p, x, noise)


def masked_mse(p, x, noise):
    seen = torch.where(noise < 0.5, 0.0, x)
    return squared_error(x, F.relu(decoded(seen @ p["W"], p["W"], p["b"])))


def absolute_value(p, x, noise):
    y = F.relu(decoded(F.relu(x @ p["W"]), p["V"], p["b"]))
    return ((x.abs() - y) ** 2).sum(dim=2).mean(dim=1)


def vae(p, x, noise):
    mean = x @ p["W"] + p["mean_bias"][:, None]
    log_variance = x @ p["U"] + p["log_variance"][:, None]
    y = F.relu(decoded(mean + torch.exp(log_variance / 2) * noise, p["V"], p["b"]))
    kl = (mean**2 + log_variance.exp() - 1 - log_variance).sum(dim=2).mean(dim=1) / 2
    return ((x - y) ** 2).sum(dim=2).mean(dim=1) / 2 + 1e-3 * kl


def off_diagonal(C):
    return C.masked_fill(torch.eye(C.shape[-1], dtype=torch.bool, device=C.device), 0.0)


def barlow_twins(p, x, noise):
    a, b = (view @ p["W"] for view in x)
    a, b = ((z - z.mean(dim=1, keepdim=True)) / z.std(1, False, keepdim=True) for z in (a, b))
    C = a.mT @ b / a.shape[1]
    own = ((1 - C.diagonal(dim1=1, dim2=2)) ** 2).sum(dim=1)
    return own + (off_diagonal(C) ** 2).sum(dim=(1, 2))


def vicreg(p, x, noise):
    a, b = (view @ p["W"] for view in x)
    loss = 25 * ((a - b) ** 2).mean(dim=(1, 2))
    for z in (a, b):
        loss = loss + 25 / 2 * F.relu(1 - torch.sqrt(z.var(dim=1) + 1e-4)).mean(dim=1)
        z = z - z.mean(dim=1, keepdim=True)
        covariance = z.mT @ z / (z.shape[1] - 1)
        loss = loss + (off_diagonal(covariance) ** 2).sum(dim=(1, 2)) / z.shape[2]
    return loss


def spectral_contrastive(p, x, noise):
    a, b = (view @ p["W"] for view in x)
    overlap, batch = a @ b.mT, a.shape[1]
    own = overlap.diagonal(dim1=1, dim2=2).mean(dim=1)
    return (off_diagonal(overlap) ** 2).sum(dim=(1, 2)) / (batch * (batch - 1)) - 2 * own


def softmax(p, x, noise):
    logits = decoded(x @ p["W"], p["V"], p["b"])
    known = (x != 0).any(dim=2)
    each = F.cross_entropy(logits.mT, x.argmax(dim=2), reduction="none")
    return (each * known).sum(dim=1) / known.sum(dim=1)


def both_ways(logits):
    """The mean cross-entropy of finding the partner along rows and along columns."""
    labels = torch.arange(logits.shape[1], device=logits.device).expand(len(logits), -1)
    ways = (F.cross_entropy(way, labels, reduction="none") for way in (logits.mT, logits))
    return sum(way.mean(dim=1) for way in ways) / 2


def unit(z):
    return F.normalize(z, dim=-1)


def infonce(p, x, noise):
    a, b = (unit(view @ p["W"]) for view in x)
    return both_ways(a @ b.mT / 0.5)


def clip(p, x, noise):
    a, b = unit(x[0] @ p["W"]), unit(x[1] @ p["second.W"])
    return both_ways(p["log_scale"].exp()[:, None, None] * a @ b.mT)


def siglip(p, x, noise):
    a, b = (unit(view @ p["W"]) for view in x)
    logits = p["log_scale"].exp()[:, None, None] * a @ b.mT + p["bias"][:, None, None]
    signs = 2 * torch.eye(a.shape[1], device=a.device) - 1
    return -F.logsigmoid(signs * logits).sum(dim=(1, 2)) / a.shape[1]


def squared_distances(a, b):
    return (a**2).sum(dim=2)[:, :, None] + (b**2).sum(dim=2)[:, None] - 2 * a @ b.mT


def mean_of_others(values):
    return off_diagonal(values).sum(dim=(1, 2)) / (values.shape[1] * (values.shape[1] - 1))


def triplet(p, x, noise):
    a, b = (unit(view @ p["W"]) for view in x)
    own = ((a - b) ** 2).sum(dim=2, keepdim=True)
    return mean_of_others(F.relu(own - squared_distances(a, b) + 0.2))


def supcon(p, x, noise):
    z, label, known = unit(x @ p["W"]), x.argmax(dim=2), (x != 0).any(dim=2)
    others = known[:, None] & ~torch.eye(x.shape[1], dtype=torch.bool, device=x.device)
    similarity = (z @ z.mT / 0.5).masked_fill(~others, -1e9)
    log_share = similarity - similarity.logsumexp(dim=2, keepdim=True)
    positives = others & (label[:, :, None] == label[:, None])
    count = positives.sum(dim=2)
    mean = (positives * log_share).sum(dim=2) / count.clamp(min=1)
    anchors = known & (count > 0)
    return -(mean * anchors).sum(dim=1) / anchors.sum(dim=1)


def align_uniform(p, x, noise):
    views = [unit(view @ p["W"]) for view in x]
    loss = ((views[0] - views[1]) ** 2).sum(dim=2).mean(dim=1)
    for z in views:
        loss = loss + mean_of_others((-2 * squared_distances(z, z)).exp()).log() / 2
    return loss


def gan(p, x, noise):
    """The players' losses and R1, added up: what each plays on is detached from the other."""

    def score(x, of):
        for i in range(3):
            x = x @ of[f"critic.{i}.W"] + of[f"critic.{i}.b"][:, None]
            x = F.relu(x) if i < 2 else x
        return x[..., 0]

    y = F.relu(decoded(noise, p["W"], p["b"]))
    generator = F.softplus(-score(y, {name: value.detach() for name, value in p.items()}))
    x = x.detach().requires_grad_()
    on_real = score(x, p)
    critic = F.softplus(score(y.detach(), p)) + F.softplus(-on_real)
    (slope,) = torch.autograd.grad(on_real.sum(), x, create_graph=True)
    return (generator + critic).mean(dim=1) + 0.1 * (slope**2).sum(dim=2).mean(dim=1) / 2


# What an objective draws beside its samples, by the last axis of it; the others draw nothing.
DRAWS = {
    "masked_mse": ("uniform", "n"),
    "vae": ("normal", "m"),
    "gan": ("normal", "m"),
}
CRITIC_RATE = 3.0  # times the learning rate, for the critic of a GAN
