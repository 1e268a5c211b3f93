"""All SQL: schema, migrations and verbs, each a synchronous function of a Connection; opens nothing that is sealed."""
