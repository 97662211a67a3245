DROP TABLE work_log;
