# platform: strings about the build.
import platform

print(type(platform.platform()).__name__, len(platform.platform()) > 5)
print(type(platform.python_compiler()).__name__, [type(s).__name__ for s in platform.libc_ver()])
