DROP TABLE held_replies;
