DROP INDEX gate_examples_said;
DROP TRIGGER journal_of_the_gate ON journal;
DROP FUNCTION note_gate_wait();
DROP TABLE gate_waits;
