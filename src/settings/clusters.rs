//! `[clusters]`: when many customers ask the same.

use std::time::Duration;

use super::reader::Reader;

/// When similar questions are taken for signs of one cause.
#[derive(Clone, Debug)]
pub struct Clusters {
    /// So many similar level-1 tickets make staff think of one cause.
    pub count: u32,
    /// They were opened within this time.
    pub window: Duration,
}

/// The search for similar tickets finds no more than some thirty.
const MOST: u64 = 30;

impl Clusters {
    pub(super) fn read(t: &mut Reader<'_>) -> Clusters {
        Clusters {
            count: t.number("count", 5, 2..=MOST),
            window: t.duration("window", Duration::from_hours(14 * 24), Duration::from_secs(60)),
        }
    }
}
