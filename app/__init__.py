"""The studio's screen: a thin Qt shell that shows values and starts generators."""
