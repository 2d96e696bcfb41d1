"""How a worn imager sees a label: 150 dpi, out of focus, with noise, perhaps turned. What it reads, any scanner reads.

The noise is the same every time, so that a label that passed once passes again.
"""

from functools import lru_cache
from random import Random

from PIL import Image, ImageChops, ImageFilter

DPI = 150
BLUR_PX = 0.7
NOISE = 10  # standard deviation, of 256 levels of brightness
_TILE_PX = 512
_GREY = 128


def worn(seen: Image.Image, dpi: int, turned: float = 0.0, shot: int = 0) -> Image.Image:
    """The grey picture of a label at `dpi` as the imager sees it, turned by degrees; each shot has noise of its own."""
    scale = DPI / dpi
    small = seen.resize((round(seen.width * scale), round(seen.height * scale)), Image.Resampling.BOX)
    if turned:
        small = small.rotate(turned, Image.Resampling.BILINEAR, expand=True, fillcolor=255)
    return ImageChops.add(small.filter(ImageFilter.GaussianBlur(BLUR_PX)), _noise(small.size, shot), 1, -_GREY)


def _noise(size: tuple[int, int], shot: int) -> Image.Image:
    noise, tile = Image.new("L", size), _tile(shot)
    for left in range(0, size[0], _TILE_PX):
        for top in range(0, size[1], _TILE_PX):
            noise.paste(tile, (left, top))
    return noise


@lru_cache(maxsize=16)
def _tile(shot: int) -> Image.Image:
    """Nearly Gaussian noise around the middle grey: the mean of four even ones, stretched to its deviation."""
    chance = Random(shot)  # noqa: S311  (noise, no secret)
    one, two, three, four = (
        Image.frombytes("L", (_TILE_PX, _TILE_PX), chance.randbytes(_TILE_PX * _TILE_PX)) for _ in range(4)
    )
    mean = Image.blend(Image.blend(one, two, 0.5), Image.blend(three, four, 0.5), 0.5)
    even = 256 / 12**0.5
    return mean.point(lambda level: round(_GREY + (level - 127.5) * NOISE / (even / 2)))
