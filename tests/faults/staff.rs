//! A member of staff who works while things go wrong.

use std::thread::{self, JoinHandle};

use crate::{cluster::Peek, dice::Dice, nodes::Command};

/// What was asked of the desk, and whether it said that it was done.
pub struct Act {
    pub ticket: i64,
    pub done: bool,
}

/// Accepts tickets from a terminal.
#[derive(Default)]
pub struct Staff {
    under_way: Vec<JoinHandle<Act>>,
    /// What they did.
    pub acts: Vec<Act>,
}

impl Staff {
    /// Accepts a ticket that is new, when the database can be asked for one.
    pub fn accept_one(&mut self, command: Command, peek: &mut Peek, dice: &mut Dice) {
        let which = dice.between(0..1000);
        let new = "from tickets where status = 'new' and requester_id is not null";
        let found = format!(
            "select id {new} order by id offset {which} % greatest((select count(*) {new}), 1) limit 1"
        );
        let Some(ticket) = peek.count(&found) else { return };
        self.under_way.push(thread::spawn(move || {
            let number = ticket.to_string();
            let ran = command.run(&[
                "ticket",
                "set",
                &number,
                "--status",
                "accepted",
                "--severity",
                "2",
                "--reason",
                "Seen.",
            ]);
            Act { ticket, done: ran.code == Some(0) }
        }));
    }

    /// Waits until all is answered.
    pub fn finish(&mut self) {
        self.acts.extend(self.under_way.drain(..).map(|act| act.join().unwrap()));
    }
}
