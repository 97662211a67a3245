//! Changes that reach into the structure of a mail: pieces of syntax rather than bits.

/// Mails in which every reader has something to read.
pub const SEEDS: &[&str] = &[
    "From: Ann <ann@example.org>\r\nTo: support@desk.test\r\nSubject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\r\nAuthentication-Results: mx.desk.test;\r\n dmarc=pass header.from=example.org\r\n\r\nIt does not print.\r\n\r\nOn Monday Bob wrote:\r\n> quoted\r\n-- \r\nAnn\r\n",
    "From: a@example.org\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: multipart/alternative; boundary=c\n\n--c\nContent-Type: text/plain; format=flowed; delsp=yes\n\nflowed \ntext\n--c\nContent-Type: text/html; charset=iso-8859-1\n\n<p>Hi</p><blockquote>x</blockquote>\n--c--\n--b\nContent-Type: message/rfc822\n\nSubject: inner\n\nx\n--b\nContent-Type: application/pdf; name*0*=utf-8''a%E2; name*1=b.pdf\nContent-Transfer-Encoding: base64\n\naGVsbG8=\n--b--\n",
    "From: MAILER-DAEMON@example.org\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\n\nfailed\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; x\n\nFinal-Recipient: rfc822; a@example.org\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 no\n--b\nContent-Type: message/rfc822\n\nMessage-ID: <1@x>\n\nx\n--b--\n",
    "From: a@example.org\nContent-Type: multipart/alternative; boundary=b\n\n--b\nContent-Type: text/calendar; method=REQUEST\n\nBEGIN:VCALENDAR\nMETHOD:REQUEST\nBEGIN:VEVENT\nSUMMARY:x\nDTSTART;TZID=Europe/Berlin:20261121T090000\nEND:VEVENT\nEND:VCALENDAR\n--b--\n",
    "From: a@example.org\nSubject: file\n\nsee\nbegin 644 cat.txt\n#0V%T\n`\nend\n=ybegin line=128 size=1 name=x\nk\n=yend size=1\n",
    "From: a@example.org\nContent-Type: application/ms-tnef; name=winmail.dat\nContent-Transfer-Encoding: base64\n\neJ8+IgEAAQeQBgAIAAAA5AQAAAAAAAAAAAIAAAIAEIABAAQAAABhLmIAAAACD4AGAAUAAABoZWxs\nbwAA\n",
    "From: a@example.org\nContent-Type: text/plain; charset=utf-7\n\n+Jjo- x +- +AGEA\n",
    "From: a@example.org\nContent-Type: text/plain; charset=hz-gb-2312\n\n~{Dc:C~}\n",
];

/// Pieces of syntax that readers act on.
const TOKENS: &[&str] = &[
    "\r\n",
    "\n",
    "\r",
    "\0",
    " ",
    "\t",
    "--",
    "--b\n",
    "--b--\n",
    "--c\n",
    "=?utf-8?q?",
    "=?iso-2022-jp?b?",
    "?=",
    "=?",
    "=",
    "%",
    "\"",
    "<",
    ">",
    "(",
    ")",
    ";",
    ":",
    ",",
    "@",
    "\\",
    "\u{1b}$B",
    "\u{1b}(B",
    "~{",
    "~}",
    "\u{0e}",
    "\u{0f}",
    "+",
    "-",
    "\u{fffd}",
    "\u{202e}",
    "\u{2028}",
    "ä",
    "日",
    "Content-Type: multipart/mixed; boundary=b\n\n",
    "Content-Type: multipart/related; boundary=c\n\n",
    "Content-Type: message/rfc822\n\n",
    "Content-Type: text/html; charset=utf-8\n",
    "Content-Transfer-Encoding: base64\n",
    "Content-Transfer-Encoding: quoted-printable\n",
    "Content-Disposition: attachment; filename=\"",
    "; charset=",
    "; boundary=\"",
    "; name*0*=utf-8''",
    "utf-16",
    "iso-2022-kr",
    "gb18030",
    "x-unknown",
    "begin 644 x\n",
    "end\n",
    "=ybegin line=1 size=1 name=x\n",
    "=yend size=1\n",
    "> ",
    ">>>>>>>>",
    "-- \n",
    "On Mon, Jan 1, 2026 at 1:00 PM A <a@x> wrote:\n",
    "From: a@example.org\n",
    "Reply-To: ",
    "References: <a@x> <b@x>\n",
    "In-Reply-To: <",
    "Subject: Re: [DG-1] ",
    "Authentication-Results: mx.desk.test; dmarc=pass\n",
    "Return-Path: <>\n",
    "Auto-Submitted: auto-replied\n",
    "List-Id: <x>\n",
    "<div>",
    "</div>",
    "<blockquote>",
    "<table><tr><td>",
    "<!--",
    "<style>",
    "<script>",
    "&amp;",
    "&#x",
    "BEGIN:VEVENT\n",
    "END:VEVENT\n",
    "-----BEGIN PGP MESSAGE-----\n",
    "Final-Recipient: rfc822; ",
    "Status: 5.1.1\n",
    "-----Original Message-----\n",
];

/// Random numbers that a seed repeats (SplitMix64).
pub struct Dice(u64);

impl Dice {
    /// The dice for one execution.
    pub fn new(seed: u64, execution: u64) -> Self {
        Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ execution.wrapping_mul(0xd134_2543_de82_ef95))
    }

    fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `end`, and zero where there is none.
    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.roll() % end.max(1) as u64).unwrap_or_default()
    }

    /// A range of `bytes`, more often short than long.
    fn range(&mut self, bytes: &[u8]) -> std::ops::Range<usize> {
        let start = self.below(bytes.len());
        let longest = [4, 40, 400, bytes.len()][self.below(4)];
        start..(start + self.below(longest.max(1)) + 1).min(bytes.len())
    }
}

/// One of the mails after some changes, and at most `max` bytes of it.
pub fn mutated(seeds: &[Vec<u8>], dice: &mut Dice, max: usize) -> Vec<u8> {
    let mut raw = seeds[dice.below(seeds.len())].clone();
    for _ in 0..1 + dice.below(12) {
        change(&mut raw, seeds, dice);
        raw.truncate(max);
    }
    raw
}

fn change(raw: &mut Vec<u8>, seeds: &[Vec<u8>], dice: &mut Dice) {
    let at = dice.below(raw.len() + 1);
    match dice.below(9) {
        0 if at < raw.len() => raw[at] ^= 1 << dice.below(8),
        1 if at < raw.len() => raw[at] = dice.roll().to_le_bytes()[0],
        2 => {
            let range = dice.range(raw);
            raw.drain(range);
        }
        3 => {
            let piece = raw[dice.range(raw)].to_vec();
            raw.splice(at..at, piece);
        }
        4 => {
            let other = &seeds[dice.below(seeds.len())];
            let piece = other[dice.range(other)].to_vec();
            raw.splice(at..at, piece);
        }
        // What is deep or many is made by saying one thing again and again.
        5 => {
            let token = TOKENS[dice.below(TOKENS.len())].repeat(1 << dice.below(11));
            raw.splice(at..at, token.into_bytes());
        }
        6 => raw.truncate(at),
        _ => {
            let line = raw[..at].iter().rposition(|&byte| byte == b'\n').map_or(0, |found| found + 1);
            let place = if dice.below(2) == 0 { at } else { line };
            raw.splice(place..place, TOKENS[dice.below(TOKENS.len())].bytes());
        }
    }
}
