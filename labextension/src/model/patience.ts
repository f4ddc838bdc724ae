/** How one sleeps; a test passes its own. */
export type Sleep = (seconds: number, signal: AbortSignal) => Promise<void>;

const FIRST_SECONDS = [1, 2, 4];

/** Somebody looks at the page: what comes back has to show at once. */
const LONGEST_SECONDS = 5;

/** Nobody does; whoever comes back does not have to wait for it (see `Patience.hurry`). */
const LONGEST_UNSEEN_SECONDS = 30;

export const sleep: Sleep = (seconds, signal) =>
  new Promise(done => {
    const timer = setTimeout(done, seconds * 1000);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      done();
    });
  });

/** Returns the seconds to wait after so many tries, counted from 0, that the tutor did not answer. */
export function pauseAfter(tries: number): number {
  const longest = document.visibilityState === 'hidden' ? LONGEST_UNSEEN_SECONDS : LONGEST_SECONDS;
  return FIRST_SECONDS[tries] ?? longest;
}

/** Waits between tries, until it is time or somebody has reason to believe that it will work now. */
export class Patience {
  constructor(private readonly pause: Sleep = sleep) {}

  /**
   * Waits after a try that failed; they count from 0. It is over at once when `hurry` is called or
   * the signal is aborted.
   */
  async wait(tries: number, signal: AbortSignal): Promise<void> {
    if (signal.aborted) {
      return;
    }
    const waiting = new AbortController();
    this._waiting = waiting;
    const end = (): void => {
      waiting.abort();
    };
    signal.addEventListener('abort', end);
    await this.pause(pauseAfter(tries), waiting.signal);
    signal.removeEventListener('abort', end);
  }

  /** Ends the waiting, if there is any. */
  hurry(): void {
    this._waiting.abort();
  }

  private _waiting = new AbortController();
}
