import { useEffect, useState } from 'react';

/** Counts the seconds since something began, once a second; 0 when nothing is under way. */
export function useElapsed(since: number, running: boolean): number {
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
  return running ? Math.max(0, Math.round((now - since) / 1000)) : 0;
}
