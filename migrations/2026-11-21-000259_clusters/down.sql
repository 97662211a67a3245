DROP TABLE cluster_mails;
DROP TABLE cluster_tickets;
DROP TABLE clusters;
