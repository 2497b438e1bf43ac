"""Notes in other people's formats: a module each, all of them from bytes and to bytes."""
