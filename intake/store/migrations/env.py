"""What Alembic runs for every command: gives it the connection that `migrate` opened; opens none itself."""

from alembic import context

from intake.store.schema import metadata

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    render_as_batch=True,
    transactional_ddl=True,
    compare_server_default=True,
)
# The transaction is `migrate`'s, which takes the lock first and commits last.
context.run_migrations()
