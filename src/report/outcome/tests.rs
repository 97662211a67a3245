//! What people answer who were asked to try a fix.

use super::{Outcome, outcome};

fn all_are(wanted: Outcome, answers: &[&str]) {
    let wrong: Vec<String> = answers
        .iter()
        .filter(|own| outcome(own) != wanted)
        .map(|own| format!("{own:?} is {:?}", outcome(own)))
        .collect();
    assert!(wrong.is_empty(), "not {wanted:?}:\n{}", wrong.join("\n"));
}

/// None of these may end a ticket, whatever else they are.
fn none_works(answers: &[&str]) {
    let wrong: Vec<&&str> = answers.iter().filter(|own| outcome(own) == Outcome::Works).collect();
    assert!(wrong.is_empty(), "taken for works: {wrong:#?}");
}

#[test]
#[rustfmt::skip]
fn it_works_in_english() {
    all_are(Outcome::Works, &[
        "works, thanks", "It works", "it works!", "Works now.", "Works for me", "Yes", "yes!", "Yes.", "Yes, it works", "Yes, it works now, thank you!", "Thank you!", "thank you!", "Thanks", "Works perfectly. Thanks a lot!\n\nAnna",
        "Yes, that fixed it.", "That fixed it, thanks", "Fixed!", "Problem solved, thank you.", "All good now", "It is working again", "Working fine now, thanks.", "Everything works again.", "Confirmed, it works.", "I can confirm that it works.",
        "Hello,\n\nI tried it this morning and it works again.\n\nBest regards\nAnna Example", "The export works again. Thank you for the quick help!", "It does work now", "No more errors, thanks.", "No errors any more", "The error is gone.", "No issues",
        "It no longer crashes, thanks!", "The problem no longer occurs.", "It works as expected", "Works without errors", "Works without any problems now", "Tested on staging: works.", "Perfect, thanks", "Perfect!", "Yes, works fine", "That did the trick",
        "Great, it works!", "Hi Bob,\nthe new driver works.\nThanks,\nAnna", "It works. Please close the ticket.", "It works now! Thanks for fixing it.", "Yep, works", "Solved", "looks good, thanks", "works\nAnna", "Hi, it's working now", "OK, works.", "Works :-)",
        "Yes, all 212 orders are there now. Thank you!\n\nAnna", "Yes, the report prints on both sides again. Thanks a lot, Anna", "I'm happy to say it works", "Yes it does", "It hasn't crashed since, it works.",
    ]);
}

#[test]
#[rustfmt::skip]
fn it_still_fails_in_english() {
    all_are(Outcome::Fails, &[
        "still broken", "Still broken!", "It still fails.", "It still fails.\n\nThe window closes at once.", "no, same error", "No", "No.", "no!", "No, it doesn't work.", "It doesn't work", "Does not work", "doesnt work", "not working", "It is not working.", "Not fixed",
        "It's not fixed.", "Same problem as before", "same error", "No change", "Sorry, no luck.", "It still doesn't work.", "Still the same error message", "Still not working on my side", "I still get the error", "The problem persists", "It crashes again", "It crashed again this morning",
        "Thanks, but it still fails.", "Thank you. It doesn't work.", "Unfortunately it still fails", "Unfortunately not", "Nothing changed.", "It has stopped working again", "It won't work", "I can't say it is fixed: same error", "It never worked", "Nothing works", "It's even worse now",
        "Hello,\nI tried it, and it fails with the same message.\nAnna", "Great job, it crashes again.", "Still broken. Any news?", "It doesn't work anymore", "I get an error", "It is still there.", "The fix does not work", "No, it still crashes.", "no, still the same", "nope", "Still happening",
        "It isn't solved", "Hasn't been fixed", "Not solved yet", "It doesn't work yet.",
    ]);
}

#[test]
#[rustfmt::skip]
fn one_with_a_but_goes_to_a_person() {
    all_are(Outcome::Unclear, &[
        "works on my phone but not on the desktop", "Works on my phone, but not on the desktop.", "Yes, but the second page is still broken", "Yes, but now the preview is empty.", "It works, but slowly", "It works but I get another error now", "Works. But the preview is broken.",
        "It works in Firefox. In Chrome it still fails.", "The login works. The export does not work.", "Yes, but only with one page", "It works, except for the second tray.", "It works now, although it takes a minute.", "Works here, not on the desktop", "No, it works!", "It works. No.",
        "Ja, aber nur am Handy", "Auf dem Handy geht es, am PC geht es immer noch nicht", "Geht, aber nur manchmal.", "Funktioniert am Handy, aber nicht am Rechner.", "Ça marche, mais lentement", "Oui, mais pas sur mon téléphone", "Funciona en el móvil pero no en el ordenador", "Sí, pero sigue lento",
        "Funciona no celular, mas não no computador", "Sim, mas ainda aparece outro erro", "Funziona sul telefono ma non sul computer", "Sì, ma non sempre", "Het werkt op mijn telefoon, maar niet op de pc", "Ja, maar alleen thuis", "Działa na telefonie, ale nie na komputerze", "Tak, ale tylko czasami",
        "スマホでは動きましたが、PCでは動きません", "はい、でも印刷がまだできません", "手机可以了，但是电脑还是不行", "是的，但是还有一个错误",
    ]);
}

#[test]
#[rustfmt::skip]
fn what_is_neither_changes_nothing() {
    all_are(Outcome::Neither, &[
        "does it work in 1.2 as well?", "Does it work in 1.2 as well?", "Is it fixed?", "When will it be live?", "I will test it tomorrow.", "Thanks, I will try.", "Thank you, I'll check on Monday", "I have not tested it yet.", "Not yet tested", "I couldn't test it", "Will do", "OK", "Hello", "",
        "If it works, I will tell you.", "Should it fail again, I'll write to you.", "How does it work?", "Can you tell me how it works?", "What if it fails again?", "Which version is it in?", "I'm on vacation until Monday.", "Please send me the link", "I use the upper tray.", "👍", "The invoice number is 4711.",
        "I don't know if it works", "I'm not sure whether it works", "Let me check", "We are working on the test", "No problem, I will test it tomorrow", "No problem", "I hope it works", "I hope this works now.", "It worked before the update", "It used to work", "It worked yesterday", "The workaround works",
        "You said it is fixed", "It seems to work", "Looks like it works", "I think it works", "So far it works", "It should work now", "Maybe it works", "Sometimes it works",
        "Funktioniert es auch in 1.2?", "Ich teste es morgen.", "Danke, ich probiere es morgen aus", "Noch nicht getestet", "Scheint zu funktionieren", "Wie geht es Ihnen?", "Es geht um den Drucker im ersten Stock.", "Wenn es geht, melde ich mich", "Geht so",
        "Est-ce que ça marche aussi en 1.2 ?", "Je vais tester demain.", "Pas encore testé", "¿Funciona también en la 1.2?", "Lo pruebo mañana", "Todavía no lo he probado", "Funciona na 1.2 também?", "Vou testar amanhã", "Ainda não testei", "Funziona anche nella 1.2?", "Provo domani", "Non ho ancora provato",
        "Werkt het ook in 1.2?", "Ik test het morgen", "Nog niet getest", "Czy działa też w 1.2?", "Sprawdzę jutro", "Jeszcze nie testowałem", "1.2でも動きますか？", "明日試してみます。", "まだ試していません", "1.2版本也可以吗？", "我明天试试", "还没测试", "好像可以了", "直ったようです",
    ]);
}

#[test]
#[rustfmt::skip]
fn it_works_in_nine_more_languages() {
    all_are(Outcome::Works, &[
        "passt", "Passt!", "Passt, danke", "funktioniert wieder", "Funktioniert wieder, vielen Dank!", "Es funktioniert.", "Geht jetzt, danke", "Ja", "Ja, geht wieder.", "Ja, es funktioniert jetzt.", "Läuft wieder!", "Klappt, danke!", "Alles in Ordnung", "Alles bestens, danke.", "Der Fehler ist weg.", "Problem behoben, danke",
        "Jetzt klappt es. Viele Grüße\nAnna", "Kein Fehler mehr", "Keine Probleme mehr, danke.", "Perfekt, danke!", "Hat geklappt", "Der Fehler tritt nicht mehr auf.", "Läuft ohne Probleme", "Guten Tag,\n\nder Export funktioniert wieder.\n\nMit freundlichen Grüßen\nAnna Beispiel", "Danke!",
        "ça marche", "Ça marche, merci !", "Oui", "Oui, ça fonctionne maintenant.", "Ça fonctionne à nouveau, merci beaucoup", "C'est bon, merci", "Problème résolu, merci.", "Plus d'erreur, merci", "Plus aucun problème", "Tout fonctionne", "Parfait, merci", "Merci !",
        "Funciona", "Ya funciona, gracias", "Sí", "Sí, funciona.", "sí, ya funciona", "Resuelto, gracias", "Ahora va bien", "Ya no falla, gracias", "Funciona perfectamente", "Todo bien, gracias", "Problema resuelto", "Gracias",
        "Funcionou!", "Sim", "Sim, funciona agora, obrigada", "Deu certo, obrigado!", "Resolvido, obrigado", "Está funcionando", "Tudo certo, obrigada", "Não dá mais erro, obrigado", "Problema resolvido.", "Obrigado!",
        "Funziona", "Sì", "Sì, funziona", "Ora funziona, grazie", "Funziona di nuovo!", "Risolto, grazie", "Tutto a posto", "Adesso va bene, grazie", "Nessun errore", "Grazie mille!",
        "Werkt", "Het werkt weer", "Ja, het werkt", "Werkt weer, bedankt!", "Opgelost, dank u wel", "Het doet het weer", "Geen foutmelding meer", "Alles werkt weer.", "Probleem opgelost", "Bedankt!",
        "Działa", "Tak", "Tak, działa", "Już działa, dziękuję", "Działa, dzięki!", "Problem rozwiązany", "Wszystko działa", "Nie ma już błędu", "Naprawione, dziękuję", "Dziękuję!",
        "直りました。", "直りました。ありがとうございます。", "はい、動きました。", "はい", "正常に動作しています。", "解決しました。ありがとうございました。", "問題ありません。", "エラーは出なくなりました。", "無事に印刷できました。",
        "可以了", "好了，谢谢", "是的，可以了", "已经解决了，谢谢！", "没问题了", "正常了，谢谢。", "现在可以用了", "不再报错了", "修好了，谢谢",
    ]);
}

#[test]
#[rustfmt::skip]
fn it_still_fails_in_nine_more_languages() {
    all_are(Outcome::Fails, &[
        "geht immer noch nicht", "Geht immer noch nicht!", "Geht nicht", "Nein", "Nein, gleicher Fehler", "Funktioniert leider nicht.", "Es funktioniert immer noch nicht", "Immer noch kaputt", "Immer noch derselbe Fehler.", "Leider nicht", "Leider nein", "Danke, aber es geht immer noch nicht.", "Der Fehler ist wieder da",
        "Der Fehler tritt immer noch auf.", "Keine Änderung", "Das Problem besteht weiterhin", "Passt nicht", "Es klappt noch nicht.", "Nichts geht", "Es stürzt wieder ab", "Nö, dasselbe",
        "Ça ne marche toujours pas", "ça marche pas", "Non", "Non, même erreur", "Ne fonctionne pas", "Cela ne fonctionne toujours pas.", "Toujours la même erreur", "Le problème persiste", "Merci, mais ça ne marche pas", "Ça ne marche plus", "Aucun changement", "Ça marche plus",
        "No funciona", "Sigue sin funcionar", "Sigue fallando", "No, mismo error", "Todavía no funciona", "El mismo error", "Gracias, pero no funciona", "Aún falla", "No está resuelto", "Sigue igual",
        "Não", "Não funciona", "Ainda não funciona", "Não funcionou", "Mesmo erro", "Continua dando erro", "Obrigado, mas ainda não funciona", "O problema continua o mesmo", "Não foi resolvido",
        "No, stesso errore", "Non funziona", "Non funziona ancora", "Non va bene", "Stesso problema", "Grazie, ma non funziona", "Purtroppo no", "Il problema persiste", "Ancora lo stesso errore", "Non è risolto",
        "Nee", "Werkt niet", "Het werkt nog steeds niet", "Nee, dezelfde fout", "Nog steeds kapot", "Helaas niet", "Bedankt, maar het werkt niet", "Niet opgelost", "Nog steeds dezelfde foutmelding",
        "Nie", "Nie działa", "Nadal nie działa", "Dalej nie działa", "Nie, ten sam błąd", "Niestety nie", "Wciąż ten sam problem", "Dziękuję, ale nadal nie działa", "Bez zmian", "Nie zostało naprawione",
        "まだ直りません。", "いいえ、同じエラーです。", "動きません", "まだ動きません。", "直っていません。", "変わりません。", "同じエラーが出ます。", "いいえ", "印刷できません。", "まだエラーが出ます",
        "还是不行", "还是不行，同样的错误", "不行", "不能用", "没有解决", "仍然报错", "还是报错", "问题依然存在", "没用", "无法打开", "不是",
    ]);
}

#[test]
#[rustfmt::skip]
fn no_doubt_is_ever_taken_for_it_works() {
    none_works(&[
        "Thanks. It doesn't work.", "Yes, I will test it.", "Yes, we tested the old version and it worked.", "works?", "Works? I doubt it.", "It works in the test system of my colleague", "Nothing is fixed.", "I wish it worked", "I would like it to work.", "It would work if you sent me the file", "Please make it work", "please fix it",
        "it needs to be fixed", "Has it been fixed", "When it works I'll tell you", "Until it works I stay with the old one", "It worked until yesterday", "It almost works", "It partly works", "half of it works", "only the first page works", "the first page works, the second doesn't",
        "the button that works is the wrong one", "It works as badly as before", "works worse than before", "I can't confirm that it works", "I don't think it works", "we are still working on testing this", "Nobody here can say whether it is solved", "Did you say it's solved", "you told me it was fixed",
        "Hardly works", "It fails. It works. It fails.", "yes and no", "Yes? No?", "yes please", "Yes, please send me the link", "I have a question", "No", "not really", "Not quite", "so so", "It works sometimes", "It worked once", "Well, it works until I press print",
        "Yes, thank you, but which version was that?", "Yes, I read your mail, thank you, and I will look at it on Monday", "Yes, thank you, I tried the wrong one and it is still empty", "Yes, please call me", "Yes, I still have the problem", "ja bitte", "Ja, bitte rufen Sie mich an.", "Ja, ich teste das", "Ja, das Problem habe ich immer noch", "Ja wann denn", "Geht das auch mit Linux?", "Wie funktioniert das", "Ob es funktioniert, weiß ich nicht", "ich hoffe es funktioniert", "Ging gestern noch",
        "Funktioniert vielleicht", "Das sollte funktionieren", "Funktioniert nur manchmal", "Funktioniert bei mir nie", "funktioniert kaum", "oui mais non", "si ça marche je vous le dis", "J'espère que ça marche", "Ça marchait avant", "ça devrait marcher", "ça marche parfois", "ça marche à moitié", "ça marche comment",
        "espero que funcione", "si funciona les aviso", "funciona a veces", "debería funcionar", "no sé si funciona", "funcionaba antes", "talvez funcione", "acho que funciona", "se funcionar eu aviso", "funziona a volte", "se funziona vi scrivo", "dovrebbe funzionare", "non so se funziona", "spero che funzioni",
        "werkt soms", "als het werkt laat ik het weten", "ik hoop dat het werkt", "ik weet niet of het werkt", "działa czasami", "jeśli działa, napiszę", "nie wiem, czy działa", "mam nadzieję, że działa", "chyba działa", "動くかもしれません", "直ったか分かりません", "動いたらご連絡します", "動作を確認します", "一部だけ動きました",
        "不知道好了没有", "如果可以了我告诉你", "希望可以了", "有时候可以", "应该可以了吧", "可以了吗", "我看看可不可以", "Please unsubscribe me", "stop", "I will be back on Monday", "The same happens with the invoice", "This is urgent!", "We need this solved today", "Solved? Not at all.", "It is fixed in 1.2, you say",
        "Everything works except printing", "works fine on Windows, Mac is another story: it crashes", "Good morning", "Thanks for your mail, I will be out of office until Monday", "Nice try. Same error.", "Perfect, now it crashes twice as fast.", "Wow, still broken. Great work.",
    ]);
}

#[test]
fn a_short_line_below_thanks_is_no_name_when_it_says_more() {
    all_are(
        Outcome::Fails,
        &[
            "Thanks for the fix.\n\nStill broken.",
            "Thank you!\nSame error",
            "Thanks\nIt still fails",
            "Danke!\n\nGeht noch nicht",
            "Vielen Dank\nImmer noch kaputt",
            "Merci\nToujours en panne",
            "Gracias.\nSigue fallando",
            "Grazie\nNon funziona",
            "Bedankt\nWerkt nog niet",
            "Dziękuję\nNadal nie działa",
            "Obrigado\nAinda não funciona",
            "ありがとうございます。\nまだ直りません",
            "谢谢\n还是不行",
        ],
    );
    none_works(&[
        "Thanks!\nI will try",
        "Thanks\nWill test tomorrow",
        "Danke\nTeste es morgen",
        "Thanks\nbut not on Mac",
        "Merci\nje vais essayer",
    ]);
    all_are(
        Outcome::Works,
        &["Thanks!\n\nAnna", "Vielen Dank!\nAnna Example", "Merci beaucoup\nJean-Luc", "谢谢\n李明"],
    );
}

#[test]
fn a_long_story_is_never_a_yes_and_costs_little() {
    let story = format!("It works. {}", "Then I opened the next page and printed it. ".repeat(50));
    assert_eq!(outcome(&story), Outcome::Neither);
    let failing = format!("It still fails. {}", "Then I opened the next page and printed it. ".repeat(50));
    assert_eq!(outcome(&failing), Outcome::Fails);
    assert_eq!(outcome(&"works but ".repeat(200_000)), Outcome::Unclear);
    assert_eq!(outcome(&"İ but".repeat(1000)), Outcome::Neither);
}

proptest::proptest! {
    #[test]
    fn no_text_makes_it_panic(own: String) {
        let _ = outcome(&own);
    }
}
