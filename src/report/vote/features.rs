//! What the vote sees of a sentence: pieces of words, words, and what the rules saw.
//!
//! Every feature is a hash, and its place in the table of weights is all that is known of
//! it ("the hashing trick", Weinberger et al. 2009): no dictionary to ship, and a word
//! never seen before still shares its pieces with words that were.

use super::super::{
    cues::Hit,
    fold::{unspaced, word_count},
    sentences::Shape,
    signals::Read,
};

/// Longer sentences are judged by their beginning, in bytes of folded words.
const MOST_BYTES: usize = 400;

/// The longest piece of a word, in characters.
const LONGEST_PIECE: usize = 5;
/// The shortest piece of a word where words are apart.
const SHORTEST_PIECE: usize = 2;

/// Three kinds of features. Each is weighed as a whole, whatever its number, so that a long
/// sentence is no more certain than a short one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Block {
    /// Words and pairs of words.
    Words,
    /// Pieces of two to five characters.
    Pieces,
    /// Cues, signals, shape, place.
    Rules,
}

impl Block {
    /// How many kinds there are.
    pub const COUNT: usize = 3;

    /// How much the whole of a block counts beside the others.
    pub const SCALES: [f32; Block::COUNT] = [1.0, 0.8, 2.0];
}

/// Where a sentence stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// In the subject.
    Subject,
    /// The first of the text.
    First,
    /// Neither first nor last.
    Middle,
    /// The last of the text.
    Last,
}

/// Calls `found` with each feature of a sentence.
pub fn each(read: &Read, place: Place, found: &mut impl FnMut(Block, u32)) {
    let words = crate::domain::text::prefix(&read.placed.sentence.words, MOST_BYTES);
    // What a machine wrote is known by its shape; its words would only teach one machine's.
    if read.placed.sentence.shape != Shape::Machine {
        words_of(words, found);
        pieces_of(words, found);
    }
    rules_of(read, place, found);
}

fn words_of(words: &str, found: &mut impl FnMut(Block, u32)) {
    let mut before = hash(b"^");
    for word in words.split(' ').filter(|word| !word.is_empty()) {
        let this = hash(word.as_bytes());
        found(Block::Words, mixed(this, b'w'));
        found(Block::Words, mixed(joined(before, this), b'2'));
        before = this;
    }
    found(Block::Words, mixed(joined(before, hash(b"$")), b'2'));
}

/// Pieces begin at each character and stay within a word and the spaces at its ends; a run of
/// an unspaced script is one word, whose single characters count too.
fn pieces_of(words: &str, found: &mut impl FnMut(Block, u32)) {
    let mut padded = String::with_capacity(words.len() + 2);
    padded.push(' ');
    padded.push_str(words);
    padded.push(' ');
    for (start, first) in padded.char_indices() {
        let shortest = if unspaced(first) { 1 } else { SHORTEST_PIECE };
        let mut state = SEED;
        for (length, c) in padded[start..].chars().enumerate().take(LONGEST_PIECE) {
            state = step_char(state, c);
            if length + 1 >= shortest {
                found(Block::Pieces, mixed(state, b'p'));
            }
            if c == ' ' && length > 0 {
                break;
            }
        }
    }
}

fn rules_of(read: &Read, place: Place, found: &mut impl FnMut(Block, u32)) {
    let mut rule = |kind: u8, state: u32| found(Block::Rules, mixed(state, kind));
    for signal in &read.signals {
        let slot = [signal.slot as u8, signal.weight as u8];
        rule(b's', hash(&slot));
        rule(b'n', joined(hash(&slot[..1]), hash(signal.name.as_bytes())));
    }
    let mut hits: Vec<&Hit> = read.hits.iter().collect();
    hits.sort_unstable_by_key(|hit| hit.start);
    for hit in &hits {
        rule(b'r', hash(&[hit.role as u8]));
        rule(b'h', joined(hash(&[hit.role as u8]), hash(hit.name.as_bytes())));
    }
    for pair in hits.windows(2) {
        rule(b'o', hash(&[pair[0].role as u8, pair[1].role as u8]));
    }
    rule(b'f', hash(&[read.placed.sentence.shape as u8]));
    rule(b'u', hash(&[read.placed.under.map_or(u8::MAX, |slot| slot as u8)]));
    rule(b'q', hash(&[u8::from(read.asks)]));
    rule(b'l', hash(&[place as u8]));
    let length = (word_count(&read.placed.sentence.words) + 1).ilog2().min(6);
    rule(b'z', hash(&length.to_le_bytes()));
}

/// FNV-1a, 32 bits.
const SEED: u32 = 0x811c_9dc5;
const PRIME: u32 = 0x0100_0193;

fn hash(bytes: &[u8]) -> u32 {
    bytes.iter().fold(SEED, |state, &byte| step(state, byte))
}

fn step(state: u32, byte: u8) -> u32 {
    (state ^ u32::from(byte)).wrapping_mul(PRIME)
}

fn step_char(state: u32, c: char) -> u32 {
    let state = (state ^ u32::from(c)).wrapping_mul(PRIME);
    state ^ (state >> 15)
}

fn joined(a: u32, b: u32) -> u32 {
    (a.rotate_left(7) ^ b).wrapping_mul(PRIME)
}

/// The last step: every bit of the hash depends on every bit before (the finisher of MurmurHash3).
fn mixed(state: u32, kind: u8) -> u32 {
    let mut h = step(state, kind);
    h = (h ^ (h >> 16)).wrapping_mul(0x85eb_ca6b);
    h = (h ^ (h >> 13)).wrapping_mul(0xc2b2_ae35);
    h ^ (h >> 16)
}
