DROP TABLE welcome_links;
