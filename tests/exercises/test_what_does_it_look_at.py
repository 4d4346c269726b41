"""The exercises on heat maps: which answers are wrong, and what they are told."""

from itertools import permutations

import numpy as np
from exercised import Exercised
from PIL import Image
from scipy.ndimage import uniform_filter

from exercises.what_does_it_look_at import OF_NETWORK, check_2, check_3

HITS = 'hit(heat["Grad-CAM"]).sum()'
BEFORE = 'share(heat["Grad-CAM"]).mean()'
BOTH = f"({BEFORE} + area.mean()) / 2"
REST = "heat, network, small, small_tidy)"


def lit(share=BOTH, hits=HITS):
    return f'check_1({share}, {hits}, heat["Grad-CAM"], share, hit)'


def dispute(sign="", hot='"Grad-CAM"', cold='"occlusion"', at="place"):
    """Find a place where, by a score of both maps that is largest there."""
    return f"""
from scipy.ndimage import uniform_filter
pair = (heat[m] / heat[m].mean(axis=(1, 2), keepdims=True) for m in ("Grad-CAM", "occlusion"))
a, b = (uniform_filter(ratio, (1, 20, 20))[:, 10:87, 10:87] for ratio in pair)
score = {sign or "a - b"}
place = np.unravel_index(score.argmax(), score.shape)
check_2({hot}, {cold}, {at}, {REST}
"""


def changed(ends, gaps="np.abs(one.astype(int) - other)"):
    return f"""
def changed_at(one, other):
    gaps = {gaps}
    return {ends}
check_3(changed_at, messy[24], tidy[24], p_messy, elsewhere)
"""


def fifth(hidden="picture, 128", ends="v - v.min()", per="open_at.sum(axis=0)", says="ask(hidden)"):
    return f"""
grids = np.random.default_rng(0).random((200, 6, 6)) < 0.5
open_at = np.kron(grids, np.ones((1, 16, 16)))[..., None]
def fifth_map(picture, ask):
    hidden = np.where(open_at, {hidden})
    says = {says}
    v = ((says[:, None, None, None] * open_at).sum(axis=0) / {per})[..., 0]
    return {ends}
check_4(fifth_map, open_at, small, network, share, tidied, heat["occlusion"])
"""


MASK = "gaps.max(axis=-1, keepdims=True) > 40"


class TestWhatDoesItLookAt(Exercised):
    chapter = "what_does_it_look_at"
    sets = ("samples",)  # it asks for masks and twins, which nobody's own photos have
    cells = (
        *("8951c010", "ec8bde41", "3ab63bd7", "b5771612", "03831363", "49715eea", "dffec616"),
        *("ff727ca1", "2df03c30", "65f797a7", "094d63be", "e2856246", "22d0d340", "7e728b1b"),
        *("f4666a0d", "7b5ea6fb", "56c66863", "b8054d8f", "bd791e9e"),
    )
    edits = {
        "trained(data)": "trained(data, epochs=5)",
        "explain = explainer(model)": "",
        "in_apps = np.stack([explain(picture, 1) for picture in small])": "",
        "epochs=200": "epochs=20",
        "by_twin = np.stack([fall(model, *pair) for pair in zip(small, small_tidy)])": "",
        "placed(by_twin.clip(0), *middles)": "heat['occlusion']",
    }
    tries = {2: 20, 4: 3}  # each of the last asks about hundreds of pictures
    wrong = {
        1: {
            lit(BEFORE): "less often",
            lit(f"{BEFORE} / 2"): "something lies on mess",
            lit("area.mean()"): "stays where it was",
            lit(f"100 * ({BOTH})"): "between 0 and 1",
            lit("0.9"): "share of before",
            lit('share(heat["Grad-CAM"])'): "two numbers",
            lit(hits=f"{HITS} // 2"): "the hottest then",
            lit(hits=f"{HITS} / 40"): "a count of rooms",
        },
        2: {
            dispute(hot='"CAM"'): "another network",
            dispute(cold='"edges"'): "the maps are",
            dispute(cold='"Grad-CAM"'): "one map",
            dispute(hot='"occlusion"', cold='"Grad-CAM"'): "the hotter map first",
            dispute("-a - b"): "neither is hot",
            dispute("np.minimum(a, b)"): "not cold",
            dispute("-abs(a - 1.2) - 2 * (b > 0.8)"): "apart elsewhere",
            dispute(at="place[1:]"): "three numbers",
            dispute(at="(40, 0, 0)"): "from 0 to 39",
            dispute(at="(3, 90, 10)"): "beyond the picture",
        },
        3: {
            changed(MASK, "np.abs(one - other)"): "236 in bytes",
            changed(MASK, "one.astype(int) - other"): "brighter or darker",
            changed("gaps.mean(axis=-1, keepdims=True) > 40"): "no mean",
            changed("gaps.min(axis=-1, keepdims=True) > 40"): "no `all`",
            changed("gaps.sum(axis=-1, keepdims=True) > 40"): "do not add up",
            changed("gaps.max(axis=-1) > 40"): "axis of colours",
            changed("gaps.max(axis=-1, keepdims=True) > 30"): "the limit is 40",
            changed("gaps.max(axis=-1, keepdims=True) >= 40"): "the limit is 40",
            changed("gaps.max(axis=-1, keepdims=True) > 50"): "the limit is 40",
            changed("gaps > 40"): "axis of colours",
            changed("gaps.max(axis=-1, keepdims=True)"): "a mask",
        },
        4: {
            fifth("128, picture"): "what a grid shows is hidden",
            fifth("picture, 0"): "grey: 128",
            fifth("picture + 1, 128"): "as it was",
            fifth(per="200"): "more grids show",
            fifth(ends="v"): "needs a zero",
            fifth(ends="v.max() - v"): "the sign",
            fifth(ends="(v - v.min())[..., None]"): "a number for each pixel",
            fifth(says="np.full(200, ask(hidden).mean())"): "same everywhere",
            fifth(says="np.tile(ask(hidden[:100]), 2)"): "there are 200 grids",
            fifth(says="np.ones(200)"): "asked nothing",
            fifth(ends="(v - v.min()) ** 2"): "the mean answer",
        },
    }

    def guess(self, number, rng, solution):
        return {
            1: lambda: (rng.random(), int(rng.integers(41)), *solution[2:]),
            2: lambda: (*solution[:2], rng.integers(0, (40, 77, 77)), *solution[3:]),
            3: lambda: (lambda one, other: rng.random((*one.shape[:2], 1)) < 0.5, *solution[1:]),
            4: lambda: (lambda picture, ask: rng.random(picture.shape[:2]), *solution[1:]),
        }[number]()

    def test_where_any_two_maps_are_furthest_apart_is_right(self, space, capsys):
        for hot, cold in permutations(OF_NETWORK, 2):
            source = check_2.source.replace('hot_map = "Grad-CAM"', f'hot_map = "{hot}"')
            source = source.replace('cold_map = "occlusion"', f'cold_map = "{cold}"')
            line = self.said(check_2, source, space, capsys)
            assert line.startswith("right: "), (hot, cold, line)

    def test_where_two_maps_are_furthest_apart_in_any_room_is_right(self, space):
        given = [space[name] for name in ("heat", "network", "small", "small_tidy")]
        refused = {}
        for pair in permutations(OF_NETWORK, 2):
            maps = (given[0][name] + 1e-9 for name in pair)
            ratios = [one / one.mean(axis=(1, 2), keepdims=True) for one in maps]
            apart = uniform_filter(ratios[0] - ratios[1], (1, 20, 20))[:, 10:87, 10:87]
            for room, one in enumerate(apart):
                place = (room, *np.unravel_index(one.argmax(), one.shape))
                verdict, said = check_2.verdict(*pair, place, *given)
                if verdict != "right":
                    refused[*pair, room] = said
        assert all("choose another room" in said for said in refused.values()), refused
        assert len(refused) < 3, refused

    def test_a_pair_of_ones_own_is_looked_at(self, space):
        """Whatever the mask, a pair that does not serve is named: no answer is wrong for it."""
        coarse = np.random.default_rng(1).integers(0, 256, (12, 9, 3), "uint8")
        table = np.asarray(Image.fromarray(coarse).resize((300, 300)))
        cup = table.copy()
        cup[100:200, 40:120] = 255 - cup[100:200, 40:120]

        def found(one, other):
            return np.abs(one.astype(int) - other).max(axis=-1, keepdims=True) > 40

        more = space["p_messy"], space["elsewhere"]
        for one, other, verdict, words in (
            (cup, table, "right", "% differ"),
            (table, table, "not yet", "one photograph twice"),
            (table, 255 - table, "not yet", "did the camera move"),
        ):
            said = check_3.verdict(found, one, other, *more)
            assert said[0] == verdict and words in said[1], said
