//! What is drawn from a seed before anything happens.

use crate::{
    dice::Dice,
    faults::{Fault, Kind},
    post::Sort,
};

/// One step of a schedule: mails, and a fault while they are under way.
pub struct Step {
    pub mails: Vec<(Sort, Dice)>,
    /// A ticket is accepted meanwhile.
    pub acts: Option<Dice>,
    pub fault: Fault,
}

/// The steps of a run with so many kills.
pub fn schedule(dice: &mut Dice, kills: usize, nodes: usize, full_disk: bool) -> Vec<Step> {
    let (mut steps, mut killed) = (Vec::new(), 0);
    while killed < kills {
        let count = dice.between(2..5);
        let mails = (0..count).map(|_| (Sort::draw(dice), Dice::new(dice.between(0..u64::MAX)))).collect();
        let acts = dice.pick(&[true, false, false]).then(|| Dice::new(dice.between(0..u64::MAX)));
        let fault = Fault::draw(dice, nodes, full_disk);
        killed += usize::from(fault.kind == Kind::Kill);
        steps.push(Step { mails, acts, fault });
    }
    steps
}
