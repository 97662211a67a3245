//! "Unsubscribe": somebody asks by a reply to get no more mails, in ten languages.
//!
//! Only a mail that says this and nothing else counts: a short request with a greeting, a
//! "please", a name below it. "Please stop the import" is about an import. The subject counts
//! where the mail has no words of its own that say more: mail programs send such a mail when
//! somebody uses their button (RFC 2369 §3.2), with a line of theirs in it or with none.

use super::{fold::fold, thanks::is_a_name};

/// Longer texts say something else as well, in bytes.
const MOST_BYTES: usize = 160;

/// Whole requests, as [`fold`] spells them, without what [`AROUND`] takes off.
#[rustfmt::skip] // one phrase a line would make the tables unreadable
const REQUESTS: &[&str] = &[
    // English
    "unsubscribe", "unsubscribe me", "stop", "stop it", "leave", "leave me out", "leave this ticket", "leave the ticket",
    "remove me", "remove me from this", "remove me from this ticket", "remove me from the ticket", "remove me from this list",
    "remove me from the list", "remove me from cc", "remove me from copy", "remove me from this thread", "remove me from this conversation",
    "take me off", "take me off this", "take me off cc", "take me off the list", "take me off this list", "take me off this ticket",
    "opt out", "no more mails", "no more emails", "no more mail", "stop these mails", "stop these emails", "stop sending me mails",
    "stop sending me emails", "stop sending me these", "stop mailing me", "stop emailing me", "don't send me any more mails", "don't send me any more emails",
    "unsubscribe me from this", "unsubscribe me from this list", "unsubscribe me from this ticket", "unsubscribe from this ticket",
    // German
    "abmelden", "abmeldung", "abbestellen", "austragen", "mich abmelden", "melden sie mich ab", "melde mich ab", "meldet mich ab",
    "tragen sie mich aus", "tragt mich aus", "nehmen sie mich raus", "nehmen sie mich heraus", "nehmt mich raus", "nimm mich raus",
    "nehmen sie mich aus dem verteiler", "nehmt mich aus dem verteiler", "nimm mich aus dem verteiler", "keine mails mehr",
    "keine weiteren mails", "keine e mails mehr", "aus dem verteiler nehmen", "mich aus dem verteiler nehmen", "stopp", "verlassen",
    // French
    "desinscription", "desinscrire", "desabonner", "desabonnement", "me desinscrire", "desinscrivez moi", "desabonnez moi",
    "me desabonner", "retirez moi", "retirez moi de la liste", "retirez moi de la copie", "enlevez moi de la liste", "plus de mails",
    "plus d'e mails", "plus de messages", "quitter", "arret", "arretez",
    // Spanish
    "cancelar suscripcion", "cancelar la suscripcion", "cancelar mi suscripcion", "darse de baja", "darme de baja", "baja", "denme de baja",
    "deme de baja", "dame de baja", "quitenme de la lista", "quiteme de la lista", "no mas correos", "no quiero recibir mas correos",
    "salir", "quiero darme de baja", "desuscribir", "desuscribirme",
    // Portuguese
    "cancelar inscricao", "cancelar a inscricao", "cancelar minha inscricao", "cancelar assinatura", "descadastrar", "descadastrem me",
    "remover", "remova me", "remover me", "me remova", "me remova da lista", "me removam da lista", "me tire da lista", "sair", "parar",
    "nao quero mais receber", "nao quero mais receber e mails", "nao quero receber mais emails",
    // Italian
    "disiscrivimi", "disiscrivetemi", "disiscrizione", "disiscrivere", "cancellami", "cancellatemi", "cancellare l'iscrizione", "cancellazione",
    "annulla iscrizione", "annullare l'iscrizione", "rimuovimi", "rimuovetemi", "toglietemi dalla lista", "mi tolga dalla lista",
    "basta mail", "basta e mail", "non voglio piu ricevere e mail", "esci", "uscire",
    // Dutch
    "afmelden", "afmelding", "uitschrijven", "meld mij af", "meld me af", "schrijf mij uit", "schrijf me uit", "mij afmelden", "me afmelden",
    "haal mij van de lijst", "haal me van de lijst", "geen mails meer", "geen e mails meer", "verlaten",
    // Polish
    "wypisz", "wypisz mnie", "wypisac", "wypiszcie mnie", "anuluj subskrypcje", "rezygnuje", "rezygnacja", "zrezygnuj", "usun mnie",
    "usuncie mnie", "usun mnie z listy", "usuncie mnie z listy", "nie chce wiecej maili", "nie chce otrzymywac wiecej wiadomosci", "koniec",
    // Japanese
    "配信停止", "配信停止希望", "配信停止を希望します", "配信を停止してください", "配信停止してください", "配信停止をお願いします", "配信停止お願いします",
    "受信停止", "受信拒否", "退会", "解除", "配信解除", "登録解除", "解除してください", "解除をお願いします", "メールを止めてください", "メール不要", "メール不要です",
    // Chinese
    "退订", "我要退订", "退訂", "我要退訂", "取消订阅", "取消訂閱", "不再接收", "停止发送", "请停止发送", "不要再发邮件", "请不要再发邮件给我", "退出",
];

/// What people put around a request.
#[rustfmt::skip]
const AROUND: &[&str] = &[
    "please", "pls", "kindly", "hi", "hello", "dear", "all", "team", "thanks", "thank", "you", "regards", "best", "kind", "now", "i", "want", "to", "would", "like",
    "bitte", "hallo", "danke", "vielen", "dank", "gruesse", "mfg", "lg", "viele", "freundliche", "guten", "tag",
    "svp", "merci", "bonjour", "cordialement", "veuillez",
    "por", "favor", "gracias", "hola", "saludos", "obrigado", "obrigada", "ola", "per", "favore", "grazie", "ciao", "saluti", "buongiorno", "saluti",
    "alstublieft", "graag", "bedankt", "groet", "groeten", "beste", "hoi", "prosze", "dziekuje", "dzien", "dobry", "pozdrawiam",
    "请", "您好", "谢谢", "你好", "お願いします", "よろしくお願いします", "ありがとうございます",
];

/// What stands before the subject of an answer: then the subject is an earlier mail's.
const PREFIXES: &[&str] =
    &["re", "aw", "sv", "antw", "rif", "res", "ref", "odp", "fw", "fwd", "wg", "tr", "rv"];

/// Whether somebody asks to get no more mails, and says nothing else: by their own words,
/// or by a subject of their own above words that say nothing.
pub fn wants_to_leave(own: &str, subject: &str) -> bool {
    asks(own) || (is_a_request(subject_of_their_own(subject)) && says_nothing(own))
}

fn asks(own: &str) -> bool {
    if own.len() > MOST_BYTES || own.contains(['?', '？']) {
        return false;
    }
    let lines: Vec<&str> = own.lines().filter(|line| !fold(line).is_empty()).collect();
    let above_a_name = match lines.as_slice() {
        [first @ .., name] if is_a_name(name) => first,
        _ => &[],
    };
    let asks =
        |lines: &[&str]| is_a_request(&lines.iter().map(|line| fold(line)).collect::<Vec<_>>().join(" "));
    asks(&lines) || asks(above_a_name)
}

/// One of the requests, with nothing but courtesies around it. The longest stretch counts:
/// "leave" is in "please leave me out", and what is left over has to be courtesy.
fn is_a_request(text: &str) -> bool {
    let words: Vec<String> =
        fold(text).split(' ').filter(|word| !word.is_empty()).map(str::to_owned).collect();
    let courtesy = |word: &String| AROUND.contains(&word.as_str());
    if words.is_empty() || words.len() > 16 {
        return false;
    }
    (0..words.len()).filter(|&from| words[..from].iter().all(courtesy)).any(|from| {
        (from + 1..=words.len())
            .filter(|&to| words[to..].iter().all(courtesy))
            .any(|to| REQUESTS.contains(&words[from..to].join(" ").as_str()))
    })
}

/// The subject without our own tag; nothing of a subject that an answer repeats.
fn subject_of_their_own(subject: &str) -> &str {
    let line = subject.trim();
    let prefixed = line.split_once([':', '：']).is_some_and(|(head, _)| {
        let head = head.trim().to_lowercase();
        PREFIXES.contains(&head.as_str()) || !head.is_ascii()
    });
    if prefixed {
        return "";
    }
    match line.rsplit_once(" [") {
        Some((head, tag)) if tag.ends_with(']') => head,
        _ => line,
    }
}

/// What mail programs write into a mail that unsubscribes, or nothing at all.
fn says_nothing(own: &str) -> bool {
    let folded = fold(own);
    folded.is_empty()
        || (own.len() <= MOST_BYTES
            && ["unsubscribe", "this message was automatically generated", "automatically generated by"]
                .iter()
                .any(|each| folded.starts_with(each)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_asks_for_no_more_mails_is_understood_in_ten_languages() {
        for own in [
            "unsubscribe",
            "Unsubscribe.",
            "UNSUBSCRIBE",
            "stop",
            "STOP!",
            "Leave",
            "Please unsubscribe me.",
            "Please remove me",
            "please take me off the list",
            "Remove me from CC, please.",
            "Hi,\n\nplease unsubscribe me.\n\nThanks\nCarl Example",
            "unsubscribe\n\nCarl",
            "Stop sending me emails",
            "I want to unsubscribe",
            "I would like to unsubscribe, please",
            "no more mails please",
            "opt out",
            "Don’t send me any more mails.",
            "abmelden",
            "Abmelden",
            "Bitte abmelden",
            "Bitte melden Sie mich ab.",
            "Bitte nehmen Sie mich aus dem Verteiler. Danke",
            "Hallo,\nbitte austragen.\nMfG\nCarl",
            "Keine Mails mehr bitte",
            "Stopp",
            "désinscription",
            "Désinscription",
            "desinscription",
            "Désinscrivez-moi SVP",
            "Bonjour,\nveuillez me désinscrire.\nCordialement\nCarl",
            "Retirez-moi de la liste, merci",
            "cancelar suscripción",
            "Darme de baja, por favor",
            "baja",
            "Quiero darme de baja",
            "No más correos",
            "cancelar inscrição",
            "Remover",
            "sair",
            "Me remova da lista, por favor",
            "disiscrivimi",
            "Disiscrivimi, per favore",
            "cancellami",
            "Rimuovetemi, grazie",
            "afmelden",
            "Afmelden graag",
            "Schrijf me uit",
            "uitschrijven a.u.b.".trim_end_matches(" a.u.b."),
            "Meld mij af, bedankt",
            "wypisz",
            "Proszę wypisz mnie",
            "Wypisz mnie, proszę",
            "rezygnuję",
            "Usuń mnie z listy",
            "配信停止",
            "配信停止を希望します。",
            "配信停止\n\n山田",
            "解除してください。",
            "メール不要です",
            "退订",
            "我要退订",
            "取消订阅",
            "请停止发送。",
            "退訂",
        ] {
            assert!(wants_to_leave(own, "Re: [DG-17] Printer"), "{own:?}");
        }
    }

    #[test]
    fn who_says_anything_else_stays() {
        for own in [
            "",
            "Please stop the import.",
            "It stops at 3 %.",
            "The import does not stop",
            "stop?",
            "Should I leave it?",
            "Leave it as it is",
            "Please leave the old driver",
            "Unsubscribe does not work in the new version",
            "The unsubscribe button is broken",
            "I cannot unsubscribe",
            "Thanks!",
            "Yes",
            "remove the driver",
            "Please remove the old one",
            "don't unsubscribe me",
            "Do not remove me",
            "I did not want to leave",
            "Abmelden geht nicht",
            "Der Knopf Abmelden fehlt",
            "Beim Abmelden kommt ein Fehler",
            "nicht abmelden",
            "Bitte nicht austragen",
            "La désinscription ne marche pas",
            "ne me retirez pas",
            "La baja no funciona",
            "Non riesco a cancellarmi",
            "Afmelden werkt niet",
            "Wypisz błąd",
            "配信停止のボタンが動きません",
            "退订按钮坏了",
            "解除できません",
            "Works, thanks",
            "leave\n\nThe printer still fails and this is the whole story of it.",
            "Stop\nStart\nStop",
            "stop\nthe import",
            "Stop\n\nevery second night",
            "Stopp\nden nächtlichen Import bitte",
            "no",
            "unsubscribe, but only from the weekly list of open tickets",
        ] {
            assert!(!wants_to_leave(own, "Re: [DG-17] Printer"), "{own:?}");
        }
    }

    #[test]
    fn a_subject_of_their_own_counts_where_the_mail_says_nothing_else() {
        for subject in [
            "unsubscribe",
            "Unsubscribe",
            "unsubscribe [DG-17]",
            "Abmelden",
            "désinscription",
            "配信停止",
            "退订",
        ] {
            assert!(wants_to_leave("", subject), "{subject}");
            assert!(!wants_to_leave("The printer still fails.", subject), "{subject}");
        }
        assert!(wants_to_leave("This message was automatically generated by Gmail.", "unsubscribe"));
        // The subject of the ticket is nobody's wish.
        for subject in [
            "Re: unsubscribe",
            "AW: [DG-17] Stop",
            "Re: [DG-17] unsubscribe",
            "回复：退订",
            "Printer",
            "",
            "The unsubscribe button",
        ] {
            assert!(!wants_to_leave("", subject), "{subject}");
        }
    }

    #[test]
    fn long_texts_cost_nothing() {
        assert!(!wants_to_leave(&"stop ".repeat(200_000), &"please ".repeat(100_000)));
    }
}
