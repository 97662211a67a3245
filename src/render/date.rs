//! Days as people of a language write them.

use jiff::civil::Date;

use crate::domain::Language;

/// A day in words: `28 November 2026`.
pub(super) fn long(date: Date, language: Language) -> String {
    let (day, year) = (date.day(), date.year());
    let month = |names: &[&'static str; 12]| names[usize::from(date.month().unsigned_abs()).clamp(1, 12) - 1];
    match language {
        Language::En => format!("{day} {} {year}", month(&EN)),
        Language::De => format!("{day}. {} {year}", month(&DE)),
        Language::Fr if day == 1 => format!("1er {} {year}", month(&FR)),
        Language::Fr => format!("{day} {} {year}", month(&FR)),
        Language::Es => format!("{day} de {} de {year}", month(&ES)),
        Language::Pt => format!("{day} de {} de {year}", month(&PT)),
        Language::It => format!("{day} {} {year}", month(&IT)),
        Language::Nl => format!("{day} {} {year}", month(&NL)),
        Language::Pl => format!("{day} {} {year}", month(&PL)),
        Language::Ja | Language::Zh => format!("{year}年{}月{day}日", date.month()),
    }
}

#[rustfmt::skip] // one month a line would make the tables unreadable
const EN: [&str; 12] = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];
#[rustfmt::skip]
const DE: [&str; 12] = ["Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November", "Dezember"];
#[rustfmt::skip]
const FR: [&str; 12] = ["janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"];
#[rustfmt::skip]
const ES: [&str; 12] = ["enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"];
#[rustfmt::skip]
const PT: [&str; 12] = ["janeiro", "fevereiro", "março", "abril", "maio", "junho", "julho", "agosto", "setembro", "outubro", "novembro", "dezembro"];
#[rustfmt::skip]
const IT: [&str; 12] = ["gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno", "luglio", "agosto", "settembre", "ottobre", "novembre", "dicembre"];
#[rustfmt::skip]
const NL: [&str; 12] = ["januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober", "november", "december"];
#[rustfmt::skip]
const PL: [&str; 12] = ["stycznia", "lutego", "marca", "kwietnia", "maja", "czerwca", "lipca", "sierpnia", "września", "października", "listopada", "grudnia"];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Word;

    #[test]
    fn a_day_reads_as_its_reader_writes_it() {
        let written = |year, month, day| {
            Language::ALL
                .iter()
                .map(|&language| long(Date::constant(year, month, day), language))
                .collect::<Vec<_>>()
        };
        let all = written(2026, 11, 28);
        for day in [
            "28 November 2026",
            "28. November 2026",
            "28 novembre 2026",
            "28 de noviembre de 2026",
            "28 de novembro de 2026",
            "28 november 2026",
            "28 listopada 2026",
            "2026年11月28日",
        ] {
            assert!(all.iter().any(|each| each == day), "{day}: {all:?}");
        }
        assert!(written(2027, 1, 1).contains(&"1er janvier 2027".to_owned()));
        assert!(written(2027, 12, 31).contains(&"31 dicembre 2027".to_owned()));
    }
}
