//! The words by which machines give themselves away, in lower case where they are
//! compared with text, and filled lines rather than one word each.

/// How the subjects of answers and forwards by people begin.
#[rustfmt::skip]
pub(super) const ANSWERS: &[&str] = &[
    "re:", "re :", "re[", "aw:", "fwd:", "fw:", "wg:", "sv:", "vs:", "tr:", "rv:", "odp:", "pd:", "antw:", "doorst:", "res:", "enc:",
    "rif:", "r:", "i:", "ynt:", "ilt:", "vl:", "回复:", "回复：", "答复:", "答复：", "转发:", "转发：", "回覆:", "轉寄:",
];

/// Local parts under which mail systems report failures, without what separates
/// their words.
#[rustfmt::skip]
pub(super) const DAEMONS: &[&str] = &[
    "mailerdaemon", "postmaster", "maildaemon", "mdaemon", "mmdf", "bounce", "mailsystem", "maildelivery", "mailerror",
    "mailerrors", "mailadministrator",
];

/// Of these, those under which no person ever writes.
pub(super) const SPEAKERS: &[&str] = &["mailerdaemon", "maildaemon"];

/// Words in the local parts of gateways, scanners and the like.
#[rustfmt::skip]
pub(super) const MAIL_MACHINES: &[&str] = &[
    "smtp", "mta", "mailer", "daemon", "antivirus", "virus", "viruswall", "antispam", "mailscanner", "mailsweeper",
    "mailmarshal", "postoffice", "mailserver", "mailgate", "mailhub", 
];

/// Display names under which they do, whole: companies are called `Mail Systems`, too.
#[rustfmt::skip]
pub(super) const DAEMON_NAMES: &[&str] = &[
    "mail delivery system", "mail delivery subsystem", "mail delivery service", "mail delivery", "mailer-daemon", "mailer daemon",
    "mail administrator", "mail system administrator", "mail system", "mailsystem", "mail sub-system", "mail subsystem", "postmaster",
    "mail router", "message delivery system", "message delivery subsystem", "email delivery system", "internet mail delivery", "系统退信",
];

/// Subjects of failure and delay notices, lower case.
#[rustfmt::skip]
pub(super) const BOUNCE_SUBJECTS: &[&str] = &[
    "undeliver", "delivery status notification", "delivery failure", "delivery failed",
    "delivery has failed", "failure notice", "failed mail", "mail delivery", "mail failure",
    "could not be delivered", "returned mail",
    "returned to sender", "return to sender", "returned email", "delivery report",
    "delivery notification", "delivery problem", "delivery error", "nondeliver", "non-deliver",
    "non deliver", "mail error", "error during delivery", "メールエラー", "メール配信エラー", "недоставлен", "не доставлено", "unable to deliver", "could not send message", "cannot be delivered",
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
    "not able to deliver", "delivery attempt", "failed recipients", "delivery problems", "not a valid user", "error transferring to",
    "invalid user address", "no such user", "送信できませんでした", "配信できません", "не может быть доставлено", "不能投递", "无法投递",
    "konnte nicht zugestellt", "nicht zugestellt werden", "n'a pas pu être remis", "n'a pas pu etre", "no se pudo entregar",
    "não pôde ser entregue", "non è stato possibile", "kon niet worden", "nie można dostarczyć",
];

/// Fields that only automatic repliers write; `no` and `false` unsay them.
#[rustfmt::skip]
pub(super) const REPLIER_FIELDS: &[&str] = &[
    "X-Autoreply", "X-Auto-Reply", "X-Autorespond", "X-Autoresponder", "X-AutoReply-From",
    "X-Mail-Autoreply", "X-MS-Exchange-Generated-Message-Source", "X-Vacation", "X-FC-MachineGenerated",
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

/// Words of those that name the reply itself, not the occasion on which it is sent.
pub(super) const REPLY_NAMES: &[&str] = &["auto", "自動", "自动", "out of"];

/// How lines begin in which a vacation note says what it is, lower case.
#[rustfmt::skip]
pub(super) const AUTOMATIC_WORDS: &[&str] = &[
    "this is an automated re", "this is an automatic re", "this is an auto-re", "this is an autore", "this message was automatically generated",
    "dies ist eine automatische", "diese nachricht wurde automatisch", "ceci est une réponse automatique", "esta es una respuesta automática",
    "esta é uma resposta automática", "questa è una risposta automatica", "dit is een automatisch", "to jest automatyczna",
];

/// Fields of mail that asks whether a person wrote.
#[rustfmt::skip]
pub(super) const CHALLENGE_FIELDS: &[&str] = &[
    "X-Bluebottle-Request", "X-TMDA-Confirm-Done", "X-Delivery-Agent-Challenge", "X-Spamarrest-Challenge", "X-Qconfirm",
];

/// What such mail says, lower case.
#[rustfmt::skip]
pub(super) const CHALLENGE_PHRASES: &[&str] = &[
    "to have your address added", "to ensure delivery of your email", "please confirm your message", "confirm that you are a real person",
    "verify that you are a human", "prove you are a human", "prove that you are human", "protected by spam arrest", "spamarrest.com",
    "you are not on the guest list", "request to be added to", "approved sender list", "allowed senders list", "to complete this verification",
    "your message is being held until", "will be delivered once you", "confirm the delivery of your message", "confirm your email to me",
];

/// Mail systems of monitoring and of machines.
#[rustfmt::skip]
pub(super) const MONITORS: &[&str] = &[
    "honeybadger", "sentry", "alertmanager", "nagios", "icinga", "cloudwatch", "amazonaws", "pagerduty",
    "grafana", "zabbix", "prometheus", "uptimerobot", "statuspage", "datadog", "datadoghq", "newrelic",
    "rollbar", "bugsnag", "logwatch", "monit", "munin", "smartd", "pingdom", "opsgenie", "checkmk",
    "anacron", "cron",
];

/// How the subjects of alerts begin, lower case: Nagios and Icinga, Alertmanager,
/// CloudWatch, cron, logwatch, Zabbix, mdadm, smartd.
#[rustfmt::skip]
pub(super) const ALERT_SUBJECTS: &[&str] = &[
    "** problem", "** recovery", "** acknowledgement", "** flapping", "[problem]", "[recovery]", "[firing", "[resolved", "[alerting]", "[ok]",
    "alarm: \"", "ok: \"", "insufficient_data: \"", "cron <", "logwatch for", "problem:", "resolved:", "fail event on", "degradedarray event",
    "smart error",
];

/// Fields that trackers and monitoring systems write.
#[rustfmt::skip]
pub(super) const SOURCE_FIELDS: &[&str] = &[
    "X-Cron-Env", "X-Bugzilla-Type", "X-Bugzilla-Reason", "X-GitHub-Reason", "X-GitHub-Notify-Platform", "X-GitLab-NotificationReason",
    "X-GitLab-Project", "X-GitLab-Pipeline-Id", "X-JIRA-FingerPrint", "X-Jenkins-Job", "X-Jenkins-Result", "X-Redmine-Host", "X-Trac-Project",
    "X-Phabricator-Sent-This-Message", "X-Gerrit-MessageType", "X-Sentry-Project", "X-Sentry-Logger", "X-Sentry-Reply-To",
    "X-Honeybadger-Project", "X-Amz-Sns-Message-Id", "X-Nagios-Notification-Type", "X-Icinga-Host", "X-Zabbix-Event", "X-PagerDuty-Incident",
    "X-Rollbar-Project", "X-Icinga-Service",
];

/// Fields that name a mailing list (RFC 2919, RFC 2369, and older ones).
pub(super) const LIST_NAMES: &[&str] =
    &["List-Id", "List-Post", "Mailing-List", "X-Mailing-List", "X-BeenThere", "X-ML-Name"];

/// Fields that tell that there is one.
pub(super) const LIST_FIELDS: &[&str] = &["X-Mailman-Version", "X-Listserver", "X-Google-Group-Id"];

/// Fields that senders of newsletters write.
#[rustfmt::skip]
pub(super) const CAMPAIGN_FIELDS: &[&str] = &[
    "Feedback-ID", "X-Campaign", "X-CampaignID", "X-Campaign-Id", "X-MC-User", "X-CSA-Complaints", "X-Newsletter", "X-Mailer-Campaign",
];

/// Local parts behind which nobody sits.
#[rustfmt::skip]
pub(super) const MACHINES: &[&str] = &[
    "no-reply", "noreply", "no_reply", "donotreply", "do-not-reply", "do_not_reply", "notreply", "alert",
    "alerts", "notification", "notifications", "notify", "monitoring", "monitor", "root", "errors",
    "status",
];
