"""HTTP: parse, one call, respond. No SQL, no arrays."""
