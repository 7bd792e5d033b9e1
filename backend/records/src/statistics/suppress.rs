//! Keeping small groups back. A figure that stands for too few people is not shown; nor may it follow from the total and the
//! other figures, so that where what is kept back is one group alone, or too few people together, more is kept back with it,
//! the smallest first. The total stays: it says no more than the groups that are kept back together.

/// Which of these groups, told by their numbers of people, are kept back; where all are, the total is too small as well.
pub(super) fn kept_back(people: &[i64], min: i64) -> Vec<bool> {
    let mut hidden: Vec<bool> = people.iter().map(|n| (1..min).contains(n)).collect();
    while is_derivable(people, &hidden, min) {
        let shown = (0..people.len()).filter(|at| !hidden[*at] && people[*at] > 0);
        let Some(smallest) = shown.min_by_key(|at| people[*at]) else { break };
        hidden[smallest] = true;
    }
    hidden
}

/// Whether what is kept back is told, or nearly so, by what the total leaves.
fn is_derivable(people: &[i64], hidden: &[bool], min: i64) -> bool {
    let kept = || people.iter().zip(hidden).filter(|(_, is_hidden)| **is_hidden).map(|(n, _)| *n);
    let (groups, together) = (kept().count(), kept().fold(0_i64, i64::saturating_add));
    groups == 1 || (groups > 1 && together < min)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_small_group_takes_the_smallest_other_with_it() {
        assert_eq!(kept_back(&[40, 3, 12, 7], 5), [false, true, false, true]);
        assert_eq!(kept_back(&[40, 12, 7], 5), [false; 3]);
        assert_eq!(kept_back(&[40, 3, 4], 5), [false, true, true]);
        assert_eq!(kept_back(&[40, 1, 1], 5), [true; 3], "two people are not told by the rest either");
        assert_eq!(kept_back(&[3], 5), [true]);
        assert_eq!(kept_back(&[0, 9, 0], 5), [false; 3], "nobody is nobody");
        assert_eq!(kept_back(&[], 5), [false; 0]);
    }

    proptest! {
        #[test]
        fn no_small_group_is_shown_or_follows_from_what_is(people in proptest::collection::vec(0_i64..40, 0..12), min in 2_i64..8) {
            let hidden = kept_back(&people, min);
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
            prop_assert!(kept_back(&people, 5).iter().all(|is_hidden| !is_hidden));
        }
    }
}
