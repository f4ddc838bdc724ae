import { describe, expect, it, vi } from 'vitest';

import { Observed, Stateful } from '../../src/model/observed';

class Counter extends Stateful<{ count: number; name: string }> {
  constructor() {
    super({ count: 0, name: 'a' });
  }

  add(): void {
    this.set({ count: this.state.count + 1 });
  }
}

class Bell extends Observed {
  hear = vi.fn();

  follow(other: Counter): void {
    other.changed.connect(this.hear, this);
  }
}

describe('what is observed', () => {
  it('tells of each change once it is made, and replaces its state', () => {
    const counter = new Counter();
    const before = counter.state;
    const seen: number[] = [];
    counter.changed.connect(({ state }) => seen.push(state.count));
    counter.add();
    counter.add();
    expect(seen).toEqual([1, 2]);
    expect(counter.state).toEqual({ count: 2, name: 'a' });
    expect(before.count).toBe(0);
  });

  it('changes no more and hears no more once it is disposed of', () => {
    const [counter, bell] = [new Counter(), new Bell()];
    const told = vi.fn();
    counter.changed.connect(told);
    bell.follow(counter);
    bell.dispose();
    counter.add();
    expect([told.mock.calls.length, bell.hear.mock.calls.length]).toEqual([1, 0]);
    counter.dispose();
    counter.add();
    expect(counter.isDisposed).toBe(true);
    expect(counter.state.count).toBe(1);
    expect(told).toHaveBeenCalledTimes(1);
  });
});
