-- The one row writes take their numbers from (src/cloudflare/d1/README.md, counter).
INSERT INTO counter (id, n) VALUES (1, 0);
