COMMENT ON COLUMN incidents.calls IS 'How many steps of the chain are behind: whoever has the shift is the first, steps without anybody count, and so does each call of everybody beyond the end.';
