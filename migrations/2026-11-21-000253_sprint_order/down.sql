DROP TABLE budget_told;
DROP TABLE sprint_order;
