DROP TRIGGER journal_tells ON journal;
DROP FUNCTION tell_ticket_news();
