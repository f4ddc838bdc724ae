/** A text that outlives the page; a test passes its own. */
export interface IKept {
  /** Returns what is kept, or "". */
  get: () => string;
  /** Keeps a text; "" keeps nothing. */
  set: (text: string) => void;
}

/** Texts that outlive the page, by name. */
export type Keep = (name: string) => IKept;

/** Keeps nothing. */
export const FORGETFUL: IKept = { get: () => '', set: () => undefined };

/**
 * Keeps a text in this browser. A browser may keep pages from storing anything: then each page begins
 * with nothing.
 *
 * @param storage - Returns where: for this tab alone, or for all tabs and later ones too.
 * @param key - Under which name.
 */
export function keptIn(storage: () => Storage, key: string): IKept {
  return {
    get: () => tried(() => storage().getItem(key)) ?? '',
    set: text => {
      tried(() => {
        if (text === '') {
          storage().removeItem(key);
        } else {
          storage().setItem(key, text);
        }
      });
    }
  };
}

/** Returns the names under which something is kept. */
export function namesIn(storage: () => Storage): string[] {
  return tried(() => Object.keys(storage())) ?? [];
}

/** Keeps something that is told as JSON. */
export function keepJson(kept: IKept, value: object | null): void {
  kept.set(value === null ? '' : JSON.stringify(value));
}

/** Returns the object that was kept as JSON; whatever else stands there is none. */
export function keptJson(kept: IKept): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(kept.get() || '{}');
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

function tried<T>(use: () => T): T | null {
  try {
    return use();
  } catch {
    return null;
  }
}
