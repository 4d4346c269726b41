"""The camera, and what it does to the light: exposure, colour, curve, vignette, grain."""

import math
import random

import bpy
import numpy as np

from .records import Camera, Look


def stand(camera: Camera) -> bpy.types.Object:
    """Put the camera in the scene."""
    data = bpy.data.cameras.new("camera")
    data.lens = camera.lens
    data.sensor_width = 36
    data.clip_start = 0.02
    obj = bpy.data.objects.new("camera", data)
    bpy.context.scene.collection.objects.link(obj)
    obj.location = camera.x, camera.y, camera.z
    obj.rotation_euler = (
        math.radians(90 + camera.pitch),
        math.radians(camera.roll),
        math.radians(camera.pan),
    )
    bpy.context.scene.camera = obj
    return obj


def develop(linear: np.ndarray, look: Look, seed: int, balance: float = 0.6) -> np.ndarray:
    """A linear picture (h, w, 3) to 8-bit sRGB, metered on its own average as a camera would.

    `balance` is how much of its colour cast is taken out, 0 (none) to 1 (the mean is grey).
    """
    grey = linear @ np.array([0.21, 0.72, 0.07])
    metered = (
        np.exp(np.log(np.clip(grey, 1e-4, None)).mean() * 0.75)
        * np.clip(grey, 0, np.quantile(grey, 0.9)).mean() ** 0.25
    )
    x = linear * (0.23 / metered) * 2.0**look.exposure
    cast = linear.reshape(-1, 3).mean(0)
    white = (cast.mean() / cast) ** balance * np.array(
        [1 + 0.10 * look.warmth, 1.0, 1 - 0.12 * look.warmth]
    )
    x = x * white * _vignette(x.shape[:2], look.vignette)[..., None]
    x = np.clip(x, 0, None)
    return _expose(x * (1 + x / 16) / (1 + 0.75 * x), look, seed)  # a filmic shoulder


def develop_on_white(linear: np.ndarray, look: Look, seed: int) -> np.ndarray:
    """As `develop`, but as a product shot is retouched: the paper behind the thing is white.

    The paper is taken from the upper corners; the thing must leave some of one of them free.
    """
    corner = linear.shape[0] // 12
    paper = np.concatenate([linear[:corner, :corner], linear[:corner, -corner:]], axis=1)
    x = linear / np.quantile(paper, 0.8, axis=(0, 1))
    light = np.clip((x.min(-1, keepdims=True) - 0.88) / 0.1, 0, 1)
    light = light**2 * (3 - 2 * light)  # a smooth step, so that no shadow ends in an edge
    picture = _expose(np.clip(x * 2.0**look.exposure, 0, None), look, seed)
    return (picture * (1 - light) + 255 * light + 0.5).astype(np.uint8)


def _expose(x: np.ndarray, look: Look, seed: int) -> np.ndarray:
    """The sRGB gamma, contrast about the middle, and grain, as 8-bit."""
    x = np.where(x <= 0.0031308, 12.92 * x, 1.055 * np.clip(x, 1e-6, None) ** (1 / 2.4) - 0.055)
    x = 0.45 + (x - 0.45) * look.contrast
    noise = np.random.default_rng(random.Random(f"{seed}/grain").getrandbits(32))
    return np.clip((x + noise.normal(0, look.grain, x.shape)) * 255 + 0.5, 0, 255).astype(np.uint8)


def _vignette(shape: tuple, strength: float) -> np.ndarray:
    """Fall-off of light (h, w) towards the corners; `strength` is what the corners lose."""
    v, u = np.meshgrid(np.linspace(-1, 1, shape[0]), np.linspace(-1, 1, shape[1]), indexing="ij")
    return 1 - strength * ((u**2 + v**2) / 2) ** 1.5
