//! What people write to any desk, whatever it is about. PostgreSQL knows "the" and "and"; these are greetings,
//! thanks, pleas, and words such as "problem", which make no two tickets alike.

use std::{collections::HashSet, sync::LazyLock};

static WORDS: LazyLock<HashSet<&str>> = LazyLock::new(|| NOISE.split_whitespace().collect());

/// Whether a word in lower case tells nothing.
pub(super) fn is_noise(word: &str) -> bool {
    WORDS.contains(word)
}

/// A run of Chinese or Japanese without its polite phrases; a space stands for each.
pub(super) fn without_courtesy(run: &str) -> String {
    COURTESY.iter().fold(run.to_owned(), |run, phrase| match run.contains(phrase) {
        true => run.replace(phrase, " "),
        false => run,
    })
}

/// Characters that hold sentences together: hiragana, and the commonest Chinese ones.
pub(super) fn joins(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{309f}')
        || "的了是我在们您你请吗呢就都也有不没和这那个后时会能要可以到把被给从".contains(c)
}

const COURTESY: &[&str] = &[
    "お世話になっております",
    "お世話になります",
    "よろしくお願いいたします",
    "よろしくお願いします",
    "お願いいたします",
    "お願いします",
    "ありがとうございます",
    "こんにちは",
    "いつも",
    "担当者様",
    "質問",
    "問題",
    "至急",
    "緊急",
    "助けて",
    "您好",
    "你好",
    "谢谢",
    "感谢",
    "請問",
    "请问",
    "问题",
    "紧急",
    "帮助",
    "帮忙",
    "急急",
];

const NOISE: &str = "
hello hey dear sir madam team support helpdesk desk customer service thank thanks thankyou thx cheers regards kind best
sincerely greetings help helping urgent urgently asap important please pls problem problems issue issues question questions
request trouble ticket case reply answer mail email message again still anyone somebody someone something anything everything
you your much very well working works work worked broken since today yesterday tomorrow morning week weeks day days hours hour time now soon always
never need needs want would could should cannot can't doesn't don't didn't isn't won't nothing happens happened happening
get got try tried trying know tell let see seems look looking hope wait waiting using use used like just also really very
steps reproduce actual expected result instead expect attached attachment screenshot info information
hallo guten tag moin servus liebe lieber lieben sehr geehrte geehrter damen herren team danke dank vielen herzlichen grüße
gruß grüßen freundlichen freundliche beste besten mfg hilfe helfen dringend eilig eilt wichtig bitte problem probleme frage
fragen anfrage anliegen fehler funktioniert funktionieren geht gehen klappt läuft seit heute gestern morgen woche tage tag
immer wieder leider schon mehr bisher kann können könnte könnten konnte möchte würde wäre müssen muss brauche brauchen
passiert erwartet erwarte stattdessen ergebnis schritte anbei anhang nachricht antwort rückmeldung wissen sagen bekomme
bonjour bonsoir salut madame monsieur cher chère équipe merci cordialement salutations bien cdt aide aider urgent urgence
important svp plait plaît problème problèmes question questions demande souci fonctionne fonctionnent marche marchent depuis
aujourd hui hier matin semaine jour jours toujours encore plus peux peut pouvez pourriez voudrais besoin faut passe attendu
résultat étapes pièce jointe réponse savoir dire rien erreur
hola buenos buenas días tardes estimado estimada estimados señor señora equipo gracias saludos saludo cordial cordiales
atentamente ayuda ayudar urgente urgencia importante favor problema problemas pregunta consulta solicitud funciona funcionan
desde hoy ayer mañana semana día siempre todavía puede puedo pueden podría quiero quisiera necesito necesitamos pasa esperado
resultado pasos adjunto respuesta saber decir nada error
olá oi bom boa dia tarde noite prezado prezada prezados senhor senhora equipe equipa obrigado obrigada cumprimentos abraço
atenciosamente ajuda ajudar urgente urgência importante favor problema problemas pergunta dúvida pedido funciona funcionam
desde hoje ontem amanhã semana sempre ainda posso pode podem poderia gostaria preciso precisamos acontece esperado resultado
passos anexo resposta saber dizer nada erro
ciao salve buongiorno buonasera gentile gentili egregio spettabile signore signora team grazie mille saluti saluto cordiali
distinti aiuto aiutare urgente urgenza importante favore cortesia problema problemi domanda richiesta funziona funzionano da
oggi ieri domani settimana giorno giorni sempre ancora posso può potete potrebbe vorrei bisogno succede atteso risultato
passaggi allegato risposta sapere dire niente errore
hallo goedemorgen goedemiddag goedendag beste geachte heer mevrouw team bedankt dank dankjewel groet groeten vriendelijke
vriendelijk hulp helpen dringend spoed belangrijk alstublieft graag probleem problemen vraag vragen verzoek werkt werken doet
sinds vandaag gisteren morgen week dag dagen altijd weer nog kan kunnen kunt zou willen wil nodig gebeurt verwacht resultaat
stappen bijlage antwoord weten zeggen niets fout
cześć dzień dobry witam witajcie szanowni państwo szanowny pan pani panie zespół dziękuję dzięki dziękujemy pozdrawiam
pozdrowienia poważaniem pomoc pomocy pomóc pilne pilnie ważne proszę prosimy prośba problem problemy pytanie pytania działa
działają działało dzisiaj dziś wczoraj jutro tydzień dni zawsze nadal wciąż jeszcze mogę może możecie można chcę chciałbym
chciałabym potrzebuję dzieje oczekiwany wynik kroki załącznik odpowiedź wiedzieć nic błąd nie jest się czy tak ale jak dla
przez przy bez oraz aby żeby tego tej ten jego tylko już był była było mam mamy nam nas moje mój gdy kiedy który która które
";
