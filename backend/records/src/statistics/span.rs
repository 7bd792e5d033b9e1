//! What can be reckoned from given sums: the sums that are combinations of them. Reckoned modulo a prime, so that it is exact.

/// 2³¹ − 1: products fit.
const PRIME: u64 = (1 << 31) - 1;

/// A coordinate out of nowhere, the same each time.
pub(super) fn scattered(row: usize, column: usize) -> u64 {
    let seed = (row as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15)
        ^ (column as u64).wrapping_mul(0xc2b2_ae3d_27d4_eb4f);
    let mut mixed = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    (mixed ^ (mixed >> 31)) % PRIME
}

pub(super) fn add_to(sum: &mut u64, value: u64) {
    *sum = (*sum + value) % PRIME;
}

/// Rows in echelon form, each with how it is made of the rows that were added.
#[derive(Default)]
pub(super) struct Span {
    rows: Vec<Row>,
    added: usize,
}

struct Row {
    /// The first place that is not zero; there it is one.
    at: usize,
    values: Vec<u64>,
    /// By which row that was added, and how many times.
    made_of: Vec<u64>,
}

impl Span {
    pub(super) fn add(&mut self, values: &[u64]) {
        let mut made_of = vec![0; self.added];
        made_of.push(1);
        self.added += 1;
        let mut values = values.to_vec();
        self.reduce(&mut values, &mut made_of);
        let Some(at) = values.iter().position(|value| *value != 0) else { return };
        let scale = inverse(values[at]);
        values.iter_mut().chain(made_of.iter_mut()).for_each(|value| *value = *value * scale % PRIME);
        self.rows.push(Row { at, values, made_of });
    }

    /// The rows that were added of which the sum of these parts is made, if it is.
    pub(super) fn combination(&self, parts: &[&[u64]]) -> Option<Vec<usize>> {
        let mut values = vec![0; parts.first()?.len()];
        for part in parts {
            values.iter_mut().zip(*part).for_each(|(sum, value)| add_to(sum, *value));
        }
        let mut made_of = vec![0; self.added];
        self.reduce(&mut values, &mut made_of);
        let is_made = values.iter().all(|value| *value == 0);
        is_made.then(|| (0..self.added).filter(|nth| made_of[*nth] != 0).collect())
    }

    /// Takes away what the rows make of it.
    fn reduce(&self, values: &mut [u64], made_of: &mut [u64]) {
        for row in &self.rows {
            let by = PRIME - values[row.at];
            if by == PRIME {
                continue;
            }
            for (value, of) in values.iter_mut().zip(&row.values) {
                *value = (*value + by * of) % PRIME;
            }
            for (value, of) in made_of.iter_mut().zip(&row.made_of) {
                *value = (*value + by * of) % PRIME;
            }
        }
    }
}

/// By Fermat.
fn inverse(of: u64) -> u64 {
    let (mut power, mut base, mut exponent) = (1, of % PRIME, PRIME - 2);
    while exponent > 0 {
        if exponent & 1 == 1 {
            power = power * base % PRIME;
        }
        base = base * base % PRIME;
        exponent >>= 1;
    }
    power
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sum_is_told_by_what_it_is_made_of_and_by_nothing_else() {
        let mut span = Span::default();
        for row in [[1, 1, 1, 1], [1, 1, 0, 0], [0, 0, 0, 1], [2, 2, 0, 1]] {
            span.add(&row);
        }
        assert_eq!(span.combination(&[&[0, 0, 1, 0]]), Some(vec![0, 1, 2]), "the total less two others");
        assert_eq!(span.combination(&[&[0, 0, 1, 0], &[0, 0, 0, 1]]), Some(vec![0, 1]));
        assert_eq!(span.combination(&[&[1, 0, 0, 0]]), None);
        assert_eq!(span.combination(&[]), None);
        assert_eq!(inverse(7) * 7 % PRIME, 1);
    }

    #[test]
    fn coordinates_are_scattered() {
        let drawn: std::collections::HashSet<u64> =
            (0..200).flat_map(|row| (0..50).map(move |column| scattered(row, column))).collect();
        assert!(drawn.len() > 9_990);
    }
}
