"""How dropped things come to rest: rigid bodies by Blender's solver, cloth over a height map."""

import math
from random import Random

import bpy
import numpy as np
from bpy.types import Object
from mathutils import Vector

STEP = 0.04  # metres between points of the height map
CEILING = 1.05  # metres; nothing is laid on what is taller
FRAMES = 34


class Relief:
    """Height in metres of what one meets first when coming down from above."""

    def __init__(self, width: float, depth: float) -> None:
        self.shape = math.ceil(width / STEP) + 1, math.ceil(depth / STEP) + 1
        self.heights = np.zeros(self.shape, np.float32)

    def scan(self, objects: list) -> None:
        """Take the upper sides of mesh objects into the map."""
        for obj in objects:
            points = np.empty(len(obj.data.vertices) * 3, np.float32)
            obj.data.vertices.foreach_get("co", points)
            faces = np.empty(len(obj.data.polygons) * 4, np.int32)
            obj.data.polygons.foreach_get("vertices", faces)
            matrix = np.array(obj.matrix_world)
            world = points.reshape(-1, 3) @ matrix[:3, :3].T + matrix[:3, 3]
            self.raise_to(spread(facing_up(world[faces.reshape(-1, 4)])))

    def forbid(self, x: float, y: float, reach: float) -> None:
        """Let nothing be laid within `reach` metres of a point."""
        i = round(x / STEP)
        j = round(y / STEP)
        cells = math.ceil(reach / STEP)
        self.heights[max(0, i - cells) : i + cells + 1, max(0, j - cells) : j + cells + 1] = (
            2 * CEILING
        )

    def smooth(self) -> np.ndarray:
        """Heights widened by one point and rounded off, as cloth bridges an edge."""
        heights = np.pad(self.heights, 3, mode="edge")
        for axis in (0, 1):
            heights = np.max([np.roll(heights, k, axis) for k in (-1, 0, 1)], 0)
        for axis in (0, 1):
            heights = np.mean([np.roll(heights, k, axis) for k in (-1, 0, 1)], 0)
        return heights[3:-3, 3:-3]

    def at(self, xy: np.ndarray, heights: np.ndarray | None = None) -> np.ndarray:
        """Heights (n,) at points (n, 2), by bilinear interpolation."""
        ground = self.heights if heights is None else heights
        p = np.clip(xy / STEP, 0, np.array(self.shape) - 1.001)
        i = p.astype(int)
        f = p - p.astype(int)
        a = ground[i[:, 0], i[:, 1]]
        b = ground[i[:, 0] + 1, i[:, 1]]
        c = ground[i[:, 0], i[:, 1] + 1]
        d = ground[i[:, 0] + 1, i[:, 1] + 1]
        return (a * (1 - f[:, 0]) + b * f[:, 0]) * (1 - f[:, 1]) + (
            c * (1 - f[:, 0]) + d * f[:, 0]
        ) * f[:, 1]

    def raise_to(self, points: np.ndarray) -> None:
        """Take points (n, 3) of something just laid down into the map."""
        i = (points[:, :2] / STEP).round().astype(int)
        inside = (i >= 0).all(1) & (i < self.shape).all(1) & (points[:, 2] < 2.2)
        np.maximum.at(
            self.heights, (i[inside, 0], i[inside, 1]), points[inside, 2].astype(np.float32)
        )

    def lay(
        self, points: np.ndarray, spot: tuple, rng: Random, drop: float = 0.55
    ) -> tuple[np.ndarray, np.ndarray] | None:
        """Where a cloth's points (n, 2) come to lie near a spot: positions, and heights below."""
        heights = self.smooth()
        room = (np.array(self.shape) - 1) * STEP
        for attempt in range(14):
            shift = np.array([rng.gauss(0, 0.08 * attempt), rng.gauss(0, 0.08 * attempt)])
            xy = points + np.array(spot) + shift
            if (xy < 0.04).any() or (xy > room - 0.04).any():
                continue
            below = self.at(xy, heights)
            if below.max() < CEILING and np.ptp(below) < drop:
                return xy, below
        return None


def facing_up(quads: np.ndarray) -> np.ndarray:
    """Those of the quads (m, 4, 3) that are not walls."""
    normal = np.cross(quads[:, 2] - quads[:, 0], quads[:, 3] - quads[:, 1])
    return quads[np.abs(normal[:, 2]) > 0.2 * np.linalg.norm(normal, axis=1)]


def spread(quads: np.ndarray) -> np.ndarray:
    """Points (n, 3) all over the given quads (m, 4, 3), no farther apart than the map's step."""
    length = np.ptp(quads, axis=1).max(1)
    found = []
    for low, high in ((0, 2), (2, 8), (8, 32), (32, 140)):
        chosen = quads[(length > low * STEP) & (length <= high * STEP)]
        t = np.linspace(0, 1, high + 1)
        u, v = (g.ravel()[None, :, None] for g in np.meshgrid(t, t))
        a, b, c, d = (chosen[:, k, None] for k in range(4))
        found.append(((a * (1 - u) + b * u) * (1 - v) + (d * (1 - u) + c * u) * v).reshape(-1, 3))
    return np.concatenate(found)


def corners(obj: Object) -> np.ndarray:
    """The eight corners of an object's box in the world (8, 3), metres."""
    return np.array([obj.matrix_world @ Vector(c) for c in obj.bound_box])


def poise(obj: Object, relief: Relief, spot: tuple, room: tuple, rng: Random) -> None:
    """Hold an object just above whatever lies at or near the spot, and reserve the place."""
    box = corners(obj)
    reach = np.ptp(box[:, :2], 0) / 2
    unit = np.stack(np.meshgrid(np.linspace(-1, 1, 7), np.linspace(-1, 1, 7)), -1).reshape(-1, 2)
    for attempt in range(20):
        wish = np.array(spot) + [rng.gauss(0, 0.1 * attempt), rng.gauss(0, 0.1 * attempt)]
        middle = np.clip(wish, reach + 0.03, np.array(room) - reach - 0.03)
        below = relief.at(middle + unit * reach).max()
        if below < CEILING:
            break
    obj.matrix_world.translation = Vector((*middle, below + 0.03 - box[:, 2].min()))
    relief.raise_to(
        np.column_stack(
            [middle + unit * reach, np.full(len(unit), below + 0.03 + np.ptp(box[:, 2]))]
        )
    )


def fall(bodies: list, obstacles: list, room: tuple) -> None:
    """Let the bodies drop on the obstacles; what leaves the room goes back to its start."""
    if not bodies:
        return
    scene = bpy.context.scene
    bpy.ops.rigidbody.world_add()
    world = scene.rigidbody_world
    world.collection = bpy.data.collections.new("bodies")
    world.substeps_per_frame = 6
    world.solver_iterations = 10
    world.point_cache.frame_start = 1
    world.point_cache.frame_end = FRAMES
    for obj in obstacles + bodies:
        world.collection.objects.link(obj)
    bpy.context.view_layer.update()
    for obj in obstacles:
        passive(obj)
    for obj in bodies:
        active(obj)
    starts = [obj.matrix_world.copy() for obj in bodies]
    for frame in range(1, FRAMES + 1):
        scene.frame_set(frame)
    graph = bpy.context.evaluated_depsgraph_get()
    ends = [obj.evaluated_get(graph).matrix_world.copy() for obj in bodies]
    bpy.ops.rigidbody.world_remove()
    scene.frame_set(1)
    for obj, start, end in zip(bodies, starts, ends, strict=True):
        at = end.translation
        lost = at.z < -0.02 or not (0 < at.x < room[0] and 0 < at.y < room[1])
        obj.matrix_world = start if lost else end


def passive(obj: Object) -> None:
    """An obstacle: cloth by its faces, everything else by its hull."""
    obj.rigid_body.type = "PASSIVE"
    sheet = any(modifier.type == "SOLIDIFY" for modifier in obj.modifiers)
    obj.rigid_body.collision_shape = "MESH" if sheet else "CONVEX_HULL"
    obj.rigid_body.use_margin = True
    obj.rigid_body.collision_margin = 0.002
    obj.rigid_body.friction = 0.8


def active(obj: Object) -> None:
    """A falling thing."""
    body = obj.rigid_body
    body.type = "ACTIVE"
    body.collision_shape = "CONVEX_HULL"
    body.mass = 0.4
    body.friction = 0.7
    body.restitution = 0.05
    body.linear_damping = 0.1
    body.angular_damping = 0.35
    body.use_margin = True
    body.collision_margin = 0.002
