"""Points on manifolds, and how features respond to them."""

from itertools import accumulate, cycle, islice

import jax.numpy as jnp
import numpy as np

CIRCLE, SPHERE, PRODUCT = 2, 3, 5  # by the dimensions of the space that they lie in
SHAPES = {
    "circles": (CIRCLE,),
    "spheres": (SPHERE,),
    "products": (PRODUCT,),
    "mixed": (CIRCLE, SPHERE, PRODUCT),
}


def features_of(shapes: str) -> int:
    """How many features one manifold of each kind has together: a simplex for each."""
    return sum(dimensions + 1 for dimensions in SHAPES[shapes])


def spaces(shapes: str, n_features: int) -> list[int]:
    """The dimensions of the space of each manifold, in order, until features run out."""
    ends = accumulate(dimensions + 1 for dimensions in cycle(SHAPES[shapes]))
    count = 1 + next(k for k, end in enumerate(ends) if end >= n_features)
    return list(islice(cycle(SHAPES[shapes]), count))


def simplex(dimensions: int) -> np.ndarray:
    """The corners of a regular simplex, (dimensions + 1, dimensions): any two have cosine
    -1 / dimensions.

    In two dimensions they are at angles 0, 2 pi / 3 and 4 pi / 3.

    >>> simplex(2).round(3).tolist()
    [[1.0, 0.0], [-0.5, 0.866], [-0.5, -0.866]]
    """
    if dimensions == 1:
        return np.array([[1.0], [-1.0]])
    base = np.sqrt(1 - 1 / dimensions**2) * simplex(dimensions - 1)
    first = np.eye(1, dimensions)
    return np.concatenate([first, np.insert(base, 0, -1 / dimensions, axis=1)])


def simplices(sizes: list[int]) -> np.ndarray:
    """Those of several manifolds, (all features, all coordinates): 0 between two of them."""
    tuned = np.zeros((sum(sizes) + len(sizes), sum(sizes)))
    row = column = 0
    for size in sizes:
        tuned[row : row + size + 1, column : column + size] = simplex(size)
        row, column = row + size + 1, column + size
    return tuned


def uniforms(size: int) -> int:
    """How many uniform draws choose a point: an angle, or an angle and a height, or all three."""
    return {CIRCLE: 1, SPHERE: 2, PRODUCT: 3}[size]


def circle(angle):
    return jnp.stack([jnp.cos(2 * jnp.pi * angle), jnp.sin(2 * jnp.pi * angle)])


def sphere(angle, height):
    """Uniform, as each slice of a sphere has as much surface as it is high (Archimedes)."""
    z = 2 * height - 1
    return jnp.concatenate([jnp.sqrt(jnp.maximum(1 - z**2, 0.0)) * circle(angle), z[None]])


def point(size: int, u):
    """Uniform on one manifold, (size, batch), of length one; u is (uniforms(size), batch)."""
    if size == CIRCLE:
        return circle(*u)
    if size == SPHERE:
        return sphere(*u)
    return jnp.concatenate([circle(u[0]), sphere(*u[1:])]) / np.sqrt(2)


def points(sizes: list[int], u):
    """Of each manifold one, (all coordinates, batch); u is (all uniforms, batch)."""
    ends = np.cumsum([uniforms(size) for size in sizes])
    parts = jnp.split(u, ends[:-1])
    return jnp.concatenate([point(size, part) for size, part in zip(sizes, parts, strict=True)])
