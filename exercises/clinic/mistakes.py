"""The classic mistakes: the one table from which the drills and the mutations of the course come.

A row says what the mistake is, how a drill makes it, and, where the course could make it, the edit
of `make mutations` and the tests that have to notice.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Edit:
    """In a drill, the only `sound` becomes `faulty`."""

    sound: str
    faulty: str


@dataclass(frozen=True)
class Break:
    """The same in a file of the course, and the tests of which one has to fail."""

    file: str
    sound: str
    faulty: str
    tests: tuple[str, ...]


@dataclass(frozen=True)
class Mistake:
    """One mistake: its name, a sentence on what it does, and the two edits."""

    name: str
    does: str
    drill: Edit
    course: Break | None = None


MISTAKES = {
    1: Mistake(
        "Trained on 0 to 1, asked on 0 to 255",
        "Every answer saturates.",
        Edit("asked = edges(test) / 255", "asked = edges(test)"),
        Break(
            "helpers/network.py",
            "layers.Rescaling(1 / 255,",
            "layers.Rescaling(1.0,",
            ("tests/helpers/test_classifier.py",),
        ),
    ),
    2: Mistake(
        "Classes read backwards",
        "Folders are numbered by the alphabet, and the code says the other name.",
        Edit("says > 0.5, names[1], names[0]", "says > 0.5, names[0], names[1]"),
        Break(
            "helpers/data.py",
            "for i, label in enumerate(class_names)}",
            "for i, label in enumerate(reversed(class_names))}",
            ("tests/helpers/test_data.py",),
        ),
    ),
    3: Mistake(
        "More steps than an epoch has",
        "An epoch is not an epoch, and learning looks quicker than it is.",
        Edit("steps_per_epoch = len(batches)", "steps_per_epoch = len(inputs)"),
    ),
    4: Mistake(
        "Each layer under its neighbour's name",
        "Outputs are taken from the second layer on, names from the first.",
        Edit(
            "layer.output for layer in model.layers]", "layer.output for layer in model.layers[1:]]"
        ),
        Break(
            "notebooks/07_intermediate_activations.ipynb",
            "{layer.name: layer.output for layer in model.layers}",
            "{a.name: b.output for a, b in zip(model.layers, model.layers[1:])}",
            ("notebooks/07_intermediate_activations.ipynb",),
        ),
    ),
    5: Mistake(
        "Divided by a dead filter",
        "Its deviation is 0, and 0 by 0 is no number.",
        Edit("scaled = centred / np.maximum(spread, 1e-6)", "scaled = centred / spread"),
    ),
    6: Mistake(
        "Shuffled anew at each pass",
        "Cut by `take` and `skip`, test images migrate into training.",
        Edit("seed=1, reshuffle_each_iteration=False)", "seed=1)"),
    ),
    7: Mistake(
        "The same model in each fold",
        "It remembers from the last fold what it is asked about in this one.",
        Edit(
            "    for fold in range(folds.max() + 1):\n        model = make()\n",
            "    model = make()\n    for fold in range(folds.max() + 1):\n",
        ),
    ),
    8: Mistake(
        "A share without its interval",
        "18 of 20 is 90 percent, and may well be 70 or 97.",
        Edit("better = low > needed", "better = share > needed"),
        Break(
            "helpers/evaluate.py",
            'proportion_ci(confidence, method="wilson")',
            'proportion_ci(confidence / 2, method="wilson")',
            ("tests/helpers/test_evaluate.py",),
        ),
    ),
    9: Mistake(
        "Training accuracy for the result",
        "A network that learnt by heart looks like one that learnt.",
        Edit('return scores["test"]', "return max(scores.values())"),
    ),
    10: Mistake(
        "Near-duplicates on both sides",
        "Who knows a picture in one light knows it in another.",
        Edit(
            "units = np.unique(room, return_inverse=True)[1]",
            "units = np.arange(len(inputs))",
        ),
        Break(
            "helpers/splits.py",
            "group = groups(inspections, known, limit)",
            "group = np.arange(len(train))",
            ("tests/helpers/test_data.py",),
        ),
    ),
    11: Mistake(
        "Blue, green, red",
        "OpenCV reads the colours in another order than Keras and Pillow.",
        Edit("rgb = frames[..., ::-1]", "rgb = frames[...]"),
    ),
    12: Mistake(
        "Averages that never arrive",
        "BatchNormalization with its default momentum needs some hundred steps more.",
        Edit("BatchNormalization(momentum=0.5)", "BatchNormalization()"),
    ),
    13: Mistake(
        "Resized in another way when serving",
        "The network meets pictures with edges that it never saw.",
        Edit('side, "area") for picture in test', 'side, "nearest") for picture in test'),
        Break(
            "helpers/classifier.py",
            "open_image(source, self.size, name, max_pixels, self.fit)",
            "open_image(source, name=name)[: self.size[0], : self.size[1]]",
            ("tests/helpers/test_classifier.py",),
        ),
    ),
    14: Mistake(
        "The phone's turn ignored",
        "A photograph whose file says which side is up arrives on its side.",
        Edit("ImageOps.exif_transpose(Image.open(file))", "Image.open(file)"),
        Break(
            "helpers/decode.py",
            "(rgb.transpose(TURNS[turn]) if turn in TURNS else rgb), stored",
            "rgb, stored",
            ("tests/helpers/test_images.py",),
        ),
    ),
}
