"""Gathers the fixtures' Dockerfiles as seeds. Usage: seeds.py FIXTURES DIRECTORY"""
import hashlib
import pathlib
import sys

target = pathlib.Path(sys.argv[2])
target.mkdir(parents=True, exist_ok=True)
for path in pathlib.Path(sys.argv[1]).rglob("*Dockerfile"):
    data = path.read_bytes()
    (target / hashlib.sha1(data).hexdigest()).write_bytes(data)
