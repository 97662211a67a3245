//! The words of an expectation, each held against what was seen. Pure.

use std::time::Duration;

use fancy_regex::Regex;
use serde_json::Value;

use crate::{
    exam::{Case, Exam},
    page::{self, Page},
    seen::{Arrival, Seen},
    sink::Sent,
};

/// What one word of an expectation came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finding {
    Kept,
    /// Why it was not.
    Broken(String),
    /// It cannot be seen before this is there.
    Waits(&'static str),
}

use Finding::{Broken, Kept, Waits};

/// Every word of a case, judged.
pub fn judge(exam: &Exam, case: &Case, seen: &Seen) -> Vec<(String, Finding)> {
    let bench = Bench { exam, seen };
    let mut findings: Vec<(String, Finding)> = Vec::new();
    for (word, wanted) in &case.expect {
        findings.push((word.clone(), bench.word(word, wanted)));
    }
    findings.push(("process".into(), must(seen.same_process, || "the process ended".into())));
    findings.push(("taken".into(), taken(seen)));
    findings
}

struct Bench<'a> {
    exam: &'a Exam,
    seen: &'a Seen,
}

impl Bench<'_> {
    fn word(&self, word: &str, wanted: &Value) -> Finding {
        let seen = self.seen;
        match word {
            "ticket" => each(wanted, |alias, how| self.ticket(alias, text(how))),
            "auto_reply" => each(wanted, |alias, how| self.auto_reply(alias, text(how))),
            "text_has" => each(wanted, |alias, words| self.stored_has(alias, "text", words)),
            "subject_has" => each(wanted, |alias, words| self.subject_has(alias, words)),
            "from_is" => each(wanted, |alias, role| {
                must(self.is_from(alias, text(role)), || format!("{alias} is not from {role}"))
            }),
            "from_not" => each(wanted, |alias, roles| {
                all(roles, |role| {
                    must(!self.is_from(alias, text(role)), || format!("{alias} is from {role}"))
                })
            }),
            "status" => each(wanted, |ticket, status| self.status(ticket, text(status))),
            "public_lacks" => each(wanted, |ticket, words| self.public_lacks(ticket, words)),
            "rcpt_forbidden" => all(wanted, |role| self.nobody_wrote_to(text(role))),
            "rcpt_allowed_only" => self.wrote_only_to(wanted),
            "rcpt_max" => each(wanted, |role, most| self.wrote_at_most(role, most.as_u64().unwrap_or(0))),
            "out_absent" => all(wanted, |words| self.nothing_out_has(words, |sent| !self.is_to_staff(sent))),
            "out_absent_re" => all(wanted, |pattern| self.nothing_out_matches(text(pattern))),
            "out_to_absent" => each(wanted, |role, words| {
                let address = self.address(role);
                all(words, |words| self.nothing_out_has(words, |sent| sent.to.contains(&address)))
            }),
            "out_header_absent" => all(wanted, |name| self.no_field(text(name))),
            "out_header_present" => all(wanted, |name| self.answers_have_field(text(name))),
            "out_line_max" => all_sent(
                seen,
                |sent| sent.longest_line() as u64 <= wanted.as_u64().unwrap_or(0),
                "a line is too long",
            ),
            "out_bare_newline" => all_sent(seen, |sent| !sent.has_bare_line_end(), "a CR or LF stands alone"),
            "attachments" => all(wanted, |wanted| self.attachments(wanted)),
            "distinct" => all(wanted, |pair| self.distinct(text(&pair[0]), text(&pair[1]))),
            "ticket_count" => {
                let count = seen.tickets.len() as u64;
                must(wanted.as_u64() == Some(count), || format!("{count} tickets"))
            }
            "canary_after" => {
                must(seen.canary_took.is_some(), || "the ordinary mail afterwards was no ticket".into())
            }
            "responsive_s" => match seen.canary_took {
                Some(took) => must(took <= Duration::from_secs(wanted.as_u64().unwrap_or(0)), || {
                    format!("the ordinary mail afterwards took {took:?}")
                }),
                None => Broken("no ordinary mail afterwards".into()),
            },
            "rss_max_mb" => match seen.peak_mb {
                Some(peak) => must(peak <= wanted.as_u64().unwrap_or(0), || format!("{peak} MiB at most")),
                None => Broken("nothing is known of its memory".into()),
            },
            "fetch_bytes_factor_max" => {
                let (said, held) = seen.fetched;
                let most = wanted.as_u64().unwrap_or(0) * held;
                must(held > 0 && said >= held && said <= most, || {
                    format!("{said} bytes were fetched of {held}")
                })
            }
            "fs_absent" => must(seen.files.is_empty(), || format!("there is {:?}", seen.files)),
            "canary_hits" => must(seen.asked.len() as u64 == wanted.as_u64().unwrap_or(0), || {
                format!("asked for {:?}", seen.asked)
            }),
            "egress" => must(seen.strangers.is_empty(), || format!("connected to {:?}", seen.strangers)),
            "view_absent_re" => self.views_lack(wanted, str::to_owned),
            "view_reparse_absent_re" => self.views_lack(wanted, page::reparsed),
            "http_header_present" => self.pages_are_closed(),
            "download_headers" => self.files_are_passive(),
            "http_header_absent" | "inline_ok_types" | "search_ok" => Waits("the console"),
            other => Broken(format!("nobody knows how to judge `{other}`")),
        }
    }

    fn arrivals(&self, alias: &str) -> Result<Vec<&Arrival>, Finding> {
        let arrivals = self.seen.arrivals(alias);
        if arrivals.is_empty() { Err(Broken(format!("{alias} was never delivered"))) } else { Ok(arrivals) }
    }

    fn ticket(&self, alias: &str, how: &str) -> Finding {
        let arrivals = match self.arrivals(alias) {
            Ok(arrivals) => arrivals,
            Err(finding) => return finding,
        };
        let (how, of) = how.split_once(':').unwrap_or((how, ""));
        let number = self.seen.bound.get(of).map(|(number, _)| *number);
        if !of.is_empty() && number.is_none() {
            return Broken(format!("ticket {of} is not known"));
        }
        let bound: Vec<u64> = self.seen.bound.values().map(|(number, _)| *number).collect();
        arrivals
            .into_iter()
            .map(|arrival| {
                let ticket = arrival.entry.as_ref().map(|(number, _)| *number);
                let hidden = arrival.entry.as_ref().is_some_and(|(_, entry)| entry["staff_only"] == true);
                let fit = match how {
                    "any" => is_kept(arrival) || arrival.ledger["state"] == "done",
                    "kept" => is_kept(arrival),
                    "new" => {
                        arrival.ledger["outcome"] == "opened" && ticket.is_some_and(|it| !bound.contains(&it))
                    }
                    "join" => ticket.is_some() && ticket == number && !hidden,
                    "not" => is_kept(arrival) && (ticket != number || hidden),
                    "no_new_ticket" => {
                        arrival.ledger["state"] == "done" && self.seen.tickets.len() == bound.len()
                    }
                    _ => false,
                };
                must(fit, || format!("{alias} is not {how}: {} {ticket:?}", arrival.ledger["outcome"]))
            })
            .fold(Kept, worse)
    }

    fn auto_reply(&self, alias: &str, how: &str) -> Finding {
        let arrivals = match self.arrivals(alias) {
            Ok(arrivals) => arrivals,
            Err(finding) => return finding,
        };
        let answers = &self.seen.sent[arrivals[0].answers.clone()];
        let outside = answers.iter().filter(|sent| !self.is_to_staff(sent)).count();
        let fit = match how {
            "exactly1" => outside == 1,
            "atmost1" => outside <= 1,
            "none" => outside == 0,
            "any" => true,
            _ => false,
        };
        must(fit, || format!("{alias} was answered {outside} times, not {how}"))
    }

    fn entries(&self, alias: &str) -> Vec<&Value> {
        self.seen.arrivals(alias).into_iter().filter_map(|arrival| Some(&arrival.entry.as_ref()?.1)).collect()
    }

    fn stored_has(&self, alias: &str, key: &str, words: &Value) -> Finding {
        let entries = self.entries(alias);
        all(words, |words| {
            let has =
                !entries.is_empty() && entries.iter().all(|entry| text(&entry[key]).contains(text(words)));
            must(has, || format!("the {key} of {alias} lacks {words}"))
        })
    }

    /// As staff see it: on the ticket.
    fn subject_has(&self, alias: &str, words: &Value) -> Finding {
        let tickets: Vec<&Value> = (self.seen.arrivals(alias).into_iter())
            .filter_map(|arrival| self.seen.tickets.get(&arrival.entry.as_ref()?.0))
            .collect();
        all(words, |words| {
            let has = !tickets.is_empty()
                && tickets.iter().all(|ticket| text(&ticket["subject"]).contains(text(words)));
            must(has, || format!("the subject of {alias} lacks {words}"))
        })
    }

    /// The address shown, or the requester of its ticket, is this role's. A field with two mailboxes names
    /// nobody, whatever it shows.
    fn is_from(&self, alias: &str, role: &str) -> bool {
        let address = self.address(role);
        self.seen.arrivals(alias).into_iter().any(|arrival| {
            let Some((number, entry)) = &arrival.entry else { return false };
            let shown = text(&entry["from"]);
            let bare = shown.rsplit_once('<').map_or(shown, |(_, rest)| rest.trim_end_matches('>'));
            let opened = arrival.ledger["outcome"] == "opened";
            let requester = &self.seen.tickets[number]["requester"]["address"];
            let named = !shown.contains(", ") && bare.eq_ignore_ascii_case(&address);
            named || opened && text(requester).eq_ignore_ascii_case(&address)
        })
    }

    fn status(&self, ticket: &str, wanted: &str) -> Finding {
        let Some((number, before)) = self.seen.bound.get(ticket) else {
            return Broken(format!("ticket {ticket} is not known"));
        };
        let after = self.seen.tickets.get(number).map_or("gone", |ticket| text(&ticket["status"]));
        let wanted = if wanted == "unchanged" { before } else { wanted };
        must(after.eq_ignore_ascii_case(wanted), || format!("{ticket} is {after}, not {wanted}"))
    }

    /// What is not only for staff, and every mail to the ticket's requester.
    fn public_lacks(&self, ticket: &str, words: &Value) -> Finding {
        let Some(shown) = self.seen.bound.get(ticket).and_then(|(number, _)| self.seen.tickets.get(number))
        else {
            return Broken(format!("ticket {ticket} is not known"));
        };
        let entries = shown["messages"].as_array().into_iter().flatten();
        let public: Vec<&str> = entries
            .filter(|entry| entry["staff_only"] != true && entry["direction"] != "note")
            .map(|entry| text(&entry["text"]))
            .collect();
        let customer = text(&shown["requester"]["address"]).to_owned();
        all(words, |words| {
            let inside = public.iter().any(|entry| entry.contains(text(words)));
            let told = self.nothing_out_has(words, |sent| sent.to.contains(&customer));
            worse(must(!inside && !public.is_empty(), || format!("{words} stands in {ticket}")), told)
        })
    }

    fn address(&self, role: &str) -> String {
        self.exam.roles.get(role).cloned().unwrap_or_else(|| role.to_owned())
    }

    fn is_staff(&self, address: &str) -> bool {
        let support = &self.exam.roles["support"];
        let domain = support.rsplit('@').next().unwrap_or_default();
        address != support && address.rsplit('@').next() == Some(domain)
    }

    fn is_to_staff(&self, sent: &Sent) -> bool {
        sent.to.iter().all(|to| self.is_staff(to))
    }

    fn nobody_wrote_to(&self, role: &str) -> Finding {
        self.wrote_at_most(role, 0)
    }

    fn wrote_at_most(&self, role: &str, most: u64) -> Finding {
        let address = self.address(role);
        let count =
            self.seen.sent.iter().flat_map(|sent| &sent.to).filter(|to| **to == address).count() as u64;
        must(count <= most, || format!("{count} mails went to {role}, {most} may"))
    }

    fn wrote_only_to(&self, allowed: &Value) -> Finding {
        let allowed: Vec<String> =
            allowed.as_array().into_iter().flatten().map(|role| self.address(text(role))).collect();
        let fits =
            |to: &String| allowed.contains(to) || allowed.iter().any(|it| it == "staff") && self.is_staff(to);
        let strange: Vec<&String> =
            self.seen.sent.iter().flat_map(|sent| &sent.to).filter(|to| !fits(to)).collect();
        must(strange.is_empty(), || format!("mails went to {strange:?}"))
    }

    fn nothing_out_has(&self, words: &Value, counts: impl Fn(&Sent) -> bool) -> Finding {
        // What our mails never told, such as a link, can be in none of them.
        let Some(words) = self.exam.filled_text(text(words), &self.seen.bindings) else { return Kept };
        let found = self.seen.sent.iter().find(|sent| counts(sent) && sent.readable().contains(&words));
        match found {
            Some(sent) => Broken(format!("a mail to {:?} has {words:?}", sent.to)),
            None => Kept,
        }
    }

    fn nothing_out_matches(&self, pattern: &str) -> Finding {
        let pattern = regex(pattern);
        all_sent(self.seen, |sent| !pattern.is_match(&sent.readable()).unwrap(), "a mail matches")
    }

    fn no_field(&self, name: &str) -> Finding {
        let absent = |sent: &Sent| sent.field_names().iter().all(|field| !field.eq_ignore_ascii_case(name));
        all_sent(self.seen, absent, &format!("a mail has a field {name}"))
    }

    fn answers_have_field(&self, name: &str) -> Finding {
        let mut answers = self.seen.sent.iter().filter(|sent| !self.is_to_staff(sent)).peekable();
        let some = answers.peek().is_some();
        must(some && answers.all(|sent| sent.header(name).is_some()), || format!("an answer has no {name}"))
    }

    fn attachments(&self, wanted: &Value) -> Finding {
        let entries = self.entries(text(&wanted["of"]));
        let files: Vec<&Value> =
            entries.iter().flat_map(|entry| entry["attachments"].as_array().into_iter().flatten()).collect();
        let names: Vec<&str> = files.iter().map(|file| text(&file["name"])).collect();
        let mut finding =
            must(wanted["count"].as_u64() == Some(files.len() as u64), || format!("files: {names:?}"));
        if let Some(wanted) = wanted["name_is"].as_array() {
            let wanted: Vec<&str> = wanted.iter().map(text).collect();
            finding = worse(finding, must(names == wanted, || format!("{names:?} are not {wanted:?}")));
        }
        if let Some(pattern) = wanted["name_re"].as_str() {
            let pattern = regex(pattern);
            let odd: Vec<&&str> = names.iter().filter(|name| !pattern.is_match(name).unwrap()).collect();
            finding = worse(finding, must(odd.is_empty(), || format!("odd names {odd:?}")));
        }
        if let Some(sha256) = wanted["sha256"].as_str() {
            let pages = self.seen.pages(text(&wanted["of"]));
            let beside = pages.iter().flat_map(|page| &page.files).all(|(_, digest)| digest == sha256);
            let same = files.iter().all(|file| file["sha256"] == sha256) && !files.is_empty() && beside;
            finding = worse(finding, must(same, || "other bytes than were sent".into()));
        }
        finding
    }

    /// No area of a page that shows a mail matches, after `read`.
    fn views_lack(&self, patterns: &Value, read: impl Fn(&str) -> String) -> Finding {
        let mails: Vec<String> = self.seen.pages.values().flat_map(|page| page.mails()).map(read).collect();
        let lack = all(patterns, |pattern| {
            let pattern = regex(text(pattern));
            let odd = mails.iter().find(|mail| pattern.is_match(mail).unwrap());
            must(odd.is_none(), || format!("the page has {:?}", odd.map(|mail| pattern.find(mail))))
        });
        worse(must(!mails.is_empty(), || "no page shows the HTML".into()), lack)
    }

    /// Every page lets nothing run and loads nothing from elsewhere.
    fn pages_are_closed(&self) -> Finding {
        let closed = |page: &Page| {
            page.policy().is_some_and(|policy| {
                policy.contains("default-src 'none'")
                    && !policy.contains("script-src")
                    && !policy.contains("http")
            })
        };
        let all = !self.seen.pages.is_empty() && self.seen.pages.values().all(closed);
        if all {
            Waits("the console (the page says it itself)")
        } else {
            Broken("a page is not closed".into())
        }
    }

    /// No file beside a page has an ending under which a browser would run it.
    fn files_are_passive(&self) -> Finding {
        let active = ["html", "htm", "xhtml", "xht", "svg", "svgz", "xml", "xsl", "mht", "mhtml", "js"];
        let names: Vec<&String> =
            self.seen.pages.values().flat_map(|page| &page.files).map(|(name, _)| name).collect();
        let runs = |name: &&&String| {
            name.rsplit('.').next().is_none_or(|end| active.contains(&end.to_lowercase().as_str()))
        };
        let odd: Vec<&&String> = names.iter().filter(runs).collect();
        match (names.is_empty(), odd.is_empty()) {
            (false, true) => Waits("the console (none of the files beside the page is active)"),
            _ => Broken(format!("files beside the page: {odd:?} of {names:?}")),
        }
    }

    fn distinct(&self, one: &str, other: &str) -> Finding {
        let place = |alias: &str| {
            let arrivals = self.seen.arrivals(alias);
            let arrival = arrivals.first()?;
            let entry = arrival.entry.as_ref().map(|(number, entry)| (*number, entry["id"].clone()));
            Some((is_kept(arrival), arrival.ledger["id"].clone(), entry))
        };
        match (place(one), place(other)) {
            (Some((true, row, entry)), Some((true, other_row, other_entry))) => {
                let same_entry = entry.is_some() && entry == other_entry;
                must(row != other_row && !same_entry, || format!("{one} and {other} are one"))
            }
            _ => Broken(format!("{one} or {other} was lost")),
        }
    }
}

/// Whatever else is expected, no mail may be left lying.
fn taken(seen: &Seen) -> Finding {
    let lies = |arrival: &&Arrival| !["done", "quarantined"].contains(&text(&arrival.ledger["state"]));
    let left: Vec<&str> = seen.arrivals.iter().filter(lies).map(|arrival| arrival.alias.as_str()).collect();
    must(left.is_empty() && !seen.arrivals.is_empty(), || format!("left lying: {left:?}"))
}

/// Staff can find it: on a ticket or in quarantine.
fn is_kept(arrival: &Arrival) -> bool {
    arrival.entry.is_some() || arrival.ledger["state"] == "quarantined"
}

fn must(holds: bool, otherwise: impl FnOnce() -> String) -> Finding {
    if holds { Kept } else { Broken(otherwise()) }
}

/// The first that is not kept.
fn worse(one: Finding, other: Finding) -> Finding {
    if one == Kept { other } else { one }
}

fn each(object: &Value, judge: impl Fn(&str, &Value) -> Finding) -> Finding {
    let entries = object.as_object().into_iter().flatten();
    entries.map(|(key, value)| judge(key, value)).fold(Kept, worse)
}

fn all(list: &Value, judge: impl Fn(&Value) -> Finding) -> Finding {
    list.as_array().into_iter().flatten().map(judge).fold(Kept, worse)
}

/// Every mail that left; where none did there is nothing to be sure about.
fn all_sent(seen: &Seen, fits: impl Fn(&Sent) -> bool, otherwise: &str) -> Finding {
    let odd = seen.sent.iter().find(|sent| !fits(sent));
    match odd {
        Some(sent) => Broken(format!("{otherwise}: {:?} to {:?}", sent.subject(), sent.to)),
        None => must(!seen.sent.is_empty(), || "no mail left".into()),
    }
}

fn regex(pattern: &str) -> Regex {
    Regex::new(&format!("(?is){pattern}")).expect("the exam's patterns are sound")
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}
