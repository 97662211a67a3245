//! `deskgate inspect`: what we read in a mail and would do, without database or
//! network.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    path::PathBuf,
    process::ExitCode,
    time::Duration,
};

use anyhow::Context;
use jiff::Timestamp;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::{
    Config,
    mails::{Found, find},
    say,
};
use crate::{
    desk,
    domain::{Attachment, Forward, InboundMail, Kind, NamedAddress, Slot, Word},
    mail::{self, Ours},
    report::{self, Verdict},
    settings::Settings,
    triage::{self, Answer, Deed, Plan, Policy},
};

/// Why nothing is proven under `verify`.
const UNCHECKED: &str = "under `verify` the sender is checked only by `deskgate run` and `deskgate ingest`";

/// `deskgate inspect`
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// One JSON object a mail, a line each.
    #[arg(long)]
    jsonl: bool,
    /// Whose Authentication-Results to believe, where no configuration says so.
    #[arg(long, value_name = "ID")]
    authserv_id: Option<String>,
    /// Files, folders, mbox files, or - for standard input.
    #[arg(value_name = "PATH", required = true)]
    paths: Vec<PathBuf>,
}

/// Prints what is read; a mail that cannot be read is still one line.
pub fn run(config: &Config, arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let (ours, policy) = rules(config.load_if_any()?.as_ref(), arguments)?;
    // An Authentication-Results line is read; for our own check there is no network.
    let unchecked = policy.trusts_a_server && ours.authserv_id.is_none();
    let now = Timestamp::now();
    for found in arguments.paths.iter().flat_map(|path| find(path)) {
        let seen = inspect(found, &ours, &policy, unchecked, now);
        match arguments.jsonl {
            true => say(seen.to_string()),
            false => print(&seen),
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// With a configuration its first mailbox, else an empty desk with default limits.
fn rules(settings: Option<&Settings>, arguments: &Arguments) -> anyhow::Result<(Ours, Policy)> {
    let (mut ours, mut policy) = match settings {
        Some(settings) => {
            let mailbox = settings.mailboxes.first().context("the configuration has no mailbox")?;
            let ours = Ours {
                addresses: settings.our_addresses(),
                // Only with a secret that is there already: inspecting makes no files.
                key: settings.site.existing_key(),
                authserv_id: mailbox.authserv_id.clone(),
                reference_prefix: settings.site.reference.clone(),
            };
            (ours, desk::policy(settings, mailbox))
        }
        None => (Ours::nobody(), default_policy()),
    };
    if let Some(id) = &arguments.authserv_id {
        ours.authserv_id = Some(id.clone());
        policy.trusts_a_server = true;
    }
    Ok((ours, policy))
}

fn default_policy() -> Policy {
    Policy {
        trusts_a_server: false,
        asks: 2,
        ask_cooldown: Duration::from_secs(600),
        automatic_per_hour: 10,
        reopen_for: Duration::from_secs(14 * 86_400),
    }
}

fn inspect(found: Found, ours: &Ours, policy: &Policy, unchecked: bool, now: Timestamp) -> Value {
    let bytes = match found.bytes {
        Ok(bytes) => bytes,
        Err(error) => return unreadable(&found.place, &format!("cannot read the file: {error}")),
    };
    // A panic in a library costs one line, not the rest of the folder.
    let read = catch_unwind(AssertUnwindSafe(|| {
        let mut mail = mail::read(&bytes, ours);
        if unchecked {
            mail.proof_why = UNCHECKED.to_owned();
        }
        let verdict = report::gate(&mail);
        let plan = triage::would(&mail, &verdict, policy, now);
        object(&found.place, &mail, &verdict, &plan)
    }));
    read.unwrap_or_else(|_| unreadable(&found.place, "reading it made a library panic"))
}

fn unreadable(place: &str, why: &str) -> Value {
    let mail = InboundMail { kind: Kind::Malformed, kind_why: why.to_owned(), ..InboundMail::default() };
    let plan = Plan { deed: Deed::SetAside, why: vec![why.to_owned()] };
    object(place, &mail, &Verdict::default(), &plan)
}

fn object(place: &str, mail: &InboundMail, verdict: &Verdict, plan: &Plan) -> Value {
    json!({
        "file": place,
        "message_id": mail.message_id,
        "from": mail.from.first().map(person),
        "subject": mail.subject,
        "date": mail.date,
        "kind": mail.kind,
        "detail": mail.detail,
        "reply_text": mail.body.own,
        "quoted_text": mail.body.quoted,
        "signature_text": mail.body.signature,
        "language": mail.language,
        "attachments": mail.attachments.iter().map(attachment).collect::<Vec<_>>(),
        "in_reply_to": mail.in_reply_to,
        "references": mail.references,
        "proof": proof(mail),
        "forward": mail.forward.as_ref().map(forward),
        "bounce": mail.bounce,
        "gate": verdict,
        "defects": mail.defects,
        "would": would(plan),
    })
}

/// The verdict, whom it is for, and its grounds.
fn proof(mail: &InboundMail) -> Value {
    let mut proof = json!(mail.proof);
    proof["why"] = mail.proof_why.as_str().into();
    proof
}

/// Whose mail is passed on, or why that cannot be told.
fn forward(forward: &Forward) -> Value {
    match forward {
        Forward::Mail(forwarded) => json!({
            "from": forwarded.mail.from.first().map(person), "subject": forwarded.mail.subject,
            "text": forwarded.mail.text, "note": forwarded.note,
        }),
        Forward::Unclear(why) => json!({ "unclear": why }),
    }
}

fn person(named: &NamedAddress) -> Value {
    json!({ "name": named.name, "address": named.address })
}

fn attachment(file: &Attachment) -> Value {
    json!({
        "name": file.name, "mime": file.mime, "size": file.bytes.len(), "inline": file.inline,
        "sha256": data_encoding::HEXLOWER.encode(&Sha256::digest(&file.bytes)),
    })
}

/// `ticket` is what would be made (`new`) or null; `auto_reply` is `neutral`,
/// `acknowledgement`, `ask` or null.
fn would(plan: &Plan) -> Value {
    let (ticket, answer) = match &plan.deed {
        Deed::Open(opening) => (Some("new"), opening.answer),
        Deed::Join(_) => (Some("reply"), Answer::Nothing),
        Deed::Duplicate { .. } | Deed::SetAside | Deed::Answer(_) | Deed::Bounced(_) => {
            (None, Answer::Nothing)
        }
    };
    let auto_reply = match answer {
        Answer::Nothing => None,
        Answer::Neutral => Some("neutral"),
        Answer::Full { ask: false } => Some("acknowledgement"),
        Answer::Full { ask: true } => Some("ask"),
    };
    json!({ "ticket": ticket, "auto_reply": auto_reply, "why": plan.why })
}

/// The same for people.
fn print(seen: &Value) {
    let text = |value: &Value| value.as_str().unwrap_or("–").to_owned();
    say(format!("── {}", text(&seen["file"])));
    say(format!("from      {} <{}>", text(&seen["from"]["name"]), text(&seen["from"]["address"])));
    say(format!("subject   {}", text(&seen["subject"])));
    say(format!(
        "kind      {}, language {}, proof {}",
        text(&seen["kind"]),
        text(&seen["language"]),
        text(&seen["proof"]["verdict"])
    ));
    for slot in Slot::ALL {
        let finding = &seen["gate"][slot.as_str()];
        let words = finding["evidence"][0]["text"].as_str().unwrap_or("");
        say(format!("{slot:<9} {}  {}", text(&finding["verdict"]), crate::domain::text::line(words)));
    }
    say(format!(
        "report    {}",
        if seen["gate"]["problem_report"] == true { "yes" } else { "no problem report" }
    ));
    for file in seen["attachments"].as_array().into_iter().flatten() {
        say(format!("file      {} ({}, {} bytes)", text(&file["name"]), text(&file["mime"]), file["size"]));
    }
    for line in text(&seen["reply_text"]).lines() {
        say(format!("│ {line}"));
    }
    let would = &seen["would"];
    say(format!("would     ticket: {}, answer: {}", text(&would["ticket"]), text(&would["auto_reply"])));
    for why in would["why"].as_array().into_iter().flatten() {
        say(format!("          {}", text(why)));
    }
    say("");
}
