# select: the numbers of the events.
import select

print(select.POLLIN, select.POLLOUT, select.POLLERR, select.POLLHUP)
