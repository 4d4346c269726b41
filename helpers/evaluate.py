"""How sure a figure is."""

import math


def wilson(right: int, total: int, z: float = 1.96) -> tuple[float, float]:
    """Return the Wilson score interval of a share: 95 percent unless told otherwise.

    Source: E. B. Wilson, "Probable inference, the law of succession, and statistical inference",
    Journal of the American Statistical Association 22, 1927.

    Args:
        right: How many succeeded.
        total: Of how many; at least 1.
        z: The standard normal quantile.

    Returns:
        (low, high), both in [0, 1].

    Raises:
        ValueError: `total` is below 1, or `right` does not lie in 0 to `total`.
    """
    if total < 1 or not 0 <= right <= total:
        raise ValueError(f"{right} of {total} is no share.")
    share, n = right / total, total
    centre = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    # Rounding may leave a digit beyond the ends when none or all are right.
    return max(0.0, centre - half), min(1.0, centre + half)
