"""What the machine itself allows: the servers of the bench without a desk."""
import os
import re
import statistics
import subprocess
import time

import bench
from gauges import SINK_PORT, Office, Sink

# About as large as an acknowledgement.
MAIL = 3000
PATIENCE = 300


def source(port, count, connections, *more):
    """Seconds that `smtp-source` of Postfix needs to hand in so many mails."""
    began = time.time()
    subprocess.run(["smtp-source", "-d", "-s", str(connections), "-m", str(count), "-l", str(MAIL), "-f", "support@desk.test",
                    "-t", "c@customer.test", *more, f"127.0.0.1:{port}"], check=True)
    return time.time() - began


def office_alone(count, connections=4):
    """Mails a second that the post office lays into as many mailboxes when nobody else is at work."""
    bench.wipe()
    with Office() as office:
        began = time.time()
        source(10025, count, connections, "-N")
        while (delivered := office.poll()) < count and time.time() - began < PATIENCE:
            time.sleep(0.01)
    return round(delivered / (time.time() - began), 1)


def all_of_them(folder, mails):
    """One row a limit. PostgreSQL and Dovecot by limits.sh of the bench."""
    count = len(mails)
    rows = []
    add = lambda name, rate: rows.append({"limit": name, "per second": round(rate)})
    imap = script(folder, "imap")
    add("Dovecot: mails fetched, pipelined FETCH of one mail each", number(r"pipelined single.*median (\d+)", imap))
    add("Dovecot: mails fetched, one after the other", number(r"imaplib, one FETCH.*median (\d+)", imap))
    postgres = script(folder, "pg")
    for clients in (1, 8):
        found = re.findall(rf"3-insert tx, {clients} client.*tps = ([\d.]+)", postgres)
        add(f"PostgreSQL: commits of three inserts, {clients} connections", statistics.median(map(float, found)))
    with Sink():
        add("smtp-sink: mails taken, 4 connections", count / source(SINK_PORT, count, 4))
    bench.wipe()
    add("Postfix: mails taken, 4 connections", count / source(10025, count, 4, "-N"))
    add("Postfix and Dovecot: mails delivered, 4 connections", statistics.median(office_alone(count) for _ in range(3)))
    return rows


def script(folder, what):
    """What a part of limits.sh prints. HELD: we hold the lock of the bench already."""
    ran = subprocess.run([f"{folder}/limits.sh", what], env={**os.environ, "HELD": "1"}, capture_output=True, text=True)
    return ran.stdout


def number(pattern, text):
    found = re.search(pattern, text)
    assert found, f"limits.sh printed nothing like {pattern}:\n{text}"
    return float(found[1])
