DROP TABLE absence_mails;
