//! How much memory this machine, or the container around us, has.

use std::fs;
use std::path::Path;

const MIB: u64 = 1 << 20;

/// Taken where the system does not say: small enough for any machine that can build Cardea.
const UNKNOWN_MACHINE_BYTES: u64 = 4 << 30;

pub(crate) fn machine_bytes() -> u64 {
    let installed = fs::read_to_string("/proc/meminfo").ok().and_then(|text| parse_meminfo(&text));
    [installed, container_bytes()].into_iter().flatten().min().unwrap_or(UNKNOWN_MACHINE_BYTES)
}

fn parse_meminfo(text: &str) -> Option<u64> {
    let line = text.lines().find(|line| line.starts_with("MemTotal:"))?;
    let kib: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kib * 1024)
}

/// The tightest limit on the way from our control group to the root. Absent limits read `max`.
fn container_bytes() -> Option<u64> {
    let groups = fs::read_to_string("/proc/self/cgroup").unwrap_or_default();
    let ours = groups.lines().find_map(|line| line.strip_prefix("0::/")).unwrap_or_default();
    let root = Path::new("/sys/fs/cgroup");
    let nested = root.join(ours);
    let unified = nested
        .ancestors()
        .take_while(|folder| folder.starts_with(root))
        .map(|folder| folder.join("memory.max"));
    unified
        .chain([root.join("memory/memory.limit_in_bytes")])
        .filter_map(|file| fs::read_to_string(file).ok()?.trim().parse().ok())
        .min()
}

/// Server settings that depend on how much memory there is; `(name, value)` in PostgreSQL's units.
///
/// A quarter for the shared buffers leaves room for the application, the page cache and, on a
/// developer's machine, the compiler and the browser.
pub(crate) fn sized_settings(bytes: u64) -> Vec<(&'static str, String)> {
    let mib = bytes / MIB;
    let within = |value: u64, low: u64, high: u64| format!("{}MB", value.clamp(low, high));
    vec![
        ("shared_buffers", within(mib / 4, 128, 8192)),
        ("effective_cache_size", within(mib / 2, 256, 65_536)),
        ("work_mem", within(mib / 384, 4, 64)),
        ("maintenance_work_mem", within(mib / 16, 64, 1024)),
        ("max_wal_size", within(mib / 4, 1024, 8192)),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn installed_memory_is_read_in_bytes() {
        assert_eq!(parse_meminfo("MemFree: 1 kB\nMemTotal:       24576000 kB\n"), Some(24_576_000 * 1024));
        assert_eq!(parse_meminfo("nothing"), None);
    }

    #[test]
    fn this_machine_has_a_plausible_amount() {
        assert!(machine_bytes() > 64 * MIB);
    }

    #[test]
    fn small_and_large_machines_stay_within_bounds() {
        let value = |bytes: u64, name: &str| {
            sized_settings(bytes).into_iter().find(|(key, _)| *key == name).map(|(_, value)| value)
        };
        assert_eq!(value(256 * MIB, "shared_buffers").as_deref(), Some("128MB"));
        assert_eq!(value(24_576 * MIB, "shared_buffers").as_deref(), Some("6144MB"));
        assert_eq!(value(1 << 42, "shared_buffers").as_deref(), Some("8192MB"));
        assert_eq!(value(1 << 42, "max_wal_size").as_deref(), Some("8192MB"));
        assert_eq!(value(512 * MIB, "work_mem").as_deref(), Some("4MB"));
    }
}
