//! Sessions as their owner and administrators see them: which are open, on what, and ending them.

use chrono::{DateTime, TimeDelta, Utc};
use platform::{
    Conn, Tx,
    config::SessionsConfig,
    ids::{SessionId, StaffId},
};
use web::Activity;

use super::{
    faults::SessionError,
    model::{EndReason, OpenSession, OpenSessions},
    repo,
};
use crate::audit::{self, Entry};

/// What programs call themselves by; the first that is found.
const BROWSERS: &[(&str, &str)] = &[
    ("MicroMessenger", "WeChat"),
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
    ("curl", "curl"),
];
const SYSTEMS: &[(&str, &str)] = &[
    ("HarmonyOS", "HarmonyOS"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
];

/// Why a session that has not been ended is over all the same.
pub(super) fn over(
    rules: &SessionsConfig,
    expires_at: DateTime<Utc>,
    last_used_at: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Option<EndReason> {
    if expires_at <= now {
        Some(EndReason::Expired)
    } else if now - last_used_at >= TimeDelta::minutes(rules.idle_minutes) {
        Some(EndReason::Idle)
    } else {
        None
    }
}

/// The open sessions of one person; `current` is the one that asks.
pub(in crate::staff) async fn list_open(
    conn: &Conn,
    activity: &Activity,
    rules: &SessionsConfig,
    staff_id: StaffId,
    (current, now): (Option<SessionId>, DateTime<Utc>),
) -> Result<OpenSessions, SessionError> {
    // What is in memory only may be newer than what is written by the period of writing.
    let since = now - TimeDelta::minutes(rules.idle_minutes + 1);
    let found = repo::list_open(conn, staff_id, since, now).await?;
    let items = found.into_iter().filter_map(|session| {
        let last_used_at = activity.last_of(session.session_id).unwrap_or_default().max(session.last_used_at);
        over(rules, session.expires_at, last_used_at, now).is_none().then(|| OpenSession {
            is_current: current == Some(session.session_id),
            session_id: session.session_id,
            created_at: session.created_at,
            last_used_at,
            expires_at: session.expires_at,
            ip: session.ip,
            device: device_of(&session.user_agent),
        })
    });
    let mut items: Vec<_> = items.collect();
    items.sort_by_key(|session| std::cmp::Reverse((session.is_current, session.last_used_at)));
    Ok(OpenSessions { items })
}

/// Ends one open session of this person.
pub(in crate::staff) async fn end_one(
    tx: &mut Tx<'_>,
    staff_id: StaffId,
    session_id: SessionId,
    reason: EndReason,
) -> Result<(), SessionError> {
    if !repo::end_one(tx, staff_id, session_id, reason).await? {
        return Err(SessionError::Missing);
    }
    audit::record(tx, Entry::of("sessions.end").on("staff", staff_id.0).because(reason.as_str())).await?;
    Ok(())
}

/// Ends every session of this person but the one that asks.
pub(super) async fn end_others(
    tx: &mut Tx<'_>,
    staff_id: StaffId,
    current: SessionId,
) -> Result<(), SessionError> {
    repo::end_all_of(tx, staff_id, Some(current), EndReason::EndedByOwner).await?;
    let reason = EndReason::EndedByOwner.as_str();
    audit::record(tx, Entry::of("sessions.end_others").on("staff", staff_id.0).because(reason)).await?;
    Ok(())
}

fn device_of(user_agent: &str) -> Option<String> {
    let first = |known: &[(&str, &'static str)]| {
        known.iter().find(|(mark, _)| user_agent.contains(mark)).map(|(_, name)| *name)
    };
    let parts: Vec<_> = [first(BROWSERS), first(SYSTEMS)].into_iter().flatten().collect();
    (!parts.is_empty()).then(|| parts.join(" · "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_device_is_named_as_far_as_it_says() {
        let chrome = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36";
        let edge = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36 Edg/141.0";
        let phone = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/604.1";
        assert_eq!(device_of(chrome).as_deref(), Some("Chrome · Windows"));
        assert_eq!(device_of(edge).as_deref(), Some("Edge · macOS"));
        assert_eq!(device_of(phone).as_deref(), Some("Safari · iPhone"));
        assert_eq!(device_of("curl/8.5").as_deref(), Some("curl"));
        assert_eq!(device_of(""), None);
    }
}
