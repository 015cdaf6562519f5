"""Compiled programs kept between processes: a second process of the same sweep loads them."""

from toysup.files import cache

SHORTEST = 0.2  # seconds of compilation that are worth a file


def keep() -> None:
    """Let jax keep what it compiles in the cache folder, if there is one."""
    import jax

    path = cache.folder()
    if path:
        jax.config.update("jax_compilation_cache_dir", str(path))
        jax.config.update("jax_persistent_cache_min_compile_time_secs", SHORTEST)
        jax.config.update("jax_persistent_cache_min_entry_size_bytes", -1)
