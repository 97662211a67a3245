DROP INDEX audit_from;
