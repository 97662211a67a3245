use proptest::prelude::*;

use super::*;
use crate::domain::growth::assert_linear;

fn sever_answer(text: &str) -> Severed {
    sever(text, Answering::Mail)
}

#[track_caller]
fn own(text: &str, want: &str) {
    assert_eq!(sever_answer(text).own, want, "{text}");
}

/// What mail programs write above a reply, by program and language.
const ATTRIBUTIONS: &[&str] = &[
    // Gmail
    "On Mon, Nov 2, 2020 at 10:12 AM Bob Miller <bob@example.org> wrote:",
    "Am Mo., 2. Nov. 2020 um 10:12 Uhr schrieb Bob Miller <bob@example.org>:",
    "Le lun. 2 nov. 2020 à 10:12, Bob Miller <bob@example.org> a écrit :",
    "El lun, 2 nov 2020 a las 10:12, Bob Miller (<bob@example.org>) escribió:",
    "Em seg., 2 de nov. de 2020 às 10:12, Bob Miller <bob@example.org> escreveu:",
    "Il giorno lun 2 nov 2020 alle ore 10:12 Bob Miller <bob@example.org> ha scritto:",
    "Op ma 2 nov. 2020 om 10:12 schreef Bob Miller <bob@example.org>:",
    "pon., 2 lis 2020 o 10:12 Bob Miller <bob@example.org> napisał(a):",
    "Den mån 2 nov. 2020 kl 10:12 skrev Bob Miller <bob@example.org>:",
    "Den man. 2. nov. 2020 kl. 10.12 skrev Bob Miller <bob@example.org>:",
    "man. 2. nov. 2020 kl. 10:12 skrev Bob Miller <bob@example.org>:",
    "ma 2. marrask. 2020 klo 10.12 Bob Miller (bob@example.org) kirjoitti:",
    "po 2. 11. 2020 v 10:12 odesílatel Bob Miller <bob@example.org> napsal:",
    "po 2. 11. 2020 o 10:12 Bob Miller <bob@example.org> napísal(a):",
    "Bob Miller <bob@example.org> ezt írta (időpont: 2020. nov. 2., H, 10:12):",
    "În lun., 2 nov. 2020 la 10:12, Bob Miller <bob@example.org> a scris:",
    "пн, 2 нояб. 2020 г. в 10:12, Bob Miller <bob@example.org>:",
    "пн, 2 лист. 2020 р. о 10:12 Bob Miller <bob@example.org> пише:",
    "На пн, 2.11.2020 г. в 10:12 Bob Miller <bob@example.org> написа:",
    "Bob Miller <bob@example.org>, 2 Kas 2020 Pzt, 10:12 tarihinde şunu yazdı:",
    "Στις Δευ 2 Νοε 2020 στις 10:12 π.μ., ο χρήστης Bob Miller <bob@example.org> έγραψε:",
    "\u{202b}בתאריך יום ב׳, 2 בנוב׳ 2020 ב-10:12 מאת \u{202a}Bob Miller\u{202c}\u{200f} <\u{202a}bob@example.org\u{202c}\u{200f}>:\u{202c}",
    "في الاثنين، 2 نوفمبر 2020 10:12 ص Bob Miller <bob@example.org> كتب:",
    "در دوشنبه ۲ نوامبر ۲۰۲۰، ۱۰:۱۲ Bob Miller <bob@example.org> نوشت:",
    "2020年11月2日(月) 10:12 Bob Miller <bob@example.org>:",
    "Bob Miller <bob@example.org> 于2020年11月2日周一 上午10:12写道：",
    "Bob Miller <bob@example.org> 於 2020年11月2日 週一 上午10:12寫道：",
    "2020년 11월 2일 (월) 오전 10:12, Bob Miller <bob@example.org>님이 작성:",
    "Vào Th 2, 2 thg 11, 2020 vào lúc 10:12 Bob Miller <bob@example.org> đã viết:",
    "Pada tanggal Sen, 2 Nov 2020 pukul 10.12 Bob Miller <bob@example.org> menulis:",
    "ในวันที่ จ. 2 พ.ย. 2020 เวลา 10:12 Bob Miller <bob@example.org> เขียนว่า:",
    "pon, 2. stu 2020. u 10:12 Bob Miller <bob@example.org> napisao je:",
    "Missatge de Bob Miller <bob@example.org> del dia dl., 2 de nov. 2020 a les 10:12:",
    // Thunderbird
    "On 11/2/2020 10:12 AM, Bob Miller wrote:",
    "Am 02.11.20 um 10:12 schrieb Bob Miller:",
    "Le 02/11/2020 à 10:12, Bob Miller a écrit :",
    "El 2/11/20 a las 10:12, Bob Miller escribió:",
    "Em 02/11/2020 10:12, Bob Miller escreveu:",
    "Il 02/11/2020 10:12, Bob Miller ha scritto:",
    "Op 02-11-2020 om 10:12 schreef Bob Miller:",
    "W dniu 02.11.2020 o 10:12, Bob Miller pisze:",
    "Den 2020-11-02 kl. 10:12, skrev Bob Miller:",
    "Bob Miller kirjoitti 2.11.2020 klo 10.12:",
    "Dne 02. 11. 20 v 10:12 Bob Miller napsal(a):",
    "02.11.2020 10:12, Bob Miller пишет:",
    "2020. 11. 02. 10:12 keltezéssel, Bob Miller írta:",
    "2.11.2020 10:12 tarihinde Bob Miller yazdı:",
    "在 2020/11/2 10:12, Bob Miller 写道:",
    "2020-11-02 오전 10:12에 Bob Miller 이(가) 쓴 글:",
    // Apple Mail
    "On Nov 2, 2020, at 10:12 AM, Bob Miller <bob@example.org> wrote:",
    "Op 2 nov. 2020, om 10:12 heeft Bob Miller <bob@example.org> het volgende geschreven:",
    "Wiadomość napisana przez Bob Miller <bob@example.org> w dniu 02.11.2020, o godz. 10:12:",
    "2 nov. 2020 kl. 10:12 skrev Bob Miller <bob@example.org>:",
    "2. 11. 2020 v 10:12, Bob Miller <bob@example.org>:",
    "2 нояб. 2020 г., в 10:12, Bob Miller <bob@example.org> написал(а):",
    "2020/11/02 10:12、Bob Miller <bob@example.org>のメール:",
    "在 2020年11月2日，上午10:12，Bob Miller <bob@example.org> 写道：",
    "2020. 11. 2. 오전 10:12, Bob Miller <bob@example.org> 작성:",
    // Yahoo
    "On Monday, November 2, 2020, 10:12:05 AM GMT+1, Bob Miller <bob@example.org> wrote:",
    "Am Montag, 2. November 2020, 10:12:05 MEZ hat Bob Miller <bob@example.org> Folgendes geschrieben:",
    "Le lundi 2 novembre 2020 à 10:12:05 UTC+1, Bob Miller <bob@example.org> a écrit :",
    // Proton, Zoho, Yandex, mail.ru, Lotus Notes, NetEase, Evolution, Horde, Gnus
    "On Monday, November 2nd, 2020 at 10:12 AM, Bob Miller <bob@example.org> wrote:",
    "---- On Mon, 02 Nov 2020 10:12:05 +0100 Bob Miller <bob@example.org> wrote ----",
    "02.11.2020, 10:12, \"Bob Miller\" <bob@example.org>:",
    "Понедельник, 2 ноября 2020, 10:12 +03:00 от Bob Miller <bob@example.org>:",
    "Bob Miller/ACME wrote on 11/02/2020 10:12:05 AM:",
    "At 2020-11-02 10:12:05, \"Bob Miller\" <bob@example.org> wrote:",
    "Am Montag, dem 02.11.2020 um 10:12 +0100 schrieb Bob Miller:",
    "Zitat von Bob Miller <bob@example.org>:",
    "Bob Miller <bob@example.org> writes:",
    "2017-02-05 13:29 GMT+02:00 Bob Miller <bob@example.org>:",
    "* On 2 Nov 2020 at 10:12, Bob Miller wrote:",
];

#[test]
fn attributions_of_every_program_and_language_begin_the_quote() {
    for line in ATTRIBUTIONS {
        own(&format!("It works now.\n\n{line}\n\nDear Alice,\nplease try again."), "It works now.");
        own(&format!("It works now.\n\n{line}\n> Please try again.\nI did."), "It works now.\n\nI did.");
    }
}

#[test]
fn attributions_wrap_anywhere() {
    for line in ATTRIBUTIONS.iter().filter(|line| line.contains('@')) {
        let spaces: Vec<usize> = line.match_indices(' ').map(|(at, _)| at).collect();
        let halves = [spaces[spaces.len() - 1], line.find('<').or(line.find('(')).unwrap_or(spaces[1]) + 1];
        for at in halves {
            let wrapped = format!("{}\n{}", &line[..at], line[at..].trim_start());
            own(&format!("It works now.\n\n{wrapped}\n\nDear Alice,\nplease try again."), "It works now.");
            own(&format!("It works now.\n\n{wrapped}\n> Please try again."), "It works now.");
        }
    }
    own(
        "One.\n\nOn Thu, 31 Mar 2016 at 11:16 Bob\n\n<\nmailto:Bob <bob@example.org>\n> wrote:\n\nTwo.",
        "One.",
    );
}

#[test]
fn what_only_looks_like_an_attribution_is_a_persons_sentence() {
    for prose in [
        "On my machine it fails.\nOn line 5 the program wrote: nothing",
        "At 10:15 I pressed start:\nnothing happened",
        "At 10:15 the printer wrote:\nError 5",
        "On Monday the report was empty:\nall columns were blank",
        "I wrote you on Friday:\nthe report is empty",
        "The log of 10:15 said:\nout of paper",
        "On 3 March I asked Bob\nand he wrote nothing.",
        "Am Montag um 10:12 ging es los:\nder Drucker piept",
        "Le 3 mars, rien :\nla page est vide",
    ] {
        own(prose, prose);
    }
}

#[test]
fn a_quote_that_follows_makes_an_attribution_of_less() {
    for line in ["Bob wrote:", "Bob Miller said:", "Bob schrieb:", "Op vrijdag schreef Bob:"] {
        own(&format!("{line}\n> Does it print?\nYes."), "Yes.");
        own(&format!("Hello,\n{line}\nit prints."), &format!("Hello,\n{line}\nit prints."));
    }
}

#[test]
fn an_attribution_may_share_its_line_with_the_answer() {
    let severed = sever_answer("Yes. On Wed, Apr 4, 2012 at 3:59 PM, Bob wrote:\n> Does it print?");
    assert_eq!(severed.own, "Yes. ");
    assert_eq!(severed.quoted, "On Wed, Apr 4, 2012 at 3:59 PM, Bob wrote:\n> Does it print?");
    own("Yes -- On Wed, Apr 4, 2012 at 3:59 PM, Bob wrote:\n> Does it print?", "Yes ");
    let prose = "It failed On Wed, Apr 4, 2012 at 3:59 PM, on page\n> 7";
    assert!(sever_answer(prose).own.starts_with("It failed On Wed"));
}

/// Outlook's labels: author, day, recipient, subject.
const BLOCKS: &[[&str; 4]] = &[
    ["From", "Sent", "To", "Subject"],
    ["From", "Date", "To", "Subject"],
    ["Von", "Gesendet", "An", "Betreff"],
    ["De ", "Envoyé ", "À ", "Objet "],
    ["De", "Enviado el", "Para", "Asunto"],
    ["De", "Enviada em", "Para", "Assunto"],
    ["Da", "Inviato", "A", "Oggetto"],
    ["Van", "Verzonden", "Aan", "Onderwerp"],
    ["Od", "Wysłano", "Do", "Temat"],
    ["Från", "Skickat", "Till", "Ämne"],
    ["Fra", "Sendt", "Til", "Emne"],
    ["Lähettäjä", "Lähetetty", "Vastaanottaja", "Aihe"],
    ["Od", "Odesláno", "Komu", "Předmět"],
    ["Od", "Odoslané", "Komu", "Predmet"],
    ["Feladó", "Elküldve", "Címzett", "Tárgy"],
    ["De la", "Trimis", "Către", "Subiect"],
    ["От", "Отправлено", "Кому", "Тема"],
    ["Від", "Надіслано", "Кому", "Тема"],
    ["От", "Изпратено", "До", "Относно"],
    ["Kimden", "Gönderildi", "Kime", "Konu"],
    ["Από", "Στάλθηκε", "Προς", "Θέμα"],
    ["מאת", "נשלח", "אל", "נושא"],
    ["من", "تم الإرسال", "إلى", "الموضوع"],
    ["差出人", "送信日時", "宛先", "件名"],
    ["发件人", "发送时间", "收件人", "主题"],
    ["寄件者", "寄件日期", "收件者", "主旨"],
    ["보낸 사람", "보낸 날짜", "받는 사람", "제목"],
    ["Từ", "Đã gửi", "Đến", "Chủ đề"],
    ["Dari", "Dikirim", "Kepada", "Subjek"],
    ["จาก", "ส่ง", "ถึง", "เรื่อง"],
    ["Šalje", "Poslano", "Prima", "Predmet"],
    ["Saatja", "Saadetud", "Adressaat", "Teema"],
    ["Nuo", "Išsiųsta", "Kam", "Tema"],
];

#[test]
fn header_blocks_in_every_language_begin_the_quote() {
    for [from, date, to, subject] in BLOCKS {
        let plain = format!("{from}: Bob\n{date}: 2 Nov 2020 10:12\n{to}: Alice\n{subject}: Printer");
        let bold = format!(
            "*{from}:* Bob Miller <bob@example.org>\n*{date}:* 2 Nov 2020\n*{to}:* Alice <\nalice@example.org>\n*{subject}:* Printer"
        );
        let wide = format!("{from}：Bob\n{date}：2 Nov 10:12\n{subject}：Printer");
        let dated = format!(
            "{date}: 2 Nov 2020\n{from}: \"Bob\" <bob@example.org>\n{to}: alice@example.org\n{subject}: Printer"
        );
        for block in [&plain, &bold, &wide, &dated] {
            for above in [
                "",
                "________________________________\n",
                "-----Original Message-----\n",
                "---\n\n------------------------------\n\n",
            ] {
                if above.starts_with("---\n") && block != &bold {
                    continue;
                }
                let above = above.trim_start_matches("---\n\n");
                own(&format!("It works now.\n\n{above}{block}\n\nDear Alice, try again."), "It works now.");
            }
        }
    }
}

#[test]
fn separators_in_many_languages_begin_the_quote() {
    for line in [
        "-----Original Message-----",
        "-------- Original Message --------",
        "‐‐‐‐‐‐‐ Original Message ‐‐‐‐‐‐‐",
        "------ Original Message ------",
        "---------- Forwarded message ---------",
        "-----Ursprüngliche Nachricht-----",
        "---------- Weitergeleitete Nachricht ----------",
        "-------- Message d'origine --------",
        "---------- Message transféré ---------",
        "-----Mensaje original-----",
        "---------- Mensaje reenviado ---------",
        "-----Mensagem original-----",
        "---------- Mensagem encaminhada ---------",
        "-----Messaggio originale-----",
        "---------- Messaggio inoltrato ----------",
        "-----Oorspronkelijk bericht-----",
        "---------- Doorgestuurd bericht ---------",
        "-----Oryginalna wiadomość-----",
        "---------- Przekazana wiadomość ---------",
        "-----Ursprungligt meddelande-----",
        "---------- Vidarebefordrat meddelande ---------",
        "-----Oprindelig meddelelse-----",
        "---------- Videresendt meddelelse ---------",
        "-----Opprinnelig melding-----",
        "---------- Videresendt melding ---------",
        "-----Alkuperäinen viesti-----",
        "-----Původní zpráva-----",
        "---------- Přeposlaná zpráva ---------",
        "-----Исходное сообщение-----",
        "-------- Пересылаемое сообщение --------",
        "---------- Переслане повідомлення ---------",
        "-----Orijinal Mesaj-----",
        "---------- Yönlendirilen ileti ---------",
        "-----Eredeti üzenet-----",
        "-----Αρχικό μήνυμα-----",
        "-----הודעה מקורית-----",
        "-----الرسالة الأصلية-----",
        "-----元のメッセージ-----",
        "---------- 转发的邮件 ---------",
        "------------------ 原始邮件 ------------------",
        "-----원본 메시지-----",
        "Begin forwarded message:",
        "Anfang der weitergeleiteten Nachricht:",
        "Début du message transféré :",
        "Inicio del mensaje reenviado:",
        "Início da mensagem encaminhada:",
        "Inizio messaggio inoltrato:",
        "Begin doorgestuurd bericht:",
        "Początek przekazanej wiadomości:",
        "Vidarebefordrat brev:",
        "転送されたメッセージ:",
        "以下是转发的邮件：",
        "##- Please type your reply above this line -##",
        "--- Reply above this line ---",
        "##- Bitte geben Sie Ihre Antwort über dieser Zeile ein. -##",
    ] {
        own(&format!("It works now.\n\n{line}\n\nDear Alice, try again."), "It works now.");
    }
}

#[test]
fn a_mail_with_nothing_above_it_is_handed_on() {
    for head in [
        "---------- Forwarded message ---------\nFrom: Bob <bob@example.org>\nDate: Mon, Nov 2, 2020\nSubject: Two\nlines\nTo: <alice@example.org>",
        "Begin forwarded message:\n\nFrom: Bob <bob@example.org>\nSubject: Printer\nDate: 2 November 2020\nTo: alice@example.org",
        "From: Bob\nSent: Friday\nTo: Alice\nSubject: Printer",
        "Sent from my iPhone\n\nFrom: Bob\nSent: Friday\nTo: Alice\nSubject: Printer",
        "On 3 March 2016 at 10:12, Bob wrote:",
    ] {
        let severed =
            sever_answer(&format!("{head}\n\nIt hums.\n\nOn 2 March 2016 at 9:00, Carol wrote:\n\nOlder."));
        assert_eq!(severed.own, "It hums.");
        assert!(severed.handed_on && severed.quoted.ends_with("Older."), "{severed:?}");
        let severed = sever_answer(&format!("Please look.\n\n{head}\n\nIt hums."));
        assert_eq!((severed.own.as_str(), severed.handed_on), ("Please look.", false));
    }
    // A forward of a forward.
    own(
        &format!("{0}\n\n{0}\n\nIt hums.", "From: Bob\nSent: Friday\nTo: Alice\nSubject: Printer"),
        "It hums.",
    );
    // What is marked stays quoted.
    let severed = sever_answer("On 3 March 2016 at 10:12, Bob wrote:\n> #status Resolved");
    assert_eq!((severed.own.as_str(), severed.handed_on), ("", false));
}

#[test]
fn quotes_go_and_answers_between_them_stay() {
    let severed = sever_answer(
        "On Friday support wrote:\n> Does it print?\nNo.\n> Does it hum?\nYes, loudly.\n-- \nAlice",
    );
    assert_eq!(severed.own, "No.\nYes, loudly.");
    assert_eq!(severed.quoted, "On Friday support wrote:\n> Does it print?\n> Does it hum?");
    assert_eq!(severed.signature, "-- \nAlice");
}

#[test]
fn marks_of_quotes() {
    for (text, want) in [
        ("On 2 Nov 2020 Bob wrote:\n>> One\n> > Two\n>Three\nNo.", "No."),
        ("Yes.\n  > Does it hum?", "Yes."),
        ("Yes.\n| Does it hum?\n| Does it print?\nNo.", "Yes.\nNo."),
        ("Yes.\nBM> Does it hum?\nBM> Does it print?\nNo.", "Yes.\nNo."),
        ("Yes.\n> See\nhttp://example.org/long)\n> there", "Yes."),
        // Tables, prompts and ornaments are none.
        ("| a | b |\n| 1 | 2 |", "| a | b |\n| 1 | 2 |"),
        ("SQL> select 1;\nSQL> exit", "SQL> select 1;\nSQL> exit"),
        ("C:\\> dir\nC:\\> exit", "C:\\> dir\nC:\\> exit"),
        ("Buy\n>>> now <<<\nor never", "Buy\n>>> now <<<\nor never"),
        // Cited by the sender: no program says whose it is.
        ("> Does it hum?\n\nYes.", "> Does it hum?\n\nYes."),
        ("> Does it hum?\nYes.\n> Does it print?\nNo.", "Yes.\nNo."),
    ] {
        own(text, want);
    }
    assert!(sever_answer("> Does it hum?\n\nYes.").handed_on);
}

#[test]
fn phone_footers_are_signatures() {
    for footer in [
        "Sent from my iPhone",
        "Sent from my Samsung Galaxy smartphone.",
        "Sent from Yahoo Mail for iPhone",
        "Sent from Outlook for iOS<https://aka.ms/o0ukef>",
        "Get Outlook for Android",
        "Get [Outlook for Android](https://aka.ms/ghei36)",
        "Sent from my cell, please excuse any typos.",
        "Sent from my HTC M8 Android phone.  Please excuse typos",
        "<<sent by galaxy>>",
        "(Sent from mobile device)",
        "Sent with Proton Mail secure email.",
        "Von meinem iPhone gesendet",
        "Von meinem Samsung Galaxy Smartphone gesendet.",
        "Gesendet von Mail für Windows 10",
        "Diese Nachricht wurde von meinem Android-Mobiltelefon mit K-9 Mail gesendet.",
        "Envoyé de mon iPad",
        "Envoyé depuis mon téléphone Samsung",
        "Télécharger Outlook pour iOS",
        "Enviado desde mi iPhone",
        "Enviado do meu iPhone",
        "Enviado a partir do Outlook para Android",
        "Inviato da iPhone",
        "Inviato dal mio smartphone Samsung",
        "Verstuurd vanaf mijn iPhone",
        "Verzonden vanuit Outlook voor Android",
        "Wysłane z iPhone'a",
        "Skickat från min iPhone",
        "Sendt fra min iPad",
        "Lähetetty iPhonesta",
        "Odesláno z iPhonu",
        "Odoslané z iPhonu",
        "Elküldve az iPhone-omról",
        "Trimis de pe iPhone-ul meu",
        "Отправлено с iPhone",
        "Отправлено из мобильной Почты Mail.ru",
        "Надіслано з iPhone",
        "Изпратено от моя iPhone",
        "iPhone'umdan gönderildi",
        "Στάλθηκε από το iPhone μου",
        "נשלח מה-iPhone שלי",
        "أُرسلت من الـ iPhone",
        "iPhoneから送信",
        "私のiPhoneから送信",
        "发自我的iPhone",
        "從我的 iPhone 傳送",
        "나의 iPhone에서 보냄",
        "Được gửi từ iPhone của tôi",
        "Dikirim dari iPhone saya",
        "Enviat des del meu iPhone",
        "Poslano s mog iPhonea",
    ] {
        let severed = sever_answer(&format!("Hello\n\n{footer}"));
        assert_eq!((severed.own.as_str(), severed.signature.as_str()), ("Hello", footer));
    }
    for prose in [
        "Sent from my desk, is much easier than my mobile phone.",
        "Sent with the wrong date, the mail was lost.",
        "Enviado ayer por la tarde",
        "Cannot log in from mobile",
    ] {
        own(prose, prose);
    }
}

#[test]
fn signatures_at_the_end() {
    for (text, own, signature) in [
        ("Hello\n-- \nAlice\nExample Ltd", "Hello", "-- \nAlice\nExample Ltd"),
        ("Hello\n\n-Alice Miller", "Hello", "-Alice Miller"),
        ("Hello\n\n~Alice", "Hello", "~Alice"),
        (
            "Hello\n\nKind regards,\nAlice Miller\nTel. +49 40 123456\nwww.example.org",
            "Hello",
            "Kind regards,\nAlice Miller\nTel. +49 40 123456\nwww.example.org",
        ),
        (
            "Hallo\n\nMit freundlichen Grüßen\n\nAlice\nalice@example.org",
            "Hallo",
            "Mit freundlichen Grüßen\n\nAlice\nalice@example.org",
        ),
        (
            "Bonjour\n\nCordialement,\nAlice\n+33 1 23 45 67 89\n\nLe 02/11/2020 à 10:12, Bob a écrit :\n> Salut",
            "Bonjour",
            "Cordialement,\nAlice\n+33 1 23 45 67 89",
        ),
        // A person wrote these.
        ("Hello\n\nKind regards,\nAlice", "Hello\n\nKind regards,\nAlice", ""),
        ("Thanks,\nAlice\n+49 40 123456", "Thanks,\nAlice\n+49 40 123456", ""),
        ("Steps:\n\n- Restart", "Steps:\n\n- Restart", ""),
        ("Is it 40?\n-40", "Is it 40?\n-40", ""),
    ] {
        let severed = sever_answer(text);
        assert_eq!((severed.own.as_str(), severed.signature.as_str()), (own, signature));
    }
}

#[test]
fn notices_of_law_lists_and_gateways() {
    for notice in [
        "This e-mail and any attachments are confidential and may be privileged. If you are not the intended recipient, please notify the sender and delete it.",
        "CONFIDENTIALITY NOTICE: The information contained in this message is intended only for the use of the\nindividual to whom it is addressed. Any disclosure, copying or distribution is strictly prohibited.",
        "Disclaimer\n\nThe information contained in this communication is confidential.",
        "Diese E-Mail enthält vertrauliche oder rechtlich geschützte Informationen. Wenn Sie nicht der richtige Adressat sind, informieren Sie bitte sofort den Absender.",
        "Ce message et ses pièces jointes sont confidentiels et établis à l'intention exclusive de ses destinataires.",
        "Este mensaje es confidencial y se dirige exclusivamente a su destinatario. Si lo ha recibido por error, comuníquelo.",
        "Le informazioni contenute in questo messaggio sono riservate e destinate ai soli destinatari. È vietata la divulgazione.",
        "You received this message because you are subscribed to the Google Groups \"x\" group.\nTo unsubscribe from this group, send an email to x@example.org.",
        "Please consider the environment before printing this e-mail.",
        "This email has been checked for viruses by Example antivirus.",
    ] {
        let severed = sever_answer(&format!("It hums.\n\n{notice}"));
        assert_eq!((severed.own.as_str(), severed.signature.as_str()), ("It hums.", notice));
    }
    let banner = "CAUTION: This email originated from outside of the organization. Do not click links.";
    let severed = sever_answer(&format!("{banner}\n\nIt hums."));
    assert_eq!((severed.own.as_str(), severed.signature.as_str()), ("It hums.", banner));
    for prose in [
        "It hums.\n\nThe confidential flag is not shown to the recipient of our mails, whatever the settings say here.",
        "It hums.\n\nThe button to unsubscribe does nothing.",
        "The mail that came from outside is lost.\nIt hums.",
    ] {
        own(prose, prose);
    }
}

#[test]
fn a_report_is_not_taken_for_a_mail_program() {
    for report in [
        "From: Berlin\nTo: Hamburg\nThe route is wrong.",
        "Steps\n-----\n1. open\n2. print",
        &format!("Output\n--\n{}end", "File: a.html\n".repeat(40)),
        "Data: 5\nTo: 7\nwrong",
        "Version: 4.2\nDate: today\nSubject: none",
    ] {
        own(report, report);
    }
}

proptest! {
    #[test]
    fn every_word_ends_up_in_exactly_one_place(lines in proptest::collection::vec(
        "(> ?|C> |\\| )?((Yes )?On Mon, 1 Jan 2020, a@b wrote:|-- |From: a@b|Sent: x|To: y|Subject: z|---+Original Message---|_{20}|Sent from my iPhone|Kind regards,|Tel. 1234567|-Alice|Disclaimer|CAUTION: it originated from outside|[a-zäß ]{0,9}|.{0,20})",
        0..25,
    )) {
        let text = lines.join("\n");
        let severed = sever_answer(&text);
        let sorted = |texts: &[&str]| {
            let mut words: Vec<_> = texts.iter().flat_map(|t| t.split_whitespace()).map(str::to_owned).collect();
            words.sort();
            words
        };
        prop_assert_eq!(sorted(&[&severed.own, &severed.quoted, &severed.signature]), sorted(&[&text]));
    }
}

/// Hostile texts: `n` lines or so of the same kind, which the rules look ahead of.
#[test]
fn time_grows_with_the_size_and_no_faster() {
    let kinds: [fn(usize) -> String; 12] = [
        |n| ">\n".repeat(n),
        |n| "On 1 Jan 2020 at 10:12, Bob\n".repeat(n),
        |n| "On 1 Jan 2020 at 10:12, Bob\n\n".repeat(n),
        |n| "From: a@b\n".repeat(n),
        |n| "From: a@b\nx\n".repeat(n),
        |n| "--\n\n\n".repeat(n),
        |n| "This is confidential and privileged\n".repeat(n),
        |n| "C>\n\n".repeat(n),
        |n| format!("Yes On 1 Jan 2020 at 10:12, Bob wrote:{}> x", "\n".repeat(n)),
        |n| "Yes On On On On 1 Jan 2020 10:12 x\n".repeat(n),
        |n| "x".repeat(20 * n),
        |n| "From: ".repeat(4 * n),
    ];
    for kind in kinds {
        assert_linear(kind, 500, |text| {
            let severed = sever_answer(text);
            assert!(severed.own.len() + severed.quoted.len() + severed.signature.len() <= text.len() + 3);
        });
    }
}
