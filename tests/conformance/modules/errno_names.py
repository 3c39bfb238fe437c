# Numbers of errors, the same as the exceptions carry.
import errno

names = """EPERM ENOENT EIO EBADF EAGAIN ENOMEM EACCES EBUSY EEXIST ENODEV ENOTDIR EISDIR EINVAL ENOSPC EOPNOTSUPP EADDRINUSE
ECONNABORTED ECONNRESET ENOBUFS ENOTCONN ETIMEDOUT ECONNREFUSED EHOSTUNREACH EALREADY EINPROGRESS""".split()
for name in names:
    number = getattr(errno, name)
    print(name, number, errno.errorcode[number] in (name, "ENOTSUP"))
print(errno.errorcode.get(0), type(errno.errorcode))
error = OSError(errno.ENOENT, "x")
print(error.errno == errno.ENOENT, error.args)
