COMMENT ON COLUMN incidents.calls IS 'How many calls along the chain were made since the last acknowledgement was taken back.';
