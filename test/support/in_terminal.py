"""Runs a command in a pseudo-terminal of its own: in_terminal.py COLUMNS ROWS COMMAND...

What the command writes to its terminal goes to standard output as it is, and what comes in on standard input is typed
into it. The end of standard input hangs the terminal up, as closing its window does.
"""

import fcntl
import os
import pty
import select
import struct
import sys
import termios

columns, rows, *command = sys.argv[1:]
pid, terminal = pty.fork()
if pid == 0:
    fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", int(rows), int(columns), 0, 0))
    os.execvp(command[0], command)
while True:
    try:
        ready, _, _ = select.select([terminal, 0], [], [])
        if terminal in ready:
            chunk = os.read(terminal, 65536)
            if not chunk:
                break
            os.write(1, chunk)
        if 0 in ready:
            typed = os.read(0, 65536)
            if not typed:
                break
            os.write(terminal, typed)
    except OSError:  # the last program on the terminal has ended
        break
os.close(terminal)
_, status = os.waitpid(pid, 0)
sys.exit(os.waitstatus_to_exitcode(status) & 0xFF)
