"""Losses of pictures."""
import torch
import torch.nn.functional as F


def weights(device):
    """Pixel weights [1, 1, 256, 256]: 3 around the mouth, 1 elsewhere."""
    y, x = torch.meshgrid(torch.arange(256.0), torch.arange(256.0), indexing="ij")
    bump = torch.exp(-(((x - 127) / 55) ** 2 + ((y - 190) / 42) ** 2) ** 2)
    return (1 + 2 * bump)[None, None].to(device)


def image_loss(got, want, weight):
    """Weighted L1, plus L1 of differences at three scales: edges stay sharp without a pretrained network.

    The last term is the colour without its grey part at an eighth of the size. Skins vary little between green and
    magenta, so that the L1 alone learns this axis last and faces come out with a cast.
    """
    loss = ((got - want).abs() * weight).mean()
    for _ in range(3):
        for axis in (-1, -2):
            loss = loss + 0.5 * (got.diff(dim=axis) - want.diff(dim=axis)).abs().mean()
        got, want = F.avg_pool2d(got, 2), F.avg_pool2d(want, 2)
    error = got - want
    return loss + 3 * (error - error.mean(dim=1, keepdim=True)).abs().mean()


def grain_loss(got, want, weight):
    """How much fine structure there is, wherever it lies: deviations of three bands in blocks of 8 pixels.

    An L1 alone answers grain that it cannot place with a smooth average.
    """
    loss = 0
    for _ in range(3):
        fine = [x.mean(dim=1, keepdim=True) - F.avg_pool2d(x.mean(dim=1, keepdim=True), 3, 1, 1) for x in (got, want)]
        amount = [(F.avg_pool2d(x.square(), 8, 4) + 1e-5).sqrt() for x in fine]
        near = F.interpolate(weight, size=amount[0].shape[-2:], mode="bilinear", align_corners=False)
        loss = loss + ((amount[0] - amount[1]).abs() * near).mean()
        got, want = F.avg_pool2d(got, 2), F.avg_pool2d(want, 2)
    return loss
