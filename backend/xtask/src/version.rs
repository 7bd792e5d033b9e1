//! Comparing versions of programs.

/// The leading numbers of a version: `v20.19.1` and `20.19.1-rc1` are both `[20, 19, 1]`.
pub(crate) fn numbers(text: &str) -> Vec<u32> {
    text.trim()
        .trim_start_matches('v')
        .split('.')
        .map_while(|part| {
            let digits: String = part.chars().take_while(char::is_ascii_digit).collect();
            digits.parse().ok()
        })
        .collect()
}

/// An absent number counts as nought: 20 is below 20.19.
pub(crate) fn is_at_least(version: &str, minimum: &[u32]) -> bool {
    let mut numbers = numbers(version);
    if numbers.is_empty() {
        return false;
    }
    numbers.resize(numbers.len().max(minimum.len()), 0);
    numbers.as_slice() >= minimum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bound_itself_is_enough_and_one_below_is_not() {
        let minimum = [20, 19];
        for (version, expected) in [
            ("v20.19.0", true),
            ("v20.19", true),
            ("v20.18.9", false),
            ("v20", false),
            ("v18.20.4", false),
            ("v24.0.0-nightly", true),
            ("20.20.2\n", true),
            ("", false),
            ("none", false),
        ] {
            assert_eq!(is_at_least(version, &minimum), expected, "{version:?}");
        }
    }
}
