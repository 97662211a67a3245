//! The file of weights: a header, the judges, and the table.

use sha2::{Digest, Sha256};

use super::{
    ASPECTS,
    summary::{FEATURES, Judge},
};

const MAGIC: &[u8; 8] = b"DGVOTE01";

/// Rows of the table, as a power of two.
pub(super) const BITS: u32 = 17;

/// The trained numbers.
#[derive(Clone, Debug, PartialEq)]
pub struct Weights {
    pub(super) bias: [f32; ASPECTS],
    /// What one step of a table's byte is worth.
    pub(super) unit: [f32; ASPECTS],
    pub(super) judges: [Judge; ASPECTS],
    pub(super) table: Vec<u8>,
}

impl Weights {
    /// Reads a file of weights.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(bytes: &[u8]) -> Result<Self, String> {
        let mut rest = bytes.strip_prefix(MAGIC).ok_or("it does not begin as a file of weights does")?;
        let mut float = || -> Result<f32, String> {
            let (four, after) = rest.split_first_chunk::<4>().ok_or("it ends too early")?;
            rest = after;
            Ok(f32::from_le_bytes(*four))
        };
        let (mut bias, mut unit) = ([0.0; ASPECTS], [0.0; ASPECTS]);
        for each in bias.iter_mut().chain(&mut unit) {
            *each = float()?;
        }
        let mut judges: [Judge; ASPECTS] = std::array::from_fn(|_| Judge::default());
        for judge in &mut judges {
            judge.bias = float()?;
            for each in judge.weights.iter_mut() {
                *each = float()?;
            }
        }
        if rest.len() != ASPECTS << BITS {
            return Err(format!("its table has {} bytes instead of {}", rest.len(), ASPECTS << BITS));
        }
        Ok(Weights { bias, unit, judges, table: rest.to_vec() })
    }

    /// The file.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = MAGIC.to_vec();
        let judges = self.judges.iter().flat_map(|judge| std::iter::once(&judge.bias).chain(&judge.weights));
        for float in self.bias.iter().chain(&self.unit).chain(judges) {
            bytes.extend(float.to_le_bytes());
        }
        bytes.extend(&self.table);
        bytes
    }

    /// The SHA-256 of the file, in hexadecimal.
    pub fn digest(&self) -> String {
        data_encoding::HEXLOWER.encode(&Sha256::digest(self.to_bytes()))
    }

    /// The weights of a feature, one for each aspect.
    pub(super) fn row(&self, hash: u32) -> &[u8] {
        let start = row_of(hash) as usize * ASPECTS;
        &self.table[start..start + ASPECTS]
    }
}

/// The row of a feature.
pub(super) fn row_of(hash: u32) -> u32 {
    hash >> (u32::BITS - BITS)
}

const _: () = assert!(FEATURES < 64);
