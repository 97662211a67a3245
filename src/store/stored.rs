//! Core values in columns, so that the core itself stays free of diesel.

use std::{error::Error, io::Write, str::FromStr};

use diesel::{
    deserialize::{self, FromSql, FromSqlRow},
    expression::AsExpression,
    pg::{Pg, PgValue},
    serialize::{self, IsNull, Output, ToSql},
    sql_types::Text,
};
use jiff::Timestamp;
use jiff_diesel::ToDiesel;

use crate::domain::Word;

/// A word of the core in a `text` column.
#[derive(Clone, Copy, Debug, PartialEq, Eq, AsExpression, FromSqlRow)]
#[diesel(sql_type = Text)]
pub struct Stored<T>(pub T);

impl<T: Word + std::fmt::Debug> ToSql<Text, Pg> for Stored<T> {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        out.write_all(self.0.as_str().as_bytes())?;
        Ok(IsNull::No)
    }
}

impl<T> FromSql<Text, Pg> for Stored<T>
where
    T: Word + FromStr,
    <T as FromStr>::Err: Error + Send + Sync + 'static,
{
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        let text = std::str::from_utf8(value.as_bytes())?;
        Ok(Stored(T::from_str(text)?))
    }
}

/// A point in time in a `timestamptz` column.
pub type Moment = jiff_diesel::Timestamp;

/// A point in time as diesel wants it.
pub fn moment(at: Timestamp) -> Moment {
    at.to_diesel()
}
