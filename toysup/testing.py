"""What holds of every plug-in, for the tests of its author: `toysup.testing.check(Cosine)`.

An AssertionError says what does not hold. The packaged plug-ins are held to the same. A picture is
not drawn here: that needs the run that it is made for.
"""

import inspect
from collections.abc import Callable, Sequence
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from toysup import registry, train
from toysup.batch import answers
from toysup.batch.programs import quick_jit
from toysup.features._distribution import FeatureDistribution
from toysup.grid import limits
from toysup.registry.contract import ContractError, problem

N_FEATURES, D_HIDDEN, BATCH = 10, 3, 8
jit = quick_jit(optimised=False)


def check(cls: type) -> None:
    """AssertionError where a plug-in's class does not keep what its family promises."""
    fault = problem(cls)
    assert fault is None, f"{cls.__name__} {fault}"
    if cls.family != "pictures":  # a caption says whose theory it shows
        assert "Source: " in (inspect.getdoc(cls) or ""), "the docstring has no `Source: `"
    for name, setting in registry.settings(cls).items():
        assert setting.doc, f"the setting {name} does not say what it is"
        assert not setting.doc.endswith("."), f"the setting {name}: a phrase has no full stop"
    try:
        CHECKS[cls.family](cls)
    except ContractError as broken:
        raise AssertionError(f"{cls.__name__}: {broken}") from broken


def check_objective(cls: type) -> None:
    """Losses and gradients are finite, on a batch of zeros too, and those of each lane alone; and
    one program serves all values of traced settings."""
    limits.floats(cls, N_FEATURES, D_HIDDEN, BATCH)
    traces = []
    lanes = [cell(objective=cls()), cell(objective=cls(**elsewhere(cls)), p=0.5)]
    answers.of_setup(lanes[0])
    state = started(lanes[0])

    def program(setup, key):
        traces.append(setup)
        x = train.fresh_batch(setup, key)

        def scaled(share):
            batch = jax.tree.map(lambda x: share * x, x)
            return jax.value_and_grad(lambda m: train.batch_loss(setup, m, key, batch))(state.model)

        return jax.lax.map(scaled, jnp.array([1.0, 0.0]))

    wrong = (
        "its loss or gradient is not finite. A usual cause is the norm of a zero column: put the "
        "epsilon inside the root, or use unit_columns."
    )
    finite = [f"{named(lane.objective)}: {wrong}" for lane in lanes]
    assert_alone(program, lanes, jax.random.key(1), rtol=1e-4, atol=1e-5, finite=finite)
    assert len(traces) == 2, "it is traced again for other values of traced settings"

    def measured(setup, model):
        x = train.fresh_batch(setup, jax.random.key(2))
        return setup.objective.measure(model, jax.random.key(3), x)

    jit(measured)(lanes[0], state.model)
    drawn = started(cell()).model.W
    np.testing.assert_array_equal(state.model.W, drawn, "the encoder must start as it is drawn")


def check_features(cls: type) -> None:
    """Samples have their shape, are not negative (unless `signed`), and keep their features when
    their amplitudes are drawn again; and are those of each lane alone."""
    made = cls()
    answers.of_setup(cell(features=made))
    answers.of_samples(jax.tree.map(lambda leaf: jnp.float32([leaf]), made), 1, N_FEATURES)
    x = jit(lambda made: made.sample(jax.random.key(0), N_FEATURES, 128))(made)
    fresh = jit(lambda made, x: made.resample_amplitudes(jax.random.key(1), x))(made, x)
    np.testing.assert_array_equal(fresh != 0, x != 0, "resampling changed which are present")

    def drawn(made, keys):
        x = made.sample(keys[0], N_FEATURES, BATCH)
        return x, made.resample_amplitudes(keys[1], x)

    assert_alone(drawn, [cls(), cls(**elsewhere(cls))], jax.random.split(jax.random.key(6)))


def check_view(cls: type) -> None:
    """Two batches of the right shape, the same for equal keys, and those of each lane alone."""
    shape, features = (N_FEATURES, 64), independent(0.3)

    @jit
    def draw(seed):
        return cls().pair(*jax.random.split(jax.random.key(seed)), features, *shape)

    anchors, positives = draw(0)
    assert anchors.shape == positives.shape == shape
    np.testing.assert_array_equal(positives, draw(0)[1], "equal keys gave other views")
    assert not np.array_equal(anchors, draw(1)[0]), "other keys gave the same views"
    lanes = [(cls(), independent(0.5)), (cls(**elsewhere(cls)), independent(0.5))]
    keys = jax.random.split(jax.random.key(5))
    assert_alone(lambda lane, keys: lane[0].pair(*keys, lane[1], N_FEATURES, BATCH), lanes, keys)


def check_encoder(cls: type) -> None:
    """Each sample is mapped by itself, and by each lane with its weights; W is there if it says."""
    static = {name: s.default for name, s in registry.settings(cls).items() if s.static}
    sizes = {"n_features": N_FEATURES, "d_hidden": D_HIDDEN, "batch_size": BATCH}
    limits.floats(cls, static | sizes)
    module = cls().module(N_FEATURES, D_HIDDEN)
    x = jax.random.uniform(jax.random.key(1), (N_FEATURES, 4))
    start, apply = jit(lambda seed: module.init(jax.random.key(seed), x[:, :1])), jit(module.apply)
    lanes = [start(seed) for seed in range(2)]
    h = apply(lanes[0], x)
    assert h.shape == (D_HIDDEN, 4), f"h has shape {h.shape}"
    np.testing.assert_allclose(apply(lanes[0], x[:, 1:2]), h[:, 1:2], rtol=1e-5)
    assert cls.has_matrix == ("W" in lanes[0]["params"]), "has_matrix does not say what is there"
    assert_alone(module.apply, lanes, x)


def check_metric(cls: type) -> None:
    """A number, or a list, for each matrix of a stack, by itself; and scale-free if it says."""
    metric = cls()
    W = np.random.default_rng(0).standard_normal((4, D_HIDDEN, N_FEATURES))
    answers.of_metric(metric, D_HIDDEN, N_FEATURES)
    found = np.asarray(metric.measure(W))
    alone = np.concatenate([metric.measure(W[i : i + 1]) for i in range(4)])
    np.testing.assert_allclose(found, alone, err_msg="a matrix depends on its neighbours")
    if cls.scale_free:
        np.testing.assert_allclose(metric.measure(3 * W), found, err_msg="it depends on the scale")


def check_picture(cls: type) -> None:
    """It has a title and a caption."""
    assert cls.title[:1].isupper(), "the title begins with a capital letter"
    assert not cls.title.endswith("."), "the title has no full stop"
    assert cls.caption.endswith("."), "the caption is made of sentences"


CHECKS: dict[str, Callable[[type], None]] = {
    "objectives": check_objective,
    "features": check_features,
    "views": check_view,
    "encoders": check_encoder,
    "metrics": check_metric,
    "pictures": check_picture,
}


def independent(p: float) -> FeatureDistribution:
    """Independent features of density p."""
    return registry.load("features", "independent")(feature_probability=p)


def cell(objective: Any = None, p: float = 0.3, features: Any = None) -> train.Setup:
    """A small setup of an objective, by default of the mean squared error."""
    objective = objective or registry.load("objectives", "mse")()
    return train.Setup(
        size=train.Size(N_FEATURES if features else 5, 2),
        training=train.Training(steps=10, batch_size=BATCH),
        features=features or independent(p),
        views=registry.load("views", "identity")() if objective.pairs else None,
        encoder=registry.load("encoders", "linear")(),
        objective=objective,
    )


@jit
def started(setup: train.Setup) -> train.State:
    """An instance before its first step."""
    return train.init(setup, jax.random.key(0))


def elsewhere(cls: type) -> dict[str, float]:
    """The traced settings of a plug-in, all away from their defaults."""
    traced = {name: s for name, s in registry.settings(cls).items() if not s.static}
    return {name: another(s) for name, s in traced.items()}


def another(setting: registry.Setting) -> float:
    """Another value that a traced setting may have."""
    default = setting.default
    steps = (0.8 * default, 1.2 * default, default + 0.2, default - 0.2)
    return next(v for v in steps if v != default and setting.fault(v) is None)


def named(plugin: Any) -> str:
    """A plug-in with its settings: "Cosine(target=0.5)"."""
    settings = registry.settings(type(plugin))
    values = ", ".join(f"{name}={getattr(plugin, name)!r}" for name in settings)
    return f"{type(plugin).__name__}({values})"


def assert_alone(
    program,
    lanes: list,
    *shared,
    rtol: float = 1e-4,
    atol: float = 1e-6,
    finite: Sequence[str] = (),
) -> None:
    """`program` of a stack of lanes gives each what it has by itself, and finite; `finite` has the
    message where a lane's is not."""
    axes = (0, *(None for _ in shared))
    stacked = jax.tree.map(lambda *leaves: jnp.asarray(leaves, jnp.float32), *lanes)
    together = jit(jax.vmap(program, axes, axis_size=len(lanes)))(stacked, *shared)
    alone = jit(program)
    for place, lane in enumerate(lanes):
        one = alone(jax.tree.map(jnp.float32, lane), *shared)
        for beside, expected in zip(*map(jax.tree.leaves, (together, one)), strict=True):
            message = finite[place] if finite else "a value is not finite"
            assert np.isfinite(expected).all(), message
            np.testing.assert_allclose(beside[place], expected, rtol=rtol, atol=atol)
