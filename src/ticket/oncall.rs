//! Severity 1: who is called next, and what people answer to a call.
//!
//! The chain is a list of steps, each with the people it means now. It is gone through once, a step at a time, and a step
//! without anybody is passed over; after its end everybody in it is called together, again and again, until somebody
//! acknowledges.

use std::time::Duration;

use super::{
    Notice,
    command::{Command, Line, Said},
    reply,
};

/// Something said to the desk about a ticket for which somebody is on call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OnCall {
    /// I have it: call nobody else.
    Acknowledge,
    /// I do not have it any more: call on.
    Release,
    /// Call this person now; a name, a part of one, or an address.
    Page(String),
    /// News for the customer and the stakeholders.
    Update(String),
    /// Something about the shift plan.
    Plan(PlanWord),
}

/// What a lead says about a shift plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PlanWord {
    /// It stands.
    Confirm,
    /// There is to be none.
    Decline,
    /// This shift is somebody's.
    Give(u32, String),
    /// Two shifts change hands: the second by its number, or a person whose nearest shift it is.
    Swap(u32, String),
}

/// Among the people of the chain after its end, the pause doubles up to this.
const LONGEST_PAUSE: Duration = Duration::from_hours(1);

/// The step that is called next, counted from 0, when so many steps are behind: the first of the others that has
/// anybody. A number beyond the chain is a call of everybody.
pub fn step<T>(chain: &[Vec<T>], behind: u32) -> u32 {
    let behind = usize::try_from(behind).unwrap_or(usize::MAX);
    let next = chain.iter().enumerate().skip(behind).find(|(_, step)| !step.is_empty());
    let next = next.map_or_else(|| behind.max(chain.len()), |(at, _)| at);
    u32::try_from(next).unwrap_or(u32::MAX)
}

/// Who is called when so many steps are behind; nobody where nobody of the chain is there.
pub fn called<T: Clone + PartialEq>(chain: &[Vec<T>], behind: u32) -> Vec<T> {
    let next = usize::try_from(step(chain, behind)).ok().and_then(|at| chain.get(at));
    let meant = next.map_or(chain, std::slice::from_ref);
    let mut people = Vec::new();
    for person in meant.iter().flatten() {
        if !people.contains(person) {
            people.push(person.clone());
        }
    }
    people
}

/// Whether this call goes to everybody: the chain came to its end, and nobody answered.
pub fn is_everybody<T>(chain: &[Vec<T>], behind: u32) -> bool {
    beyond(chain, behind).is_some()
}

/// How long an answer to the call is waited for, so many steps being behind it.
pub fn pause<T>(chain: &[Vec<T>], behind: u32, every: Duration) -> Duration {
    match beyond(chain, behind) {
        Some(rounds) => (every * 2_u32.pow(rounds.min(16))).min(LONGEST_PAUSE.max(every)),
        None => every,
    }
}

/// Whether a call that did not arrive, after which so many steps are behind, brings the next one forward: along the chain
/// there is somebody else to be called. Behind its end the same people would be called again, and an address that no
/// longer works would have them called without a pause.
pub fn is_hastened<T>(chain: &[Vec<T>], behind: u32) -> bool {
    !is_everybody(chain, behind.saturating_sub(1))
}

/// How many calls of everybody there were before the next call, which is another one.
fn beyond<T>(chain: &[Vec<T>], behind: u32) -> Option<u32> {
    let length = u32::try_from(chain.len()).unwrap_or(u32::MAX);
    step(chain, behind).checked_sub(length)
}

/// How many steps are behind when the one after the last with this person is next.
pub fn behind<T>(chain: &[Vec<T>], is_it: impl Fn(&T) -> bool) -> u32 {
    let last = chain.iter().rposition(|step| step.iter().any(&is_it));
    last.and_then(|at| u32::try_from(at + 1).ok()).unwrap_or(0)
}

/// Whether the whole of somebody's own words says "I have it".
pub fn acknowledges(own: &str) -> bool {
    is_one_of(
        own,
        &[
            "ack",
            "acked",
            "acknowledge",
            "acknowledged",
            "ok",
            "okay",
            "on it",
            "i am on it",
            "i'm on it",
            "mine",
        ],
    )
}

/// What the whole of a lead's own words says about a plan.
pub fn answers_plan(own: &str) -> Option<PlanWord> {
    if is_one_of(own, &["yes", "ok", "okay", "confirm", "confirmed", "go", "yes please"]) {
        return Some(PlanWord::Confirm);
    }
    is_one_of(own, &["no", "decline", "declined", "no thanks"]).then_some(PlanWord::Decline)
}

/// What a mail of staff says that answers this notice of ours. A call and a plan are answered with a plain word, and other
/// words are for colleagues; what answers a reminder is the news.
pub fn answering(notice: Notice, said: Said) -> Said {
    use Notice::{Page, PageTaken, PagedAgain, ShiftPlan, ShiftSoon, Shifts, UpdateDue, UpdateMissed};
    let inside =
        said.lines.iter().any(|line| matches!(&line.means, Ok(command) if command.keeps_words_inside()));
    if said.words.is_empty() || inside {
        return said;
    }
    let alone = said.lines.is_empty();
    let means = match notice {
        Page | PagedAgain if alone && acknowledges(&said.words) => Command::OnCall(OnCall::Acknowledge),
        ShiftPlan if alone => match answers_plan(&said.words) {
            Some(word) => Command::OnCall(OnCall::Plan(word)),
            None => Command::Note(None),
        },
        Page | PagedAgain | PageTaken | ShiftPlan | Shifts | ShiftSoon => Command::Note(None),
        // Beside a misspelt command they are held, like other words for the customer.
        UpdateDue | UpdateMissed if reply::unclear(&said).is_none() => {
            Command::OnCall(OnCall::Update(said.words.clone()))
        }
        _ => return said,
    };
    let Said { mut lines, words } = said;
    let shown = crate::domain::text::line(words.lines().next().unwrap_or_default());
    let words = if means == Command::Note(None) { words } else { String::new() };
    lines.push(Line { said: shown, means: Ok(means) });
    Said { lines, words }
}

/// Letter case, and the marks that people put behind a word, say nothing.
fn is_one_of(own: &str, phrases: &[&str]) -> bool {
    let said =
        crate::domain::text::prefix(own.trim(), 40).trim_start_matches('#').trim_end_matches(['.', '!', ',']);
    let said = said.replace('\u{2019}', "'").to_lowercase();
    own.trim().len() <= 40 && phrases.contains(&said.as_str())
}

/// Reads what stands behind a command about being on call; `None` for what is none, or goes otherwise.
pub fn command(name: &str, rest: &str) -> Option<OnCall> {
    let words = Some(rest.trim().to_owned()).filter(|words| !words.is_empty());
    let (first, behind) = rest.trim().split_once(char::is_whitespace).unwrap_or((rest.trim(), ""));
    let shift = || first.trim_start_matches('#').parse::<u32>().ok();
    let whom = Some(behind.trim().to_owned()).filter(|whom| !whom.is_empty());
    Some(match name {
        "ack" => OnCall::Acknowledge,
        "unack" => OnCall::Release,
        "page" => OnCall::Page(words?),
        "update" => OnCall::Update(words?),
        "confirm" => OnCall::Plan(PlanWord::Confirm),
        "decline" => OnCall::Plan(PlanWord::Decline),
        "shift" => OnCall::Plan(PlanWord::Give(shift()?, whom?)),
        "swap" => OnCall::Plan(PlanWord::Swap(shift()?, whom?)),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: Duration = Duration::from_mins(1);

    fn chain() -> Vec<Vec<&'static str>> {
        vec![vec!["ann"], vec![], vec!["bob", "ann"], vec!["carol"]]
    }

    /// Who is called, one call after the other.
    fn calls(chain: &[Vec<&'static str>], count: usize) -> Vec<String> {
        let mut behind = 0;
        let call = |_| {
            let people = called(chain, behind).join("+");
            behind = step(chain, behind) + 1;
            people
        };
        (0..count).map(call).collect()
    }

    #[test]
    fn each_step_is_called_once_and_then_everybody_again_and_again() {
        assert_eq!(
            calls(&chain(), 6),
            ["ann", "bob+ann", "carol", "ann+bob+carol", "ann+bob+carol", "ann+bob+carol"]
        );
        assert_eq!(
            (0..6).map(|behind| is_everybody(&chain(), behind)).collect::<Vec<_>>(),
            [false, false, false, false, true, true]
        );
    }

    #[test]
    fn nobody_is_called_along_an_empty_chain() {
        for chain in [vec![], vec![vec![]]] {
            assert_eq!(called::<&str>(&chain, 0), Vec::<&str>::new());
            assert!(called::<&str>(&chain, 9).is_empty());
        }
    }

    #[test]
    fn who_goes_or_comes_meanwhile_moves_nobody_else() {
        let whole = vec![vec!["ann"], vec!["bob"], vec!["carol"]];
        let without_ann = vec![vec![], vec!["bob"], vec!["carol"]];
        // Ann was called and went away: bob is next, not carol.
        assert_eq!(called(&without_ann, 1), ["bob"]);
        // Ann was passed over and came back: it goes on where it was.
        assert_eq!((step(&without_ann, 0), called(&whole, step(&without_ann, 0) + 1)), (1, vec!["carol"]));
        assert_eq!(calls(&[vec!["ann"], vec![]], 2), ["ann", "ann"]);
    }

    #[test]
    fn the_pause_stays_along_the_chain_and_grows_to_an_hour_behind_it() {
        let minutes = |behind| pause(&chain(), behind, 10 * MINUTE).as_secs() / 60;
        assert_eq!(
            [0, 1, 2, 3, 4, 5, 6, 7, 8, u32::MAX].map(minutes),
            [10, 10, 10, 10, 10, 20, 40, 60, 60, 60]
        );
        assert_eq!(pause(&chain(), 9, Duration::from_hours(2)), Duration::from_hours(2));
    }

    #[test]
    fn a_call_that_does_not_arrive_brings_the_next_forward_only_along_the_chain() {
        assert_eq!(
            (0..7).map(|behind| is_hastened(&chain(), behind)).collect::<Vec<_>>(),
            [true, true, true, true, true, false, false]
        );
        assert!(!is_hastened::<&str>(&[], 0));
    }

    #[test]
    fn who_gives_it_back_is_not_called_next() {
        assert_eq!(
            ["ann", "bob", "carol", "dave"].map(|who| behind(&chain(), |it| *it == who)),
            [3, 3, 4, 0]
        );
    }

    #[test]
    fn only_the_whole_of_the_words_acknowledges() {
        for own in ["ack", "ACK!", " Ok.\n", "#ack", "I’m on it", "on it"] {
            assert!(acknowledges(own), "{own:?}");
        }
        for own in [
            "",
            "not ok",
            "ok, but I am in the train",
            "ack?",
            "no",
            "okay then somebody else should take it now please",
        ] {
            assert!(!acknowledges(own), "{own:?}");
        }
    }

    #[test]
    fn plain_words_mean_what_the_notice_asked_for() {
        use Command::{Note, OnCall as Duty};
        let news = |words: &str| Some(Duty(OnCall::Update(words.into())));
        for (notice, own, means, left) in [
            (Notice::Page, "Ack!", Some(Duty(OnCall::Acknowledge)), ""),
            (Notice::PagedAgain, "ok", Some(Duty(OnCall::Acknowledge)), ""),
            (Notice::Page, "I am on a train.", Some(Note(None)), "I am on a train."),
            (Notice::Page, "#ack\nLooking.", Some(Note(None)), "Looking."),
            (Notice::PageTaken, "ok", Some(Note(None)), "ok"),
            (Notice::ShiftPlan, "Yes.", Some(Duty(OnCall::Plan(PlanWord::Confirm))), ""),
            (Notice::ShiftPlan, "yes, but", Some(Note(None)), "yes, but"),
            (Notice::UpdateDue, "It is back.\n\nSlowly.", news("It is back.\n\nSlowly."), ""),
            (Notice::UpdateMissed, "#take\nIt is back.", news("It is back."), ""),
            (Notice::UpdateDue, "#note\nIt is back.", Some(Note(None)), "It is back."),
            (Notice::StaffReply, "ok", None, "ok"),
            (Notice::Page, "", None, ""),
        ] {
            let said = answering(
                notice,
                crate::ticket::command::read(own, &crate::ticket::workflow::Workflow::default()),
            );
            let last = said.lines.last().map(|line| line.means.clone().unwrap());
            assert_eq!((last, said.words.as_str()), (means, left), "{notice} {own:?}");
        }
    }

    #[test]
    fn words_beside_a_misspelt_command_are_no_news() {
        let workflow = crate::ticket::workflow::Workflow::default();
        let said = crate::ticket::command::read("#nte\nIt is Carl's fault.", &workflow);
        assert_eq!(answering(Notice::UpdateDue, said.clone()), said);
    }

    #[test]
    fn a_plan_is_answered_with_a_plain_yes_or_no() {
        for (own, word) in [
            ("Yes.", Some(PlanWord::Confirm)),
            ("go!", Some(PlanWord::Confirm)),
            ("No", Some(PlanWord::Decline)),
            ("yes, but Bob is away", None),
            ("", None),
        ] {
            assert_eq!(answers_plan(own), word, "{own:?}");
        }
    }

    #[test]
    fn every_command_is_read() {
        let plan = |word| Some(OnCall::Plan(word));
        for (name, rest, means) in [
            ("ack", "", Some(OnCall::Acknowledge)),
            ("ack", "on it", Some(OnCall::Acknowledge)),
            ("unack", "", Some(OnCall::Release)),
            ("page", "Bob Agent", Some(OnCall::Page("Bob Agent".into()))),
            ("page", " ", None),
            (
                "update",
                "The fix is being rolled out.",
                Some(OnCall::Update("The fix is being rolled out.".into())),
            ),
            ("update", "", None),
            ("confirm", "", plan(PlanWord::Confirm)),
            ("decline", "", plan(PlanWord::Decline)),
            ("swap", "3 bob", plan(PlanWord::Swap(3, "bob".into()))),
            ("swap", "#3 5", plan(PlanWord::Swap(3, "5".into()))),
            ("swap", "bob", None),
            ("shift", "4 carol", plan(PlanWord::Give(4, "carol".into()))),
            ("shift", "4", None),
            ("dance", "", None),
        ] {
            assert_eq!(command(name, rest), means, "#{name} {rest}");
        }
    }
}
