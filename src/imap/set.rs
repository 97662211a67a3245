//! UIDs as IMAP writes them (RFC 3501 §9, `sequence-set`).

/// The longest set in one command, in bytes. Servers limit a line; RFC 7162 §4
/// advises clients to stay below 8192.
const MAX_SET_BYTES: usize = 4000;

/// The UIDs in ascending order as ranges, in as many sets as the length asks for.
pub(super) fn sets(uids: &[u32]) -> Vec<String> {
    let mut sets: Vec<String> = Vec::new();
    for (first, last) in ranges(uids) {
        let range = if first == last { first.to_string() } else { format!("{first}:{last}") };
        match sets.last_mut() {
            Some(set) if set.len() + 1 + range.len() <= MAX_SET_BYTES => {
                set.push(',');
                set.push_str(&range);
            }
            _ => sets.push(range),
        }
    }
    sets
}

fn ranges(uids: &[u32]) -> Vec<(u32, u32)> {
    let mut uids: Vec<u32> = uids.iter().copied().filter(|&uid| uid > 0).collect();
    uids.sort_unstable();
    uids.dedup();
    let mut ranges: Vec<(u32, u32)> = Vec::new();
    for uid in uids {
        match ranges.last_mut() {
            Some((_, last)) if uid - 1 == *last => *last = uid,
            _ => ranges.push((uid, uid)),
        }
    }
    ranges
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn neighbours_become_a_range() {
        assert_eq!(sets(&[7, 5, 6, 9, 9, 1, 0]), ["1,5:7,9"]);
        assert_eq!(sets(&[u32::MAX, u32::MAX - 1]), ["4294967294:4294967295"]);
        assert!(sets(&[]).is_empty());
    }

    proptest! {
        #[test]
        fn sets_name_every_uid_once_and_stay_short(mut uids in prop::collection::vec(1u32..9000, 0..3000)) {
            let mut named = Vec::new();
            for set in sets(&uids) {
                prop_assert!(set.len() <= MAX_SET_BYTES);
                for range in set.split(',') {
                    let (first, last) = range.split_once(':').unwrap_or((range, range));
                    named.extend(first.parse::<u32>().unwrap()..=last.parse().unwrap());
                }
            }
            uids.sort_unstable();
            uids.dedup();
            prop_assert_eq!(named, uids);
        }
    }
}
