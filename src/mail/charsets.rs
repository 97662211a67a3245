//! Bytes into text: the charset that a mail declares, where the bytes agree with it.
//!
//! The labels are those of the WHATWG Encoding Standard (`encoding_rs`) and the code
//! pages that mail programs name besides. A declaration is a claim: what is valid
//! UTF-8 cannot be text of a single-byte charset by accident, and what breaks its
//! charset was written in another one. Where nothing is declared, or wrongly, the
//! language of the bytes tells (`chardetng`).
//!
//! Four charsets that browsers refuse are still in the mail: UTF-7 (RFC 2152), HZ
//! (RFC 1843), ISO-2022-KR (RFC 1557) and ISO-2022-CN (RFC 1922).

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{
    EUC_KR, Encoding, GB18030, ISO_2022_JP, ISO_8859_2, ISO_8859_4, ISO_8859_7, ISO_8859_8, ISO_8859_13,
    ISO_8859_15, ISO_8859_16, REPLACEMENT, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1250, WINDOWS_1252,
    WINDOWS_1253, WINDOWS_1254, WINDOWS_1255, WINDOWS_1257, WINDOWS_1258, X_USER_DEFINED,
};
use mail_parser::decoders::charsets::map::charset_decoder;

use super::transfer;

/// What the rest of the mail is written in, where that is known.
pub(super) type Hint = Option<&'static Encoding>;

/// As much is looked at to guess a charset, in bytes.
const MAX_GUESS_BYTES: usize = 64 << 10;
/// One byte in so many may break a declared charset before it is disbelieved.
const TOLERATED: usize = 10;
/// So many letters beyond ASCII in a row, and so many different ones, are no Western word.
const MIN_FOREIGN_WORD: usize = 4;

/// The text of `bytes`; what belongs to no charset becomes U+FFFD.
pub(super) fn decode(bytes: &[u8], declared: Option<&str>, hint: Hint) -> String {
    let label = declared.map(tidy).unwrap_or_default();
    if let Some(text) = seven_bit(bytes, &label) {
        return text;
    }
    match encoding(&label) {
        Some(wide) if wide == UTF_16LE || wide == UTF_16BE => utf_16(bytes, wide, label == "utf-16"),
        Some(declared) if declared != UTF_8 && !is_ascii(&label) => as_declared(bytes, declared, hint),
        Some(_) => undeclared(bytes, hint),
        None => match charset_decoder(label.as_bytes()).filter(|_| !is_unknown(&label)) {
            Some(decode) if std::str::from_utf8(bytes).is_err() => decode(bytes),
            _ => undeclared(bytes, hint),
        },
    }
}

/// What a text seems to be written in, for other text of the same mail.
pub(super) fn hint(bytes: &[u8], declared: Option<&str>) -> Hint {
    if bytes.is_ascii() || std::str::from_utf8(bytes).is_ok() {
        return None;
    }
    let declared = declared.map(tidy).filter(|label| !is_ascii(label)).and_then(|label| encoding(&label));
    let declared = declared.filter(|declared| *declared != UTF_8 && fits(bytes, declared).is_some());
    Some(declared.map_or_else(|| guess(bytes), |declared| not_western(bytes, declared).unwrap_or(declared)))
}

fn tidy(label: &str) -> String {
    label.trim_matches(|c: char| c.is_whitespace() || c == '"' || c == '\'').to_ascii_lowercase()
}

/// The names of ASCII. Text of eight bits that bears one is in anything, though the
/// standard takes them for names of windows-1252.
fn is_ascii(label: &str) -> bool {
    matches!(
        label,
        "us-ascii"
            | "ascii"
            | "us_ascii"
            | "usascii"
            | "us"
            | "ansi_x3.4-1968"
            | "iso-ir-6"
            | "iso646-us"
            | "cp367"
    )
}

/// Names that say no more than that it is not known.
fn is_unknown(label: &str) -> bool {
    label.is_empty() || label.contains("unknown") || label == "default" || label == "x-user-defined"
}

/// The encoding of a label: the standard's, or a code page under one of its many names.
fn encoding(label: &str) -> Option<&'static Encoding> {
    let of_standard = Encoding::for_label(label.as_bytes());
    if let Some(found) = of_standard.filter(|found| *found != REPLACEMENT && *found != X_USER_DEFINED) {
        return Some(found);
    }
    let squeezed: String = label.chars().filter(char::is_ascii_alphanumeric).collect();
    let digits = squeezed.trim_start_matches(|c: char| !c.is_ascii_digit());
    let name = &squeezed[..squeezed.len() - digits.len()];
    match name {
        "utf" | "uft" | "unicodeutf" if digits.is_empty() || digits.starts_with('8') => Some(UTF_8),
        "iso" if digits.starts_with("2022jp") => Some(ISO_2022_JP),
        "iso" => Encoding::for_label(format!("iso-8859-{}", digits.strip_prefix("8859")?).as_bytes()),
        "cp" | "ms" | "win" | "windows" | "ibm" | "codepage" | "xcp" | "xms" | "cswindows" => {
            code_page(digits.parse().ok()?)
        }
        "xgbk" | "xgb" => Some(GB18030),
        "ansix" => Some(WINDOWS_1252),
        "koi" => Encoding::for_label(b"koi8-r"),
        _ => None,
    }
}

/// The encoding of a Windows code page.
pub(super) fn code_page(number: u16) -> Hint {
    match number {
        50220..=50222 => Some(ISO_2022_JP),
        number => codepage::to_encoding(number),
    }
}

fn as_declared(bytes: &[u8], declared: &'static Encoding, hint: Hint) -> String {
    let utf_8 = std::str::from_utf8(bytes).ok().filter(|_| !bytes.is_ascii());
    let is_chance = |text: &&str| !declared.is_single_byte() && !is_surely_utf_8(text);
    if let Some(text) = utf_8.filter(|text| declared != ISO_2022_JP && !is_chance(text)) {
        return without_bom(text).to_owned();
    }
    if declared == ISO_2022_JP && bytes.is_ascii() {
        return declared.decode_without_bom_handling(&without_idle_escapes(bytes)).0.into_owned();
    }
    if let Some(other) = not_western(bytes, declared) {
        return other.decode_without_bom_handling(bytes).0.into_owned();
    }
    let sibling = || sibling(declared).and_then(|sibling| fits(bytes, sibling));
    if let Some(text) = fits(bytes, declared).or_else(sibling) {
        return text;
    }
    if let Some(text) = utf_8 {
        return without_bom(text).to_owned();
    }
    let text = declared.decode_without_bom_handling(bytes).0;
    let errors = text.chars().filter(|c| *c == '\u{fffd}').count();
    let high = bytes.iter().filter(|byte| !byte.is_ascii()).count();
    if !has_controls(&text) && errors * TOLERATED <= high {
        text.into_owned()
    } else {
        undeclared(bytes, hint.filter(|hint| *hint != declared))
    }
}

/// The text, where nothing in the bytes breaks the charset.
fn fits(bytes: &[u8], charset: &'static Encoding) -> Option<String> {
    let text = charset.decode_without_bom_handling_and_without_replacement(bytes)?;
    (!has_controls(&text)).then(|| text.into_owned())
}

/// No program means the control characters of the upper half, but for the end of a line.
fn has_controls(text: &str) -> bool {
    text.contains(|c: char| ('\u{80}'..'\u{a0}').contains(&c) && c != '\u{85}')
}

/// More than text of two bytes a character is by chance: a word in UTF-8.
fn is_surely_utf_8(text: &str) -> bool {
    let of = |bytes: usize| text.chars().filter(|c| c.len_utf8() >= bytes).count();
    of(3) >= 3 || of(2) >= 6
}

/// The page of Windows for the languages of an ISO page, with letters and quotation
/// marks where that has control characters.
fn sibling(page: &'static Encoding) -> Hint {
    match page {
        page if page == ISO_8859_2 || page == ISO_8859_16 => Some(WINDOWS_1250),
        page if page == ISO_8859_4 || page == ISO_8859_13 => Some(WINDOWS_1257),
        page if page == ISO_8859_7 => Some(WINDOWS_1253),
        page if page == ISO_8859_8 => Some(WINDOWS_1255),
        page if page == ISO_8859_15 => Some(WINDOWS_1252),
        _ => None,
    }
}

/// What text is written in that is called Western and is not: whole words of letters
/// with accents, which no Western language has.
fn not_western(bytes: &[u8], declared: &'static Encoding) -> Hint {
    (declared == WINDOWS_1252).then_some(())?;
    let looked_at = &bytes[..bytes.len().min(MAX_GUESS_BYTES)];
    let words = looked_at.split(u8::is_ascii).filter(|run| !run.is_empty());
    let (mut all, mut long, mut kinds) = (0, 0, [false; 256]);
    for word in words {
        all += word.len();
        long += if word.len() >= MIN_FOREIGN_WORD { word.len() } else { 0 };
        word.iter().for_each(|&byte| kinds[usize::from(byte)] = true);
    }
    let kinds = kinds.iter().filter(|seen| **seen).count();
    let guessed = (long * 2 > all && kinds >= MIN_FOREIGN_WORD).then(|| guess(bytes))?;
    let western =
        [WINDOWS_1252, WINDOWS_1250, WINDOWS_1254, WINDOWS_1257, WINDOWS_1258, ISO_8859_2, ISO_8859_4];
    (guessed != UTF_8 && !western.contains(&guessed) && fits(bytes, guessed).is_some()).then_some(guessed)
}

/// ISO-2022-JP without the escape sequences that another one follows at once, as where
/// encoded words were joined: the standard takes them for an attack.
fn without_idle_escapes(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    for (n, piece) in bytes.split(|&byte| byte == 0x1b).enumerate() {
        // The two bytes after the escape choose a set; with nothing in it they are idle.
        if n == 0 || piece.len() > 2 {
            out.extend_from_slice(if n == 0 { b"" } else { b"\x1b" });
            out.extend_from_slice(piece);
        }
    }
    out
}

/// UTF-8 where it is, else what the rest of the mail has, else a guess.
fn undeclared(bytes: &[u8], hint: Hint) -> String {
    if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
        return utf_16(bytes, UTF_16LE, true);
    }
    match std::str::from_utf8(bytes) {
        Ok(text) if !bytes.contains(&0x1b) => without_bom(text).to_owned(),
        Err(_) if is_damaged_utf_8(bytes) => String::from_utf8_lossy(bytes).into_owned(),
        Ok(_) | Err(_) => {
            let hinted = hint.and_then(|hint| fits(bytes, hint));
            hinted.unwrap_or_else(|| guess(bytes).decode_without_bom_handling(bytes).0.into_owned())
        }
    }
}

fn without_bom(text: &str) -> &str {
    text.strip_prefix('\u{feff}').unwrap_or(text)
}

/// More characters that only UTF-8 makes than bytes that break it.
fn is_damaged_utf_8(bytes: &[u8]) -> bool {
    let (mut good, mut bad) = (0usize, 0usize);
    for chunk in bytes.utf8_chunks() {
        good += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        bad += usize::from(!chunk.invalid().is_empty());
    }
    good > bad
}

fn guess(bytes: &[u8]) -> &'static Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Allow);
    detector.feed(&bytes[..bytes.len().min(MAX_GUESS_BYTES)], bytes.len() <= MAX_GUESS_BYTES);
    detector.guess(None, Utf8Detection::Allow)
}

/// `either`: the label leaves the byte order to a mark, without which RFC 2781 §4.3
/// says big-endian and Windows writes little-endian. Text has its zeroes in the high half.
fn utf_16(bytes: &[u8], declared: &'static Encoding, either: bool) -> String {
    let zeroes = |from: usize| bytes.iter().skip(from).step_by(2).filter(|byte| **byte == 0).count();
    let encoding = match bytes {
        [0xff, 0xfe, ..] => UTF_16LE,
        [0xfe, 0xff, ..] => UTF_16BE,
        // Nobody writes UTF-16 without one zero byte and in UTF-8 at once.
        _ if !bytes.contains(&0) && std::str::from_utf8(bytes).is_ok() => return undeclared(bytes, None),
        _ if either && zeroes(0) > zeroes(1) => UTF_16BE,
        _ => declared,
    };
    encoding.decode_with_bom_removal(bytes).0.into_owned()
}

/// The charsets of seven bits that shift between ASCII and two bytes a character.
fn seven_bit(bytes: &[u8], label: &str) -> Option<String> {
    match label {
        "utf-7" | "utf7" | "unicode-1-1-utf-7" | "csutf7" | "csunicode11utf7" | "x-unicode-2-0-utf-7" => {
            bytes.is_ascii().then(|| utf_7(bytes))
        }
        "hz-gb-2312" | "hz" => Some(hz(bytes)),
        "iso-2022-kr" | "csiso2022kr" => Some(shifted(bytes, EUC_KR)),
        "iso-2022-cn" | "iso-2022-cn-ext" => Some(shifted(bytes, GB18030)),
        _ => None,
    }
}

/// `+` and `-` stand around UTF-16 in base64, of which the `-` may be missing; `+-` is
/// a plus.
fn utf_7(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len());
    let mut pieces = bytes.split(|&byte| byte == b'+');
    out.extend(pieces.next().unwrap_or_default().iter().copied().map(char::from));
    for piece in pieces {
        let length = piece.iter().take_while(|&&b| b.is_ascii_alphanumeric() || b == b'/').count();
        let rest = &piece[length..];
        let units: Vec<u16> = match transfer::base64(&piece[..length]) {
            Some((wide, _)) => {
                wide.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]])).collect()
            }
            None => Vec::new(),
        };
        out.push_str(&String::from_utf16_lossy(&units));
        if length == 0 {
            out.push('+');
        }
        out.extend(rest.strip_prefix(b"-").unwrap_or(rest).iter().copied().map(char::from));
    }
    out
}

/// SO and SI stand around characters of two bytes, whose high bits were taken off; an
/// escape sequence of four bytes says which set they are of.
fn shifted(bytes: &[u8], set: &'static Encoding) -> String {
    let mut out = Vec::with_capacity(bytes.len());
    let (mut double, mut at) = (false, 0);
    while let Some(&byte) = bytes.get(at) {
        at += 1;
        match byte {
            0x0e => double = true,
            0x0f => double = false,
            0x1b if bytes.get(at) == Some(&b'$') => at += 3,
            b'\n' => {
                double = false;
                out.push(byte);
            }
            0x21..=0x7e if double => out.push(byte | 0x80),
            byte => out.push(byte),
        }
    }
    set.decode_without_bom_handling(&out).0.into_owned()
}

/// `~{` and `~}` stand around GB 2312 without its high bits; `~~` is a tilde.
fn hz(bytes: &[u8]) -> String {
    let mut out = Vec::with_capacity(bytes.len());
    let (mut double, mut at) = (false, 0);
    while let Some(&byte) = bytes.get(at) {
        let pair = (byte, bytes.get(at + 1).copied());
        at += 1 + usize::from(matches!(pair, (b'~', Some(b'{' | b'}' | b'~' | b'\n'))));
        match pair {
            (b'~', Some(b'{')) => double = true,
            (b'~', Some(b'}')) => double = false,
            (b'~', Some(b'~')) => out.push(b'~'),
            (b'~', Some(b'\n')) => {}
            (0x21..=0x7e, _) if double => out.push(byte | 0x80),
            _ => out.push(byte),
        }
    }
    GB18030.decode_without_bom_handling(&out).0.into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(bytes: &[u8], label: &str) -> String {
        decode(bytes, Some(label), None)
    }

    #[test]
    fn every_label_of_the_standard_and_the_code_pages_of_mail_programs_are_known() {
        for (label, bytes, want) in [
            ("ISO-8859-1", &b"Gr\xfc\xdfe"[..], "Grüße"),
            ("\"iso-8859-2\"", b"\xb1\xe6\xea", "ąćę"),
            ("iso8859_15", b"\xa4", "€"),
            ("koi8-r", b"\xf0\xd2\xc9\xd7\xc5\xd4", "Привет"),
            ("cp1251", b"\xcf\xf0\xe8\xe2\xe5\xf2", "Привет"),
            ("windows1252", b"\x80", "€"),
            ("cp850", b"\x81", "ü"),
            ("cp932", b"\x93\xfa\x96\x7b", "日本"),
            ("gb18030", b"\xc4\xe3\xba\xc3", "你好"),
            ("cp936", b"\xc4\xe3\xba\xc3", "你好"),
            ("big5", b"\xa7\x41\xa6\x6e", "你好"),
            ("euc-kr", b"\xbe\xc8\xb3\xe7", "안녕"),
            ("iso-2022-jp", b"\x1b$BF|K\\\x1b(B", "日本"),
            ("iso-2022-jp", b"\x1b$BF|\x1b(B\x1b$BK\\\x1b(B", "日本"),
            ("uft-8", "ü".as_bytes(), "ü"),
            ("utf-16", b"\0H\0i", "Hi"),
            ("utf-16", b"H\0i\0", "Hi"),
            ("utf-16le", b"\xff\xfeH\0i\0", "Hi"),
        ] {
            assert_eq!(text(bytes, label), want, "{label}");
        }
    }

    #[test]
    fn the_charsets_of_seven_bits_are_read() {
        assert_eq!(text(b"Hi Mom -+Jjo--!", "UTF-7"), "Hi Mom -\u{263a}-!");
        assert_eq!(text(b"A+ImIDkQ. 1 +- 1", "unicode-1-1-utf-7"), "A\u{2262}\u{391}. 1 + 1");
        assert_eq!(text(b"\x1b$)C\x0e>H3g\x0f, x", "iso-2022-kr"), "안녕, x");
        assert_eq!(text(b"~{Dc:C~}, ~~", "hz-gb-2312"), "你好, ~");
        assert_eq!(text(b"\x1b$)A\x0eDc:C\x0f!", "iso-2022-cn"), "你好!");
    }

    #[test]
    fn the_bytes_are_believed_rather_than_a_wrong_declaration() {
        assert_eq!(text("Grüße".as_bytes(), "iso-8859-1"), "Grüße");
        assert_eq!(text(b"Viele Gr\xfc\xdfe aus K\xf6ln", "utf-8"), "Viele Grüße aus Köln");
        assert_eq!(text(b"Viele Gr\xfc\xdfe aus K\xf6ln", "us-ascii"), "Viele Grüße aus Köln");
        assert_eq!(text("Привет".as_bytes(), "x-unknown"), "Привет");
        assert_eq!(text("Grüße, K\u{f6}ln".as_bytes(), "utf-16"), "Grüße, Köln");
        assert_eq!(text(b"Gr\xc3\xbc\xc3\x9fe \xff", "utf-8"), "Grüße \u{fffd}");
        // Valid as both: short Chinese text is believed to be what it says.
        assert_eq!(text(b"\xc1\xaa\xcd\xa8", "gb2312"), "联通");
    }

    #[test]
    fn what_declares_nothing_is_guessed_from_the_language_or_the_rest_of_the_mail() {
        let russian = encoding_rs::KOI8_R.encode("Добрый день, у нас не работает принтер").0.into_owned();
        assert_eq!(decode(&russian, None, None), "Добрый день, у нас не работает принтер");
        let hint = hint(b"\xcf\xf0\xe8\xe2\xe5\xf2", Some("windows-1251"));
        assert_eq!(decode(b"\xcf\xf0", None, hint), "Пр");
        assert_eq!(decode(b"\x1b$BF|K\\\x1b(B", None, None), "日本");
        assert_eq!(decode(b"\xef\xbb\xbfHi", None, None), "Hi");
    }

    #[test]
    fn what_is_called_western_or_chinese_and_is_not_is_read_as_what_it_is() {
        let said = "Здравствуйте, у нас не работает принтер";
        let cp1251 = encoding_rs::WINDOWS_1251.encode(said).0;
        for label in ["us-ascii", "ascii", "iso-8859-1", "windows-1252"] {
            assert_eq!(decode(&cp1251, Some(label), hint(&cp1251, Some(label))), said, "{label}");
        }
        for (charset, said) in [
            (encoding_rs::GBK, "您好，我们的打印机今天早上无法登录，请帮助我们"),
            (encoding_rs::SHIFT_JIS, "日本語のテキストです。よろしくお願いします"),
        ] {
            let bytes = charset.encode(said).0;
            for label in ["us-ascii", "iso-8859-1"] {
                assert_eq!(decode(&bytes, Some(label), hint(&bytes, Some(label))), said, "{label}");
            }
        }
        for label in ["gb2312", "gbk", "shift_jis", "euc-kr", "big5"] {
            assert_eq!(text("登录失败".as_bytes(), label), "登录失败", "{label}");
        }
        // Honest Western text, with letters next to each other and in upper case.
        for said in
            ["Grüße", "Größe, Füße, Maß", "DÉJÀ VU À L'ÉTÉ", "Hyvää yötä, pöytä", "«Été»", "œuvre – “naïve”"]
        {
            let bytes = WINDOWS_1252.encode(said).0;
            assert_eq!(text(&bytes, "iso-8859-1"), said);
        }
    }

    #[test]
    fn an_iso_page_with_letters_of_its_windows_page_is_that() {
        let said = "Koš, žába a „Śląsk”";
        let bytes = WINDOWS_1250.encode(said).0;
        assert_eq!(decode(&bytes, Some("iso-8859-2"), hint(&bytes, Some("iso-8859-2"))), said);
        assert_eq!(text(b"\xb1\xe6\xea", "iso-8859-2"), "ąćę");
    }

    #[test]
    fn many_errors_refute_a_declaration_and_few_do_not() {
        let mut japanese =
            encoding_rs::SHIFT_JIS.encode("日本語のテキストです。よろしくお願いします").0.into_owned();
        assert_eq!(text(&japanese, "euc-jp"), "日本語のテキストです。よろしくお願いします");
        assert_eq!(text(&japanese, "iso-8859-1"), "日本語のテキストです。よろしくお願いします");
        japanese.push(0xff);
        assert!(text(&japanese, "shift_jis").starts_with("日本語のテキスト"));
    }
}
