-- Values of a run's variables were kept with its idempotency key. A request with them that comes again is refused once.
UPDATE "runs" SET "idempotency_request" = json_remove("idempotency_request", '$.variables')
WHERE json_extract("idempotency_request", '$.variables') IS NOT NULL;
