"""What the ground is of: rock with meadows and snow, ice, water, paving, a forest's soil."""

from bpy.types import Material

from ..core.colours import linear
from ..core.graph import Graph


def ground(
    rock: tuple,
    grass: tuple,
    snow_line: float = 1e6,
    grass_line: float = 0.0,
    wood_line: float = -1e6,
    grain: float = 1.0,
) -> Material:
    """Rock with grass, woods and snow where it is high, low or flat enough.

    Args:
        rock: sRGB colour of bare rock.
        grass: sRGB colour of meadows.
        snow_line: height in metres above which snow lies.
        grass_line: height below which grass grows.
        wood_line: height below which woods stand.
        grain: size in metres of the smallest stones.
    """
    graph = Graph("ground")
    spot = graph.where()
    up = graph.node("SeparateXYZ", {0: graph.node("NewGeometry").outputs["Normal"]}).outputs["Z"]
    z = graph.node("SeparateXYZ", {0: spot}).outputs["Z"]
    coarse = graph.noise(spot, 0.02 / grain, 5)
    fine = graph.noise(spot, 0.3 / grain, 4)
    strata = graph.noise(graph.where(scale=(0.3, 0.3, 1), turn=(0.4, 0.3, 0)), 0.02 / grain, 4)
    dark = linear([c * 0.5 for c in rock])
    pale = linear([min(1, c * 1.15) for c in rock])
    colour = graph.mix(graph.smooth_step(graph.math("ADD", coarse, strata), 0.75, 1.25), dark, pale)
    wild = graph.math(
        "MULTIPLY", graph.math("SUBTRACT", graph.noise(spot, 0.006 / grain, 7), 0.5), 260 * grain
    )
    height = graph.math("ADD", z, wild)
    dry = linear((min(1, grass[0] * 1.3), grass[1] * 0.95, grass[2] * 0.85))
    meadow = graph.mix(graph.smooth_step(coarse, 0.35, 0.65), linear(grass), dry)
    meadow = graph.mix(
        graph.smooth_step(fine, 0.3, 0.75), graph.mix(0.5, meadow, (0, 0, 0, 1)), meadow
    )
    flat = graph.smooth_step(graph.math("ADD", up, graph.math("MULTIPLY", coarse, 0.3)), 0.82, 0.98)
    low = graph.smooth_step(height, grass_line + 60 * grain, grass_line - 60 * grain)
    colour = graph.mix(graph.math("MULTIPLY", flat, low), colour, meadow)
    wood = graph.mix(fine, (0.004, 0.009, 0.004, 1), linear([c * 0.62 for c in grass]))
    gentle = graph.smooth_step(up, 0.5, 0.7)
    trees = graph.math(
        "MULTIPLY", graph.smooth_step(height, wood_line + 30, wood_line - 30), gentle
    )
    colour = graph.mix(trees, colour, wood)
    lies = graph.smooth_step(graph.math("ADD", up, graph.math("MULTIPLY", strata, 0.4)), 0.72, 0.92)
    snow = graph.math("MULTIPLY", graph.smooth_step(height, snow_line - 90, snow_line + 90), lies)
    graph.set(Base_Color=graph.mix(snow, colour, (0.85, 0.88, 0.93, 1)), Roughness=0.9)
    graph.set(Specular_IOR_Level=0.1)
    graph.bump(graph.math("ADD", fine, graph.math("MULTIPLY", coarse, 2.0)), 0.9, 3.0 * grain)
    return graph.material


def ice(tone: tuple = (0.25, 0.55, 0.75), grain: float = 1.0) -> Material:
    """Ice: white where it is weathered, blue in its clefts (uv x), brown with debris (uv y)."""
    graph = Graph("ice")
    uv = graph.node("SeparateXYZ", {0: graph.node("TexCoord").outputs["UV"]})
    fine = graph.noise(graph.where(), 0.4 / grain, 6)
    depth = graph.math(
        "ADD", uv.outputs["X"], graph.math("MULTIPLY", graph.math("SUBTRACT", fine, 0.5), 0.7)
    )
    pale = tuple(0.45 + 0.5 * c for c in tone)
    colour = graph.ramp(
        graph.smooth_step(depth, 0.0, 1.0),
        [(0.1, (0.9, 0.93, 0.96, 1)), (0.4, (*pale, 1)), (0.95, (*tone, 1))],
    )
    dirt = graph.math("MULTIPLY", uv.outputs["Y"], graph.smooth_step(fine, 0.25, 0.7))
    graph.set(Base_Color=graph.mix(dirt, colour, (0.10, 0.085, 0.07, 1)), Roughness=0.45)
    graph.bump(fine, 0.7, 1.2 * grain)
    return graph.material


def water(colour: tuple, rough: float = 0.1, shallow: tuple = (0.1, 0.5, 0.5)) -> Material:
    """Water (linear colours) with foam (uv x, 0 to 1) and shallows (uv y)."""
    graph = Graph("water")
    uv = graph.node("SeparateXYZ", {0: graph.node("TexCoord").outputs["UV"]})
    body = graph.mix(uv.outputs["Y"], (*colour, 1), (*shallow, 1))
    froth = graph.math(
        "ADD", uv.outputs["X"], graph.math("SUBTRACT", graph.noise(graph.where(), 0.9, 6), 0.5)
    )
    foam = graph.smooth_step(froth, 0.42, 0.75)
    graph.set(Base_Color=graph.mix(foam, body, (0.85, 0.88, 0.9, 1)), IOR=1.33)
    graph.set(Roughness=graph.math("ADD", graph.math("MULTIPLY", foam, 0.6), rough))
    ripple = graph.math(
        "ADD", graph.noise(graph.where(), 0.35, 4), graph.noise(graph.where(), 2.1, 3)
    )
    far = graph.node("CameraData").outputs[
        "View Distance"
    ]  # what is smaller than a pixel only glitters
    graph.bump(ripple, graph.math("MULTIPLY", graph.smooth_step(far, 500, 15), 0.5), 0.25)
    return graph.material


PAVINGS = {"asphalt": (0.3, 0.3, 0.31), "cobbles": (0.4, 0.37, 0.34), "slabs": (0.58, 0.55, 0.5)}


def paving(kind: str, season: str, wet: bool = False) -> Material:
    """Asphalt, cobbles or slabs; in winter some snow lies on them."""
    graph = Graph("paving")
    base = PAVINGS[kind]
    patch = graph.noise(graph.where(), 0.3, 6)
    fine = graph.noise(graph.where(), 14, 3)
    tone = graph.mix(
        graph.smooth_step(patch, 0.3, 0.7), linear([c * 0.7 for c in base]), linear(base)
    )
    tone = graph.mix(graph.smooth_step(fine, 0.2, 0.8), graph.mix(0.3, tone, (0, 0, 0, 1)), tone)
    if kind != "asphalt":
        stones = {
            "Vector": graph.where(),
            "Scale": 6 if kind == "cobbles" else 1.4,
            "Randomness": 0.6,
        }
        edge = graph.node("TexVoronoi", stones, feature="DISTANCE_TO_EDGE").outputs["Distance"]
        joint = graph.smooth_step(edge, 0.02, 0.12)
        tone = graph.mix(joint, graph.mix(0.6, tone, (0.01, 0.01, 0.01, 1)), tone)
        graph.bump(joint, 0.6, 0.03)
    if season == "winter":
        lies = graph.smooth_step(graph.noise(graph.where(scale=(1, 0.4, 1)), 0.5, 6), 0.42, 0.56)
        tone = graph.mix(lies, tone, (0.8, 0.83, 0.88, 1))
    puddle = graph.smooth_step(patch, 0.4, 0.6)
    rough = graph.math("ADD", graph.math("MULTIPLY", puddle, 0.35), 0.05) if wet else 0.8
    graph.set(Base_Color=tone, Roughness=rough)
    return graph.material


def soil(litter: tuple, green: tuple, share: float, snow: bool = False) -> Material:
    """A forest's floor: leaf litter, and moss or grass on a `share` of it."""
    graph = Graph("floor")
    leaf = graph.node("TexVoronoi", {"Vector": graph.where(), "Scale": 9.0})
    tone = graph.node("SeparateColor", {0: leaf.outputs["Color"]}).outputs[0]
    dry = graph.mix(
        tone, linear([c * 0.35 for c in litter]), linear([min(1, c * 1.4) for c in litter])
    )
    patch = graph.noise(graph.where(), 0.35, 6)
    fine = graph.noise(graph.where(), 7, 4)
    moss = graph.mix(fine, linear([c * 0.4 for c in green]), linear(green))
    edge = 0.75 - 0.5 * share
    colour = graph.mix(graph.smooth_step(patch, edge, edge + 0.1), dry, moss)
    if snow:
        colour = graph.mix(graph.smooth_step(patch, 0.35, 0.5), colour, (0.85, 0.87, 0.92, 1))
    graph.set(Base_Color=colour, Roughness=0.95, Specular_IOR_Level=0.1)
    graph.bump(graph.math("ADD", leaf.outputs["Distance"], fine), 1.0, 0.06)
    return graph.material
