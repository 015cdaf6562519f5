"""What this process may use of its machine: cores, memory and disk.

The machine in, or the container or job that limits it; numbers out.
"""
