CREATE INDEX audit_from ON audit (network, deed, at);
COMMENT ON INDEX audit_from IS 'What was done from a network since a moment; each sign-in asks.';
