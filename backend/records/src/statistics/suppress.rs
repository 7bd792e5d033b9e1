//! Keeping small groups back. A figure that stands for too few people is not shown; nor may it follow from the total and the
//! other figures, so that where what is kept back is one group alone, or too few people together, more is kept back with it,
//! the smallest first. The total stays: it says no more than the groups that are kept back together.
//!
//! Whoever may not filter can still ask for the same figures by branch, by product and by month, and may know who holds what:
//! which branch has customers of which product is no secret. So what is kept back in one table must not follow from the others
//! either ([`kept_back_together`]).

use super::span::Span;

/// Groups of few people of one table that are looked at in pairs; of more, each by itself and all together.
const PAIRED_MAX: usize = 24;

/// Which of these groups, told by their numbers of people, are kept back; where all are, the total is too small as well. The same
/// people may stand in several groups unless these `are_distinct`: together they are then perhaps no more than the largest of them.
pub(super) fn kept_back(people: &[i64], are_distinct: bool, min: i64) -> Vec<bool> {
    let mut hidden: Vec<bool> = people.iter().map(|n| (1..min).contains(n)).collect();
    while is_derivable(people, &hidden, (are_distinct, min)) {
        let shown = (0..people.len()).filter(|at| !hidden[*at] && people[*at] > 0);
        let Some(smallest) = shown.min_by_key(|at| people[*at]) else { break };
        hidden[smallest] = true;
    }
    hidden
}

/// Whether what is kept back is told, or nearly so, by what the total leaves.
fn is_derivable(people: &[i64], hidden: &[bool], (are_distinct, min): (bool, i64)) -> bool {
    let kept: Vec<i64> = people.iter().zip(hidden).filter(|(_, hidden)| **hidden).map(|(n, _)| *n).collect();
    kept.len() == 1 || (kept.len() > 1 && together(&kept, are_distinct) < min)
}

/// How many people stand behind groups at least.
fn together(people: &[i64], are_distinct: bool) -> i64 {
    if are_distinct {
        people.iter().fold(0, |sum, n| sum.saturating_add(*n))
    } else {
        people.iter().copied().max().unwrap_or(0)
    }
}

/// One table of figures.
#[derive(Debug, Clone, Default)]
pub(super) struct Groups {
    /// How many people stand behind each.
    pub people: Vec<i64>,
    pub are_distinct: bool,
}

/// The tables of the same figures by each dimension.
#[derive(Debug, Default)]
pub(super) struct Tables {
    pub by: [Groups; 3],
    /// The smallest parts that there are, each by the group of each table it stands in.
    pub cells: Vec<[usize; 3]>,
    pub is_total_shown: bool,
}

/// Which groups of each table are kept back, so that no small group follows from all that is shown in all of them.
pub(super) fn kept_back_together(tables: &Tables, min: i64) -> [Vec<bool>; 3] {
    let mut hidden = tables.by.each_ref().map(|table| kept_back(&table.people, table.are_distinct, min));
    let secret = secrets(tables, min);
    if secret.is_empty() {
        return hidden;
    }
    let margins = tables.margins();
    // Each round keeps one more group back, so that there are no more rounds than groups.
    while let Some(told_by) = told(tables, &margins, &hidden, &secret) {
        let people = |place: &Place| tables.by[place.0].people[place.1];
        let Some(smallest) = told_by.iter().min_by_key(|place| people(place)) else { break };
        hidden[smallest.0][smallest.1] = true;
    }
    hidden
}

/// A group: its table and its place there.
type Place = (usize, usize);

/// Sums that must not be told: of few people each.
fn secrets(tables: &Tables, min: i64) -> Vec<Vec<Place>> {
    let mut secret = Vec::new();
    for (at, table) in tables.by.iter().enumerate() {
        let is_small = |place: &usize| (1..min).contains(&table.people[*place]);
        let small: Vec<usize> = (0..table.people.len()).filter(is_small).collect();
        let mut add = |places: &[usize]| {
            let people: Vec<i64> = places.iter().map(|place| table.people[*place]).collect();
            if together(&people, table.are_distinct) < min {
                secret.push(places.iter().map(|place| (at, *place)).collect());
            }
        };
        small.iter().for_each(|one| add(&[*one]));
        for (nth, one) in small.iter().enumerate().filter(|_| small.len() <= PAIRED_MAX) {
            small[nth + 1..].iter().for_each(|other| add(&[*one, *other]));
        }
        if small.len() > 2 {
            add(&small);
        }
    }
    secret
}

/// The shown groups by which one of the secrets can be reckoned, if one can. What is the total itself is no secret: it is shown
/// because enough people stand behind it.
fn told(
    tables: &Tables,
    margins: &Margins,
    hidden: &[Vec<bool>; 3],
    secret: &[Vec<Place>],
) -> Option<Vec<Place>> {
    let mut span = Span::default();
    let mut shown: Vec<Option<Place>> = Vec::new();
    if tables.is_total_shown {
        span.add(&margins.total);
        shown.push(None);
    }
    for (at, table) in hidden.iter().enumerate() {
        for (place, _) in table.iter().enumerate().filter(|(_, is_hidden)| !**is_hidden) {
            span.add(&margins.of[at][place]);
            shown.push(Some((at, place)));
        }
    }
    secret.iter().find_map(|sum| {
        let parts: Vec<&[u64]> = sum.iter().map(|(at, place)| margins.of[*at][*place].as_slice()).collect();
        let told_by = span.combination(&parts)?;
        let groups: Vec<Place> = told_by.into_iter().filter_map(|nth| shown[nth]).collect();
        (!groups.is_empty()).then_some(groups)
    })
}

/// Every group as a sum of the parts, and the total: what whoever reads the tables has in hand.
struct Margins {
    of: [Vec<Vec<u64>>; 3],
    total: Vec<u64>,
}

impl Tables {
    /// A part is no coordinate of its own, of which there are many more than groups: it has a random one in as many dimensions as
    /// there are sums. What is independent stays so but for a chance of one in millions, which would keep more back, not less.
    fn margins(&self) -> Margins {
        let width = self.by.iter().map(|table| table.people.len()).sum::<usize>() + 2;
        let mut total = vec![0; width];
        let mut of = self.by.each_ref().map(|table| vec![vec![0; width]; table.people.len()]);
        for (nth, cell) in self.cells.iter().enumerate() {
            for column in 0..width {
                let coordinate = super::span::scattered(nth, column);
                super::span::add_to(&mut total[column], coordinate);
                for (table, group) in of.iter_mut().zip(cell) {
                    super::span::add_to(&mut table[*group][column], coordinate);
                }
            }
        }
        Margins { of, total }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_small_group_takes_the_smallest_other_with_it() {
        let kept_back = |people: &[i64]| super::kept_back(people, true, 5);
        assert_eq!(kept_back(&[40, 3, 12, 7]), [false, true, false, true]);
        assert_eq!(kept_back(&[40, 12, 7]), [false; 3]);
        assert_eq!(kept_back(&[40, 3, 4]), [false, true, true]);
        assert_eq!(kept_back(&[40, 1, 1]), [true; 3], "two people are not told by the rest either");
        assert_eq!(kept_back(&[3]), [true]);
        assert_eq!(kept_back(&[0, 9, 0]), [false; 3], "nobody is nobody");
        assert_eq!(kept_back(&[]), [false; 0]);
    }

    #[test]
    fn groups_that_may_be_the_same_people_are_no_more_than_the_largest() {
        let kept_back = |people: &[i64]| super::kept_back(people, false, 5);
        // Three who spent in two months: what is left of the total would be theirs alone.
        assert_eq!(kept_back(&[40, 3, 3, 12]), [false, true, true, true]);
        assert_eq!(kept_back(&[40, 3, 12]), [false, true, true]);
        assert_eq!(kept_back(&[40, 12]), [false; 2]);
    }

    /// Branch, month, products.
    type Somebody = (usize, usize, Vec<usize>);

    /// People by branch, who hold products and began in months; each may hold several.
    fn tables(people: &[Somebody]) -> Tables {
        let count = |of: &dyn Fn(&Somebody) -> Vec<usize>| {
            let groups = people.iter().flat_map(of).max().map_or(0, |most| most + 1);
            (0..groups)
                .map(|group| people.iter().filter(|one| of(one).contains(&group)).count() as i64)
                .collect()
        };
        let branches = count(&|(branch, ..)| vec![*branch]);
        let months = count(&|(_, month, _)| vec![*month]);
        let products = count(&|(.., held)| held.clone());
        let mut cells: Vec<[usize; 3]> = people
            .iter()
            .flat_map(|(branch, month, held)| held.iter().map(|product| [*branch, *product, *month]))
            .collect();
        cells.sort_unstable();
        cells.dedup();
        let groups = |people, are_distinct| Groups { people, are_distinct };
        let is_total_shown = people.len() >= 5;
        Tables {
            by: [groups(branches, true), groups(products, false), groups(months, true)],
            cells,
            is_total_shown,
        }
    }

    #[test]
    fn what_one_table_keeps_back_does_not_follow_from_another() {
        // Three of the first branch and twenty of the third hold the first product, six of the second hold another: whoever knows
        // that could subtract these six from what the branches leave.
        let mut people = vec![(0, 0, vec![0]); 3];
        people.extend(vec![(1, 0, vec![1]); 6]);
        people.extend(vec![(2, 0, vec![0]); 20]);
        let [branches, products, months] = kept_back_together(&tables(&people), 5);
        assert_eq!(branches, [true, true, true]);
        assert_eq!((products, months), (vec![false; 2], vec![false]));
    }

    /// The second way: every part is an unknown of its own, and elimination by another prime says what follows from the shown sums.
    fn follows(shown: &[Vec<i64>], sum: &[i64]) -> bool {
        const PRIME: i128 = (1 << 61) - 1;
        fn inverse(of: i128) -> i128 {
            let (mut power, mut base, mut exponent) = (1, of, PRIME - 2);
            while exponent > 0 {
                if exponent & 1 == 1 {
                    power = power * base % PRIME;
                }
                base = base * base % PRIME;
                exponent >>= 1;
            }
            power
        }
        let rank = |rows: &[Vec<i64>]| {
            let mut rows: Vec<Vec<i128>> =
                rows.iter().map(|row| row.iter().map(|n| i128::from(*n)).collect()).collect();
            let (mut rank, width) = (0, rows.first().map_or(0, Vec::len));
            for column in 0..width {
                let Some(found) = (rank..rows.len()).find(|row| rows[*row][column] != 0) else { continue };
                rows.swap(rank, found);
                let pivot = rows[rank].clone();
                let scale = inverse(pivot[column]);
                for row in rows.iter_mut().skip(rank + 1) {
                    let by = row[column] * scale % PRIME;
                    for (value, of) in row.iter_mut().zip(&pivot) {
                        *value = (*value - by * of % PRIME).rem_euclid(PRIME);
                    }
                }
                rank += 1;
            }
            rank
        };
        let with: Vec<Vec<i64>> = shown.iter().cloned().chain([sum.to_vec()]).collect();
        rank(&with) == rank(shown)
    }

    fn somebody() -> impl Strategy<Value = Somebody> {
        let held = proptest::collection::btree_set(0_usize..4, 1..3);
        (0_usize..5, 0_usize..4, held.prop_map(|held| held.into_iter().collect()))
    }

    proptest! {
        #[test]
        fn no_kept_back_sum_of_few_follows_from_all_that_is_shown(people in proptest::collection::vec(somebody(), 1..40), min in 2_i64..8) {
            let tables = Tables { is_total_shown: people.len() as i64 >= min, ..tables(&people) };
            let hidden = kept_back_together(&tables, min);
            let sum_of = |at: usize, group: usize| -> Vec<i64> { tables.cells.iter().map(|cell| i64::from(cell[at] == group)).collect() };
            let mut shown: Vec<Vec<i64>> = Vec::new();
            for (at, table) in hidden.iter().enumerate() {
                for (group, is_hidden) in table.iter().enumerate() {
                    let n = tables.by[at].people[group];
                    prop_assert!(*is_hidden || n == 0 || n >= min, "a group of {n} is shown");
                    if !is_hidden {
                        shown.push(sum_of(at, group));
                    }
                }
            }
            if tables.is_total_shown {
                shown.push(vec![1; tables.cells.len()]);
            }
            for (at, table) in tables.by.iter().enumerate() {
                for (group, n) in table.people.iter().enumerate() {
                    if (1..min).contains(n) {
                        prop_assert!(!follows(&shown, &sum_of(at, group)), "group {group} of table {at}");
                    }
                }
            }
        }

        #[test]
        fn no_small_group_is_shown_or_follows_from_what_is(people in proptest::collection::vec(0_i64..40, 0..12), min in 2_i64..8) {
            let hidden = kept_back(&people, true, min);
            let total: i64 = people.iter().sum();
            for (n, is_hidden) in people.iter().zip(&hidden) {
                prop_assert!(*is_hidden || *n == 0 || *n >= min, "a group of {n} is shown");
            }
            let kept: Vec<i64> = people.iter().zip(&hidden).filter(|(_, h)| **h).map(|(n, _)| *n).collect();
            let shown: i64 = people.iter().zip(&hidden).filter(|(_, h)| !**h).map(|(n, _)| *n).sum();
            // What whoever reads the table can reckon: the total less what is shown is what is kept back together.
            let left = total - shown;
            prop_assert_eq!(left, kept.iter().sum::<i64>());
            if total >= min && !kept.is_empty() {
                prop_assert!(kept.len() >= 2, "one group alone follows from the total");
                prop_assert!(left >= min, "{left} people follow from the total");
                // Each single one of them could be smaller or larger as far as the reader knows.
                prop_assert!(kept.iter().all(|n| *n < left));
            }
            if total < min {
                prop_assert!(people.iter().zip(&hidden).all(|(n, h)| *n == 0 || *h));
            }
        }

        #[test]
        fn nothing_is_kept_back_without_need(people in proptest::collection::vec(prop_oneof![Just(0_i64), 5_i64..40], 0..12)) {
            prop_assert!(kept_back(&people, true, 5).iter().all(|is_hidden| !is_hidden));
            prop_assert!(kept_back(&people, false, 5).iter().all(|is_hidden| !is_hidden));
        }
    }
}
