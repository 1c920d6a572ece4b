"""The commands of `bot` by what they are about; each only calls what does the work."""
