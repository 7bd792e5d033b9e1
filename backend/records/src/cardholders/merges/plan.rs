//! Which links end and which begin when two records become one, and when they part again. No I/O.
//!
//! Links never form a chain: whoever is absorbed brings along those they had absorbed. The link that gave way is remembered, so that
//! parting restores exactly what was there.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use platform::{
    ids::{CardholderId, LinkId, MergeId},
    schema::cardholder_links,
};

use super::model::ABSORBED_MAX;

/// Who stands for whom, from when until when.
#[derive(Debug, Clone, PartialEq, Eq, HasQuery, Insertable)]
#[diesel(table_name = cardholder_links)]
pub(super) struct Link {
    pub link_id: LinkId,
    /// The merge that it belongs to.
    pub merge_id: MergeId,
    pub survivor_id: CardholderId,
    pub absorbed_id: CardholderId,
    /// When that merge was made.
    pub merged_at: DateTime<Utc>,
    pub from_at: DateTime<Utc>,
    pub until_at: Option<DateTime<Utc>>,
    /// The link that this one took the place of, and that comes back.
    pub previous_link_id: Option<LinkId>,
}

/// What changes in the table of links.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Steps {
    pub ends: Vec<LinkId>,
    pub begins: Vec<Link>,
}

/// Why two records can't become one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NotJoined {
    /// They are the same one.
    Itself,
    /// Somebody else stands for one of them.
    Absorbed(CardholderId),
    TooMany,
}

/// What the links of a step are made with.
pub(super) struct Making<'a> {
    pub merge_id: MergeId,
    pub now: DateTime<Utc>,
    pub new_id: &'a mut dyn FnMut() -> LinkId,
}

/// `survivor` absorbs `absorbed` and everybody they stand for. `open` holds every link in force that touches one of the two.
pub(super) fn join(
    open: &[Link],
    (survivor, absorbed): (CardholderId, CardholderId),
    making: Making<'_>,
) -> Result<Steps, NotJoined> {
    if survivor == absorbed {
        return Err(NotJoined::Itself);
    }
    if let Some(link) = open.iter().find(|link| [survivor, absorbed].contains(&link.absorbed_id)) {
        return Err(NotJoined::Absorbed(link.survivor_id));
    }
    let brought: Vec<&Link> = open.iter().filter(|link| link.survivor_id == absorbed).collect();
    let kept = open.iter().filter(|link| link.survivor_id == survivor).count();
    if kept + brought.len() + 1 > ABSORBED_MAX {
        return Err(NotJoined::TooMany);
    }
    let Making { merge_id, now, new_id } = making;
    let mut link = |absorbed_id, previous_link_id| Link {
        link_id: new_id(),
        merge_id,
        survivor_id: survivor,
        absorbed_id,
        merged_at: now,
        from_at: now,
        until_at: None,
        previous_link_id,
    };
    let mut begins = vec![link(absorbed, None)];
    begins.extend(brought.iter().map(|before| link(before.absorbed_id, Some(before.link_id))));
    Ok(Steps { ends: brought.iter().map(|before| before.link_id).collect(), begins })
}

/// The merge that `links` are of is undone: those it linked stand for themselves, or are with whom they were with before it.
/// `previous` holds the links that gave way to these.
pub(super) fn part(
    links: &[Link],
    previous: &[Link],
    now: DateTime<Utc>,
    new_id: &mut dyn FnMut() -> LinkId,
) -> Steps {
    let back = links.iter().filter_map(|link| {
        let before = previous.iter().find(|before| Some(before.link_id) == link.previous_link_id)?;
        Some(Link { link_id: new_id(), from_at: now, until_at: None, ..before.clone() })
    });
    let begins = back.collect();
    Steps { ends: links.iter().map(|link| link.link_id).collect(), begins }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    const PEOPLE: u128 = 6;

    /// The table, kept by steps alone.
    #[derive(Default, Clone)]
    struct Table {
        rows: Vec<Link>,
        next: u128,
    }

    /// Who stands for whom by which merge.
    type Standing = BTreeMap<CardholderId, (CardholderId, MergeId, DateTime<Utc>)>;

    impl Table {
        fn open(&self) -> Vec<Link> {
            self.rows.iter().filter(|row| row.until_at.is_none()).cloned().collect()
        }

        fn standing(&self) -> Standing {
            let of = |row: Link| (row.absorbed_id, (row.survivor_id, row.merge_id, row.merged_at));
            self.open().into_iter().map(of).collect()
        }

        fn apply(&mut self, steps: Steps, now: DateTime<Utc>) {
            for row in self.rows.iter_mut().filter(|row| steps.ends.contains(&row.link_id)) {
                assert_eq!(row.until_at, None, "what has ended does not end again");
                row.until_at = Some(now);
            }
            self.rows.extend(steps.begins);
        }

        fn join(&mut self, pair: (CardholderId, CardholderId), at: i64) -> Result<MergeId, NotJoined> {
            let touched = |link: &Link| {
                [pair.0, pair.1].iter().any(|id| [link.survivor_id, link.absorbed_id].contains(id))
            };
            let open: Vec<Link> = self.open().into_iter().filter(touched).collect();
            let merge_id = MergeId(Uuid::from_u128(1_000_000 + at.unsigned_abs() as u128));
            let (now, next) = (moment(at), &mut self.next);
            let mut new_id = || link_id(next);
            let steps = join(&open, pair, Making { merge_id, now, new_id: &mut new_id })?;
            self.apply(steps, now);
            Ok(merge_id)
        }

        fn part(&mut self, merge_id: MergeId, at: i64) {
            let links: Vec<Link> = self.open().into_iter().filter(|row| row.merge_id == merge_id).collect();
            let wanted: Vec<_> = links.iter().filter_map(|row| row.previous_link_id).collect();
            let previous: Vec<Link> =
                self.rows.iter().filter(|row| wanted.contains(&row.link_id)).cloned().collect();
            let next = &mut self.next;
            let steps = part(&links, &previous, moment(at), &mut || link_id(next));
            self.apply(steps, moment(at));
        }
    }

    fn link_id(next: &mut u128) -> LinkId {
        *next += 1;
        LinkId(Uuid::from_u128(*next))
    }

    fn moment(at: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_790_000_000 + at, 0).unwrap()
    }

    fn person(n: u128) -> CardholderId {
        CardholderId(Uuid::from_u128(9_000 + n % PEOPLE))
    }

    #[derive(Debug, Clone)]
    enum Act {
        Join(u128, u128),
        /// The merge made so many merges ago.
        Part(usize),
    }

    fn acts() -> impl Strategy<Value = Vec<Act>> {
        let one = prop_oneof![
            3 => (0..PEOPLE, 0..PEOPLE).prop_map(|(a, b)| Act::Join(a, b)),
            2 => (0_usize..8).prop_map(Act::Part),
        ];
        proptest::collection::vec(one, 0..40)
    }

    /// The same history told by a tree: each merge hangs a whole tree below another's root, undoing cuts it off.
    #[derive(Default)]
    struct Tree {
        above: BTreeMap<CardholderId, (CardholderId, MergeId)>,
    }

    impl Tree {
        fn root(&self, of: CardholderId) -> CardholderId {
            let mut at = of;
            while let Some((up, _)) = self.above.get(&at) {
                at = *up;
            }
            at
        }
    }

    proptest! {
        #[test]
        fn whatever_is_merged_and_parted_there_is_no_chain_and_everybody_is_where_the_tree_says(acts in acts()) {
            let (mut table, mut tree) = (Table::default(), Tree::default());
            let mut merges: Vec<(MergeId, CardholderId, CardholderId)> = Vec::new();
            for (at, act) in (1_i64..).zip(acts) {
                match act {
                    Act::Join(a, b) => {
                        let (survivor, absorbed) = (person(a), person(b));
                        let joined = table.join((survivor, absorbed), at);
                        let may = survivor != absorbed && tree.root(survivor) == survivor && tree.root(absorbed) == absorbed;
                        prop_assert_eq!(joined.is_ok(), may);
                        if let Ok(merge_id) = joined {
                            tree.above.insert(absorbed, (survivor, merge_id));
                            merges.push((merge_id, survivor, absorbed));
                        }
                    }
                    Act::Part(back) => {
                        let Some((merge_id, survivor, absorbed)) = merges.iter().rev().nth(back).copied() else { continue };
                        // In force as such: the survivor was not absorbed since, by a merge that is in force.
                        let is_open = table.open().iter().any(|row| row.merge_id == merge_id);
                        let hangs = tree.above.get(&absorbed) == Some(&(survivor, merge_id));
                        prop_assert_eq!(is_open, hangs && tree.root(survivor) == survivor);
                        if is_open {
                            table.part(merge_id, at);
                            tree.above.remove(&absorbed);
                        }
                    }
                }
                let standing = table.standing();
                prop_assert_eq!(standing.len(), table.open().len(), "nobody is absorbed twice");
                let survivors: BTreeSet<_> = standing.values().map(|(survivor, ..)| *survivor).collect();
                prop_assert!(standing.keys().all(|absorbed| !survivors.contains(absorbed)), "no chain, no circle");
                for n in 0..PEOPLE {
                    let stands = standing.get(&person(n)).map_or(person(n), |(survivor, ..)| *survivor);
                    prop_assert_eq!(stands, tree.root(person(n)));
                }
            }
        }

        #[test]
        fn undoing_a_merge_restores_exactly_what_was_there(acts in acts(), a in 0..PEOPLE, b in 0..PEOPLE) {
            let mut table = Table::default();
            let mut merges = Vec::new();
            for (at, act) in (1_i64..).zip(acts) {
                match act {
                    Act::Join(a, b) => merges.extend(table.join((person(a), person(b)), at)),
                    Act::Part(back) => {
                        if let Some(merge_id) = merges.iter().rev().nth(back).copied() {
                            table.part(merge_id, at);
                        }
                    }
                }
            }
            let before = table.standing();
            if let Ok(merge_id) = table.join((person(a), person(b)), 500) {
                prop_assert_ne!(&table.standing(), &before);
                table.part(merge_id, 501);
            }
            prop_assert_eq!(table.standing(), before);
        }
    }

    #[test]
    fn one_record_stands_for_so_many_and_no_more() {
        let somebody = |n: u128| CardholderId(Uuid::from_u128(n));
        let mut table = Table::default();
        for n in 1..=ABSORBED_MAX as u128 {
            table.join((somebody(0), somebody(n)), i64::try_from(n).unwrap()).unwrap();
        }
        let one_more = somebody(ABSORBED_MAX as u128 + 1);
        assert_eq!(table.join((somebody(0), one_more), 900), Err(NotJoined::TooMany));
        assert_eq!(table.join((one_more, somebody(0)), 901), Err(NotJoined::TooMany));
        assert_eq!(table.join((somebody(3), one_more), 902), Err(NotJoined::Absorbed(somebody(0))));
    }
}
