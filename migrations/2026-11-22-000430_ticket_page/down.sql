DROP INDEX subscriptions_to_ticket;
DROP INDEX tickets_by_duplicate;
DROP INDEX inbound_by_message;
