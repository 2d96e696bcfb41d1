"""How much harm a label survives: the share of its codes that a decoder still reads, by label and by kind of harm.

The printed picture is harmed dot by dot (missing dots, a dead dot of the head), then seen by a camera of 150 dpi,
turned up to four degrees, out of focus, noisy or pale; seeded but for the noise. Relative to one decoder, no ISO grade.
"""

from __future__ import annotations

import random
from collections.abc import Callable

import zxingcpp
from PIL import Image, ImageChops, ImageFilter

from labels.drawing import on_stock
from labels.label import Label
from labels.layout import compose, load, names, sample
from labels.proof import prove
from labels.symbols import GS

SHOTS = 12
CAMERA_DPI = 150
_FORMATS = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.Code128, zxingcpp.BarcodeFormat.QRCodeModel2])
Harm = Callable[[Image.Image, random.Random], Image.Image]


def missing_dots(image: Image.Image, chance: random.Random) -> Image.Image:
    """One black dot in a hundred did not burn."""
    holes = Image.frombytes("L", image.size, chance.randbytes(image.width * image.height))
    burnt = holes.point(lambda value: 255 if value < 3 else 0).convert("1")  # 3 of 256
    harmed = image.copy()
    harmed.paste(255, (0, 0), burnt)
    return harmed


def dead_dot(image: Image.Image, chance: random.Random) -> Image.Image:
    """One dot of the head is dead: a white line along the paper, somewhere in the middle four fifths."""
    harmed, column = image.copy(), chance.randrange(image.width // 10, image.width * 9 // 10)
    harmed.paste(255, (column, 0, column + 1, image.height))
    return harmed


def unharmed(image: Image.Image, _chance: random.Random) -> Image.Image:
    """As printed."""
    return image


def camera(blur: float = 0.0, noise: float = 0.0, contrast: float = 1.0) -> Harm:
    """How a camera sees it: pixels of its own resolution, a turn, blur (pixels), noise (sd of 255 levels), contrast."""

    def see(picture: Image.Image, chance: random.Random) -> Image.Image:
        small = picture.resize(
            (picture.width * CAMERA_DPI // 203, picture.height * CAMERA_DPI // 203), Image.Resampling.BOX
        )
        seen = small.rotate(chance.uniform(-4, 4), Image.Resampling.BILINEAR, expand=True, fillcolor=255)
        seen = seen.filter(ImageFilter.GaussianBlur(blur)).point(lambda value: 128 + int((value - 128) * contrast))
        if noise:
            grain = Image.effect_noise(seen.size, noise)  # mean 128
            seen = ImageChops.add(seen, grain, scale=1.0, offset=-128)
        return seen

    return see


HARMS: dict[str, tuple[Harm, Harm]] = {
    "clean": (unharmed, camera()),
    "blur 0.7": (unharmed, camera(0.7)),
    "blur 1.0": (unharmed, camera(1.0)),
    "blur 1.3": (unharmed, camera(1.3)),
    "noise 20": (unharmed, camera(0.5, 20)),
    "noise 40": (unharmed, camera(0.5, 40)),
    "contrast 40 %": (unharmed, camera(0.5, 5, 0.4)),
    "contrast 20 %": (unharmed, camera(0.5, 5, 0.2)),
    "1 % missing dots": (missing_dots, camera(0.7, 10)),
    "dead dot": (dead_dot, camera(0.7, 10)),
    "all of it": (lambda image, chance: dead_dot(missing_dots(image, chance), chance), camera(0.7, 10, 0.75)),
}


def rate(label: Label, harm: str, seed: int = 1) -> tuple[int, int]:
    """Percent of what the label says that was read from one symbol at least, and percent of all its symbols."""
    chance, image = random.Random(f"{seed} {harm}"), prove(label, 203).image
    print_harm, camera_harm = HARMS[harm]
    wanted = [(type(code).__name__, code.payload) for code in label.codes]
    said = {payload for _, payload in wanted}
    read = heard = 0
    for _ in range(SHOTS):
        picture = on_stock(print_harm(image, chance), label.stock, label.field).convert("L")
        found = {
            ("Code128" if barcode.format == zxingcpp.BarcodeFormat.Code128 else "Qr", barcode.bytes)
            for barcode in zxingcpp.read_barcodes(camera_harm(picture, chance), formats=_FORMATS)
        }
        read += sum((kind, payload.removeprefix(GS).encode()) in found for kind, payload in wanted)
        heard += sum(payload.removeprefix(GS).encode() in {text for _, text in found} for payload in said)
    return 100 * heard // (SHOTS * len(said)), 100 * read // (SHOTS * len(wanted))


def run() -> None:
    """Print the Markdown table: percent of what each label says that was read; in brackets, of all its symbols."""
    print(f"| label | mm | {' | '.join(HARMS)} |")
    print(f"|---|---|{'---|' * len(HARMS)}")
    for name in names():
        for size in load(name).sizes:
            label = compose(name, sample(name), size.width_mm)
            rates = [rate(label, harm) for harm in HARMS]
            shares = " | ".join(str(said) if said == read else f"{said} ({read})" for said, read in rates)
            print(f"| {name} | {size.width_mm:g} | {shares} |", flush=True)
