//! The words of [`super`], as [`fold`](super::super::fold::fold) spells them: lower case, no accents, `ä` as `ae`.
//! Languages stand in the order en, de, fr, es, pt, it, nl, pl, ja, zh.

#![cfg_attr(rustfmt, rustfmt_skip)] // one word a line would make the tables unreadable

/// It works.
pub(super) const WORKS: &[&str] = &[
    "works", "worked", "is working", "it's working", "are working", "working now", "now working", "working again", "working fine", "working perfectly", "working well", "working as",
    "all working", "everything working", "does work", "do work", "did work", "did the trick", "does the trick", "fixed", "solved", "resolved", "sorted", "repaired", "gone",
    "all good", "all fine", "is fine", "is good", "looks good", "looks fine", "looks great", "all ok", "everything ok", "everything is ok", "is ok", "is okay", "all clear", "perfect", "good now", "fine now",
    "ok now", "success", "successful", "successfully", "confirmed", "disappeared", "working", "works now", "verified",
    "funktioniert", "funktionierts", "funktionieren", "funktioniert's", "funktionierte", "geht", "gehts", "geht's", "laeuft", "passt", "klappt", "klappts", "geklappt", "hat geklappt", "behoben", "geloest",
    "erledigt", "repariert", "in ordnung", "alles gut", "alles ok", "alles okay", "alles bestens", "alles prima", "perfekt", "tut", "tut's", "tuts", "hingehauen", "haut hin", "funzt", "verschwunden", "weg",
    "marche", "fonctionne", "fonctionnent", "a fonctionne", "a marche", "resolu", "resolue", "regle", "reglee", "corrige", "corrigee", "repare", "c'est bon", "tout est bon", "tout est ok", "est ok", "parfait",
    "tout va bien", "nickel", "ca roule", "est regle", "disparu",
    "funciona", "funcionan", "funciono", "ha funcionado", "resuelto", "resuelta", "solucionado", "solucionada", "arreglado", "arreglada", "corregido", "corregida", "va bien", "va perfecto", "ya va", "todo bien",
    "todo ok", "todo correcto", "perfecto", "esta bien", "desaparecido", "desaparecio",
    "funcionam", "funcionou", "funcionando", "resolvido", "resolvida", "resolveu", "deu certo", "consertado", "corrigido", "corrigida", "esta ok", "tudo certo", "tudo ok", "tudo bem", "perfeito", "sumiu", "desapareceu",
    "funzionano", "funziona", "funzionato", "risolto", "risolta", "sistemato", "sistemata", "corretto", "a posto", "va bene", "tutto bene", "tutto ok", "perfetto", "sparito", "scomparso",
    "werkt", "werken", "werkte", "opgelost", "verholpen", "doet het", "gefixt", "gelukt", "alles goed", "alles werkt", "in orde", "perfect", "verdwenen", "het gaat nu",
    "dziala", "dzialaja", "zadzialalo", "zadzialala", "naprawione", "naprawiony", "rozwiazane", "rozwiazany", "rozwiazano", "usuniete", "w porzadku", "wszystko ok", "jest ok", "udalo", "zniknal", "zniknelo",
    "直りました", "直った", "直っています", "直ってます", "治りました", "動きました", "動いた", "動いています", "動いてます", "動作しました", "動作しています", "動作しております", "動くようになりました", "解決しました", "解決した", "解決済み",
    "解決いたしました", "解消しました", "解消されました", "解消いたしました", "正常に", "正常です", "大丈夫です", "大丈夫でした", "うまくいきました", "上手くいきました",
    "できました", "出来ました", "できるようになりました", "使えました", "使えます", "使えるようになりました", "改善しました", "改善されました", "修正されました", "修正を確認", "完璧です", 
    "可以了", "可以用", "好了", "正常", "解决了", "已解决", "已经解决", "解决啦", "解決了", "修好了", "能用了", "可以使用", "能使用", "行了", "成功", "搞定", "完美", "好使", "好用了",
];

/// Something is wrong.
pub(super) const FAILS: &[&str] = &[
    "broken", "broke", "fails", "failing", "failed", "fail", "failure", "crash", "crashes", "crashed", "crashing", "error", "errors", "worse", "problem", "problems", "issue", "issues", "bug", "bugs", "hangs", "hang", "freezes", "freeze", "wrong",
    "kaputt", "defekt", "fehler", "fehlermeldung", "absturz", "stuerzt", "abgestuerzt", "problem", "probleme", "schlimmer", "falsch", "haengt", "fehlgeschlagen", "scheitert",
    "erreur", "erreurs", "probleme", "problemes", "plante", "plantage", "echoue", "casse", "pire", "bloque", 
    "error", "errores", "falla", "fallan", "fallo", "fallando", "problema", "problemas", "roto", "peor", "se cuelga", "se bloquea",
    "erro", "erros", "falha", "falhou", "falhando", "problema", "quebrado", "pior", "trava", "travou",
    "errore", "errori", "fallisce", "fallito", "problemi", "rotto", "peggio", "si blocca", "va in crash",
    "fout", "fouten", "foutmelding", "kapot", "mislukt", "faalt", "probleem", "problemen", "loopt vast", "crasht", "erger",
    "blad", "bledy", "bledu", "bledow", "awaria", "zepsute", "zepsuty", "problem", "problemy", "gorzej", "zawiesza", "wywala",
    "エラー", "失敗", "不具合", "落ちます", "落ちる", "落ちました", "だめ", "ダメ", "駄目", "固まり", "フリーズ",
    "报错", "報錯", "失败", "失敗", "崩溃", "错误", "錯誤", "打不开", "坏了", "卡死", "闪退",
];

/// It still fails, said in words that need no other.
pub(super) const STILL_FAILS: &[&str] = &[
    "still broken", "still fails", "still failing", "still failed", "still crashes", "still crashing", "still crashed", "still the same", "still same", "still happens", "still happening", "still there", "still occurs", "still present",
    "still an error", "still the error", "still see", "still seeing", "still get", "still getting", "still have", "still having", "still hangs", "still freezes", "still wrong", "still bad", "still blank", "still empty", "still no", "still nothing",
    "still exists", "still an issue", "still a problem", "still won't", "still can't", "still cannot", "still unable", "still doesn't", "still isn't", "still not", "still shows", "still showing", "still appears", "still missing", "still refuses",
    "same error", "same errors", "same problem", "same issue", "same thing", "same result", "same behaviour", "same behavior", "same as before", "same story", "the same message", "exactly the same", "as before",
    "no change", "no changes", "no difference", "no improvement", "no luck", "no success", "no effect", "nothing changed", "nothing has changed", "unchanged", "persists", "came back", "is back", "comes back", "happened again", "happens again", "happening again",
    "failed again", "fails again", "crashed again", "crashes again", "broken again", "error again", "keeps", "stopped working", "stops working", "no longer works", "no longer working", "not fixed", "not solved", "not resolved", "doesn't", "far from", "won't work",
    "immer noch kaputt", "immer noch defekt", "immer noch der", "immer noch die", "immer noch das", "immer noch ein", "immer noch fehler", "weiterhin", "nach wie vor", "derselbe", "dieselbe", "dasselbe", "derselbe fehler", "gleiche fehler", "gleicher fehler", "der gleiche", "das gleiche", "die gleiche",
    "selbe fehler", "selbe problem", "gleiche problem", "besteht weiter", "besteht noch", "tritt noch", "tritt wieder", "tritt immer noch", "wieder da", "schon wieder", "wieder kaputt", "unveraendert", "keine aenderung", "keine besserung", "keine verbesserung", "kein unterschied", "aendert sich nichts", "hat sich nichts",
    "geht immer noch", "leider nein", "ohne erfolg",
    "toujours la meme", "toujours le meme", "toujours en panne", "toujours casse", "toujours pas", "toujours l'erreur", "toujours une erreur", "toujours un probleme", "toujours le probleme", "encore le probleme", "encore l'erreur", "encore une erreur", "meme erreur", "meme probleme", "meme chose", "meme message", "persiste",
    "aucun changement", "aucune amelioration", "rien n'a change", "pas de changement", "pas mieux", "est revenu", "est revenue", "de retour",
    "sigue fallando", "sigue sin", "sigue igual", "sigue dando", "sigue roto", "sigue apareciendo", "sigue el", "sigue saliendo", "continua fallando", "mismo error", "mismo problema", "misma cosa", "lo mismo", "todavia falla", "aun falla", "persiste", "sin cambios", "nada ha cambiado", "ha vuelto", "volvio", "ningun cambio",
    "continua dando", "continua com", "continua falhando", "continua igual", "continua o", "continua sem", "ainda falha", "ainda da erro", "ainda com", "ainda esta com", "ainda ocorre", "ainda acontece", "ainda aparece", "mesmo erro", "mesmo problema", "mesma coisa", "sem mudanca", "nada mudou", "voltou", "sem sucesso",
    "stesso errore", "stesso problema", "stessa cosa", "ancora rotto", "ancora l'errore", "ancora errore", "ancora lo stesso", "ancora il problema", "continua a", "nessun cambiamento", "non e cambiato", "e tornato", "persiste", "come prima", "ancora un errore", "ancora problemi", "da ancora",
    "nog steeds kapot", "nog steeds een", "nog steeds de", "nog steeds dezelfde", "nog steeds hetzelfde", "nog steeds fout", "nog altijd", "zelfde fout", "zelfde probleem", "dezelfde", "hetzelfde", "geen verandering", "geen verbetering", "geen verschil", "niets veranderd", "is terug", "weer kapot", "blijft",
    "nadal blad", "nadal ten sam", "nadal to samo", "nadal jest", "nadal wystepuje", "nadal sie", "nadal mam", "wciaz", "dalej blad", "dalej to samo", "dalej jest", "dalej mam", "ten sam blad", "ten sam problem", "to samo", "bez zmian", "nic sie nie zmienilo", "wrocil", "znowu blad", "znow blad", "ciagle",
    "まだエラー", "まだ同じ", "まだ直", "まだ動", "まだ発生", "まだ出", "まだ起", "まだ駄目", "まだだめ", "まだダメ", "まだでき", "まだ解決", "まだ使え", "直っていません", "直っていない", "直ってません", "直りません", "直らない", "動きません", "動かない", "動作しません", "動作しない", "変わりません", "変わらない", "変わっていません", "変化なし", "変化がありません", "同じエラー", "同じ状況", "同じ状態", "同じ問題", "同じ症状", "同様のエラー",
    "エラーが出ます", "エラーになります", "再発", "できません", "できない", "出来ません", "使えません", "使えない", "解決していません", "解決しません", "解決しない", "解消していません", "解消しません", "うまくいきません", "開きません", "開けません", "依然として", "相変わらず", "引き続き",
    "还是不", "还是没", "还是报", "还是有", "还是一样", "还是出", "还是打", "还是老", "還是不", "還是一樣", "仍然", "仍旧", "依然", "依旧", "不行", "没有解决", "没解决", "未解决", "沒有解決", "没有修好", "没修好", "没好", "一样的错误", "一样的问题", "同样的错误", "同样的问题", "相同的错误", "不能用", "不可以", "用不了", "没用", "不起作用", "不工作", "无法", "無法", "又出现", "又报错", "又坏", "没有变化", "没变化", "没有改善", "不正常", "不好用", "没成功", "不成功",
    "marche plus", "fonctionne plus",
];

/// Nothing is wrong any more. What stands here is taken off before anything else is read.
pub(super) const GOOD: &[&str] = &[
    "no errors", "no error", "no more errors", "no more error", "no more problems", "no more issues", "no problems", "no issues", "no further problems", "no further issues", "no further errors", "without errors", "without error", "without any errors", "without any problems", "without any issues", "without problems", "without a problem",
    "without issues", "without any problem", "without any issue", "without any error", "error free", "as expected", "error is gone", "problem is gone", "issue is gone", "error has gone", "errors are gone", "bug is gone", "problem solved", "problem fixed", "issue fixed", "issue solved", "issue resolved", "problem resolved", "bug fixed", "error fixed",
    "problem is solved", "problem is fixed", "problem is resolved", "issue is fixed", "issue is resolved", "issue is solved", "bug is fixed", "error is fixed", "problem has been solved", "problem has been fixed", "issue has been resolved", "issue has been fixed", "problem disappeared", "error disappeared", "problem has disappeared", "error has disappeared", "nothing wrong",
    "keine fehler", "keine fehler mehr", "kein fehler", "kein fehler mehr", "keine fehlermeldung", "keine fehlermeldung mehr", "keine probleme", "keine probleme mehr", "kein problem mehr", "ohne fehler", "ohne probleme", "ohne problem", "problemlos", "fehlerfrei", "wie erwartet", "wie gewuenscht", "fehler ist weg", "fehler weg", "problem ist weg", "problem weg", "fehler ist behoben", "fehler behoben",
    "problem ist behoben", "problem behoben", "problem geloest", "problem ist geloest", "fehler ist verschwunden", "fehler tritt nicht mehr auf", "problem tritt nicht mehr auf",
    "plus de probleme", "plus de problemes", "plus d'erreur", "plus d'erreurs", "plus aucun probleme", "plus aucune erreur", "aucune erreur", "aucun probleme", "sans erreur", "sans erreurs", "sans probleme", "sans problemes", "comme prevu", "probleme resolu", "probleme est resolu", "probleme regle", "probleme est regle", "erreur a disparu", "l'erreur a disparu", "probleme a disparu", "le bug est corrige", "bug corrige",
    "sin errores", "sin error", "sin problemas", "sin ningun problema", "sin ningun error", "ya no falla", "ya no da error", "ya no sale el error", "ya no aparece el error", "no hay errores", "ningun error", "ya no hay errores", "ya no hay error", "como se esperaba", "problema resuelto", "problema solucionado", "problema esta resuelto", "problema ha sido resuelto", "problema esta solucionado", "error ha desaparecido", "error desaparecio",
    "sem erros", "sem erro", "sem problemas", "sem nenhum problema", "nao da mais erro", "nenhum erro", "nao ha mais erros", "nao ha mais erro", "nao tem mais erro", "parou de dar erro", "conforme esperado", "como esperado", "problema resolvido", "problema foi resolvido", "problema esta resolvido", "erro sumiu", "erro desapareceu", "erro nao aparece mais", "problema foi corrigido", "erro foi corrigido",
    "senza errori", "senza errore", "senza problemi", "nessun errore", "nessun problema", "nessun altro problema", "non da piu errore", "non da piu errori", "come previsto", "problema risolto", "problema e risolto", "problema e stato risolto", "errore e sparito", "errore e scomparso", "l'errore e sparito", "problema e sparito",
    "geen fouten", "geen fouten meer", "geen fout meer", "geen foutmelding meer", "geen foutmeldingen meer", "geen problemen", "geen problemen meer", "zonder fouten", "zonder problemen", "probleemloos", "zoals verwacht", "probleem opgelost", "probleem is opgelost", "probleem is verholpen", "fout is weg", "foutmelding is weg", "fout is opgelost", "probleem is weg",
    "nie ma juz bledu", "nie ma juz bledow", "nie ma bledu", "nie ma bledow", "nie ma juz problemu", "brak bledow", "brak bledu", "bez bledow", "bez bledu", "bez problemow", "bez problemu", "zgodnie z oczekiwaniami", "problem rozwiazany", "problem zostal rozwiazany", "problem jest rozwiazany", "problem zniknal", "blad zniknal", "blad naprawiony", "blad zostal naprawiony", "blad juz nie wystepuje", "problem juz nie wystepuje",
    "エラーは出なくなりました", "エラーが出なくなりました", "エラーが出ません", "エラーは出ません", "エラーも出ません", "エラーなく", "エラーは消えました", "エラーが消えました", "エラーは解消", "エラーも解消", "エラーが解消", "エラーは解決しました", "不具合は解消", "不具合が解消", "不具合もありません", "不具合はありません", "エラーはありません",
    "不再报错", "没有报错", "没报错", "没有错误", "没有再报错", "不报错了", "错误消失了", "没有再出现", "没再出现",
    "問題ありません", "問題ございません", "問題なし", "問題ないです", "問題なく", "出なくなりました", "起きなくなりました", "発生しなくなりました", "没问题", "沒問題", "没有问题", "沒有問題", "没事了", "不再出现",
];

/// What says nothing about the fix, though its words might.
pub(super) const COURTESY: &[&str] = &[
    "no problem", "no worries", "no hurry", "no rush", "good work", "great work", "nice work", "good job", "great job", "well done", "for the fix", "for fixing", "for fixing it", "for your work", "for all your work", "for the work", "sorry for the trouble", "not only", "why not",
    "kein problem", "keine eile", "gute arbeit", "geht um", "geht es um", "geht darum", "wie geht", "hoffe es geht", "vielen dank", "pas de probleme", "pas de souci", "sin prisa", "no hay prisa", "no hay de que", "de nada", "sem pressa", "nao ha pressa", "geen probleem", "geen haast", "goed werk", "nie ma problemu", "nie ma za co", "dobra robota",
    "お疲れ様です", "お世話になっております", "お世話になります",
    "happy to say", "glad to say", "pleased to say", "happy to report", "glad to report", "pleased to report", "happy to confirm", "hope you are well", "hope you're well", "hope this finds you well", "think about it", "thanks to you", "danke ihnen",
];

/// So much of a fault is over.
pub(super) const NO_MORE: &[&str] = &[
    "no longer fails", "no longer crashes", "no longer occurs", "no longer happens", "no longer appears", "no longer hangs", "no longer get the error", "no longer see the error", "no longer there", "doesn't crash anymore", "doesn't crash any more", "doesn't fail anymore", "doesn't fail any more", "does not crash anymore", "does not crash any more", "does not fail any more", "does not fail anymore",
    "error doesn't occur anymore", "error does not occur anymore", "error doesn't appear anymore", "error does not appear anymore", "error doesn't appear any more", "error does not appear any more", "error no longer appears", "error no longer occurs", "problem no longer occurs", "problem no longer exists", "issue no longer occurs", "issue no longer exists", "hasn't crashed since", "stuerzt nicht mehr", "stuerzt nicht mehr ab", "fehler tritt nicht mehr", "fehler kommt nicht mehr", "fehler erscheint nicht mehr", "problem besteht nicht mehr", "haengt nicht mehr",
    "ne plante plus", "plante plus", "n'echoue plus", "erreur n'apparait plus", "l'erreur n'apparait plus", "ya no se cuelga", "ya no se bloquea", "ya no sale error", "ya no falla", "nao falha mais", "nao trava mais", "nao da mais problema", "non fallisce piu", "non si blocca piu", "errore non compare piu", "l'errore non compare piu",
    "crasht niet meer", "loopt niet meer vast", "fout komt niet meer", "foutmelding komt niet meer", "juz sie nie zawiesza", "nie zawiesza sie juz", "blad juz sie nie pojawia",
];

/// It is another fault: the first may be gone.
pub(super) const ANOTHER: &[&str] = &[
    "different error", "another error", "another problem", "another issue", "new error", "new problem", "new issue", "other error", "other problem", "different problem", "different issue", "anderer fehler", "anderen fehler", "neuer fehler", "neuen fehler", "andere fehlermeldung", "neues problem", "anderes problem",
    "autre erreur", "autre probleme", "nouvelle erreur", "nouveau probleme", "otro error", "otro problema", "nuevo error", "outro erro", "outro problema", "novo erro", "altro errore", "altro problema", "nuovo errore", "andere fout", "ander probleem", "nieuwe fout", "inny blad", "inny problem", "nowy blad", "別のエラー", "違うエラー", "新しいエラー", "别的错误", "新的错误", "新问题", "另一个错误", "另一个问题",
];

/// Words that turn a clause around.
pub(super) const NOT: &[&str] = &[
    "not", "never", "cannot", "cant", "dont", "doesnt", "isnt", "wasnt", "wont", "didnt", "hasnt", "havent", "nothing", "nobody", "none", "neither", "nor", "hardly", "barely", "no", "unable", "without",
    "nicht", "nich", "kein", "keine", "keinen", "keiner", "keinem", "keines", "nie", "niemals", "nichts", "nix", "niemand", "kaum", "ohne",
    "ne", "pas", "jamais", "rien", "aucun", "aucune", "personne", "sans", "nunca", "jamas", "tampoco", "nada", "ningun", "ninguna", "nadie", "sin", "nao", "nem", "nenhum", "nenhuma", "ninguem", "sem",
    "non", "mai", "niente", "nulla", "nessun", "nessuna", "nessuno", "neppure", "neanche", "senza", "niet", "nooit", "geen", "niets", "niks", "niemand", "nauwelijks", "zonder", "nigdy", "nic", "nikt", "zaden", "zadna", "bez", "ani",
];

/// The same in scripts without spaces.
pub(super) const NOT_WITHIN: &[&str] = &["ません", "ない", "なかった", "ず、", "没", "沒", "不", "未", "别"];

/// A clause that begins so, and has no other sign, takes something out: "not on the desktop".
pub(super) const NOT_FIRST: &[&str] = &["not", "nicht", "pas", "niet", "nur", "only", "solo", "seulement", "alleen", "tylko", "except", "ausser", "sauf", "salvo", "excepto", "exceto", "tranne", "behalve", "oprocz", "apart"];

/// A clause is asked or doubted, mark or none.
pub(super) const ASKING: &[&str] = &[
    "does it work", "is it fixed", "is this fixed", "is it working", "how does", "how do", "how can", "how is", "how it works", "why is", "why does", "why do", "what if", "can you", "could you", "would you", "do you", "did you", "is there", "are there", "when will", "when does",
    "let me know", "let us know", "tell me", "please check", "please confirm", "do you know", "i wonder", "wondering", "please fix", "needs to be", "must be", "has to be", "should be fixed", "want it", "please explain",
    "koennen sie", "koennten sie", "kannst du", "koennt ihr", "funktioniert es auch", "warum", "wieso", "weshalb", "wann", "wie funktioniert", "sagen sie mir", "bitte pruefen", "bitte beheben", "muss", "wird das", "ist das behoben",
    "est ce que", "pouvez vous", "pourriez vous", "pourquoi", "quand", "comment", "dites moi", "por que", "puede usted", "pueden", "podrian", "podria", "cuando", "como funciona", "diganme", "voce pode", "voces podem", "poderia", "poderiam", "quando", "como funciona", "perche", "potete", "potrebbe", "potreste", "come funziona", "mi faccia sapere",
    "kunt u", "kunnen jullie", "waarom", "wanneer", "hoe werkt", "laat me weten", "czy", "dlaczego", "kiedy", "jak dziala", "prosze o informacje", "prosze sprawdzic", "教えてください", "ご確認ください", "でしょうか", "なぜ", "いつ", "什么时候", "为什么", "是否", "能不能", "是不是", "有没有", "怎么", "请问", "请检查", "请确认",
    "has it", "is it", "was it", "have you", "are you", "make it",
];

/// How a clause ends that asks.
pub(super) const ASKING_AT_THE_END: &[&str] = &["ですか", "ますか", "ましたか", "でしょうか", "ませんか", "のか", "吗", "嗎", "呢", "么"];

/// It hangs on something.
pub(super) const CONDITIONS: &[&str] = &[
    "if", "should it", "should the", "should this", "sollte es", "sollte der", "whether", "unless", "once it", "as soon as", "in case", "until", "assuming", "provided", "wenn", "falls", "ob", "sobald", "sofern", "solange", "bis", "des que", "lorsque", "tant que", "s'il", "cuando", "en cuanto", "caso", "se", "assim que", "quando", "appena", "als", "indien", "zodra", "of het", "tot", "jesli", "jezeli", "gdy", "gdyby", "czy",
    "もし", "場合", "たら", "れば", "如果", "要是", "假如", "等到",
];

/// It will be, would be, ought to be.
pub(super) const FUTURE: &[&str] = &[
    "will", "i'll", "we'll", "it'll", "would", "should", "could", "might", "may", "going to", "tomorrow", "later", "next week", "next", "soon", "need to", "have to", "want to", "plan to", "let me", "werde", "werden", "wird", "wuerde", "sollte", "soll", "koennte", "morgen", "spaeter", "demnaechst", "muss", "moechte", "naechste",
    "vais", "allons", "va tester", "devrait", "pourrait", "demain", "bientot", "plus tard", "voy", "vamos", "deberia", "podria", "manana", "luego", "vou", "vamos", "deveria", "poderia", "amanha", "depois", "provero", "proveremo", "dovrebbe", "potrebbe", "domani", "piu tardi", "zal", "zullen", "zou", "moet", "morgen", "straks", "later", "binnenkort",
    "bede", "bedzie", "sprawdze", "przetestuje", "powinno", "powinien", "moze", "jutro", "pozniej", "wkrotce", "明日", "後で", "後ほど", "これから", "はず", "予定", "明天", "稍后", "待会", "等会", "一会", "等下", "应该", "應該", "将", "会",
];

/// To try something.
pub(super) const TRYING: &[&str] = &[
    "test", "tested", "testing", "try", "tried", "trying", "check", "checked", "verify", "verified", "confirm", "look", "looked", "see", "know", "sure", "say", "tell", "think it is possible", "chance", "got around", "had time",
    "teste", "testen", "getestet", "test", "probiere", "probieren", "probiert", "ausprobiert", "ausprobieren", "pruefe", "pruefen", "geprueft", "schaue", "schauen", "bestaetigen", "sagen", "sicher", "dazu gekommen", "tester", "teste", "essayer", "essaye", "verifier", "verifie", "regarder", "confirmer", "dire", "sur", "sure",
    "probar", "probado", "comprobar", "comprobado", "verificar", "confirmar", "revisar", "seguro", "testar", "testei", "testado", "verifiquei", "conferir", "certeza", "provare", "provato", "provero", "proveremo", "testare", "testato", "controllare", "verificare", "confermare", "sicuro",
    "testen", "proberen", "geprobeerd", "controleren", "gecontroleerd", "bevestigen", "kijken", "zeker", "sprawdze", "sprawdzic", "sprawdzalem", "sprawdzilem", "sprawdzilam", "przetestuje", "przetestowac", "testowalem", "potwierdzic", "pewien", "pewna", "試", "確認", "テスト", "试", "测试", "测", "检查", "看",
];

/// It is to be tried yet, said in words that need no other.
pub(super) const LATER: &[&str] = &[
    "not yet tested", "not tested", "untested", "haven't tested", "haven't tried", "haven't had", "will test", "will try", "will check", "will have a look", "will let you know", "i'll test", "i'll try", "i'll check", "we'll test", "we'll try", "we'll check", "get back to you", "i am testing", "i'm testing", "am trying", "let me test", "let me try", "let me check", "could not test", "couldn't test", "on holiday", "on vacation", "on leave", "out of office",
    "noch nicht getestet", "noch nicht probiert", "noch nicht ausprobiert", "noch nicht geprueft", "noch nicht dazu", "melde mich", "im urlaub", "probiere es", "teste es", "teste das", "pas encore teste", "pas encore essaye", "je vais tester", "je vais essayer", "je teste", "je vous tiens", "en conge", "en vacances",
    "aun no he", "todavia no he", "voy a probar", "lo probare", "lo pruebo", "les aviso", "de vacaciones", "ainda nao testei", "ainda nao tentei", "vou testar", "vou verificar", "aviso voces", "de ferias", "non ho ancora", "provero", "lo provo", "faro sapere", "in ferie", "nog niet getest", "nog niet geprobeerd", "ga het testen", "zal het testen", "laat het weten", "op vakantie",
    "jeszcze nie sprawdzalem", "jeszcze nie testowalem", "sprawdze", "przetestuje", "dam znac", "na urlopie", "まだ試し", "まだ確認", "未確認", "試してみます", "試します", "確認してみます", "確認します", "確認いたします", "後ほど", "还没试", "还没测", "没试", "没测", "我试试", "试一下", "试试看", "测试一下", "稍后", "还没有测", "还没有试",
];

/// As far as anybody can tell; in part; once upon a time; by other means.
pub(super) const HEDGES: &[&str] = &[
    "seems", "seem", "seemed", "appears", "appear", "looks like", "apparently", "maybe", "perhaps", "probably", "possibly", "think", "guess", "believe", "suppose", "supposed", "hope", "hopefully", "hoping", "wish", "so far", "for now", "at the moment", "partly", "partially", "mostly", "almost", "nearly", "sometimes", "occasionally", "intermittently", "half", "some", "only", "sort of", "kind of", "somewhat", "just about",
    "used to", "before", "previously", "yesterday", "last week", "last month", "ago", "earlier", "formerly", "old version", "older", "other", "others", "else", "elsewhere", "colleague", "workaround", "work around", "said", "says", "say", "told", "claim", "claims", "claimed", "marked", "pretend", "supposedly", "slow", "slowly", "slower", "strange", "strangely", "weird", "different", "differently", "poorly", "badly", "first time", "once", "how", "what", "where", "which", "working on", "working from", "working with", "working hours", "working days", "working day",
    "like this", "unlike", "whenever", "rarely", "too long", "less", "except", "instead",
    "scheint", "scheinbar", "anscheinend", "offenbar", "vielleicht", "wahrscheinlich", "vermutlich", "glaube", "denke", "hoffe", "hoffentlich", "bisher", "bislang", "erstmal", "vorerst", "momentan", "teilweise", "teils", "zum teil", "fast", "meist", "meistens", "manchmal", "gelegentlich", "ab und zu", "nur", "halb", "einigermassen", "halbwegs", "frueher", "vorher", "gestern", "letzte woche", "zuvor", "alten version", "alte version", "andere", "anderen", "anders", "kollege", "kollegen", "workaround", "umgehung", "angeblich", "sagten", "gesagt", "langsam", "langsamer", "komisch", "seltsam", "geht so", "wie", "was", "wo", "so lala", "selten", "laut", "eher", "bis auf",
    "semble", "semblerait", "apparemment", "peut etre", "probablement", "sans doute", "crois", "pense", "espere", "esperons", "pour l'instant", "pour le moment", "jusqu'ici", "en partie", "partiellement", "presque", "parfois", "a moitie", "seulement", "avant", "hier", "semaine derniere", "ancienne version", "autre", "autres", "collegue", "contournement", "lent", "lente", "lentement", "bizarre", "plus ou moins", "comment", "a peu pres", "rarement", "sauf",
    "parece", "parecen", "aparentemente", "quizas", "quiza", "tal vez", "probablemente", "creo", "pienso", "espero", "esperemos", "por ahora", "por el momento", "de momento", "hasta ahora", "en parte", "parcialmente", "casi", "a veces", "a medias", "solo", "solamente", "antes", "ayer", "semana pasada", "version anterior", "otro", "otra", "otros", "companero", "lento", "lenta", "raro", "mas o menos", "como", "salvo", "excepto",
    "parece que", "aparentemente", "talvez", "provavelmente", "acho", "acredito", "penso", "por enquanto", "ate agora", "em parte", "quase", "as vezes", "so", "somente", "apenas", "ontem", "semana passada", "versao antiga", "outro", "outra", "outros", "colega", "devagar", "estranho", "exceto",
    "sembra", "sembrerebbe", "pare", "apparentemente", "forse", "probabilmente", "credo", "penso", "spero", "speriamo", "per ora", "per il momento", "finora", "in parte", "parzialmente", "quasi", "a volte", "soltanto", "prima", "ieri", "settimana scorsa", "vecchia versione", "altro", "altra", "altri", "collega", "lentamente", "strano", "piu o meno", "come", "tranne",
    "lijkt", "schijnt", "blijkbaar", "misschien", "waarschijnlijk", "denk", "geloof", "hoop", "hopelijk", "tot nu toe", "voorlopig", "voor nu", "deels", "gedeeltelijk", "bijna", "soms", "af en toe", "alleen", "half", "eerder", "vroeger", "gisteren", "vorige week", "oude versie", "andere", "ander", "anders", "collega", "traag", "langzaam", "vreemd", "hoe", "min of meer", "behalve",
    "wydaje", "chyba", "prawdopodobnie", "podobno", "mysle", "sadze", "mam nadzieje", "na razie", "jak dotad", "poki co", "czesciowo", "prawie", "czasami", "czasem", "tylko", "wczesniej", "przedtem", "wczoraj", "zeszlym tygodniu", "starej wersji", "inny", "inna", "inne", "kolega", "kolegi", "wolno", "powoli", "dziwnie", "jak", "mniej wiecej", "oprocz",
    "ようです", "ようだ", "みたい", "らしい", "かもしれ", "思います", "思われ", "おそらく", "多分", "たぶん", "今のところ", "いまのところ", "一応", "とりあえず", "一部", "部分的", "時々", "たまに", "以前", "前は", "昨日", "前回", "ほぼ", "だけ", "のみ", "遅い", "そうです", "以外", "ほか", "他の",
    "好像", "似乎", "可能", "也许", "大概", "希望", "觉得", "感觉", "暂时", "目前", "部分", "有时", "偶尔", "差不多", "几乎", "基本", "以前", "之前", "昨天", "上周", "旧版", "只有", "只能", "别人", "其他", "同事", "看起来", "看来", "除了", "慢",
    "need", "needs", "want", "wants", "l'impression", "j'espere",
];

/// What takes something back, wherever it stands.
pub(super) const CONTRAST: &[&str] = &[
    "but", "however", "although", "though", "except", "apart from", "unfortunately", "yet", "only that", "on the other hand", "aber", "jedoch", "allerdings", "leider", "trotzdem", "dennoch", "obwohl", "ausser", "hingegen", "dafuer", "mais", "cependant", "toutefois", "malheureusement", "sauf", "par contre", "en revanche", "pourtant",
    "pero", "sin embargo", "aunque", "desgraciadamente", "lamentablemente", "excepto", "salvo", "porem", "contudo", "entretanto", "todavia", "infelizmente", "exceto", "embora", "ma", "pero", "tuttavia", "purtroppo", "tranne", "invece", "anche se", "maar", "echter", "helaas", "behalve", "hoewel", "ale", "jednak", "niestety", "lecz", "natomiast", "oprocz", "chociaz",
    "しかし", "ただ", "でも", "けれど", "けど", "が、", "ですが", "ましたが", "ますが", "残念", "一方", "但", "不过", "不過", "可是", "然而", "只是", "除了", "可惜",
];

/// Before these something else begins, also without a mark.
pub(super) const SPLITTING: &[&str] = &[
    " but ", " however ", " although ", " except ", " aber ", " jedoch ", " allerdings ", " mais ", " sauf ", " pero ", " aunque ", " mas ", " porém ", " ma ", " però ", " tranne ", " maar ", " echter ", " behalve ", " ale ", " jednak ", " lecz ",
    "けど", "けれど", "ですが", "ましたが", "ますが", "但是", "但", "不过", "可是", "然而",
];

/// Whole clauses that say yes.
pub(super) const YES: &[&str] = &[
    "yes", "yep", "yeah", "yup", "yes it does", "it does", "yes it is", "yes indeed", "absolutely", "ja", "jawohl", "jo", "jep", "ja tut es", "oui", "ouais", "oui c'est ca", "si", "asi es", "sim", "isso", "tak", "owszem", "はい", "ええ", "是", "是的", "对", "对的", "好的可以", "嗯", "可以", "行",
];
/// The same, where the accent says more than the letters.
pub(super) const YES_AS_SPELLED: &[&str] = &["sí", "sì"];

/// Whole clauses that say no.
pub(super) const NO: &[&str] = &[
    "no", "nope", "nah", "no it doesn't", "it doesn't", "it does not", "no it does not", "no it is not", "no it isn't", "sadly no", "sadly not", "unfortunately not", "unfortunately no", "afraid not", "i'm afraid not", "nein", "nee", "noe", "leider nicht", "leider nein", "non", "malheureusement non", "helas non", "no todavia", "nao", "infelizmente nao", "purtroppo no", "helaas niet", "helaas", "nie", "niestety nie", "いいえ", "違います", "不", "不是", "没有", "沒有",
];

/// A verb of what programs do: it says nothing by itself, and that they do it not says enough.
pub(super) const DOES: &[&str] = &[
    "work", "function", "open", "print", "start", "load", "respond", "help", "helped", "run", "funktionieren", "gehen", "hilft", "geholfen", "oeffnet", "startet", "druckt", "reagiert", "marcher", "fonctionner", "s'ouvre", "demarre", "imprime", "aide",
    "funcionar", "abre", "inicia", "arranca", "imprime", "ayuda", "ajuda", "ajudou", "funzionare", "apre", "parte", "stampa", "aiuta", "opent", "start", "print", "helpt", "geholpen", "otwiera", "uruchamia", "drukuje", "pomoglo", "pomaga",
];

/// What somebody believes, hopes or was told, also in a clause of its own.
pub(super) const BELIEFS: &[&str] = &[
    "i think", "i believe", "i guess", "i suppose", "i hope", "we hope", "hopefully", "you say", "you said", "you write", "you wrote", "you told", "you claim", "i doubt", "i'm not sure", "not sure", "ich glaube", "ich denke", "ich hoffe", "wir hoffen", "sagen sie", "schreiben sie", "sagten sie", "nicht sicher", "ich bezweifle",
    "je crois", "je pense", "j'espere", "vous dites", "pas sur", "creo que", "espero que", "dicen", "no estoy seguro", "acho que", "espero que", "nao sei", "credo che", "spero che", "non so", "ik denk", "ik hoop", "ik geloof", "mam nadzieje", "mysle", "sadze", "nie wiem", "wydaje mi sie", "分かりません", "わかりません", "不知道", "不确定",
];

/// What makes a plain yes the answer to something else: "yes, please call me".
pub(super) const PLEASE: &[&str] = &[
    "please", "pls", "bitte", "svp", "s'il vous plait", "veuillez", "por favor", "per favore", "graag", "alstublieft", "prosze", "ください", "お願いします", "请",
];

/// A word that is a "but" in one language, and beside the other word none: `mais` is a French but, and more in
/// Portuguese; `ma` an Italian one, and has in Polish.
pub(super) const NO_BUT_BESIDE: &[(&str, &str)] = &[("mais", "não"), ("mais", "nao"), ("ma", "nie"), ("mas", "más")];

/// Behind these a Portuguese `no` means "on the".
pub(super) const BEFORE_ON_THE: &[&str] = &["funciona", "funcionam", "funcionou", "funcionando", "certo", "resolvido", "ok"];
