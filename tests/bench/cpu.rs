//! Processor time: this process's, its ended children's, and that of servers that still run.

use std::fs;

use nix::sys::resource::{Usage, UsageWho, getrusage};

/// `/proc` counts in hundredths of a second, whatever the kernel's own tick.
const TICKS_PER_SECOND: f64 = 100.0;

/// Seconds of processor time that this process has used.
pub(crate) fn own_seconds() -> f64 {
    seconds_of(UsageWho::RUSAGE_SELF)
}

/// Seconds that ended children have used.
pub(crate) fn children_seconds() -> f64 {
    seconds_of(UsageWho::RUSAGE_CHILDREN)
}

fn seconds_of(who: UsageWho) -> f64 {
    let seconds = |usage: &Usage| {
        [usage.user_time(), usage.system_time()]
            .iter()
            .map(|time| time.tv_sec() as f64 + time.tv_usec() as f64 / 1e6)
            .sum()
    };
    getrusage(who).map_or(0.0, |usage| seconds(&usage))
}

/// One line of `/proc/<id>/stat`.
struct Stat {
    parent: u32,
    own: f64,
    ended_children: f64,
}

fn stat(process: u32) -> Option<Stat> {
    let text = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    // The name stands in brackets and may hold anything.
    let fields: Vec<&str> = text.rsplit_once(')')?.1.split_whitespace().collect();
    let ticks = |at: usize| fields.get(at).and_then(|field| field.parse::<f64>().ok());
    Some(Stat {
        parent: fields.get(1)?.parse().ok()?,
        own: (ticks(11)? + ticks(12)?) / TICKS_PER_SECOND,
        ended_children: (ticks(13)? + ticks(14)?) / TICKS_PER_SECOND,
    })
}

/// The most memory that a process has held, in megabytes.
pub(crate) fn peak_mb(process: u32) -> Option<u64> {
    let text = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = text.lines().find(|line| line.starts_with("VmHWM:"))?;
    let kilobytes: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kilobytes.div_ceil(1024))
}

/// Seconds that a process and its children have used; 0 where the system does not tell.
pub(crate) fn family_seconds(process: u32) -> f64 {
    let head = stat(process).map_or(0.0, |stat| stat.own + stat.ended_children);
    let running = fs::read_dir("/proc").into_iter().flatten().flatten();
    let children = running
        .filter_map(|entry| entry.file_name().to_str()?.parse().ok())
        .filter_map(stat)
        .filter(|child| child.parent == process)
        .map(|child| child.own + child.ended_children);
    head + children.sum::<f64>()
}
