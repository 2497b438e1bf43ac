"""Views: they show the session and never call each other."""
