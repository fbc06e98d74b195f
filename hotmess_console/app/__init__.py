"""The composition root: the one place that knows every part. What is heavy is imported when it is needed."""
