DROP TABLE digests;
DROP INDEX journal_by_time;
DROP TABLE told;
DROP TABLE subscriptions;
