//! One run: a schedule from a seed, carried out while mail keeps coming, then settled.

use std::{
    sync::mpsc,
    thread,
    time::{Duration, Instant, SystemTime},
};

use crate::{
    cluster::Peek,
    dice::Dice,
    faults::{Fault, Kind, Line, Trigger},
    helpers::{Postbox, program::signal},
    nodes::Nodes,
    post::Post,
    schedule::schedule,
    site::Site,
    staff::Staff,
    wire::Mood,
};

/// A fault whose moment does not come happens all the same after this.
const LONG_ENOUGH: Duration = Duration::from_secs(3);
/// A desk works so long after its start, also on a busy machine.
const STARTED: Duration = Duration::from_secs(30);
/// Everything is settled so long after the last fault, also on a busy machine.
const SETTLED: Duration = Duration::from_secs(240);
/// Operators look after what waits, and send it again; so do we.
const LOOK_AFTER: Duration = Duration::from_secs(3);

/// A fault, and when it was, in seconds since 1970.
pub struct Happened {
    pub kind: Kind,
    pub start: f64,
    pub end: f64,
    /// A desk that was asked to stop gave up before all that it had sent was recorded.
    pub in_vain: bool,
}

impl Happened {
    /// Whether a mail may be accepted by a server, and our record of it be lost by this.
    pub fn opens_the_window(&self) -> bool {
        self.kind.opens_the_window() || self.in_vain
    }
}

/// One run.
pub struct Run<'a> {
    /// Its database, past the wires.
    pub direct_url: String,
    /// The mail that it got.
    pub post: Post,
    /// Who works on tickets.
    pub staff: Staff,
    /// What went wrong, in order.
    pub happened: Vec<Happened>,
    /// How many mails were taken out of quarantine.
    pub quarantined: usize,
    /// How many mails of ours were sent again before their time.
    pub put_off: usize,
    /// Its servers.
    pub site: &'a Site,
    /// At the end one of two desks is killed, and stays dead until all is settled.
    leaves_one_alone: bool,
    /// The addresses of its mailboxes.
    pub boxes: [String; 2],
    agent: String,
    /// Its desks.
    pub nodes: Nodes,
    peek: Peek,
    began: Instant,
    log: Vec<String>,
}

impl Run<'_> {
    /// Prepares one: two mailboxes, a database, and one or two desks, as the dice say.
    pub fn new<'a>(site: &'a Site, number: usize, dice: &mut Dice) -> Run<'a> {
        let boxes = ["support", "sales"].map(|name| format!("{name}-{number}@desk.test"));
        let agent = format!("agent-{number}@desk.test");
        let database = site.cluster.fresh_database();
        let url = site.cluster.url(&database, site.database.port);
        let nodes = Nodes::new(site, &url, &boxes, &agent, dice.pick(&[1, 2]));
        let direct_url = site.cluster.url(&database, site.cluster.port);
        Run {
            post: Post::new(site.office, number, boxes.clone()),
            staff: Staff::default(),
            peek: Peek::into(&direct_url),
            began: Instant::now(),
            happened: Vec::new(),
            quarantined: 0,
            put_off: 0,
            log: Vec::new(),
            direct_url,
            site,
            leaves_one_alone: nodes.count() > 1 && dice.pick(&[true, false]),
            boxes,
            agent,
            nodes,
        }
    }

    /// Carries out a schedule with so many kills.
    pub fn suffer(&mut self, dice: &mut Dice, kills: usize) -> Result<(), String> {
        self.note(&format!("{} desks", self.nodes.count()));
        self.nodes.start();
        for step in schedule(dice, kills, self.nodes.count(), self.site.cluster.limited) {
            for (sort, mut dice) in step.mails {
                self.post.write(sort, &mut dice);
            }
            if let Some(mut dice) = step.acts {
                self.staff.accept_one(self.nodes.command(), &mut self.peek, &mut dice);
            }
            let mut fault = step.fault;
            fault.node = self.nodes.one_that_runs(fault.node);
            self.inflict(fault);
            self.outlasted()?;
            if !fault.leaves_it_dead || self.nodes.running() == 0 {
                self.nodes.start();
            }
        }
        Ok(())
    }

    /// Waits until nothing is under way any more.
    pub fn settle(&mut self) -> Result<Duration, String> {
        self.site.calm();
        self.nodes.start();
        if self.leaves_one_alone {
            self.note("the first desk is killed, and the other one goes on alone");
            let start = now();
            self.nodes.kill(0);
            self.happened.push(Happened { kind: Kind::Kill, start, end: now(), in_vain: false });
        }
        self.staff.finish();
        let start = Instant::now();
        let mut looked = Instant::now();
        let mut before = String::new();
        while let Some(what) = self.unsettled() {
            self.none_failed()?;
            let first = format!("waiting: {}", what.lines().next().unwrap_or_default());
            if first != before {
                self.note(&first);
                before = first;
            }
            if start.elapsed() > SETTLED {
                return Err(format!("not settled after {SETTLED:?}: {what}"));
            }
            if looked.elapsed() > LOOK_AFTER {
                self.look_after();
                looked = Instant::now();
            }
            thread::sleep(Duration::from_millis(100));
        }
        self.outlasted()?;
        self.nodes.start();
        self.nodes.wait_for_health(SETTLED)?;
        Ok(start.elapsed())
    }

    /// Ends the desks in good order.
    pub fn stop(&mut self) -> Result<(), String> {
        let well = (0..self.nodes.count()).all(|node| self.nodes.stop(node));
        if well { Ok(()) } else { Err("a desk did not end in good order".into()) }
    }

    /// Everybody whom the desk may have written to.
    pub fn readers(&self) -> Vec<Postbox> {
        let mut addresses: Vec<&str> = self.post.sent.iter().map(|sent| &*sent.from).collect();
        addresses.push(&self.agent);
        addresses.retain(|address| !address.is_empty());
        addresses.sort_unstable();
        addresses.dedup();
        addresses.into_iter().map(|address| self.site.office.mailbox(address)).collect()
    }

    /// What happened, line by line.
    pub fn log(&self) -> String {
        self.log.join("\n")
    }

    /// The same for somebody who looks into a failure; the logs of the desks are kept.
    pub fn story(&mut self) -> String {
        format!(
            "{}\nthe logs of the desks: {}\nPostgreSQL:\n{}",
            self.log(),
            self.nodes.keep(),
            self.site.cluster.log()
        )
    }

    fn inflict(&mut self, fault: Fault) {
        let (start, moment) = self.wait_for(fault);
        let mut in_vain = false;
        self.note(&format!(
            "{} of desk {} for {:?}, {:?}: {moment}",
            fault.kind, fault.node, fault.lasts, fault.trigger
        ));
        let (site, lasts) = (self.site, fault.lasts);
        let meanwhile = move || thread::sleep(lasts);
        match fault.kind {
            Kind::Kill => self.nodes.kill(fault.node),
            Kind::Restart => {
                if !self.nodes.stop(fault.node) {
                    self.note("it did not end in good order");
                }
                in_vain = self.nodes.gave_up(fault.node);
            }
            Kind::Cut(line) => site.wire(line).cut(),
            Kind::Silence(line) => spoil(site, line, Mood::Silent, meanwhile),
            Kind::Refuse(line) => spoil(site, line, Mood::Refusing, meanwhile),
            Kind::Delay(line) => spoil(site, line, Mood::Slow(lasts / 20), meanwhile),
            Kind::Dovecot(end) => {
                site.stop_dovecot(end);
                meanwhile();
                site.office.start_dovecot("");
            }
            Kind::Postfix(end) => {
                site.office.stop_postfix(end);
                meanwhile();
                site.office.start_postfix("");
            }
            Kind::Postgres(stop) => site.restart_postgres(stop, meanwhile),
            Kind::FullDisk => {
                site.cluster.fill(lasts.as_millis() as u64 * 50);
                meanwhile();
                site.cluster.empty();
            }
        }
        self.happened.push(Happened { kind: fault.kind, start, end: now(), in_vain });
        if fault.kind == Kind::Kill {
            meanwhile();
        }
    }

    /// Waits for the moment of a fault. At a byte, a desk is killed and a connection is cut on the wire
    /// itself, before the next byte passes. Says when that was.
    fn wait_for(&mut self, fault: Fault) -> (f64, &'static str) {
        match fault.trigger {
            Trigger::After(pause) => thread::sleep(pause),
            Trigger::Bytes(line, way, bytes) => {
                let (tell, told) = mpsc::channel();
                let process = self.nodes.process(fault.node).filter(|_| fault.kind == Kind::Kill);
                let ends = matches!(fault.kind, Kind::Kill | Kind::Cut(_));
                self.site.wire(line).at(bytes, way, move || {
                    let struck = now();
                    if let Some(process) = process {
                        signal("KILL", process);
                    }
                    let _ = tell.send(struck);
                    ends
                });
                let struck = self.moment(|_| told.recv_timeout(Duration::from_millis(20)).ok());
                self.site.wire(line).disarm();
                return struck.map_or_else(|| (now(), "its moment did not come"), |at| (at, "at that byte"));
            }
            Trigger::Rows(count, pause) => {
                let before = self.peek.count(count);
                let grown = self.moment(|run| {
                    thread::sleep(Duration::from_millis(2));
                    (run.peek.count(count) != before).then_some(())
                });
                if grown.is_none() {
                    return (now(), "its moment did not come");
                }
                thread::sleep(pause);
            }
        }
        (now(), "at that moment")
    }

    /// Waits for a moment that may never come; desks that are still starting have not had their chance.
    fn moment<T>(&mut self, mut here: impl FnMut(&mut Self) -> Option<T>) -> Option<T> {
        let (began, mut since) = (Instant::now(), Instant::now());
        loop {
            if let Some(moment) = here(self) {
                return Some(moment);
            }
            if since.elapsed() > LONG_ENOUGH {
                if self.nodes.one_works() || began.elapsed() > STARTED {
                    return None;
                }
                since = Instant::now();
            }
        }
    }

    /// No desk ends because a server does.
    fn outlasted(&mut self) -> Result<(), String> {
        let ended = self.nodes.ended();
        ended.first().map_or(Ok(()), |how| Err(format!("a desk ended by itself: {how}")))
    }

    /// Adds a line to what happened.
    pub fn note(&mut self, what: &str) {
        self.log.push(format!("{:8.3} {what}", self.began.elapsed().as_secs_f32()));
    }
}

fn spoil(site: &Site, line: Line, mood: Mood, meanwhile: impl FnOnce()) {
    site.wire(line).be(mood);
    meanwhile();
    site.wire(line).be(Mood::Open);
}

fn now() -> f64 {
    SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).map_or(0.0, |since| since.as_secs_f64())
}
