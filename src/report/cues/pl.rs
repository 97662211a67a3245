//! Polish.

use super::Cues;
use crate::domain::Language;

/// The tables.
#[rustfmt::skip] // one word a line would make the tables unreadable
pub const CUES: Cues = Cues {
    language: Language::Pl,
    steps_headings: &[
        "Kroki do odtworzenia", "Kroki do reprodukcji", "Kroki odtworzenia", "Kroki reprodukcji", "Kroki",
        "Jak odtworzyć", "Jak odtworzyć błąd", "Jak powtórzyć", "Odtworzenie", "Aby odtworzyć",
        "Żeby odtworzyć", "Reprodukcja", "Procedura", "Co zrobiłem", "Co zrobiłam", "Co robię",
        "Co robiłem", "Co zrobiliśmy", "Czynności", "Przebieg",
    ],
    actual_headings: &[
        "Rzeczywiste zachowanie", "Rzeczywisty wynik", "Rzeczywisty rezultat", "Faktyczne zachowanie",
        "Faktyczny wynik", "Aktualne zachowanie", "Aktualny wynik", "Obecne zachowanie",
        "Obserwowane zachowanie", "Zaobserwowane", "Wynik", "Rezultat", "Jest", "Co się dzieje",
        "Co się stało", "Co się działo", "Problem", "Błąd", "Usterka", "Komunikat błędu", "Objaw",
        "Zamiast tego",
    ],
    expected_headings: &[
        "Oczekiwane zachowanie", "Oczekiwany wynik", "Oczekiwany rezultat", "Oczekiwane rezultaty",
        "Oczekiwane", "Oczekiwania", "Oczekiwanie", "Spodziewane zachowanie", "Spodziewany wynik",
        "Spodziewany rezultat", "Czego oczekiwałem", "Czego oczekiwałam", "Czego się spodziewałem",
        "Czego się spodziewałam", "Czego oczekuję", "Co powinno się stać", "Co powinno być", "Powinno być",
        "Ma być", "Miało być", "Pożądane zachowanie",
    ],
    nothing: &[
        "brak", "nie dotyczy", "nd", "n.d.", "nic", "jak wyżej", "j.w.", "jw", "patrz wyżej", "patrz temat",
        "nie wiem", "żadne", "żaden",
    ],
    steps: &[
        "kiedy klikam", "kiedy otwieram", "gdy klikam", "gdy otwieram", "jak klikam", "jak kliknę",
        "jak zrobisz", "jak wejdę", "za każdym razem", "ilekroć", "zawsze gdy", "zawsze kiedy",
        "po kliknięciu", "po wybraniu", "po otwarciu", "po naciśnięciu", "po zalogowaniu", "po wpisaniu",
        "po zapisaniu", "przy próbie", "przy otwieraniu", "przy zapis*", "przy wysył*",
        "da się odtworzyć", "odtworzyć", "zrobiłem tak", "zrobiłam tak", "następujące kroki", "próbuję",
        "próbowałem", "próbowałam", "chciałem", "chciałam", "^gdy", "^kiedy", "^jeśli", "^jeżeli", "^jak",
        "podczas", "^przy", "wystarczy",
    ],
    conditions: &[
        "kiedy", "gdy", "jak", "jeśli", "jeżeli", "po", "potem", "następnie", "zaraz", "przy", "podczas",
        "najpierw", "gdybym", "za każdym razem", "ilekroć", "skoro", "i od razu", "później",
    ],
    actions: &[
        "klik*", "kliknęł*", "naciska*", "nacisną*", "nacisnę*", "naciśnij", "naciśnięci*", "wciska*",
        "wcisną*", "wcisnę*", "dotyka*", "dotkną*", "otwier*", "otworz*", "otwarc*", "wybier*", "wybra*",
        "wybór", "wpisuj*", "wpisa*", "wpisz*", "wprowadz*", "wypełni*", "wgra*", "wgrywa*", "przesła*",
        "przesył*", "wysła*", "wysył*", "wyślij", "pobra*", "pobier*", "loguj*", "zalogowa*", "zaloguj",
        "wylogowa*", "skanuj*", "zeskanowa*", "przeciąg*", "włącz*", "wyłącz*", "przełącz*", "ustawi*",
        "wchodz*", "wszed*", "weszł*", "wejść", "wejdź", "wejdę", "podłącz*", "uruchom*", "uruchami*",
        "restartuj*", "instaluj*", "zainstalowa*", "importuj*", "zaimportowa*", "eksportuj*",
        "wyeksportowa*", "zapisuj*", "zapisa*", "zapisz*", "zaznacz*", "odznacz*", "kopiuj*", "skopiowa*",
        "wkleja*", "wklei*", "usuwa*", "usuną*", "usunę*", "usuń", "dodaj*", "doda*", "tworz*", "utworz*",
        "stworz*", "zmienia*", "zmieni*", "zmian*", "edytuj*", "przytrzym*", "szuka*", "wyszuk*", "drukuj*",
        "wydrukowa*", "płac*", "zapłaci*", "rezerwuj*", "zarezerwowa*", "zamawia*", "zamówi*", "zamyka*",
        "zamkną*", "zamknę*", "zamknij", "przesuwa*", "przesuną*", "przesunę*", "obraca*", "obróci*",
        "dzwoni*", "nagrywa*", "nagra*", "udostępni*", "sprzeda*", "wystawi*", "wypożyczy*", "wpią*",
        "wpię*", "przekręca*", "przekręci*", "zatwierdz*", "potwierdz*", "robię", "zrobi*",
        "robi*", "używa*", "użył*", "wkłada*", "włoży*", "przykłada*", "przyłoży*", "wzią*", "wzię*",
        "odświeża*", "odśwież*", "rejestruj*", "zarejestrowa*", "kładę", "położy*", "przeszed*",
        "przechodz*", "stawia*", "czeka*", "wracam", "wróci*",
    ],
    actors: &[],
    idle: &[],
    trouble: &[
        "błąd", "błęd*", "awarii", "zepsut*", "nie działa", "nie", "nic", "nigdy", "żaden", "żadna",
        "żadne", "brak", "bez", "zawiesza", "zawiesił*", "wysypuje", "wysypał*", "wyłącza się", "puste",
        "pusty", "pusta", "znika", "znikają", "zniknęł*", "zniknął", "zgubi*", "gubi", "brakuje", "złe",
        "zły", "zła", "źle", "błędn*", "niepoprawn*", "nieprawidłow*", "podwójn*", "dwa razy", "dwukrotnie",
        "odrzucon*", "zamiast", "ciągle", "nadal", "wciąż", "czarny", "szary", "miga", "nieczyteln*",
        "wolno", "nagle", "sam z siebie", "pokazuje", "wyświetla", "wyskakuje", "pojawia", "melduje",
        "cofa", "stoi", "niby",
    ],
    vague: &[
        "problem", "problemy", "usterka", "usterkę", "awaria", "awarię", "kłopot", "wada",
        "coś jest nie tak", "coś nie tak", "nie gra", "zobaczcie", "sprawdźcie",
    ],
    expected: &[
        "powinien", "powinna", "powinno", "powinny", "powinni", "powinieneś", "powinienem", "oczekiwał*",
        "oczekiwan*", "oczekuję że", "oczekujemy że", "spodziewał*", "spodziewam", "spodziewan*",
        "miał być", "miała być", "miało być", "miały być", "ma być", "mają być", "ma działać",
        "miało działać", "zamiast", "myślał*", "sądził*", "zakładał*", "byłem pewien", "byłam pewna",
        "normalnie", "zwykle", "zazwyczaj", "wcześniej był*", "wcześniej", "kiedyś", "dawniej",
        "do tej pory", "dotychczas", "dotąd", "przed aktualizacją", "zgodnie z", "według", "wg instrukcji",
        "instrukcja mówi", "w instrukcji", "chciał*bym żeby", "chciałbym aby", "żeby było", "dlaczego nie",
        "czemu nie", "jak zawsze", "jak dawniej", "jak wcześniej", "jak zwykle", "obiecan*", "teoretycznie",
        "w teorii", "należy się", "liczyłem że", "liczyłam że", "niech", "trzeba by", "żeby się",
    ],
    hoped: &[
        "musi", "muszą", "ma się", "mają się", "należy", "przecież", "miał*", "zawsze był*",
        "jeszcze wczoraj", "byłoby",
    ],
    not_expected: &[
        "powinniście", "powinni państwo", "oczekuję odpowiedzi",
        "oczekuję przeprosin", "czy powinienem", "muszę", "musimy", "co powinienem", "czekam na",
        "oczekuję na", "oczekujemy odpowiedzi",
    ],
    errands: &[
        "jak mogę", "jak można", "gdzie mogę", "gdzie znajdę", "czy mogę", "czy można", "czy da się",
        "czy jest możliw*", "czy mogliby", "czy oferujecie", "ile kosztuje", "ile to", "jaka cena", "cena",
        "ceny", "cennik", "oferta", "ofertę", "wycena", "zamawiamy", "zamówienie na", "proszę o przesłanie",
        "proszę o duplikat", "proszę o fakturę", "prosimy o", "dostawa", "dostawę", "faktura za", "fakturę",
        "faktury za", "duplikat", "rezygnacja", "rezygnuję", "wypowiedzenie", "wypowiadam", "abonamentu",
        "umowy", "umowę", "RODO", "dziękuję za", "dziękujemy za", "dzięki za", "podziękowania", "pochwała",
        "gratulacje", "brawo", "sugestia", "propozycja", "pomysł", "fajnie by było", "byłoby fajnie",
        "byłoby miło", "spotkanie", "nieobecn*", "urlop", "skarga", "reklamacja obsługi", "przeprosin",
        "pytanie", "pytanko", "zapytanie", "nowy adres", "zmiana adresu", "rabat", "godziny otwarcia",
        "zwrot pieniędzy", "szkolenie", "niniejszym", "uprzejmie informujemy",
    ],
    courtesy: &[
        "^dzień dobry", "^cześć", "^hej", "^witam", "^szanown*", "^drog*", "^dziękuję", "^dzięki",
        "^pozdrawiam", "^pozdrowienia", "^z poważaniem", "^z wyrazami", "^pomocy", "^proszę o pomoc",
        "^proszę", "^w załączniku", "^pilne", "^patrz", "^dobry wieczór",
    ],
};
