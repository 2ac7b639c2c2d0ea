"""A town in one process: the server's views and database, a bank's real controller, and between them a line that cannot be trusted."""
