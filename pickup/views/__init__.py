"""Pages of collection: the public list of points, the counters, and the operators' side under /exploitation/."""
