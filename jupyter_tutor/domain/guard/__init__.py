"""The leak guard: whether a reply gives away what a learner is to find out."""
