//! Further languages in Latin letters.

use super::Words;

pub(super) const POLISH: Words = Words {
    from: &["od", "nadawca"],
    date: &["wysłano", "data", "wysłane", "data wysłania"],
    to: &["do", "adresat"],
    cc: &["dw", "kopia", "do wiadomości", "udw"],
    subject: &["temat"],
    other: &["odpowiedź do", "odpowiedz do", "załączniki", "ważność"],
    openers: &[
        "w dniu", "dnia ", "wiadomość napisana przez ", "pon.", "wt.", "śr.", "czw.", "pt.", "sob.", "niedz.",
        "sob.,",
    ],
    wrote: &["napisał", "napisał(a)", "napisała", "napisal", "napisala", "pisze"],
    separators: &[
        "oryginalna wiadomość", "wiadomość oryginalna", "wiadomość przekazana", "treść przekazanej wiadomości",
        "przekazana wiadomość", "początek przekazanej", "wiadomość przesłana dalej",
        "początek wiadomości przekazanej",
    ],
    bare: &["początek przekazanej wiadomości", "początek wiadomości przekazanej"],
    footers: &[
        "wysłane z *", "wysłano z *", "wysłane przy *", "wysłano przez *", "wysłane przez *",
        "pobierz outlook *", "pobierz program outlook *", "wiadomość wysłana z *", "outlook dla *",
    ],
    excuses: &["przepraszam", "literówk"],
    closings: &[
        "pozdrawiam", "z poważaniem", "pozdrowienia", "serdecznie pozdrawiam", "pozdrawiam serdecznie",
        "z wyrazami szacunku", "dziękuję", "dzięki", "z pozdrowieniami", "łączę pozdrowienia",
    ],
    disclaimers: &[
        "poufne", "poufna", "adresat", "wyłącznie do", "przez pomyłkę", "omyłkowo", "rozpowszechnianie",
        "zabronione", "usunięcie",
    ],
};

pub(super) const SWEDISH: Words = Words {
    from: &["från", "avsändare"],
    date: &["skickat", "datum", "skickades", "skickad"],
    to: &["till"],
    cc: &["kopia", "cc"],
    subject: &["ämne"],
    other: &["svar till", "svara till", "bifogade filer", "bilagor", "prioritet"],
    openers: &["den ", "på "],
    wrote: &["skrev", "skriver", "skrev följande", "har skrivit"],
    separators: &[
        "ursprungligt meddelande", "originalmeddelande", "vidarebefordrat meddelande", "vidarebefordrat brev",
        "vidarebefordrat mail", "ursprungligt mejl",
    ],
    bare: &["vidarebefordrat brev", "börja vidarebefordrat meddelande", "vidarebefordrat meddelande"],
    footers: &[
        "skickat från *", "skickad från *", "skickat med *", "skickat via *", "hämta outlook *",
        "skaffa outlook *", "outlook för *",
    ],
    excuses: &["ursäkta", "stavfel"],
    closings: &[
        "med vänliga hälsningar", "med vänlig hälsning", "vänliga hälsningar", "vänlig hälsning", "hälsningar",
        "mvh", "vh", "hälsn", "tack", "tack på förhand", "bästa hälsningar",
    ],
    disclaimers: &[
        "konfidentiell", "avsedda mottagaren", "av misstag", "otillåten", "meddela avsändaren", "radera",
    ],
};

pub(super) const DANISH: Words = Words {
    from: &["fra", "afsender"],
    date: &["sendt", "dato"],
    to: &["til"],
    cc: &["cc", "kopi"],
    subject: &["emne"],
    other: &["svar til", "vedhæftede filer", "besvar til", "prioritet"],
    openers: &["den ", "d. ", "på "],
    wrote: &["skrev", "skriver", "skrev følgende", "har skrevet"],
    separators: &[
        "oprindelig meddelelse", "oprindelig besked", "videresendt meddelelse", "videresendt besked",
        "original besked", "videresendt mail", "start på videresendt", "oprindelig mail",
    ],
    bare: &["start på videresendt besked", "videresendt besked", "start på videresendt meddelelse"],
    footers: &["sendt fra *", "sendt via *", "sendt med *", "hent outlook *", "få outlook *", "outlook til *"],
    excuses: &["undskyld", "stavefejl", "slåfejl"],
    closings: &[
        "med venlig hilsen", "med venlige hilsner", "venlig hilsen", "venlige hilsner", "hilsen",
        "mange hilsner", "mvh", "vh", "tak", "på forhånd tak", "de bedste hilsner", "bedste hilsner",
    ],
    disclaimers: &["fortrolig", "rette modtager", "ved en fejl", "underret", "slette", "er ikke tilladt"],
};

pub(super) const NORWEGIAN: Words = Words {
    from: &["fra", "avsender"],
    date: &["sendt", "dato"],
    to: &["til"],
    cc: &["kopi", "cc"],
    subject: &["emne"],
    other: &["svar til", "vedlegg", "viktighet"],
    openers: &["den ", "på ", "tor", "man.", "tir.", "ons.", "tor.", "fre.", "lør.", "søn."],
    wrote: &["skrev", "skriver", "skrev følgende", "har skrevet"],
    separators: &[
        "opprinnelig melding", "original melding", "videresendt melding", "originalmelding",
        "opprinnelig e-post", "videresendt e-post",
    ],
    bare: &["videresendt melding", "begynnelse på videresendt melding", "start på videresendt melding"],
    footers: &[
        "sendt fra *", "sendt via *", "sendt med *", "skaff deg outlook *", "last ned outlook *",
        "hent outlook *", "få outlook *",
    ],
    excuses: &["beklager", "skrivefeil"],
    closings: &[
        "med vennlig hilsen", "vennlig hilsen", "hilsen", "mvh", "vennlige hilsener", "takk", "på forhånd takk",
        "beste hilsen",
    ],
    disclaimers: &["konfidensiell", "rette mottaker", "ved en feil", "vennligst slett", "uautorisert"],
};

pub(super) const FINNISH: Words = Words {
    from: &["lähettäjä"],
    date: &["lähetetty", "päivämäärä", "päiväys", "pvm"],
    to: &["vastaanottaja", "vastaanottajat"],
    cc: &["kopio", "cc"],
    subject: &["aihe"],
    other: &["vastausosoite", "vastaa", "liitteet", "tärkeys"],
    openers: &["ma ", "ti ", "ke ", "to ", "pe ", "la ", "su "],
    wrote: &["kirjoitti", "kirjoittaa", "kirjoitti seuraavasti"],
    separators: &[
        "alkuperäinen viesti", "välitetty viesti", "edelleenlähetetty viesti", "alkuperäinen sähköposti",
        "välitetty viesti alkaa",
    ],
    bare: &["välitetty viesti alkaa", "edelleenlähetetty viesti"],
    footers: &["lähetetty *", "hanki outlook *", "lataa outlook *"],
    excuses: &["anteeksi", "kirjoitusvirhe"],
    closings: &[
        "ystävällisin terveisin", "terveisin", "parhain terveisin", "t.", "yst. terv.", "kiitos", "kiittäen",
        "yt", "kunnioittaen", "terveiset",
    ],
    disclaimers: &["luottamuksellinen", "luottamuksellisia", "tarkoitettu vain", "vahingossa", "ilmoittakaa"],
};

pub(super) const CZECH_SLOVAK: Words = Words {
    from: &["od", "odesílatel", "odosielateľ"],
    date: &["odesláno", "datum", "odoslané", "dátum", "odesláno dne"],
    to: &["komu", "pro", "příjemce", "adresát"],
    cc: &["kopie", "kópia", "kopia"],
    subject: &["předmět", "predmet", "věc"],
    other: &["odpověď na", "přílohy", "prílohy"],
    openers: &["dne ", "dňa ", "po ", "út ", "st ", "čt ", "pá ", "so ", "ne ", "ut ", "št ", "pi ", "v "],
    wrote: &["napsal", "napsal(a)", "napsala", "napísal", "napísal(a)", "napísala", "píše"],
    separators: &[
        "původní zpráva", "přeposlaná zpráva", "původní e-mail", "pôvodná správa", "preposlaná správa",
        "přeposlaný e-mail",
    ],
    bare: &["začátek přeposílané zprávy", "začiatok preposielanej správy", "přeposlaná zpráva"],
    footers: &[
        "odesláno z *", "odesláno ze *", "posláno z *", "odoslané z *", "odoslané zo *", "poslané z *",
        "získejte outlook *", "stáhnout outlook *",
    ],
    excuses: &["překlep", "omluv"],
    closings: &[
        "s pozdravem", "s přátelským pozdravem", "děkuji", "díky", "zdravím", "s úctou", "hezký den",
        "s pozdravom", "ďakujem", "pozdravuji", "s přáním hezkého dne",
    ],
    disclaimers: &["důvěrné", "důvěrná", "určeným adresátem", "omylem", "neoprávněné", "neprodleně", "dôverné"],
};

pub(super) const TURKISH: Words = Words {
    from: &["kimden", "gönderen"],
    date: &["gönderildi", "gönderme tarihi", "tarih", "gönderilme tarihi"],
    to: &["kime", "alıcı"],
    cc: &["bilgi", "cc"],
    subject: &["konu"],
    other: &["yanıt adresi", "ekler", "önem"],
    openers: &[],
    wrote: &["yazdı", "şunu yazdı", "şunları yazdı", "tarihinde"],
    separators: &[
        "orijinal mesaj", "orijinal ileti", "özgün ileti", "iletilen ileti", "iletilen mesaj",
        "yönlendirilen ileti", "forwarded message",
    ],
    bare: &["yönlendirilen ileti", "iletilen ileti", "iletilmiş mesajın başlangıcı"],
    footers: &[
        "* gönderildi", "*gönderilmiştir", "ios için outlook*", "android için outlook*", "* için outlook*",
    ],
    excuses: &["kusura bakmayın"],
    closings: &[
        "saygılarımla", "iyi çalışmalar", "iyi günler", "saygılar", "selamlar", "teşekkürler",
        "teşekkür ederim", "sevgiler", "saygılarımızla",
    ],
    disclaimers: &["gizli", "alıcısı", "yanlışlıkla", "yetkisiz", "yasaktır", "siliniz"],
};

pub(super) const HUNGARIAN: Words = Words {
    from: &["feladó"],
    date: &["elküldve", "dátum", "küldve"],
    to: &["címzett"],
    cc: &["másolatot kap", "másolat"],
    subject: &["tárgy"],
    other: &["válaszcím", "mellékletek"],
    openers: &[],
    wrote: &["ezt írta", "írta", "írta (időpont", "a következőt írta", "következőket írta"],
    separators: &["eredeti üzenet", "továbbított üzenet", "továbbított levél", "eredeti levél"],
    bare: &["továbbított levél kezdete", "a továbbított üzenet eleje", "továbbított üzenet kezdete"],
    footers: &["elküldve *", "küldve *", "* küldve", "az outlook*letöltése", "* elküldve"],
    excuses: &["elnézést"],
    closings: &[
        "üdvözlettel", "tisztelettel", "üdv", "köszönettel", "köszönöm", "szívélyes üdvözlettel",
        "köszönöm szépen",
    ],
    disclaimers: &["bizalmas", "címzett", "tévedésből", "tilos"],
};

pub(super) const ROMANIAN: Words = Words {
    from: &["de la", "expeditor"],
    date: &["trimis", "dată", "data", "trimis la"],
    to: &["către", "catre", "la"],
    cc: &["cc"],
    subject: &["subiect"],
    other: &["răspuns către", "atașamente"],
    openers: &["în ", "pe ", "la ", "in "],
    wrote: &["a scris", "scrie", "a scris următoarele"],
    separators: &[
        "mesaj original", "mesajul original", "mesaj redirecționat", "mesaj transmis", "mesaj redirectionat",
    ],
    bare: &["început mesaj redirecționat", "începutul mesajului redirecționat"],
    footers: &["trimis de pe *", "trimis din *", "trimis cu *", "obțineți outlook *", "descărcați outlook *"],
    excuses: &["scuze"],
    closings: &[
        "cu stimă", "cu respect", "cu drag", "mulțumesc", "multumesc", "toate cele bune", "o zi bună",
        "cu considerație",
    ],
    disclaimers: &["confidențial", "destinatar", "din greșeală", "interzisă"],
};

/// Southern Slavic in Latin letters: Croatian, Serbian, Slovenian.
pub(super) const SOUTH_SLAVIC: Words = Words {
    from: &["od", "šalje", "pošiljatelj"],
    date: &["poslano", "datum", "poslato", "pošiljka"],
    to: &["za", "prima", "kome", "do"],
    cc: &["kopija", "kp", "cc"],
    subject: &["predmet", "zadeva", "naslov"],
    other: &["odgovor na", "prilozi"],
    openers: &["dana ", "dne ", "u ", "v "],
    wrote: &[
        "napisao", "napisala", "napisao/la", "je napisao", "je napisal", "je oseba", "piše", "je napisao/la",
    ],
    separators: &[
        "izvorna poruka", "originalna poruka", "proslijeđena poruka", "prosleđena poruka", "izvirno sporočilo",
        "posredovano sporočilo",
    ],
    bare: &["početak proslijeđene poruke", "začetek posredovanega sporočila"],
    footers: &["poslano s *", "poslano sa *", "poslano iz *", "poslato sa *", "poslato s *"],
    excuses: &[],
    closings: &[
        "srdačan pozdrav", "lijep pozdrav", "lep pozdrav", "lp", "pozdrav", "s poštovanjem", "hvala",
        "s spoštovanjem",
    ],
    disclaimers: &["povjerljiv", "zaupn", "pogreškom", "pomotoma"],
};

pub(super) const VIETNAMESE: Words = Words {
    from: &["từ", "người gửi"],
    date: &["ngày", "đã gửi", "ngày gửi", "đã gửi lúc"],
    to: &["đến", "tới", "người nhận"],
    cc: &["cc", "đồng kính gửi"],
    subject: &["chủ đề", "tiêu đề"],
    other: &[],
    openers: &["vào "],
    wrote: &["đã viết", "viết"],
    separators: &["thư gốc", "tin nhắn gốc", "thư được chuyển tiếp", "thư đã chuyển tiếp", "thư chuyển tiếp"],
    bare: &["bắt đầu tin nhắn được chuyển tiếp"],
    footers: &["được gửi từ *", "gửi từ *", "đã gửi từ *", "tải outlook *"],
    excuses: &[],
    closings: &["trân trọng", "thân", "cảm ơn", "xin cảm ơn", "kính thư", "thân ái"],
    disclaimers: &[],
};

pub(super) const INDONESIAN: Words = Words {
    from: &["dari", "daripada"],
    date: &["dikirim", "tanggal", "tarikh", "dihantar"],
    to: &["kepada", "ke", "untuk"],
    cc: &["cc", "salinan"],
    subject: &["perihal", "subjek", "judul"],
    other: &[],
    openers: &["pada "],
    wrote: &["menulis", "tulis"],
    separators: &["pesan asli", "pesan terusan", "pesan diteruskan", "mesej asal", "mesej dikirim semula"],
    bare: &["mulai pesan diteruskan", "awal pesan terusan"],
    footers: &["dikirim dari *", "terkirim dari *", "dihantar daripada *", "dapatkan outlook *"],
    excuses: &[],
    closings: &["salam", "terima kasih", "hormat saya", "hormat kami", "salam hormat", "sekian, terima kasih"],
    disclaimers: &["rahasia", "penerima"],
};

pub(super) const BALTIC: Words = Words {
    from: &["saatja", "kellelt", "no", "nuo", "sūtītājs", "siuntėjas"],
    date: &["saadetud", "kuupäev", "nosūtīts", "datums", "išsiųsta", "data"],
    to: &["kellele", "saaja", "adressaat", "kam", "adresāts", "gavėjas"],
    cc: &["koopia", "kopija"],
    subject: &["teema", "tēma", "tema", "temats"],
    other: &[],
    openers: &[],
    wrote: &["kirjutas", "rakstīja", "rašė", "parašė", "kirjutas järgmist"],
    separators: &[
        "algne kiri", "edastatud kiri", "sākotnējā ziņa", "pārsūtītā vēstule", "pradinis laiškas",
        "persiųstas laiškas",
    ],
    bare: &[],
    footers: &["saadetud *", "nosūtīts no *", "išsiųsta iš *"],
    excuses: &[],
    closings: &[
        "lugupidamisega", "parimate soovidega", "tervitades", "ar cieņu", "paldies", "pagarbiai", "ačiū",
        "aitäh",
    ],
    disclaimers: &[],
};
