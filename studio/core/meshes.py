"""Meshes from numbers, in metres: rounded boxes, cushions, turned shapes and sheets."""

import math

import bpy
import numpy as np
from bpy.types import Material, Mesh
from mathutils import Matrix


def mesh_from(
    name: str, vertices: np.ndarray, faces: np.ndarray, smooth: bool, uv: np.ndarray | None = None
) -> Mesh:
    """A Blender mesh from vertices (n, 3), faces (m, 4) and an optional uv (n, 2)."""
    mesh = bpy.data.meshes.new(name)
    mesh.from_pydata(vertices.tolist(), [], faces.tolist())
    if uv is not None:
        layer = mesh.uv_layers.new(name="cloth")
        layer.data.foreach_set("uv", uv[np.asarray(faces).ravel()].astype(np.float32).ravel())
    if smooth:
        mesh.shade_smooth()
    return mesh


def grid(rows: int, columns: int) -> np.ndarray:
    """Quads (n, 4) between the points of a grid, which are counted row by row."""
    corner = (np.arange(rows - 1)[:, None] * columns + np.arange(columns - 1)).ravel()
    return np.stack([corner, corner + 1, corner + columns + 1, corner + columns], 1)


def put(
    mesh: Mesh,
    material: Material | list[Material] | None,
    matrix: Matrix | None = None,
    index: int = 0,
) -> bpy.types.Object:
    """Place a mesh, with a material or one for each slot; `index` 1 marks it as out of place.

    Without a material it keeps the mesh's own: then Cycles stores many copies as one.
    """
    obj = bpy.data.objects.new(mesh.name, mesh)
    bpy.context.scene.collection.objects.link(obj)
    obj.matrix_world = matrix or Matrix()
    obj.pass_index = index
    if material is None:
        return obj
    for slot, stuff in enumerate(material if isinstance(material, list) else [material]):
        if slot >= len(mesh.materials):
            mesh.materials.append(stuff)
        obj.material_slots[slot].link = "OBJECT"  # so that a shared mesh can come in many colours
        obj.material_slots[slot].material = stuff
    return obj


def _sides(steps: list[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """The surface of a block as quads, with grid lines at the given places along x, y and z."""
    points = []
    quads = []
    for axis in range(3):
        a = (axis + 1) % 3
        b = (axis + 2) % 3
        u, v = np.meshgrid(steps[a], steps[b], indexing="ij")
        quad = grid(*u.shape)[:, [0, 3, 2, 1]]
        for end, order in ((-1, slice(None, None, -1)), (0, slice(None))):
            side = np.empty((u.size, 3))
            side[:, axis] = steps[axis][0 if end else -1]
            side[:, a] = u.ravel()
            side[:, b] = v.ravel()
            quads.append(quad[:, order] + sum(len(p) for p in points))
            points.append(side)
    merged, inverse = np.unique(np.concatenate(points).round(6), axis=0, return_inverse=True)
    return merged, inverse.ravel()[np.concatenate(quads)]


def block(
    half: np.ndarray, radius: float, steps: list[np.ndarray]
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """A block with edges of that radius: its points, its quads, and which way each point faces."""
    points, quads = _sides(steps)
    core = np.clip(points, -(half - radius), half - radius)
    away = points - core
    away = away / np.maximum(np.linalg.norm(away, axis=1, keepdims=True), 1e-9)
    return core + radius * away, quads, away


def box(size: tuple, radius: float = 0.006) -> Mesh:
    """A block centred on the origin, its edges rounded by `radius`."""
    half = np.array(size) / 2
    r = min(radius, half.min() * 0.95)
    steps = [np.unique([-h, -h + r * 0.35, -h + r, h - r, h - r * 0.35, h]) for h in half]
    points, quads, _ = block(half, r, steps)
    return mesh_from("box", points, quads, smooth=False)


def blocks(parts: list[tuple]) -> Mesh:
    """One mesh of many sharp blocks; a part is (low corner, high corner, slot of its material)."""
    low, high = (np.array([part[n] for part in parts], float) for n in (0, 1))
    corner = np.array([(x, y, z) for x in (0, 1) for y in (0, 1) for z in (0, 1)])
    points = low[:, None] + (high - low)[:, None] * corner
    sides = [(0, 1, 3, 2), (4, 6, 7, 5), (0, 4, 5, 1), (2, 3, 7, 6), (0, 2, 6, 4), (1, 5, 7, 3)]
    quads = np.array(sides) + 8 * np.arange(len(parts))[:, None, None]
    mesh = mesh_from("blocks", points.reshape(-1, 3), quads.reshape(-1, 4), smooth=False)
    slots = np.repeat([part[2] for part in parts], 6)
    for _ in range(slots.max() + 1):
        mesh.materials.append(None)
    mesh.polygons.foreach_set("material_index", slots.astype(np.int32))
    return mesh


def soft(
    size: tuple, radius: float, wobble: float = 0.0, phase: float = 0.0, bulge: float = 0.0
) -> Mesh:
    """An upholstered block: rounded edges, a bulging top and bottom, a slightly uneven surface."""
    half = np.array(size) / 2
    r = min(radius, half.min() * 0.98)
    steps = [
        np.unique(
            np.concatenate(
                [
                    np.linspace(-h, -h + r, 5),
                    np.linspace(-h + r, h - r, 8),
                    np.linspace(h - r, h, 5),
                ]
            ).round(5)
        )
        for h in half
    ]
    points, quads, away = block(half, r, steps)
    x = points[:, 0] / half[0]
    y = points[:, 1] / half[1]
    points[:, 2] += (
        np.sign(points[:, 2]) * bulge * np.clip(1 - x**2, 0, 1) * np.clip(1 - y**2, 0, 1)
    )
    points += (
        wobble
        * away
        * (
            np.sin(points @ np.array([9, 14, 7]) + phase)
            + np.sin(points @ np.array([-17, 6, 11]) + 2 * phase)
        )[:, None]
    )
    return mesh_from("soft", points, quads, smooth=True)


def cushion(size: tuple, phase: float = 0.0) -> Mesh:
    """A pillow (width, depth, height): thick in the middle, pinched at its corners, a few dents."""
    width, depth, height = size
    t = np.sin(np.linspace(-math.pi / 2, math.pi / 2, 15))
    x, y = (grid.ravel() for grid in np.meshgrid(t, t, indexing="ij"))
    thick = np.clip(1 - x**4, 0, 1) ** 0.5 * np.clip(1 - y**4, 0, 1) ** 0.5
    dents = (
        1
        - 0.12 * np.sin(4 * x + phase) * np.sin(5 * y + 2 * phase)
        - 0.06 * np.sin(9 * x * y + phase)
    )
    shrink = 1 - 0.09 * (1 - np.abs(x * y))
    layers = [
        np.stack(
            [x * width / 2 * shrink, y * depth / 2 * shrink, s * height / 2 * thick * dents], 1
        )
        for s in (1, -1)
    ]
    quad = grid(15, 15)[:, [0, 3, 2, 1]]
    points, inverse = np.unique(np.concatenate(layers).round(5), axis=0, return_inverse=True)
    quads = inverse.ravel()[np.concatenate([quad, quad[:, ::-1] + 225])]
    return mesh_from("cushion", points, quads, smooth=True)


def turned(profile: list[tuple[float, float]], segments: int = 20) -> Mesh:
    """A shape turned on a lathe from (radius, height) pairs, bottom to top."""
    angles = np.linspace(0, 2 * math.pi, segments, endpoint=False)
    rings = [
        np.stack([r * np.cos(angles), r * np.sin(angles), np.full(segments, z)], 1)
        for r, z in profile
    ]
    i = np.arange(segments)
    ring = np.stack([i, (i + 1) % segments, (i + 1) % segments + segments, i + segments], 1)
    quads = np.concatenate([ring + segments * k for k in range(len(profile) - 1)])
    return mesh_from("turned", np.concatenate(rings), quads, smooth=True)


def sheet(x: np.ndarray, y: np.ndarray, z: np.ndarray) -> Mesh:
    """A surface from three (rows, columns) arrays; its uv is the way along the grid in metres."""
    points = np.stack([x, y, z], -1)
    along = [
        np.cumsum(
            np.pad(
                np.linalg.norm(np.diff(points, axis=a), axis=-1),
                [(1, 0) if b == a else (0, 0) for b in (0, 1)],
            ),
            axis=a,
        )
        for a in (1, 0)
    ]
    uv = np.stack(along, -1).reshape(-1, 2)
    return mesh_from("sheet", points.reshape(-1, 3), grid(*x.shape), smooth=True, uv=uv)


def join(parts: list[tuple]) -> Mesh:
    """One mesh from (mesh, offset, slot) parts; slot numbers the material."""
    vertices = []
    quads = []
    slots = []
    smooth = []
    start = 0
    for mesh, at, slot in parts:
        points = np.empty(len(mesh.vertices) * 3, np.float32)
        mesh.vertices.foreach_get("co", points)
        faces = np.empty(len(mesh.polygons) * 4, np.int32)
        mesh.polygons.foreach_get("vertices", faces)
        vertices.append(points.reshape(-1, 3) + np.array(at))
        quads.append(faces.reshape(-1, 4) + start)
        slots += [slot] * len(mesh.polygons)
        smooth += [mesh.polygons[0].use_smooth] * len(mesh.polygons)
        start += len(mesh.vertices)
    joined = mesh_from("joined", np.concatenate(vertices), np.concatenate(quads), smooth=False)
    joined.polygons.foreach_set("material_index", slots)
    joined.polygons.foreach_set("use_smooth", smooth)
    return joined
