//! The words by which mail programs announce quotes, in the languages of their users.
//!
//! All in lower case. Taken from the programs' translations: Outlook, Apple Mail,
//! Gmail, Thunderbird, Yahoo, Zimbra.

/// The kinds of header line above a quoted mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Label {
    From,
    Date,
    To,
    Cc,
    Subject,
    Other,
}

#[rustfmt::skip]
const LABELS: &[(Label, &[&str])] = &[
    (Label::From, &[
        "from", "von", "de", "da", "van", "od", "fra", "från", "lähettäjä", "от", "от кого", "差出人", "送信元",
        "发件人", "寄件者", "kimden", "보낸 사람", "remitente", "expéditeur",
    ]),
    (Label::Date, &[
        "sent", "date", "gesendet", "datum", "envoyé", "envoyé le", "enviado", "enviado el", "enviado em",
        "enviada em", "fecha", "data", "inviato", "verzonden", "wysłano", "sendt", "skickat", "lähetetty",
        "отправлено", "дата", "送信日時", "日時", "日付", "发送时间", "日期", "时间", "寄件日期", "gönderildi", "보낸 날짜",
        "sent at",
    ]),
    (Label::To, &[
        "to", "an", "à", "a", "para", "aan", "do", "til", "till", "vastaanottaja", "кому", "宛先", "收件人",
        "收件者", "kime", "받는 사람",
    ]),
    (Label::Cc, &[
        "cc", "kopie", "kopia", "kopi", "copie", "copia", "dw", "копия", "抄送", "副本",
    ]),
    (Label::Subject, &[
        "subject", "betreff", "objet", "asunto", "assunto", "oggetto", "onderwerp", "temat", "emne",
        "ämne", "aihe", "тема", "件名", "主题", "主旨", "konu", "제목", "re",
    ]),
    (Label::Other, &[
        "reply-to", "reply to", "risposta", "répondre à", "antwort an", "responder a", "responder para",
        "antwoord aan", "odpowiedź do", "importance", "priority", "attachments",
    ]),
];

/// What kind of header line a label names.
pub(super) fn label(word: &str) -> Option<Label> {
    LABELS.iter().find(|(_, words)| words.contains(&word)).map(|(label, _)| *label)
}

/// Verbs of "On … Alice wrote:".
#[rustfmt::skip]
pub(super) const WROTE: &[&str] = &[
    "wrote", "writes", "schrieb", "schreibt", "geschrieben", "a écrit", "écrit", "escribió", "escribio",
    "escreveu", "ha scritto", "scritto", "scrive", "schreef", "geschreven", "napisał", "napisał(a)",
    "napisała", "napisal", "napsal", "napsala", "skrev", "skriver", "kirjoitti", "написал", "написала",
    "пишет", "写道", "寫道", "さんは書きました", "が書きました", "は書きました", "のメッセージ", "のメール", "yazdı", "작성", "said",
];

/// How an attribution line begins.
#[rustfmt::skip]
pub(super) const OPENERS: &[&str] = &[
    "on ", "am ", "le ", "el ", "em ", "il ", "op ", "w dniu", "dnia ", "den ", "at ", "in data ", "a ",
    "à ", "пн", "вт", "ср", "чт", "пт", "сб", "вс", "в ", "在", "於", "em", "dne ", "la ", "quoting ",
    "zitat von ", "on:",
];

/// Separators that stand between dashes.
#[rustfmt::skip]
pub(super) const SEPARATORS: &[&str] = &[
    "original message", "original email", "original appointment", "reply message", "forwarded message",
    "forwarded by", "original-nachricht", "originalnachricht", "ursprüngliche nachricht",
    "weitergeleitete nachricht", "message d'origine", "message d’origine", "message original",
    "message transféré", "message initial", "mensaje original", "mensaje reenviado", "mensagem original",
    "mensagem encaminhada", "messaggio originale", "messaggio inoltrato", "oorspronkelijk bericht",
    "origineel bericht", "doorgestuurd bericht", "oryginalna wiadomość", "wiadomość oryginalna",
    "wiadomość przekazana", "treść przekazanej wiadomości", "oprindelig meddelelse",
    "opprinnelig melding", "ursprungligt meddelande", "alkuperäinen viesti", "исходное сообщение",
    "пересылаемое сообщение", "元のメッセージ", "転送メッセージ", "转发的邮件", "转发邮件信息", "原始邮件", "原始郵件", "邮件原件",
    "originalmeddelande",
];

/// Separators that stand alone, without dashes.
#[rustfmt::skip]
pub(super) const BARE_SEPARATORS: &[&str] = &[
    "begin forwarded message:", "anfang der weitergeleiteten nachricht:", "début du message transféré :",
    "début du message réexpédié :", "inicio del mensaje reenviado:", "início da mensagem encaminhada:",
    "início da mensagem reencaminhada:", "inizio messaggio inoltrato:", "begin doorgestuurd bericht:",
    "początek przekazanej wiadomości:", "転送されたメッセージ:", "以下是转发的邮件：",
];

/// How footers of phones and mail programs begin.
#[rustfmt::skip]
pub(super) const FOOTERS: &[&str] = &[
    "sent from my ", "sent from ", "sent via ", "sent with ", "sent using ", "sent by ", "from my ",
    "get outlook for ", "get [outlook for ", "envoyé de mon ", "envoyé depuis ", "envoyé à partir ",
    "envoyé par ", "télécharger outlook ", "obtenez outlook ", "von meinem ", "von meiner ",
    "gesendet von ", "gesendet mit ", "gesendet über ", "gesendet aus ", "diese nachricht wurde von mein",
    "holen sie sich outlook ", "outlook für ", "enviado desde ", "enviado do ", "enviado de ",
    "enviado a partir ", "enviado com ", "enviado por ", "enviado via ", "obtener outlook ",
    "obter o outlook ", "descargar outlook ", "inviato da ", "inviato dal ", "inviato con ",
    "scarica outlook ", "ottieni outlook ", "verzonden met ", "verzonden vanaf ", "verzonden via ",
    "verstuurd vanaf ", "verstuurd met ", "outlook voor ", "wysłane z ", "wysłano z ", "pobierz outlook ",
    "wiadomość wysłana z ", "sendt fra ", "skickat från ", "lähetetty ", "отправлено с ",
    "отправлено из ", "iphoneから送信", "ipadから送信", "androidから送信", "私のiphoneから", "发自我的", "發自我的", "从我的",
    "發送自我的", "发送自", "outlook for ios", "outlook for android",
];

/// Words that make a long footer a footer all the same.
#[rustfmt::skip]
pub(super) const DEVICES: &[&str] = &[
    "iphone", "ipad", "ipod", "android", "blackberry", "samsung", "galaxy", "huawei", "nokia", "outlook",
    "mail", "mobil", "handy", "tablet", "smartphone", "windows", "phone", "téléphone", "móvil", "celular",
    "cellulare", "telefon", "telefoon", "airmail", "mailbox", "spark", "proton", "yahoo", "gmail",
    "thunderbird", "acompli", "htc", "xperia", "ti-85", "alcatel", "verizon", "t-mobile", "at&t",
    "sparrow",
];
