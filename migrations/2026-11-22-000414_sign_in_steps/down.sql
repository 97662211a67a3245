DROP TABLE sign_in_steps;
