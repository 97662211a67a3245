//! What the system tells of a running process (`proc(5)`).

use std::{collections::BTreeSet, fs};

/// The most memory it ever held, in MiB.
pub fn peak_mb(process: u32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.split_whitespace().next()?.parse::<u64>().ok().map(|kib| kib >> 10)
}

/// The far ends of the TCP connections that it opened, as `address:port` in hexadecimal digits; those
/// to its own port `listens` were opened by others.
pub fn far_ends(process: u32, listens: u16) -> BTreeSet<String> {
    let mine = sockets(process);
    let mut ends = BTreeSet::new();
    for table in ["tcp", "tcp6"] {
        let text = fs::read_to_string(format!("/proc/{process}/net/{table}")).unwrap_or_default();
        for line in text.lines().skip(1) {
            let columns: Vec<&str> = line.split_whitespace().collect();
            let near = columns.get(1).and_then(|near| port_of(near));
            if let (Some(far), Some(inode)) = (columns.get(2), columns.get(9))
                && near != Some(listens)
                && mine.contains(*inode)
            {
                ends.insert((*far).to_owned());
            }
        }
    }
    ends
}

/// The port in such a name.
pub fn port_of(end: &str) -> Option<u16> {
    u16::from_str_radix(end.rsplit(':').next()?, 16).ok()
}

fn sockets(process: u32) -> BTreeSet<String> {
    let files = fs::read_dir(format!("/proc/{process}/fd")).into_iter().flatten().flatten();
    let links = files.filter_map(|file| fs::read_link(file.path()).ok());
    links
        .filter_map(|link| Some(link.to_str()?.strip_prefix("socket:[")?.strip_suffix(']')?.to_owned()))
        .collect()
}
