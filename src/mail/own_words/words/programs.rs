//! What programs and services write into a mail, in whatever language.

/// Words that make a footer a footer.
pub(super) const DEVICES: &[&str] = &[
    "iphon", "ipad", "ipod", "android", "blackberry", "samsung", "galaxy", "huawei", "nokia", "outlook", "mail",
    "mobil", "handy", "tablet", "smartphone", "windows", "phone", "téléphone", "móvil", "celular", "cellulare",
    "telefon", "telefoon", "telefón", "puhelim", "mailbox", "spark", "proton", "yahoo", "thunderbird",
    "acompli", "htc", "xperia", "ti-85", "alcatel", "verizon", "t-mobile", "at&t", "sparrow", "pixel",
    "oneplus", "xiaomi", "redmi", "motorola", "k-9", "icloud", "inbox", "cell", "web.de", "gmx", "zoho",
    "hey.com", "superhuman", "canary", "телефон", "айфон", "смартфон", "почт", "пошт", "스마트폰", "휴대폰", "手机",
    "手機", "スマホ", "携帯", "טלפון", "אייפון", "هاتف", "جوال", "آيفون", "apple watch", "macbook", "device", "gerät",
    "ios",
];

/// Notices that programs and services write below or above a mail: mailing lists,
/// virus scanners, gateways.
pub(super) const NOTICES: &[&str] = &[
    "you received this message because you are subscribed to", "to unsubscribe from this group",
    "to unsubscribe, e-mail:", "to unsubscribe send ", "to unsubscribe, send ", "to unsubscribe or change ",
    "unsubscribe: http", "to view this discussion on the web",
    "to view this discussion, visit", "view this discussion on the web", "to post to this group",
    "for more options, visit http", "for additional commands, e-mail:", "visit this group at http",
    "this email has been checked for viruses", "this email has been scanned", "this e-mail has been scanned",
    "this message has been scanned", "virus-free.", "virus-free. www", "virenfrei.", "libre de virus.",
    "sans virus.", "senza virus.", "bez wirusów.", "please consider the environment before", "please consider the environment and ",
    "think before you print",
    "save a tree", "before printing this e", "please don't print this", "diese e-mail wurde auf viren",
    "diese email wurde von avast", "denken sie an die umwelt", "bitte prüfen sie, ob diese mail",
    "pensez à l'environnement", "pensez à l’environnement", "antes de imprimir", "prima di stampare",
    "ce courrier électronique ne contient aucun virus", "l'absence de virus dans ce courrier",
    "este mensaje no contiene virus", "scanned by mailscanner", "no virus found in this message", "checked by avg",
    "sie erhalten diese nachricht, weil sie in google groups", "vous recevez ce message, car vous êtes abonné",
    "has recibido este mensaje porque estás suscrito", "você recebeu essa mensagem porque está inscrito",
    "hai ricevuto questo messaggio perché", "je hebt dit bericht ontvangen omdat je",
    "otrzymujesz tę wiadomość, ponieważ", "вы получили это сообщение, поскольку подписаны",
    "このメールは google グループ", "您收到此邮件是因为您订阅了",
];

/// Sentences that gateways put above a mail, as they write them.
pub(super) const BANNERS: &[&str] = &[
    "email originated from outside", "message originated from outside", "email originates from outside",
    "message originates from outside", "[external email]", "you don't often get email from",
    "you don’t often get email from", "some people who received this message don't often",
    "sie erhalten nicht oft eine e-mail von", "vous n'obtenez pas souvent", "vous n’obtenez pas souvent",
];

/// That a mail came from outside, in words that people use too.
pub(super) const WARNINGS: &[&str] = &[
    "from outside", "is from an external", "from an external sender", "from an external source",
    "external email", "external sender", "von außerhalb", "von einem externen absender", "externe e-mail",
    "provient de l'extérieur", "provient de l’extérieur", "expéditeur externe", "de fuera de la organización",
    "remitente externo", "proviene dall'esterno", "mittente esterno", "origem externa", "remetente externo",
    "externe afzender", "van buiten de organisatie", "spoza organizacji", "nadawcy zewnętrznego",
    "utanför organisationen", "extern avsändare", "ekstern afsender", "ekstern avsender",
];

/// The first word of such a warning.
pub(super) const CAUTIONS: &[&str] = &[
    "caution", "warning", "external email", "external sender", "achtung", "vorsicht", "warnung",
    "externe e-mail", "attention", "avertissement", "prudence", "precaución", "atención", "advertencia",
    "cuidado", "atenção", "aviso", "attenzione", "avviso", "let op", "waarschuwing", "uwaga", "ostrzeżenie",
    "varning", "advarsel",
];

/// What such a warning asks for.
pub(super) const IMPERATIVES: &[&str] = &[
    "click", "do not open", "do not reply", "exercise caution", "be careful", "klick", "öffnen", "clique",
    "ouvrez", "haga clic", "abra", "cliccare", "aprire", "klik", "kliknij", "klikaj", "otwieraj", "klicka",
    "öppna", "åbn", "åpne",
];

/// Phrases of legal notices of which one proves the notice.
pub(super) const UNMISTAKABLE: &[&str] = &[
    "intended recipient", "strictly prohibited", "intended solely for", "intended only for the",
    "solely for the use of", "received this e-mail in error", "received this email in error",
    "received this message in error", "destroy all copies", "delete all copies", "delete it from your system",
    "confidentiality notice", "disclosure, copying", "distribution or copying",
    "rechtlich geschützte", "nicht der richtige adressat", "irrtümlich erhalten", "vorgesehene empfänger",
    "nur für den adressaten", "à l'intention exclusive", "à l’intention exclusive", "strictement interdite",
    "exclusivamente a su destinatario", "queda prohibida", "quedan prohibidas", "notifique o remetente",
    "favor notificar", "è vietata la", "d.lgs. 196", "niet voor u bestemd", "uitsluitend bestemd voor",
];

/// Lines above which an answer was to be written.
pub(super) const ABOVE: &[&str] = &[
    "type your reply above this line", "reply above this line", "write above this line",
    "write your reply above this line", "respond above this line", "add your comments above this line",
    "reply above the line", "antworten sie über dieser zeile", "bitte geben sie ihre antwort über dieser zeile",
    "ihre antwort bitte oberhalb dieser zeile", "antwort oberhalb dieser zeile", "antwort über dieser zeile",
    "répondez au-dessus de cette ligne", "répondre au-dessus de cette ligne",
    "entrez votre réponse au-dessus de cette ligne", "escriba su respuesta por encima de esta línea",
    "responda por encima de esta línea", "escriba su respuesta encima de esta línea",
    "digite sua resposta acima desta linha", "responda acima desta linha",
    "digita la tua risposta sopra questa linea", "rispondi sopra questa riga",
    "typ uw antwoord boven deze regel", "antwoord boven deze regel",
    "proszę wpisać odpowiedź powyżej tej linii", "odpowiedz powyżej tej linii",
    "skriv ditt svar ovanför denna rad", "skriv dit svar over denne linje",
    "skriv svaret ditt over denne linjen", "kirjoita vastauksesi tämän rivin yläpuolelle",
    "введите ответ над этой строкой", "ответ пишите выше этой строки", "この行より上に返信", "この行の上に返信", "请在此行上方回复",
    "請在此行上方回覆", "请在这行文字上方输入您的回复", "이 줄 위에 회신",
];
