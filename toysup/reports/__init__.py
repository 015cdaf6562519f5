"""What a finished run says: `findings.gather` first, as data, then `terminal`, `page` or JSON.

Nothing here imports jax, and nothing that shows a finding decides one.
"""
