DROP TABLE published_breakdowns;
