//! The words of mail systems about mail that did not arrive, all lower case. They
//! are compared with text in which runs of white space are one space.

use crate::domain::Reason;

/// Fields with which the header of a returned mail begins.
#[rustfmt::skip]
pub(super) const RETURNED_FIELDS: &[&str] = &[
    "return-path:", "received: ", "dkim-signature:", "arc-seal:", "x-google-smtp-source:", "x-received:", "domainkey-signature:",
];

/// Words in the headings after which a report only quotes the mail it returns.
#[rustfmt::skip]
pub(super) const RETURNED_MAIL: &[&str] = &[
    "original message", "original-nachricht", "original mail header", "message header", "returned message", "returned mail", "copy of the message",
    "copy of your message", "copy of the original", "unsent message", "undelivered message", "rejected message", "message follows", "headers follow",
    "header of the source mail", "text of the message", "your message reads", "message text follows", "first part of the message",
    "the headers of the message", "below is a copy", "here is a copy", "the following is a copy", "the first lines of",
    "summary of the undelivered message", "message body suppressed", "original headers", "message content",
];

/// Words of a server that is still trying.
#[rustfmt::skip]
pub(in crate::mail) const STILL_TRYING: &[&str] = &[
    "delivery is delayed", "delivery delayed", "delivery has been delayed", "has been delayed", "was delayed", "been delayed",
    "delayed mail", "delivery status notification (delay)", "delivery incomplete", "still being attempted", "still being retried",
    "will be retried", "will retry", "will keep trying", "will continue trying", "will continue to try", "will continue to be made",
    "will be attempted again", "will try again", "try again for", "keep trying", "continue trying to deliver", "not yet been delivered",
    "has not been delivered yet", "not been able to deliver your message yet", "still undelivered", "still in the queue",
    "remains in the queue", "temporarily undeliverable", "could not be delivered for more than", "warning: message", "warning: could not send",
    "transient non-fatal errors", "transient failure", "do not need to resend", "don't need to resend", "need not resend",
    "delivery temporarily suspended", "no action is required", "this is a warning message only", "warning only", "verzögert",
    "weitere zustellversuche", "retardée", "será reintentado", "配信遅延",
];

/// Words of a server that tried for a while and does so no longer.
#[rustfmt::skip]
pub(super) const GAVE_UP: &[&str] = &[
    "given up", "giving up", "gave up", "permanent error", "permanent fatal", "permanently", "no further attempt", "no more attempts",
    "will not be retried", "not be attempted", "returned to sender", "returned mail", "returning message to sender", "has expired", "(failure)",
    "not going to try again", "has been removed from the queue", "been on the queue too long",
];

/// Words that announce the addresses of those that failed: on the same line or below.
#[rustfmt::skip]
pub(super) const ANNOUNCING: &[&str] = &[
    "following address", "following recipient", "following mail address", "these recipients", "this recipient",
    "address(es) failed", "failed addresses", "recipient(s)", "recipients or groups",
    "not delivered to", "not be delivered to", "undeliverable to", "undeliverable address", "not reach",
    "deliver to:", "delivery to:", "deliver your message to", "deliver mail to", "deliver this message to", "deliver the message to",
    "delivered to the following", "unable to deliver", "delivery failed", "delivery has failed", "delivery failure",
    "failed to deliver", "failed delivery", "could not be sent to", "couldn't be delivered", "wasn't delivered to",
    "were not delivered", "did not receive", "unknown recipient", "unknown address", "invalid address", "invalid recipient",
    "had permanent fatal", "had transient", "had delivery", "had errors", "non-delivered",
    "undelivered to", "following user", "the recipient", "your message to", "following message to", "message for", "mail to ", "you sent mail to",
    "nicht zugestellt werden", "folgende empfänger", "folgenden empfänger", "konnte nicht an", "nicht erreicht",
    "n'a pas pu être remis", "destinataires suivants", "destinataire suivant", "siguientes destinatarios", "siguiente destinatario",
    "no se pudo entregar", "seguintes destinatários", "seguenti destinatari", "non è stato recapitato", "volgende ontvanger",
    "volgende adres", "następujących odbiorców", "получателям", "следующим", "не может быть доставлено", "次の宛先", "以下の", "宛先", "送信先",
    "配信できません", "收件人",
];

/// Words before an address that did not fail.
pub(super) const ASIDE: &[&str] = &["expanded from", "please try", "please use", "new address"];

/// Words of a line that is about somebody or something else.
#[rustfmt::skip]
pub(super) const ELSEWHERE: &[&str] = &[
    "message-id", "from:", "mail from", "sender:", "reply-to", "return-path", "x-", "subject:", "date:", "errors-to", "received",
    "authenticated", "in-reply-to", "references", "list-", "cc:", "reporting-mta", "envelope-from", "-- ",
];

/// Words of a line that tells whom to ask.
#[rustfmt::skip]
pub(super) const ASK_THERE: &[&str] = &[
    "contact ", "assistance", "questions", "for help", "for support", "further information", "more information", "helpdesk",
    "help desk", "administrator at", "abuse",  "wenden sie sich", "kontaktieren",
];

/// What the words of a server say about the reason. Where several are found, the
/// first group of the list counts: what names a cause stands before what names a
/// symptom.
#[rustfmt::skip]
pub(super) const REASONS: &[(Reason, &[&str])] = &[
    (Reason::Relaying, &[
        "relay access denied", "relaying denied", "relaying not allowed", "relay not permitted", "relaying is prohibited", "unable to relay",
        "not permitted to relay", "do not relay", "no relaying", "relay denied", "relay operation rejected", "not a gateway",
        "relaying prohibited", "relaying mail to", "rcpthosts", "relay not allowed", "no relay", "insecure mail relay", "not relaying",
    ]),
    (Reason::Content, &[
        "header error", "invalid header", "multiple addresses in from", "not rfc", "rfc 5322", "rfc 2822", "rfc5322", "rfc2822", "charset", "8bit", "bare lf", "media error", "conversion",
        "invalid message", "missing header", "no message collected", "message format",
    ]),
    (Reason::Authentication, &[
        "dmarc", "spf record", "spf check", "spf fail", "spf validation", "sender policy framework", "fails to pass authentication",
        "authentication checks failed", "authentication information", "fails to pass auth", "unauthenticated email", "unauthenticated mail", "unauthenticated message", "unauthenticated senders", "dkim", "sender id (pra)",
        "openspf", "does not designate", "not permitted by domain", "spf:", "(spf)", "spf=",
    ]),
    (Reason::Virus, &[
        "virus", "malware", "infected", "trojan", "worm detected", "dangerous attachment",
    ]),
    (Reason::Blocked, &[
        "blocklist", "blacklist", "blackhole", "black list", "block list", "black hole list", "blocked using", "spamhaus", "spamcop", "barracudacentral", "sorbs",
        "dnsbl", "rbl", "banned sending ip", "banned ip", "ip address blocked", "ip blocked", "poor reputation", "bad reputation",
        "low reputation", "reputation", "user complaints", "client host rejected", "cannot find your hostname", "reverse dns",
        "reverse hostname", "ptr record", "no ptr", "rdns", "missing ptr", "connection refused by policy", "access denied from your ip",
        "your ip address", "your ip has been", "ip listed", "is listed", "listed at", "listed by", "listed on", "unresolvable client", "host network not allowed", "not allowed to connect",
        "dynamic ip", "dialup", "dial-up", "your host is", "connections from", "bad helo", "helo command rejected", "iprep", "sender reputation",
        "unsolicited mail originating from your ip", "mail from your server", "connection denied", "your network", "s3150", "s3140", "cdrbl", "unwanted messages", "not accepting connections", "invalid ip", "client host blocked", "adresse ip source",
        "access from ip address", "name lookup failed", "may not be mail exchanger", "mail server ip", "senderbase", "rejecting banned ip", "your server is",
    ]),
    (Reason::Spam, &[
        "spam", "unsolicited", "bulk mail", "junk mail", "junkmail", "uce ", "ube,", "ube ", "uribl", "surbl", "looks like uce",
        "high probability", "identified as bulk", "message scored", "classified as", "bayesian", "sender verify callout spam",
        "rejected by our content", "appears to be unsolicited", "ofr_506", "ofr_513", "mail rejete", "cloudmark",
    ]),
    (Reason::MailboxFull, &[
        "mailbox full", "mailbox is full", "mailbox has exceeded", "exceeds mailbox", "exceed mailbox", "mailbox size", "over quota", "overquota",
        "over-quota", "quota exceeded", "quota exceed", "exceeded quota", "exceeded the quota", "exceeds quota", "quota is full", "quota violation", "quota has been",
        "exceeded storage", "exceeded its", "storage quota", "storage allocation", "storage space", "disk quota", "disc quota", "mailfolder is full", "mailbox exceeds",
        "box space not enough", "insufficient mailbox", "not enough storage", "not enough space", "out of space", "mail box full", "mailbox over",
        "inbox is full", "inbox is out", "maildir over", "maildirsize", "user has too many", "too much mail", "account is full", "account is over",
        "mbox full", "user is over", "exceed quota", "allowed space", "exceeding its mailbox", "mailbox limit", "recipient storage full", "their mailbox is full",
        "quota of", "exceeded the local limit", "mailbox exceeded", "quotaexceeded", "quota for", "space on your", "ボックスが一杯", "容量", "postfach voll", "postfach ist voll",
        "speicherplatz", "boîte pleine", "buzón lleno", "casella piena", "переполнен", "user full", "resources.mailbox", "out of storage", "full mailbox", "over the maximum allowed",
        "over the allowed quota", "over its limit", "no space left in", "mailbox currently full", "amount of mail", "number of messages in",
    ]),
    (Reason::TooBig, &[
        "too large", "too big", "message size", "size limit", "maximum size", "exceeds size", "exceeds the maximum", "exceeds maximum", "larger than",
        "message length", "file size", "size exceeds", "size of the message", "exceeds fixed", "over maximum", "exceeded the maximum", "massive", "zu groß", "trop volumineux",
        "demasiado grande",
    ]),
    (Reason::Moved, &[
        "has moved", "user moved", "no longer on server", "moved to", "new address", "address has changed", "address changed", "user not local; please try", "please use",
        "not our user", "has been replaced",
    ]),
    (Reason::MailboxDisabled, &[
        "disabled", "inactive", "suspended", "deactivated", "not active", "is locked", "account locked", "temporary locked", "temporarily locked", "account is blocked",
        "mailbox is frozen", "frozen", "account expired", "account has expired", "discontinued", "not accepting mail", "not accepting messages", "not accepting any mail",
        "account closed", "is closed", "been closed", "no longer active", "user is blocked", "user blocked", "mailbox blocked", "temporarily unavailable for",
        "account unavailable", "mailbox currently unavailable", "has been blocked for inactivity", "terminated", "unused mailbox", "gesperrt", "停止",
    ]),
    (Reason::TakesNoMail, &[
        "does not accept mail", "not accepting network messages", "doesn't accept mail", "null mx", "no smtp service", "doesn't receive email", "does not receive mail", "doesn't receive mail",
        "smtp service not", "no mx record", "a mail exchanger", "mail receiving disabled", "host does not accept", "domain does not accept", "no mail exchanger",
    ]),
    (Reason::SenderRefused, &[
        "sender address rejected", "sender rejected", "sender denied", "sender refused", "sender not allowed", "sender is not", "bad sender", "invalid sender",
        "sender domain", "domain of sender", "sender's domain", "unknown sender", "sender address", "sender not pre-approved", "sender verify failed",
        "sender verification", "verify sender", "mail from command", "from address", "return address", "envelope sender", "not authorized to send",
        "permission to post", "permission to send", "only accepts", "restricted to", "投稿する権限", "not allowed to post", "non-member", "not a member", "only members",
        "purported responsible", "blocked by recipient", "you are not allowed", "not on the guest list", "sender has been rejected", "sender is blocked",
        "address does not resolve", "sender unknown", "reject mail from", "refuse mail from", "refused mail from", "not accepting mail from", "your email address",
        "does not exist in the from", "not be able to post", "isn't allowed", "authorized senders", "authorised to send",
    ]),
    (Reason::TooMany, &[
        "too many recipients", "too many connections", "too many concurrent", "too many messages", "too many mail", "too many email", "too many session", "too many errors", "too many invalid", "to too many", "rate limit", "ratelimit", "too fast", "slow down", "too frequent", "throttl", "rate that", "concurrent", "limit on the number", "max rcpt", "exceeded the rate",
        "excessive", "sending rate", "daily limit", "hourly limit", "unusual rate",
    ]),
    (Reason::HostUnknown, &[
        "host unknown", "unknown host", "host not found", "domain not found", "unknown domain", "domain name not found", "domain does not exist", "domain doesn't exist", "no such domain",
        "no such host", "couldn't find any host", "can't find any host", "name service error", "unrouteable mail domain", "unrouteable domain", "unroutable domain", "bad destination system", "invalid domain",
        "domain unknown", "domain invalid", "hostname not found", "nxdomain", "nodata", "had no relevant answers", "'mx' lookup", "illegal host", "can't be found", "no data known", "domain not known", "nameserver", "dns error", "dns lookup failed", "bad domain",
        "domain lookup", "could not resolve", "cannot resolve", "could not be resolved",
    ]),
    (Reason::UserUnknown, &[
        "user unknown", "unknown user", "no such user", "no such recipient", "no such address", "no such mailbox", "no such person", "no such account", "no such local user",
        "user not found", "user doesn't exist", "user does not exist", "users does not exist", "user not exist", "not a valid user", "not a known user", "isn't a valid user", "unknown or illegal",
        "recipient unknown", "unknown recipient", "recipient not found", "recipient not exist", "recipnotfound", "recipientnotfound", "no valid recipient", "unknown address", "unknown local",
        "unknown account", "unknown mailbox", "unknown e-mail", "unknown email", "mailbox not found", "mailbox unavailable", "mailbox does not exist", "mailbox doesn't exist", "mailbox not exist",
        "no mailbox", "no account", "account does not exist", "account doesn't exist", "account that you tried to reach", 
        "not listed in", "unknown at this", "invalid recipient", "invalid mailbox", "invalid user", "invalid address",
        "invalid email", "bad destination mailbox", "address unknown", "address invalid", "unrouteable address", "unroutable address", "undeliverable address", "recipient rejected",
        "isn't a yahoo", "doesn't have a yahoo", "doesn't have a", "does not have an", "not our customer", "no longer valid", "no longer available", "no longer with", "no longer employed", "not a local", "no mailbox here",
        "is not recognized", "not recognised", "not registered", "not in directory", "adresse invalide", "destinataire invalide", "unbekannt", "existiert nicht", "no existe", "inconnu", "n'existe pas", "non esiste",
        "bestaat niet", "не существует", "存在しない", "宛先が不明", "見つかりません", "不存在", "no matches", "unable to validate recipient", "recipient is invalid", "misspelled", "failed recipient", "local delivery to",
        "user is unknown", "badrcpt", "bad recipient", "recipient verify failed", "returned unknown",
    ]),
    (Reason::Policy, &[
        "policy", "access denied", "not authorized", "not authorised", "unauthorized", "potential security", "security", "attachment not allowed", "attachment type", "prohibited", "not permitted",
        "administrative prohibition", "administratively", "forbidden", "rejected for", "blocked by", "violat", "restricted", "encryption", "starttls", "authentication required", "access control", "this message was blocked",
        "executable", "disallowed", "5.7.6", "please authenticate",
    ]),
    (Reason::Unreachable, &[
        "network error", "connection refused", "connection reset", "connection failed", "connection was", "connection dropped", "connection lost", "lost connection", "network unreachable", "network is unreachable", "no route",
        "unreachable", "not reachable", "establish an smtp connection", "hop count", "too many hops", "too many received", "loop", "couldn't connect", "could not connect", "cannot connect", "unable to connect", "deferred: connection",
        "refused to talk", "host is down", "name server timeout", "no mail hosts", 
    ]),
    (Reason::Expired, &[
        "expired", "timed out", "timeout", "time-out", "time out", "retry time", "delivery time", "maximum delivery attempts", "retry timeout", "could not be delivered for", "for more than", "has been tried",
        "undeliverable for", "in queue", "in the queue", "unable to deliver in", "not responding", "did not respond", "never responded", "did not accept our requests", "有効期限", "giving up",
    ]),
];

/// Words that say less than a status code does.
#[rustfmt::skip]
pub(super) const VAGUE: &[(Reason, &[&str])] = &[
    (Reason::System, &[
        "system error", "internal error", "server error", "service unavailable", "service currently unavailable", "insufficient system", "disk space", "disk full", "configuration error", "local error", "ldap",
        "mailer error", "unknown mailer", "can't create output", "cannot open", "i/o error", "system config", "resources temporarily", "insufficient disk", "out of memory", "command output", "permission denied", "can't open",
        "failed to open", "operating system", "pipe to", "system load", "cannot store",
    ]),
    (Reason::UserUnknown, &[
        "address rejected", "recipient address", "not found", "not exist", "doesn't exist", "n't be found", "not be found", "wasn't found", "not known", "bad address",
        "incorrect address", "name is not", "failed recipient", "wrong or no longer",
    ]),
    (Reason::Refused, &[
        "recipient preferences", "refused by recipient", "refused", "rejected by recipient", "due to recipient", "does not want", "doesn't want", "filter", "rejected", "not accepted", "do not accept", "受信拒否", "拒否",
    ]),
];
