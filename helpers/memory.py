"""What keeps a kernel small: a network that nobody has any more leaves nothing behind."""

import functools
import gc
import weakref
from collections.abc import Callable
from typing import Any


@functools.cache
def let_networks_go() -> None:
    """Have TensorFlow and Python free networks that are gone; a second call does nothing.

    TensorFlow registers the gradient of each `custom_gradient` for ever, and the gradient holds the
    graph that it stands in: one that trains thirty networks keeps the graphs of all thirty, with
    their weights. Here the graph keeps its gradients, and the register only knows where they are.

    Graphs and networks refer to themselves in circles, which Python's collector finds. It looks
    the less often, the more there is to go through, and TensorFlow alone brings 300,000 objects:
    frozen, they are not gone through any more.
    """
    from tensorflow.python.framework import ops

    decorator = ops.RegisterGradient
    decorator.__call__ = _kept_by_the_graph(decorator.__call__, ops.get_default_graph)
    gc.collect()
    gc.freeze()


def _kept_by_the_graph(
    registered: Callable[[Any, Callable], Callable], default_graph: Callable[[], Any]
) -> Callable[[Any, Callable], Callable]:
    """Wrap the decorator that registers a gradient."""

    def by_name(register: Any, gradient: Callable) -> Callable:
        if not str(getattr(register, "_op_type", "")).startswith("CustomGradient-"):
            return registered(register, gradient)
        graph = default_graph()
        graph.course_gradients = [*getattr(graph, "course_gradients", ()), gradient]
        registered(register, _found(weakref.ref(gradient)))
        return gradient

    return by_name


def _found(gradient: weakref.ref) -> Callable:
    """Return what calls a gradient, for as long as its graph is there."""

    def call(*given: Any) -> Any:
        there = gradient()
        if there is None:
            raise LookupError("The graph of this gradient is gone.")
        return there(*given)

    return call
