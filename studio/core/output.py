"""Rendering a built scene: the photograph, the mask of what is out of place, and the files."""

import json
import tempfile
from pathlib import Path

import bpy
import numpy as np
from PIL import Image

from .graph import Graph

JPEG_QUALITY = 90
BOUNCES = 4


def prepare(size: tuple[int, int], samples: int, seed: int) -> None:
    """Settings shared by all pictures of (width, height) pixels: Cycles on the CPU, denoised."""
    scene = bpy.context.scene
    render = scene.render
    cycles = scene.cycles
    render.engine = "CYCLES"
    cycles.device = "CPU"
    render.resolution_x, render.resolution_y = size
    render.resolution_percentage = 100
    cycles.samples = samples
    cycles.seed = seed
    cycles.use_adaptive_sampling = True
    cycles.adaptive_threshold = 0.03
    cycles.use_denoising = samples > 2
    cycles.denoiser = "OPENIMAGEDENOISE"
    cycles.denoising_quality = "BALANCED"
    cycles.denoising_prefilter = "FAST"
    cycles.max_bounces = cycles.transparent_max_bounces = BOUNCES
    cycles.diffuse_bounces = BOUNCES
    cycles.glossy_bounces = 2
    cycles.transmission_bounces = 3
    cycles.caustics_reflective = cycles.caustics_refractive = False
    cycles.sample_clamp_indirect = 6.0
    render.image_settings.file_format = "OPEN_EXR"
    render.image_settings.color_depth = "32"
    scene.view_settings.view_transform = "Raw"


def shoot() -> np.ndarray:
    """Render the scene to linear light (h, w, 3), top row first."""
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "shot.exr")
        bpy.context.scene.render.filepath = path
        bpy.ops.render.render(write_still=True)
        image = bpy.data.images.load(path)
        image.colorspace_settings.name = "Non-Color"
        pixels = np.empty(len(image.pixels), np.float32)
        image.pixels.foreach_get(pixels)
        width, height = image.size
        bpy.data.images.remove(image)
    return pixels.reshape(height, width, -1)[::-1, :, :3]


def mask() -> np.ndarray:
    """Which pixels show what makes the class (h, w, bool): objects whose pass index is 1."""
    scene = bpy.context.scene
    layer = bpy.context.view_layer
    graph = Graph("mask")
    index = graph.node("ObjectInfo").outputs["Object Index"]
    emission = graph.node("Emission", {"Color": (1, 1, 1, 1), "Strength": index}).outputs[0]
    graph.wire(graph.tree.nodes["Material Output"].inputs["Surface"], emission)
    scene.world.node_tree.nodes["Background"].inputs["Strength"].default_value = 0
    scene.cycles.samples = 4
    scene.cycles.use_denoising = False
    scene.cycles.max_bounces = 0
    layer.material_override = graph.material
    return shoot().mean(-1) > 0.5


def save_photograph(pixels: np.ndarray, path: Path) -> None:
    """Write an 8-bit picture as JPEG; the name appears only once the file is whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    Image.fromarray(pixels).save(part, "JPEG", quality=JPEG_QUALITY, optimize=True)
    part.replace(path)


def save_mask(pixels: np.ndarray, path: Path) -> None:
    """Write a mask as a one-bit PNG, white where the class shows; it appears whole, too."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    Image.fromarray(pixels.astype(np.uint8) * 255).convert("1").save(part, "PNG", optimize=True)
    part.replace(path)


def settings(size: tuple[int, int], samples: int) -> dict:
    """What the pictures were rendered with."""
    return {"pixels": list(size), "samples": samples, "bpy": bpy.app.version_string}


def save_parameters(rows: list[dict], path: Path) -> None:
    """Write one JSON object a line."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(
        "".join(json.dumps(row, separators=(",", ":")) + "\n" for row in rows), encoding="utf-8"
    )


def save_groups(rows: list[dict], path: Path) -> None:
    """Write a table of which pictures belong together, for the rows that say so."""
    lines = [f"{row['file']},{row['group']}\n" for row in rows if "group" in row]
    if lines:
        path.write_text("file,group\n" + "".join(lines), encoding="utf-8")
