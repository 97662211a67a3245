"""Mails that wait in the mailbox -> tickets committed and every acknowledgement taken by a relay."""
import contextlib
import os
import time

import bench
from gauges import cpu, memory

# Nothing has moved for so long: what is missing will not come.
QUIET = 60
# Memory is looked at this often: reading PSS walks the page table.
MEMORY_EVERY = 0.25


def ingest(desk, relay, files, staff=False):
    """One repetition, from the start of the process to the last record. One row of a table."""
    owed = len(files) * (2 if staff else 1)
    with relay:
        desk.configure(relay.port, staff).reset()
        bench.wipe()
        bench.lmtp(files)
        with database(desk) as connection:
            base, sent = desk.count(connection), desk.sent(connection)
            load, before, began = os.getloadavg()[0], cpu(), time.time()

            def done():
                return (relay.poll() >= owed and desk.count(connection) - base >= len(files)
                        and desk.sent(connection) - sent >= owed * desk.records_sent)

            with running(desk, desk.once) as process:
                complete, peak = wait_for(done, relay.poll, process)
                took, after = time.time() - began, cpu()
            row = {"mails/s": round(len(files) / took, 1) if complete else 0, "seconds": round(took, 2),
                   "tickets": desk.count(connection) - base, "taken by relay": relay.poll()}
    for name, group in (("own CPU s/1000", "peer"), ("PostgreSQL CPU s/1000", "pg"), ("servers CPU s/1000", "post")):
        row[name] = round((after[group] - before[group]) / len(files) * 1000, 2)
    return {**row, "peak RSS MB": round(peak["peak"], 1), "peak PSS MB": round(peak["pss"], 1), "load": round(load, 1)}


@contextlib.contextmanager
def running(desk, verb):
    """The process of a desk, which ends with us however we end: another one would find its port taken and its
    mailbox held."""
    process = bench.launch(desk, verb)
    try:
        yield process
    finally:
        bench.end(process)


@contextlib.contextmanager
def database(desk):
    connection = desk.con()
    try:
        yield connection
    finally:
        connection.close()


def wait_for(done, moved, process):
    """Looks every 10 ms whether it is done, and gives up when nothing has moved for long. Returns whether it
    is, and the most memory that the process had."""
    last, since, looked, peak = None, time.time(), 0, dict(rss=0, peak=0, pss=0)
    while not (finished := done()):
        now = moved()
        if now != last:
            last, since = now, time.time()
        if time.time() - since > QUIET:
            break
        assert process.poll() in (None, 0), f"the desk ended by itself; its last words are below {bench.PE}/log"
        if time.time() - looked > MEMORY_EVERY:
            looked, peak = time.time(), more(peak, process.pid)
        time.sleep(0.01)
    return finished, more(peak, process.pid)


def more(peak, pid):
    try:
        now = memory(pid)
    except (OSError, TypeError):  # it has ended
        return peak
    return {name: max(value, now[name]) for name, value in peak.items()}
