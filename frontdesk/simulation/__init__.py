"""Made-up visitors for a store of their own: to try pages, exports and backups at a size nobody has yet."""
