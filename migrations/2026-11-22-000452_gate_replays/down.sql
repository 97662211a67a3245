DROP TABLE gate_replays;
