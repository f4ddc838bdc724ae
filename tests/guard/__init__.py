"""Messages that leak a solution and messages that do not, to measure the leak guard with."""
