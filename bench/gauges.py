"""What is read off while something runs: CPU by group, memory, and what the relay took."""
import os
import re
import subprocess
import time

import bench

SINK_PORT = 10026


def cpu():
    """CPU seconds of the groups so far. Where the kernel has no cpuacct, the folders that bench.py makes
    are groups of cgroup v2, which count in cpu.stat."""
    seconds = {}
    for group in ("peer", "pg", "post"):
        usage = f"{bench.CG}{group}/cpuacct.usage"
        if os.path.exists(usage):
            seconds[group] = int(open(usage).read()) / 1e9
        else:
            stat = open(f"{bench.CG}{group}/cpu.stat").read()
            seconds[group] = int(re.search(r"usage_usec (\d+)", stat)[1]) / 1e6
    return seconds


def memory(pid):
    """Resident memory of one process in MB: RSS now, its peak, and PSS (shared pages by share)."""
    status = open(f"/proc/{pid}/status").read()
    smaps = open(f"/proc/{pid}/smaps_rollup").read()
    read = lambda name, text: int(re.search(rf"^{name}:\s+(\d+)", text, re.M)[1]) / 1024
    return dict(rss=read("VmRSS", status), peak=read("VmHWM", status), pss=read("Pss", smaps))


class Sink:
    """`smtp-sink` of Postfix: a relay that takes every mail and forgets it, so that it costs next to nothing."""

    port = SINK_PORT

    def __enter__(self):
        self.log = f"{bench.PE}/log/sink"
        # Its address family and backlog as in its manual; -c writes a counter at every mail.
        self.process = subprocess.Popen(["smtp-sink", "-c", "-u", "postfix", f"127.0.0.1:{self.port}", "1000"],
                                        stdout=open(self.log, "wb"), preexec_fn=bench.incg("post"))
        time.sleep(0.3)
        assert self.process.poll() is None, "smtp-sink did not start"
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()

    def poll(self):
        """Mails taken so far."""
        with open(self.log, "rb") as file:
            file.seek(max(0, os.path.getsize(self.log) - 200))
            counts = re.findall(rb"mesg=(\d+)", file.read())
        return int(counts[-1]) if counts else 0


class Office:
    """The real post office: mails that it has laid into the mailboxes of customers, by its log."""

    port = 10025

    def __enter__(self):
        self.log, self.rest, self.delivered = open(bench.LOG, "rb"), b"", 0
        self.log.seek(0, os.SEEK_END)
        return self

    def __exit__(self, *_):
        self.log.close()

    def poll(self):
        text = self.rest + self.log.read()
        whole = text.rfind(b"\n") + 1
        self.delivered += len(re.findall(rb"to=<\w+@customer\.test>.*status=sent", text[:whole]))
        self.rest = text[whole:]
        return self.delivered


def machine():
    """One line about where this was measured."""
    name = re.search(r"model name\s*: (.*)", open("/proc/cpuinfo").read())[1]
    total = int(re.search(r"MemTotal:\s+(\d+)", open("/proc/meminfo").read())[1]) // 2**20
    system = re.search(r'PRETTY_NAME="(.*)"', open("/etc/os-release").read())[1]
    return f"{os.cpu_count()} x {name}, {total + 1} GiB, {system}, Linux {os.uname().release}; {time.strftime('%Y-%m-%d %H:%M')}"
