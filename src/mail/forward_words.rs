//! The words by which mail programs announce a mail that is passed on, in the
//! languages of their users. All in lower case.

/// What a header line above a forwarded mail tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Label {
    From,
    Date,
    To,
    Subject,
    Other,
}

#[rustfmt::skip]
const LABELS: &[(Label, &[&str])] = &[
    (Label::From, &[
        "from", "von", "de", "da", "van", "od", "odesílatel", "fra", "från", "lähettäjä", "feladó", "kimden", "gönderen",
        "от", "от кого", "від", "від кого", "från:", "差出人", "送信者", "送信元", "发件人", "寄件人", "寄件者", "보낸 사람", "보낸사람",
        "από", "de la", "expéditeur", "remitente", "remetente", "mittente", "afzender", "nadawca", "avsändare", "afsender",
        "avsender", "odosielateľ", "pošiljatelj", "saatja", "nuo", "no", "מאת", "من", "từ", "dari", "absender", "šalje",
    ]),
    (Label::Date, &[
        "date", "sent", "datum", "gesendet", "date :", "envoyé", "envoyé le", "fecha", "enviado", "enviado el", "data", "enviado em",
        "enviada em", "inviato", "verzonden", "wysłano", "dato", "sendt", "skickat", "lähetetty", "päivämäärä", "päiväys", "odesláno",
        "odoslané", "dátum", "küldve", "elküldve", "tarih", "gönderildi", "gönderme tarihi", "дата", "отправлено", "надіслано",
        "日付", "日時", "送信日時", "日期", "发送时间", "发送日期", "时间", "寄件日期", "傳送時間", "날짜", "보낸 날짜", "ημερομηνία", "στάλθηκε",
        "trimis", "poslano", "datums", "kuupäev", "saadetud", "išsiųsta", "תאריך", "נשלח", "التاريخ", "تاريخ الإرسال", "ngày",
        "đã gửi", "tanggal", "terkirim", "изпратено",
    ]),
    (Label::To, &[
        "to", "an", "à", "a", "para", "aan", "do", "komu", "til", "till", "vastaanottaja", "címzett", "kime", "alıcı", "кому", "宛先",
        "收件人", "收件者", "받는 사람", "받는사람", "προς", "către", "za", "prima", "kellele", "kam", "אל", "إلى", "đến", "kepada", "до",
        "destinataire", "destinatario", "destinatário",
    ]),
    (Label::Subject, &[
        "subject", "betreff", "objet", "sujet", "asunto", "assunto", "oggetto", "onderwerp", "temat", "emne", "ämne", "aihe", "předmět",
        "predmet", "tárgy", "konu", "тема", "件名", "主题", "主旨", "標題", "제목", "θέμα", "subiect", "zadeva", "teema", "tēma", "נושא",
        "الموضوع", "chủ đề", "subjek", "perihal", "относно",
    ]),
    (Label::Other, &[
        "cc", "bcc", "kopie", "kopia", "kopi", "copie", "copia", "dw", "копия", "抄送", "副本", "참조", "reply-to", "antwort an", "répondre à",
        "responder a", "rispondi a", "organization", "organisation", "importance", "wichtigkeit", "attachments", "anlagen", "message-id",
    ]),
];

/// What a header line with this label tells.
pub(super) fn label(word: &str) -> Option<Label> {
    LABELS.iter().find(|(_, words)| words.contains(&word)).map(|(label, _)| *label)
}

/// How the subject of a forward begins, before its colon. `vs` is a forward in Danish
/// and Norwegian and an answer in Finnish.
#[rustfmt::skip]
pub(super) const PREFIXES: &[&str] = &[
    "fw", "fwd", "wg", "weitergeleitet", "tr", "rv", "rm", "reenv", "enc", "i", "inoltra", "doorst", "pd", "vb", "vs", "vl", "ilt", "tov", "továbbítás",
    "přep", "fwd fwd", "пересл", "转发", "轉寄", "转寄", "転送", "전달", "πρθ", "trs", "הועבר", "إعادة توجيه", "redir", "proslj", "fs",
];

/// How the subject of an answer begins, before its colon; `vs` is in doubt and not here.
#[rustfmt::skip]
pub(super) const ANSWERS: &[&str] = &[
    "re", "aw", "sv", "antw", "odp", "res", "r", "rif", "réf", "ynt", "vá", "отв", "απ", "回复", "答复", "回覆", "返信", "답장", "회신", "תגובה", "رد",
];

/// What stands in the line above a forwarded mail.
#[rustfmt::skip]
pub(super) const MARKERS: &[&str] = &[
    "forwarded message", "forwarded mail", "forwarded email", "forwarded by", "weitergeleitete nachricht", "weitergeleiteten nachricht",
    "weitergeleitete mail", "message transféré", "message réexpédié", "message transmis", "mensaje reenviado", "mensagem encaminhada",
    "mensagem reencaminhada", "messaggio inoltrato", "doorgestuurd bericht", "doorgestuurde bericht", "wiadomość przekazana",
    "przekazana wiadomość", "przekazanej wiadomości", "przekazywanej wiadomości", "vidarebefordrat", "videresendt", "videresend",
    "välitetty viesti", "edelleenlähetetty viesti", "přeposlaná zpráva", "přeposlané zprávy", "preposlaná správa", "továbbított üzenet",
    "továbbított levél", "iletilen ileti", "iletilmiş ileti", "yönlendirilen ileti", "yönlendirilmiş", "пересылаемое сообщение",
    "пересланное сообщение", "переадресованного сообщения", "переслане повідомлення", "転送メッセージ", "転送されたメッセージ", "转发的邮件",
    "转发邮件", "已转发邮件", "轉寄郵件", "轉寄的郵件", "전달된 메시지", "전달된 메일", "προωθημένο μήνυμα", "mesaj redirecționat", "mesaj retransmis",
    "proslijeđena poruka", "posredovano sporočilo", "הודעה שהועברה", "رسالة معاد توجيهها", "رسالة أعيد توجيهها", "được chuyển tiếp", "pesan terusan",
    "pesan yang diteruskan", "препратено съобщение", "edastatud kiri",
];
