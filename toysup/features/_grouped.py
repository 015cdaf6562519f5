"""What feature distributions with groups of related features share."""

import jax
import jax.numpy as jnp
import numpy as np
from flax import struct

from toysup.features._sparse import Sparse
from toysup.registry import setting


@struct.dataclass
class Grouped(Sparse):
    """Each `group_size` consecutive features are a group, independent of the others.

    Where that doesn't divide n_features, the last group is smaller.
    """

    group_size: int = setting(
        2, "how many consecutive features are a group; the last one may be smaller", low=2
    )

    def group(self, n_features):
        """The number of each feature's group, (n_features,)."""
        return np.arange(n_features) // self.group_size

    def of_first(self, x):
        """For each row, that of the first feature of its group."""
        return self.spread(x[:: self.group_size], len(x))

    def befalls(self, key, probability, n_features, batch):
        """Whether something of this probability happens to a feature's group in a sample."""
        groups = -(-n_features // self.group_size)
        return self.spread(jax.random.uniform(key, (groups, batch)) < probability, n_features)

    def spread(self, by_group, n_features):
        """A row for each group -> a row for each feature."""
        return jnp.repeat(by_group, self.group_size, axis=0)[:n_features]

    def partners(self, n_features):
        group = self.group(n_features)
        return (group[:, None] == group) & ~np.eye(n_features, dtype=bool)
