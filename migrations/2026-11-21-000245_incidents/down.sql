DROP TABLE shifts;
DROP TABLE shift_plans;
DROP TABLE incidents;
