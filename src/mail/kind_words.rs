//! The words by which machines give themselves away, in lower case where they are
//! compared with text, and filled lines rather than one word each.

/// Local parts under which mail systems report failures.
#[rustfmt::skip]
pub(super) const DAEMONS: &[&str] = &[
    "mailer-daemon", "postmaster", "mail-daemon", "maildaemon", "mailerdaemon", "mdaemon", "mmdf",
    "bounce",
];

/// Of these, those under which no person ever writes.
pub(super) const SPEAKERS: &[&str] = &["mailer-daemon", "mail-daemon", "maildaemon", "mailerdaemon"];

/// Display names under which they do.
#[rustfmt::skip]
pub(super) const DAEMON_NAMES: &[&str] = &[
    "mail delivery", "mailer-daemon", "mail administrator", "mail system", "postmaster",
];

/// Subjects of failure and delay notices, lower case.
#[rustfmt::skip]
pub(super) const BOUNCE_SUBJECTS: &[&str] = &[
    "undeliver", "delivery status notification", "delivery failure", "delivery failed",
    "delivery has failed", "failure notice", "failed mail", "mail delivery", "mail failure",
    "mail could not be delivered", "message could not be delivered", "returned mail",
    "returned to sender", "return to sender", "returned email", "delivery report",
    "delivery notification", "delivery problem", "delivery error", "nondeliver", "non-deliver",
    "non deliver", "unable to deliver", "could not send message", "cannot be delivered",
    "message status - undeliver", "mail not deliver", "not delivered", "mail system error",
    "error sending message", "user unknown", "unknown user", "no such user", "unzustellbar",
    "nicht zugestellt", "zustellung fehlgeschlagen", "échec", "non remis", "no entregado", "não entregue",
    "mancato recapito", "onbestelbaar", "niet bezorgd", "niedostarcz", "nie dostarcz", "配信不能", "配信エラー",
    "退信",
];

/// How a report on a failure begins, lower case.
#[rustfmt::skip]
pub(super) const BOUNCE_PHRASES: &[&str] = &[
    "qmail-send program", "permanent fatal errors", "could not be delivered", "delivery to the following",
    "delivery has failed", "undeliverable", "was not delivered",
    "message was created automatically by mail delivery software", "was undeliverable",
    "cannot be delivered", "couldn't be delivered", "unable to deliver", "failed to deliver",
    "returned to sender", "the mail system", "your message did not reach", "could not deliver",
    "mailbox is full", "over quota", "following addresses", "following recipient", "user unknown",
    "unknown user", "address rejected", "account has been disabled", "delivery of your message",
    "not able to deliver", "delivery attempt",
];

/// Fields that only automatic repliers write; `no` and `false` unsay them.
#[rustfmt::skip]
pub(super) const REPLIER_FIELDS: &[&str] = &[
    "X-Autoreply", "X-Auto-Reply", "X-Autorespond", "X-Autoresponder", "X-AutoReply-From",
    "X-Mail-Autoreply", "X-MS-Exchange-Generated-Message-Source",
];

/// How subjects of vacation notes begin, lower case.
#[rustfmt::skip]
pub(super) const VACATION_SUBJECTS: &[&str] = &[
    "out of office", "out of the office", "automatic reply", "auto reply", "auto-reply", "autoreply",
    "auto response", "auto-response", "autoresponse", "on vacation", "vacation", "away from",
    "abwesenheit", "abwesend", "automatische antwort", "automatisch antwoord", "automatisch beantwoord",
    "afwezig", "niet aanwezig", "réponse automatique", "absence du bureau", "absent du bureau", "absence",
    "respuesta automática", "respuesta automatica", "fuera de la oficina", "fuera de oficina",
    "resposta automática", "ausência temporária", "fora do escritório", "risposta automatica",
    "fuori sede", "fuori ufficio", "assente", "automatyczna odpowiedź", "odpowiedź automatyczna",
    "poza biurem", "nieobecność", "自動応答", "自動返信", "不在", "自动答复", "自动回复", "自動回覆", "外出",
];

/// Mail systems of monitoring and of machines.
#[rustfmt::skip]
pub(super) const MONITORS: &[&str] = &[
    "honeybadger", "sentry", "alertmanager", "nagios", "icinga", "cloudwatch", "amazonaws", "pagerduty",
    "grafana", "zabbix", "prometheus", "uptimerobot", "statuspage", "datadog", "datadoghq", "newrelic",
    "rollbar", "bugsnag", "logwatch", "monit", "munin", "smartd", "pingdom", "opsgenie", "checkmk",
    "anacron", "cron",
];

/// Local parts behind which nobody sits.
#[rustfmt::skip]
pub(super) const MACHINES: &[&str] = &[
    "no-reply", "noreply", "no_reply", "donotreply", "do-not-reply", "do_not_reply", "notreply", "alert",
    "alerts", "notification", "notifications", "notify", "monitoring", "monitor", "root", "errors",
    "status",
];
