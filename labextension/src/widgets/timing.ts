import { useEffect, useState } from 'react';

import type { Ladder } from '../api/types';

const FIRST_NUMBER = /\d+/;

/** Counts the seconds since something began, once a second; 0 when nothing is under way. */
export function useElapsed(since: number, running: boolean): number {
  const now = useNow(since, running);
  return running ? Math.max(0, Math.round((now - since) / 1000)) : 0;
}

/**
 * Counts down to when the next rung of a ladder opens by itself: the seconds that are left, or null
 * when it waits for something else. It counts from what the ladder says, and not to its moment: the
 * clocks of this machine and of the server may differ.
 *
 * @param ladder - The ladder, or null when nobody looks at it.
 * @param since - When it came from the server, in milliseconds since the epoch.
 */
export function useRemaining(ladder: Ladder | null, since: number): number | null {
  const named = ladder?.opens_at ? FIRST_NUMBER.exec(ladder.reason) : null;
  const opens = since + Number(named?.[0] ?? 0) * 1000;
  const now = useNow(since, named !== null);
  return named === null ? null : Math.max(0, Math.ceil((opens - now) / 1000));
}

/** What a ladder says, with the seconds that are left in place of those that were. */
export function counting(reason: string, seconds: number | null): string {
  return seconds === null ? reason : reason.replace(FIRST_NUMBER, String(seconds));
}

/** Whether something has been under way for longer than so many milliseconds. */
export function useLate(running: boolean, after: number): boolean {
  const [late, setLate] = useState(false);
  useEffect(() => {
    if (!running) {
      return;
    }
    const timer = setTimeout(() => {
      setLate(true);
    }, after);
    return () => {
      clearTimeout(timer);
      setLate(false);
    };
  }, [running, after]);
  return running && late;
}

/** The time, once a second while something is under way. */
function useNow(since: number, running: boolean): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (!running) {
      return;
    }
    setNow(Date.now());
    const timer = setInterval(() => {
      setNow(Date.now());
    }, 1000);
    return () => {
      clearInterval(timer);
    };
  }, [since, running]);
  return now;
}
