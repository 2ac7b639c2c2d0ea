"""Settings: `base` for development and the demo, `production`, `test`. Every value comes from the environment or has a safe default."""
