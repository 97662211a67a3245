"""One mail after the other: how long from its delivery to its answer in the customer's mailbox."""
import os
import socket
import statistics
import threading
import time

import bench
from ingest import running

PATIENCE = 60


class Watcher:
    """A second client that waits in IDLE (RFC 2177), to tell how long the server itself keeps news back:
    Dovecot gathers changes for half a second (NOTIFY_DELAY_MSECS in its source)."""

    def __init__(self):
        self.socket = socket.create_connection(("127.0.0.1", 10143))
        self.lines = self.socket.makefile("rb")
        self.lines.readline()
        self.command("a LOGIN support@desk.test pw")
        self.command("b SELECT INBOX")
        self.socket.sendall(b"c IDLE\r\n")
        self.announced = None
        threading.Thread(target=self.listen, daemon=True).start()

    def command(self, text):
        self.socket.sendall(f"{text}\r\n".encode())
        while not self.lines.readline().startswith(text[:2].encode()):
            pass

    def listen(self):
        for line in self.lines:
            if b"EXISTS" in line:
                self.announced = time.time()


def measure(desk, files, pause):
    """Milliseconds of each mail from its delivery: to its answer, and to the news of it in IDLE. `pause` tells
    the seconds after a mail from its number."""
    desk.configure().reset()
    bench.wipe()
    answered, announced = [], []
    with running(desk, desk.idle):
        time.sleep(4)  # until it is in IDLE, as bench.py waits
        watcher = Watcher()
        for number, file in enumerate(files):
            watcher.announced = None
            bench.lmtp([file])
            delivered = time.time()
            folder = f"{bench.MAIL}/customer.test/c{os.path.basename(file)[:6]}/Maildir/new"
            answered.append(since(delivered, lambda: os.path.isdir(folder) and os.listdir(folder) and time.time()))
            announced.append(since(delivered, lambda: watcher.announced))
            time.sleep(pause(number))
    return answered, announced


def since(start, moment):
    """Milliseconds until `moment` tells when it was."""
    while not (happened := moment()):
        assert time.time() - start < PATIENCE, f"nothing after {PATIENCE} s"
        time.sleep(0.002)
    return (happened - start) * 1000


def row(name, values):
    values = sorted(values)
    return {"of": name, "mails": len(values), "median ms": round(statistics.median(values)),
            "p90 ms": round(values[int(len(values) * 0.9) - 1]), "max ms": round(values[-1])}
