"""The adversarial suite: hostile answers against the real engine, and against naive ones.

Family: what is tried -> what withstands it.

- Wrong-result forging: verdicts printed, written or left to daemons; early exits; signals that end
  tests quietly; forged frames on both sockets -> nothing an answer says is a verdict, no
  observation is a failed test, and what arrives is typed and dead.
- Monkeypatching: built-in functions, numpy, pandas, IPython, the compiler, JSON, the engine's own
  parts, memory by ctypes -> tests and comparisons are in other processes.
- Always-equal values: `__eq__`, differences, `__contains__`, methods, array protocols, class names,
  subclasses, lazy containers -> comparisons are decided on the tests' side by what was observed.
- Reading tests or secrets: frames, objects, memory, files, environment, other processes, the link
  -> they are not there, and secret runs are shown as passed or failed only.
- Escaping: network, sockets, namespaces, mounts, other processes, keys, files -> namespaces or
  Landlock, the filter of system calls, no privileges.
- Persistence between submissions: files, daemons, modules, start files, shared memory, sockets ->
  a sandbox for each phase, which ends with all that is in it.
- Resource exhaustion: time, processes, memory of every kind, files, floods, values that choke who
  reads them -> the watch, limits, control groups, capped readers.
- Output and rendering: scripts, terminals, NUL, halves of characters, numbers that are none ->
  plain text, cleaned before it is stored.
- Notebook tampering: cells added, doubled, renamed; tests and marks edited; other people's runs ->
  the tests are the server's, and only sources of known cells are taken.

Each attack is data (`attacks`). `test_control` shows that each works against naive graders
(`naive`) or without isolation. `honest` are answers that look odd and have to pass.

Not defended, since it can't be by running code: answers that hard-code what public tests show;
inputs of secret tests that are guessed bit by bit from pass and fail (attempts are limited); that a
call left its arguments unchanged, which only the answer's process can tell; values of the set-up
that an answer replaced, since tests mean the answer's (what is expected belongs in the tests); and
what a class that the exercise is about says of itself. An exercise about a function named like a
built-in one needs cases: in assert cells that name means the built-in one.
"""
