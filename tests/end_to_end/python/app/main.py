import subprocess

import greeting

print(greeting.hello(), subprocess.run(["file", "--version"], capture_output=True, text=True).returncode)
