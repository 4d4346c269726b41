"""Pictures made to hurt, and what each costs: run this file, and it prints a table.

`python tests/support/hostile_pictures.py [family ...] -v` has a line for each. Every way in must
open or refuse each, in one sentence, for at most 1 GB and 5 CPU seconds. Each is opened in a
process of its own, so that its cost is its own; the processes that it starts count.
"""

import argparse
import io
import os
import resource
import struct
import sys
import tempfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

import numpy as np
from PIL import Image

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from pictures import encoded, huge_png, picture  # noqa: E402

from helpers import CourseError, limited  # noqa: E402
from helpers.fit import FIT  # noqa: E402
from helpers.images import Source, open_image, open_rgb, to_array  # noqa: E402

SELF = resource.RUSAGE_SELF
CHILDREN = resource.RUSAGE_CHILDREN

GIGABYTE = 2**30
SECONDS = 5
RGB = picture(1)
Pictures = Iterator[tuple[str, bytes]]


def saved(image: Image.Image, kind: str, **options) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


# --- header bombs: metadata that is copied many times


def tiff_tags(entries: int, payload: int, order: str = "<", claimed: int | None = None) -> bytes:
    """A TIFF of one pixel with entries that all point at the same bytes, and claim so many each."""
    claimed = payload if claimed is None else claimed
    base = {256: 1, 257: 1, 258: 8, 259: 1, 262: 1, 273: None, 277: 1, 278: 1, 279: 1}
    at = 8 + 2 + 12 * (len(base) + entries) + 4
    ifd = b"".join(
        struct.pack(order + "HHII", tag, 4, 1, at if value is None else value)
        for tag, value in base.items()
    )
    tags = (struct.pack(order + "HHII", 1000 + i, 7, claimed, at) for i in range(entries))
    head = (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(
        order + "IH", 8, len(base) + entries
    )
    return head + ifd + b"".join(tags) + b"\0" * 4 + b"\0" * payload


def segment(marker: int, content: bytes) -> bytes:
    return b"\xff" + bytes([marker]) + struct.pack(">H", len(content) + 2) + content


def chunk(kind: bytes, content: bytes) -> bytes:
    return (
        struct.pack(">I", len(content))
        + kind
        + content
        + struct.pack(">I", zlib.crc32(kind + content))
    )


def with_exif(kind: str, tiff: bytes) -> bytes:
    good = encoded(RGB, kind)
    if kind == "JPEG":
        pieces = [tiff[i : i + 65_000] for i in range(0, len(tiff), 65_000)]
        return good[:2] + b"".join(segment(0xE1, b"Exif\0\0" + p) for p in pieces) + good[2:]
    if kind == "PNG":
        return good[:33] + chunk(b"eXIf", tiff) + good[33:]
    return saved(Image.fromarray(RGB), kind, exif=tiff)


def avif_with_bomb(entries: int, payload: int) -> bytes:
    """An AVIF whose EXIF claims more than it did when Pillow, which reads it too, wrote it."""
    mild = tiff_tags(entries, payload, claimed=5)
    bomb = tiff_tags(entries, payload)
    good = saved(Image.fromarray(RGB), "AVIF", exif=mild)
    assert mild in good
    return good.replace(mild, bomb)


def header_bombs() -> Pictures:
    for entries, payload in ((4000, 900_000), (60_000, 300_000), (200, 20_000_000)):
        yield f"{entries} tags of {payload} bytes.tif", tiff_tags(entries, payload)
    yield "tags, the other order.tif", tiff_tags(4000, 900_000, ">")
    yield "exif.jpg", with_exif("JPEG", tiff_tags(4000, 10_000))
    for kind in ("JPEG", "PNG", "WEBP"):
        yield f"long exif.{kind.lower()}", with_exif(kind, tiff_tags(4000, 900_000))
    if "AVIF" in Image.SAVE:
        yield "long exif.avif", avif_with_bomb(4000, 900_000)
    mpf = b"MPF\0" + tiff_tags(4000, 15_000)
    good = encoded(RGB, "JPEG")
    yield "mpf.jpg", good[:2] + segment(0xE2, mpf) + good[2:]
    icc = zlib.compress(b"\0" * 200_000_000)
    png = encoded(RGB)
    yield "profile.png", png[:33] + chunk(b"iCCP", b"p\0\0" + icc) + png[33:]
    text = chunk(b"zTXt", b"k\0\0" + zlib.compress(b"\0" * 1_000_000))
    yield "texts.png", png[:33] + text * 3000 + png[33:]


# --- scan bombs: each scan makes the decoder walk the whole picture


def scan_bomb(scans: int, side: int) -> bytes:
    """A progressive JPEG with so many scans that end at once."""
    good = encoded(np.zeros((side, side), np.uint8), "JPEG", progressive=True)
    # A table with one code: the end of a run of 2^14 blocks and more.
    table = segment(0xC4, bytes([0x10] + [1] + [0] * 15 + [0xE0]))
    scan = segment(0xDA, bytes([1, good[good.index(b"\xff\xc2") + 10], 0, 1, 63, 0]))
    runs = b"\x00" * (2 * (side // 8) ** 2 // 2**14 + 2)
    return good[:-2] + (table + scan + runs) * scans + b"\xff\xd9"


def scan_bombs() -> Pictures:
    for scans, side in ((3000, 1024), (60_000, 2048), (400, 4096), (40, 9000)):
        yield f"{scans} scans of {side} pixels.jpg", scan_bomb(scans, side)


# --- parsers that take long


def strips(rows: int) -> bytes:
    """A TIFF one pixel wide with a strip a row."""
    at = 8 + 2 + 12 * 9 + 4
    values = {256: 1, 257: rows, 258: 8, 259: 1, 262: 1, 277: 1, 278: 1}
    ifd = [struct.pack("<HHII", tag, 4, 1, value) for tag, value in values.items()]
    ifd.insert(5, struct.pack("<HHII", 273, 4, rows, at))
    ifd.append(struct.pack("<HHII", 279, 4, rows, at + 4 * rows))
    places = struct.pack("<I", at) * rows + struct.pack("<I", 1) * rows
    return b"II*\0" + struct.pack("<IH", 8, 9) + b"".join(ifd) + b"\0" * 4 + places


def slow_parsers() -> Pictures:
    for rows in (50_000, 500_000, 1_500_000):
        yield f"{rows} strips.tif", strips(rows)
    png = encoded(RGB)
    yield "empty chunks.png", png[:33] + chunk(b"abCd", b"") * 1_500_000 + png[33:]
    yield "empty chunks behind.png", png[:-12] + chunk(b"abCd", b"") * 1_500_000 + png[-12:]
    yield "empty data chunks.png", png[:33] + chunk(b"IDAT", b"") * 1_500_000 + png[33:]
    jpg = encoded(RGB, "JPEG")
    yield "empty segments.jpg", jpg[:2] + segment(0xE5, b"") * 1_000_000 + jpg[2:]
    yield "restart markers.jpg", jpg[:2] + b"\xff\xd0" * 4_000_000 + jpg[2:]
    yield "filling.jpg", jpg[:2] + b"\xff" * 20_000_000 + jpg[2:]
    yield (
        "photoshop.jpg",
        jpg[:2] + segment(0xED, b"Photoshop 3.0\0" + (b"8BIM" + b"\0" * 8) * 5000) * 300 + jpg[2:],
    )
    gif = encoded(RGB, "GIF")
    head = 13 + 3 * 256
    yield "comment.gif", gif[:head] + b"!\xfe" + b"\x01a" * 4_000_000 + b"\0" + gif[head:]
    yield "comments.gif", gif[:head] + b"!\xfe\x01a\0" * 3_000_000 + gif[head:]
    yield "junk.gif", gif[:head] + b"x" * 20_000_000 + gif[head:]
    webp = encoded(RGB, "WEBP")
    body = webp[12:] + (b"abcd" + b"\0" * 4) * 2_000_000
    yield "empty chunks.webp", b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body
    palette = b"".join(bytes([i, i, i, 0]) for i in range(256))
    for side, data in ((9000, b"\x00\x02\xff\xff" * 100_000), (3000, b"\x01\x07" * 9_000_000)):
        sizes = struct.pack("<IiiHHIIiiII", 40, side, side, 1, 8, 1, len(data), 0, 0, 256, 0)
        file = struct.pack("<IHHI", 14 + 40 + 1024 + len(data), 0, 0, 14 + 40 + 1024)
        yield f"runs of {side}.bmp", b"BM" + file + sizes + palette + data


# --- sound pictures that are large


def large() -> Pictures:
    side = 9380
    row = np.arange(side, dtype=np.uint32)
    grey = ((row[:, None] * 7 + row) % 65_536).astype(np.uint16)
    yield "16 bits.png", encoded(grey, compress_level=1)
    yield "16 bits.tif", encoded(grey[:6000], "TIFF")
    yield "floats.tif", encoded((grey[:4000] / 65_536).astype(np.float32), "TIFF")
    small = Image.fromarray((grey >> 8).astype(np.uint8))
    for mode in ("LA", "RGBA"):
        bands = [small] * len(mode)
        yield f"{mode}.png", saved(Image.merge(mode, bands), "PNG", compress_level=1)
    yield "CMYK.jpg", saved(Image.merge("CMYK", [small] * 4), "JPEG")
    rgb = Image.merge("RGB", [small] * 3)
    yield "turned.jpg", saved(rgb, "JPEG", exif=b"Exif\0\0" + oriented(6))
    yield "progressive.jpg", saved(rgb, "JPEG", progressive=True, subsampling=0)
    yield "lossy.webp", saved(rgb.crop((0, 0, side, 2500)), "WEBP", method=0, quality=10)
    lines = b"\0" + grey[0].astype(">u2").repeat(3).tobytes()
    head = struct.pack(">IIBBBBB", side, side, 16, 2, 0, 0, 0)
    packed = zlib.compress(lines * side, 1)
    chunks = [(b"IHDR", head), (b"IDAT", packed), (b"IEND", b"")]
    yield "16 bits a channel.png", b"\x89PNG\r\n\x1a\n" + b"".join(chunk(*each) for each in chunks)


def oriented(number: int) -> bytes:
    return b"II*\0" + struct.pack("<IHHHIII", 8, 1, 0x0112, 3, 1, number, 0)


def sides() -> Pictures:
    for width, height in (
        (1, 1),
        (1, 20_000),
        (20_000, 1),
        (1, 99_999),
        (300_000, 1),
        (1, 2_000_000),
    ):
        yield f"{width} by {height}.png", encoded(np.zeros((height, width), np.uint8))
    for side in (10_000, 30_000, 2**31 - 1):
        yield f"claims {side}.png", huge_png(side)
    gif = bytearray(encoded(RGB, "GIF"))
    gif[6:10] = b"\xff" * 4
    yield "claims.gif", bytes(gif)
    bmp = bytearray(encoded(RGB, "BMP"))
    bmp[18:26] = struct.pack("<ii", 9000, -9000)
    yield "claims.bmp", bytes(bmp)


# --- what people have, damaged and not


def animations() -> Pictures:
    frames = [Image.fromarray(picture(i, (200, 200))) for i in range(60)]
    for kind in ("GIF", "WEBP", "PNG", "TIFF", "AVIF"):
        if kind in Image.SAVE:
            yield (
                f"frames.{kind.lower()}",
                saved(frames[0], kind, save_all=True, append_images=frames[1:]),
            )
    good = saved(frames[0], "GIF", save_all=True, append_images=frames[1:3], duration=50)
    body = good[good.index(b"!\xf9") : -1]
    yield "2,000 frames.gif", good[:-1] + body * 1_000 + b";"


def foreign() -> Pictures:
    image = Image.fromarray(RGB)
    for kind in ("ICO", "PPM", "TGA", "PDF", "EPS", "JPEG2000", "PCX", "SGI"):
        if kind in Image.SAVE:
            yield f"foreign.{kind.lower()}", saved(image, kind)
    yield (
        "drawing.svg",
        b"<svg xmlns='http://www.w3.org/2000/svg'><rect width='9' height='9'/></svg>",
    )
    yield "page.html", b"<html><script>alert(1)</script></html>"
    yield "archive.zip", b"PK\x03\x04" + b"\0" * 100
    yield "a page behind a picture.gif", encoded(RGB, "GIF") + b"<script>alert(1)</script>"
    yield "phone.heic", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0" * 200
    yield "zeros", b"\0" * 5000
    yield "nothing", b""


def sound() -> Pictures:
    """One small picture of each mode in each format."""
    for kind in ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "AVIF"):
        for mode in ("1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "YCbCr", "LAB", "I;16", "I", "F"):
            try:
                yield f"{mode.replace(';', '')}.{kind.lower()}", saved(as_mode(mode), kind)
            except (OSError, ValueError, KeyError):
                continue  # a format without this mode


def as_mode(mode: str) -> Image.Image:
    image = Image.fromarray(RGB)
    grey = RGB[..., 0].astype(np.float64)
    if mode in ("I;16", "I"):
        return Image.fromarray((grey * 257).astype(np.uint16 if mode == "I;16" else np.int32))
    if mode == "F":
        return Image.fromarray((grey / 255).astype(np.float32))
    if mode == "LAB":
        return Image.frombytes("LAB", image.size, image.tobytes())
    return image.convert(mode)


def damaged() -> Pictures:
    rng = np.random.default_rng(0)
    for name, good in [*sound()]:
        if name.split(".")[0] not in ("RGB", "P", "I16", "RGBA"):
            continue
        for share in (0.1, 0.3, 0.5, 0.7, 0.9, 0.99):
            yield f"{share:.0%} of {name}", good[: int(len(good) * share)]
        for number in range(8):
            bad = bytearray(good)
            for place in rng.integers(0, min(len(bad), 4000), 6):
                bad[place] = rng.integers(256)
            yield f"flipped {number} {name}", bytes(bad)


FAMILIES: dict[str, Callable[[], Pictures]] = {
    "sound": sound,
    "damaged": damaged,
    "foreign": foreign,
    "sides": sides,
    "animations": animations,
    "header bombs": header_bombs,
    "scan bombs": scan_bombs,
    "slow parsers": slow_parsers,
    "large": large,
}


@dataclass(frozen=True)
class Cost:
    """What one picture cost: the outcome, peak memory in bytes, and CPU seconds."""

    outcome: str  # opened, refused or crashed
    said: str
    memory: int
    seconds: float


class StandIn:
    """A predictor and its classifier in one, which opens what they do and loads no TensorFlow."""

    size = (96, 96)
    fit = FIT
    class_names = ("a", "b")

    @property
    def classifier(self) -> "StandIn":
        return self

    def open(self, source: Source, name: str, max_pixels: int) -> np.ndarray:
        return open_image(source, self.size, name, max_pixels, self.fit)

    def probabilities(self, images: np.ndarray) -> np.ndarray:
        assert images.shape[1:] == (96, 96, 3) and images.dtype == np.uint8
        return np.full((len(images), 2), 0.5, np.float32)

    def say(self, p: np.ndarray) -> "Said":
        return Said("a", float(p[0]), dict(zip(self.class_names, p.tolist(), strict=True)))


@dataclass(frozen=True)
class Said:
    """What `helpers.classifier.Answer` holds; that module would load TensorFlow."""

    label: str
    confidence: float
    probabilities: dict[str, float]


def by_page(data: bytes, name: str) -> np.ndarray:
    """Open a picture as the page does."""
    from apps.page import look

    return look(StandIn(), None, data, name).picture


def by_service(data: bytes, name: str) -> str:
    """Send a picture to the service, and return the label that it answers with."""
    from apps.web.app import create_app

    client = create_app(StandIn(), "rooms").test_client()
    answer = client.post("/api/predict", data={"images": (io.BytesIO(data), name)})
    if answer.status_code != 200:
        raise CourseError(answer.json["error"]["message"])
    (entry,) = answer.json["answers"]
    if "error" in entry:
        raise CourseError(entry["error"])
    return entry["label"]


def by_organiser(data: bytes, name: str) -> np.ndarray:
    """Read a picture as the organiser does, from a file."""
    from apps.organiser.read import read
    from apps.organiser.records import Photo
    from apps.organiser.threads import Budget
    from helpers.images import MAX_PIXELS

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "hostile.jpg"
        path.write_bytes(data)
        reading = read(Photo(path, len(data), 0), (96, 96), Budget(MAX_PIXELS))
    if reading.pixels is None:
        raise CourseError(reading.note or f"{reading.stays}.")
    return reading.pixels


def ways() -> dict[str, Callable[[bytes, str], object]]:
    """Return the ways in by name: of the helpers (training and audit too), and of each app."""
    return {
        "open_image": lambda data, name: open_image(data, name=name),
        "open_image, 96 x 96": lambda data, name: open_image(data, (96, 96), name),
        "open_rgb": lambda data, name: to_array(open_rgb(data, name), (96, 96), "pad"),
        "page": by_page,
        "service": by_service,
        "organiser": by_organiser,
    }


def measured(way: Callable[[bytes, str], object], data: bytes, name: str) -> Cost:
    """Open a picture in a process made for it, and say what it and all that it started cost."""
    ours, theirs = os.pipe()
    child = os.fork()
    if child == 0:
        said = _outcome(way, data, name)
        limited.end_all()  # or what it has used is not known
        peaks = [resource.getrusage(who).ru_maxrss for who in (SELF, CHILDREN)]
        os.write(theirs, f"{max(peaks)}\n{said}".encode()[:2000])
        os._exit(0)
    os.close(theirs)
    with os.fdopen(ours, "rb") as pipe:
        answer = pipe.read().decode(errors="replace")
    _, status, used = os.wait4(child, 0)
    seconds = used.ru_utime + used.ru_stime
    if status or "\n" not in answer:
        return Cost("crashed", f"status {status}", 0, seconds)
    peak, said = answer.split("\n", 1)
    outcome, said = said.split(" ", 1)
    return Cost(outcome, said, int(peak) * 1024, seconds)


def _outcome(way: Callable[[bytes, str], object], data: bytes, name: str) -> str:
    try:
        return f"opened {np.shape(way(data, name))}"
    except CourseError as error:
        said = str(error)
        return (
            f"refused {said}" if said.isprintable() and said.endswith(".") else f"crashed {said!r}"
        )
    except BaseException as error:
        return f"crashed {type(error).__name__}: {error!r}"


def costs_apart(families: list[str], way: str) -> list[tuple[str, Cost]]:
    """Return the same as `costs`, from a process that holds nothing else: a fork begins with it."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(_listed, families, way).result()


def _listed(families: list[str], way: str) -> list[tuple[str, Cost]]:
    return list(costs(families, way))


def costs(families: list[str], way: str) -> Iterator[tuple[str, Cost]]:
    """Yield the cost of each picture of some families, by one way in."""
    call = ways()[way]
    call(encoded(RGB), "sound.png")  # what a program takes to start, no picture costs
    for family in families:
        with tempfile.TemporaryDirectory() as folder:
            write(family, Path(folder))
            for file in sorted(Path(folder).iterdir()):
                name = file.name.split(" ", 1)[1]
                yield f"{family}: {name}", measured(call, file.read_bytes(), name)


def write(family: str, folder: Path) -> None:
    """Make the pictures of a family in another process: what that takes is not what they cost."""
    child = os.fork()
    if child == 0:
        for number, (name, data) in enumerate(FAMILIES[family]()):
            (folder / f"{number:03} {name}").write_bytes(data)
        os._exit(0)
    _, status = os.wait4(child, 0)[:2]
    assert status == 0, f"the pictures of {family!r} could not be made"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("family", nargs="*", help="; ".join(FAMILIES))
    parser.add_argument("--way", action="append", help="; ".join(ways()))
    parser.add_argument("-v", action="store_true", help="a line for each picture")
    words = parser.parse_args()
    bad = 0
    rows = []
    for way in words.way or ways():
        found = Counter()
        for name, cost in costs(words.family or list(FAMILIES), way):
            found[cost.outcome] += 1
            found["memory"] += cost.memory > GIGABYTE
            found["time"] += cost.seconds > SECONDS
            found["most memory"] = max(found["most memory"], cost.memory >> 20)
            found["most time"] = max(found["most time"], round(cost.seconds, 1))
            wrong = cost.outcome == "crashed" or cost.memory > GIGABYTE or cost.seconds > SECONDS
            bad += wrong
            if wrong or words.v:
                spent = f"{cost.memory >> 20:5} MB {cost.seconds:5.1f} s"
                print(f"{name:45} {cost.outcome:8} {spent}  {cost.said}", flush=True)
        cells = [found[key] for key in ("opened", "refused", "crashed", "memory", "time")]
        most = f"{found['most memory']} MB, {found['most time']} s"
        rows.append("| " + " | ".join([way, *map(str, cells), most]) + " |")
    print("| way in | opened | refused | crashed | over 1 GB | over 5 s | most |")
    print("|---|---|---|---|---|---|---|", *rows, sep="\n")
    return int(bad > 0)


if __name__ == "__main__":
    sys.exit(main())
