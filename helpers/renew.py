"""A network that has been trained is made new, and what TensorFlow has built for it is kept.

Whoever trains thirty networks of one kind has TensorFlow build thirty times the graphs by which it
calculates: at these sizes that takes longer than the training, and memory for each.
"""

import keras


def renewed(used: keras.Model, new: keras.Model) -> keras.Model:
    """Give a network everything that training changes as a new one of its kind has it.

    That is the weights, the running averages, what dropout and augmentation draw from, and what
    the optimiser has noted. Trained after the same `keras.utils.set_random_seed`, the used network
    ends with the weights that the new one would have ended with, to the last bit.

    Args:
        used: A compiled network, whose graphs are kept.
        new: One that the same function has built, compiled and never trained.

    Returns:
        `used`.

    Raises:
        ValueError: they are not of one kind, or a layer has numbers of `adapt` in the graph.
    """
    if _adapts(used):
        raise ValueError(f"{used.name} has a layer with adapted numbers, which its graph keeps.")
    ways = [(model, model.optimizer) for model in (used, new)]
    for model, optimiser in ways:
        optimiser.build(model.trainable_variables)
    mine, theirs = ([*model.variables, *optimiser.variables] for model, optimiser in ways)
    if [v.shape for v in mine] != [v.shape for v in theirs]:
        raise ValueError(f"{used.name} and {new.name} are not of one kind.")
    for variable, first in zip(mine, theirs, strict=True):
        variable.assign(first)
    return used


def _adapts(layer: keras.Layer) -> bool:
    """Say whether a layer, or one in it, has learnt by `adapt`, which no variable tells."""
    return hasattr(layer, "adapt") or any(map(_adapts, getattr(layer, "layers", ())))
