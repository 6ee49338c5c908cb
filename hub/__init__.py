"""The centre: remembers, shows, proves, acts."""
