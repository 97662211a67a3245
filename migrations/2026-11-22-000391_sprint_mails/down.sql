DROP TABLE sprint_mails;
