//! The languages of Western Europe and the Americas.

use super::Words;

pub(super) const ENGLISH: Words = Words {
    from: &["from"],
    date: &["sent", "date", "sent at", "sent on"],
    to: &["to"],
    cc: &["cc", "bcc"],
    subject: &["subject", "re"],
    other: &["reply-to", "reply to", "importance", "priority", "attachments", "when", "where"],
    openers: &["on ", "on: ", "quoting ", "at "],
    wrote: &["wrote", "writes", "has written", "quoting"],
    separators: &[
        "original message", "original email", "original mail", "original appointment", "reply message",
        "forwarded message", "forwarded by", "forwarded email", "begin forwarded message", "replied message",
        "forward message",
    ],
    bare: &["begin forwarded message", "start of forwarded message"],
    footers: &[
        "sent from *", "sent via *", "sent with *", "sent using *", "sent by *", "from my *", "written on my *",
        "typed on my *", "get outlook for *", "get [outlook for *", "download outlook for *", "outlook for *",
    ],
    excuses: &["excuse", "pardon", "forgive", "typo", "brevity", "autocorrect", "apolog"],
    closings: &[
        "best regards", "kind regards", "kindest regards", "warm regards", "with regards", "regards",
        "many thanks", "thanks", "thank you", "thanks and regards", "thanks & regards", "thank you and regards",
        "best", "all the best", "best wishes", "cheers", "sincerely", "yours sincerely", "sincerely yours",
        "yours faithfully", "yours truly", "respectfully", "cordially", "thanks in advance", "thanks again",
        "br", "rgds", "with best regards", "with kind regards", "take care", "yours",
    ],
    disclaimers: &[
        "intended recipient", "intended only for", "intended solely for", "solely for the use of",
        "received this e-mail in error", "received this email in error", "received this message in error",
        "received this in error", "received it by mistake", "confidential and", "is confidential",
        "are confidential", "be confidential", "privileged", "unauthorized", "unauthorised", "any disclosure",
        "disclosure, copying", "strictly prohibited", "distribution or copying", "dissemination",
        "delete it from your system", "destroy all copies", "delete all copies", "notify the sender", "viruses",
        "information contained in this", "views expressed", "confidentiality notice", "registered office",
        "registered in england",
    ],
};

pub(super) const GERMAN: Words = Words {
    from: &["von"],
    date: &["gesendet", "datum", "gesendet am"],
    to: &["an"],
    cc: &["kopie", "cc"],
    subject: &["betreff"],
    other: &["antwort an", "antworten an", "anlagen", "anhänge", "priorität", "wichtigkeit"],
    openers: &["am ", "zitat von ", "zitiere "],
    wrote: &["schrieb", "schreibt", "geschrieben", "hat geschrieben", "schrieben", "zitat von", "zitiere"],
    separators: &[
        "original-nachricht", "originalnachricht", "ursprüngliche nachricht", "weitergeleitete nachricht",
        "urspruengliche nachricht", "originaltermin", "original-mail", "anfang der weitergeleiteten",
        "ursprüngliche mail",
    ],
    bare: &["anfang der weitergeleiteten nachricht", "anfang der weitergeleiteten e-mail"],
    footers: &[
        "von mein*", "von unterwegs gesendet*", "gesendet von *", "gesendet mit *", "gesendet über *",
        "gesendet aus *", "diese nachricht wurde von mein*", "diese nachricht wurde mit *",
        "diese e-mail wurde von mein*", "holen sie sich outlook *", "hol dir outlook *", "outlook für *",
    ],
    excuses: &["tippfehler", "entschuldig", "kürze"],
    closings: &[
        "mit freundlichen grüßen", "mit freundlichem gruß", "mit freundlichen grüssen",
        "mit freundlichem gruss", "freundliche grüße", "freundliche grüsse", "viele grüße", "viele grüsse",
        "vielen dank", "beste grüße", "beste grüsse", "liebe grüße", "lieben gruß", "herzliche grüße",
        "schöne grüße", "schönen gruß", "gruß", "grüße", "mfg", "lg", "vg", "danke", "danke und gruß",
        "hochachtungsvoll", "vielen dank und viele grüße", "besten dank",
    ],
    disclaimers: &[
        "vertrauliche", "rechtlich geschützte", "nicht der richtige adressat", "irrtümlich erhalten",
        "unbefugte", "nicht gestattet", "informieren sie bitte sofort", "vernichten sie diese",
        "nur für den adressaten", "vorgesehene empfänger", "geschäftsführer:", "registergericht",
        "handelsregister", "amtsgericht", "ust-id",
    ],
};

pub(super) const FRENCH: Words = Words {
    from: &["de", "expéditeur"],
    date: &["envoyé", "envoyé le", "date", "date d'envoi"],
    to: &["à", "a", "pour", "destinataire"],
    cc: &["cc", "copie", "copie à"],
    subject: &["objet", "sujet"],
    other: &["répondre à", "pièces jointes", "importance"],
    openers: &["le ", "en date du ", "citation de "],
    wrote: &["a écrit", "écrit", "ecrit", "écrivait", "a écrit ce qui suit"],
    separators: &[
        "message d'origine", "message d’origine", "message original", "message transféré", "message initial",
        "message transmis", "message réexpédié", "courriel original", "e-mail d'origine", "début du message",
    ],
    bare: &["début du message transféré", "début du message réexpédié"],
    footers: &[
        "envoyé de *", "envoyé depuis *", "envoyé à partir *", "envoyé par *", "envoyé avec *", "envoyé via *",
        "envoyée de *", "télécharger outlook *", "téléchargez outlook *", "obtenez outlook *",
        "obtenir outlook *", "outlook pour *",
    ],
    excuses: &["excus", "fautes", "brièveté", "coquilles"],
    closings: &[
        "cordialement", "bien cordialement", "très cordialement", "salutations", "meilleures salutations",
        "bien à vous", "sincères salutations", "merci", "merci d'avance", "merci beaucoup", "cdlt", "cdt",
        "bonne journée", "amicalement", "respectueusement",
    ],
    disclaimers: &[
        "confidentiel", "à l'intention exclusive", "à l’intention exclusive", "destinataire", "par erreur",
        "en informer", "divulgation", "strictement interdite", "avertir l'expéditeur", "avertir l’expéditeur",
        "ce message et",
    ],
};

pub(super) const SPANISH: Words = Words {
    from: &["de", "remitente"],
    date: &["enviado", "enviado el", "enviada", "enviada el", "fecha", "fecha de envío"],
    to: &["para", "a", "destinatario"],
    cc: &["cc", "copia"],
    subject: &["asunto"],
    other: &["responder a", "adjuntos", "datos adjuntos", "importancia"],
    openers: &["el ", "en ", "a las ", "con fecha "],
    wrote: &["escribió", "escribio", "escribiò", "ha escrito"],
    separators: &[
        "mensaje original", "mensaje reenviado", "correo original", "mensaje enviado", "inicio del mensaje",
    ],
    bare: &["inicio del mensaje reenviado"],
    footers: &[
        "enviado desde *", "enviado con *", "enviado por *", "enviado a través *", "enviado vía *",
        "enviado de mi *", "enviada desde *", "obtener outlook *", "obtenga outlook *", "descargar outlook *",
        "outlook para *",
    ],
    excuses: &["disculp", "errores", "brevedad", "perdon"],
    closings: &[
        "saludos", "un saludo", "saludos cordiales", "cordiales saludos", "un cordial saludo", "cordialmente",
        "atentamente", "gracias", "muchas gracias", "muchas gracias y saludos", "atte", "le saluda atentamente",
        "reciba un cordial saludo", "un abrazo",
    ],
    disclaimers: &[
        "confidencial", "destinatario", "por error", "comuníquelo", "notifíquelo", "queda prohibida",
        "divulgación", "quedan prohibidas", "protección de datos",
    ],
};

pub(super) const PORTUGUESE: Words = Words {
    from: &["de", "remetente"],
    date: &["enviado", "enviado em", "enviada", "enviada em", "data"],
    to: &["para"],
    cc: &["cc", "c/c", "cópia"],
    subject: &["assunto"],
    other: &["responder para", "responder a", "anexos", "prioridade"],
    openers: &["em ", "no dia ", "a ", "às "],
    wrote: &["escreveu", "escreveu o seguinte"],
    separators: &[
        "mensagem original", "mensagem encaminhada", "mensagem reencaminhada", "e-mail original",
        "início da mensagem",
    ],
    bare: &["início da mensagem encaminhada", "início da mensagem reencaminhada"],
    footers: &[
        "enviado do *", "enviado de *", "enviado a partir *", "enviado com *", "enviado pelo *",
        "enviado via *", "enviada do *", "obter o outlook *", "obtenha o outlook *", "baixar o outlook *",
        "outlook para *",
    ],
    excuses: &["desculp", "erros"],
    closings: &[
        "atenciosamente", "cumprimentos", "melhores cumprimentos", "com os melhores cumprimentos", "abraço",
        "abraços", "obrigado", "obrigada", "muito obrigado", "muito obrigada", "cordialmente", "att",
        "saudações", "grato", "grata", "desde já obrigado",
    ],
    disclaimers: &[
        "confidencial", "confidenciais", "destinatário", "por engano", "por erro", "divulgação", "proibida",
        "favor notificar", "notifique o remetente",
    ],
};

pub(super) const ITALIAN: Words = Words {
    from: &["da", "mittente"],
    date: &["inviato", "inviato il", "inviata", "data"],
    to: &["a", "destinatario"],
    cc: &["cc", "copia"],
    subject: &["oggetto"],
    other: &["risposta", "rispondi a", "allegati", "priorità"],
    openers: &["il ", "in data ", "quoting "],
    wrote: &["ha scritto", "scritto", "scrive", "ha scritto quanto segue"],
    separators: &[
        "messaggio originale", "messaggio inoltrato", "messaggio originario", "inizio messaggio",
        "inizio del messaggio",
    ],
    bare: &["inizio messaggio inoltrato", "inizio del messaggio inoltrato"],
    footers: &[
        "inviato da*", "inviato con *", "inviato tramite *", "inviato dal *", "inviata da*",
        "scarica outlook *", "ottieni outlook *", "outlook per *",
    ],
    excuses: &["scus", "errori", "brevità"],
    closings: &[
        "cordiali saluti", "distinti saluti", "saluti", "un saluto", "cordialmente", "grazie", "grazie mille",
        "tanti saluti", "i migliori saluti", "grazie e saluti", "un cordiale saluto", "buona giornata",
    ],
    disclaimers: &[
        "riservat", "confidenzial", "destinatari", "per errore", "è vietata", "divulgazione", "vietato",
        "darne immediata comunicazione", "d.lgs. 196", "gdpr",
    ],
};

pub(super) const DUTCH: Words = Words {
    from: &["van", "afzender"],
    date: &["verzonden", "datum", "verstuurd", "verzonden op"],
    to: &["aan"],
    cc: &["cc", "kopie"],
    subject: &["onderwerp", "betreft"],
    other: &["antwoord aan", "bijlagen", "beantwoorden", "prioriteit"],
    openers: &["op ", "citeren "],
    wrote: &["schreef", "geschreven", "schrijft", "heeft geschreven", "het volgende geschreven"],
    separators: &[
        "oorspronkelijk bericht", "origineel bericht", "doorgestuurd bericht", "oorspronkelijke bericht",
        "begin doorgestuurd", "oorspronkelijke e-mail",
    ],
    bare: &["begin doorgestuurd bericht"],
    footers: &[
        "verzonden met *", "verzonden vanaf *", "verzonden via *", "verzonden vanuit *", "verstuurd vanaf *",
        "verstuurd met *", "verstuurd via *", "verstuurd vanuit *", "download outlook *", "outlook voor *",
    ],
    excuses: &["typefout", "excuses", "spelfout"],
    closings: &[
        "met vriendelijke groet", "met vriendelijke groeten", "vriendelijke groet", "vriendelijke groeten",
        "groet", "groeten", "groetjes", "mvg", "hartelijke groet", "hartelijke groeten", "alvast bedankt",
        "bedankt", "hoogachtend", "dank",
    ],
    disclaimers: &[
        "vertrouwelijk", "geadresseerde", "bestemd voor", "niet voor u bestemd", "per abuis", "niet toegestaan",
        "openbaarmaking", "te vernietigen",
    ],
};

pub(super) const CATALAN: Words = Words {
    from: &["de"],
    date: &["enviat", "enviat el", "data"],
    to: &["per a", "a"],
    cc: &["a/c", "cc"],
    subject: &["assumpte"],
    other: &[],
    openers: &["el ", "missatge de "],
    wrote: &["va escriure", "ha escrit", "escriu"],
    separators: &["missatge original", "missatge reenviat"],
    bare: &["inici del missatge reenviat"],
    footers: &["enviat des de*", "enviat amb *"],
    excuses: &[],
    closings: &["salutacions", "atentament", "gràcies", "moltes gràcies", "cordialment"],
    disclaimers: &["confidencial", "destinatari"],
};
