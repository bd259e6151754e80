"""Questions that take more than one study to answer: plans together, a plan elsewhere, a rule's own example."""
