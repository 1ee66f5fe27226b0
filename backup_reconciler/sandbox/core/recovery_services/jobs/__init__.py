"""Jobs and operations, and where they are asked after."""
