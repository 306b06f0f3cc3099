"""A trial in which the model ends its process, as damaged bytes have done."""

import os
import signal
import sys

sys.stdin.buffer.read()
os.kill(os.getpid(), signal.SIGSEGV)
