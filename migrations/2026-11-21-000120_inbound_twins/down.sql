DROP INDEX inbound_sha256;
