"""Whether a program was built with sanitizers: it is many times as slow, needs several times as much memory, and reserves terabytes of
addresses."""
import pathlib


def is_sanitized(program):
    return b"__asan_init" in pathlib.Path(program).read_bytes()
