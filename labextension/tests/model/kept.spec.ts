import { beforeEach, describe, expect, it } from 'vitest';

import { keepJson, keptIn, keptJson } from '../../src/model/kept';

beforeEach(() => {
  sessionStorage.clear();
});

describe('what is kept in the browser', () => {
  it('is there for whoever asks by the same name, until it is nothing', () => {
    const kept = keptIn(() => sessionStorage, 'a');
    kept.set('something');
    expect(keptIn(() => sessionStorage, 'a').get()).toBe('something');
    expect(keptIn(() => sessionStorage, 'b').get()).toBe('');
    kept.set('');
    expect(sessionStorage.length).toBe(0);
  });

  it('is nothing where a browser keeps nothing', () => {
    const kept = keptIn(() => {
      throw new DOMException('Not here.');
    }, 'a');
    kept.set('something');
    expect(kept.get()).toBe('');
  });

  it('is told as JSON, and may be anything else', () => {
    const kept = keptIn(() => sessionStorage, 'a');
    keepJson(kept, { path: 'loops.ipynb' });
    expect(keptJson(kept)).toEqual({ path: 'loops.ipynb' });
    for (const other of ['', '{', '3', 'null']) {
      kept.set(other);
      expect(keptJson(kept)).toEqual({});
    }
    keepJson(kept, null);
    expect(kept.get()).toBe('');
  });
});
