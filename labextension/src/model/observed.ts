import type { IDisposable } from '@lumino/disposable';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';

/** Something that tells of its changes, until it is disposed of. */
export abstract class Observed implements IDisposable {
  /** Emits after each change. */
  get changed(): ISignal<this, void> {
    return this._changed;
  }

  get isDisposed(): boolean {
    return this._disposed;
  }

  /** Tells of nothing any more, and hears of nothing. */
  dispose(): void {
    this._disposed = true;
    Signal.clearData(this);
  }

  protected emit(): void {
    this._changed.emit();
  }

  private readonly _changed = new Signal<this, void>(this);
  private _disposed = false;
}

/** The same with all that a view shows of it in one value, which is replaced with each change. */
export abstract class Stateful<S extends object> extends Observed {
  constructor(private _state: S) {
    super();
  }

  get state(): S {
    return this._state;
  }

  /** Changes the state, unless there is nobody left to whom it matters. */
  protected set(change: Partial<S>): void {
    if (!this.isDisposed) {
      this._state = this.next(change);
      this.emit();
    }
  }

  /** The state after a change. */
  protected next(change: Partial<S>): S {
    return { ...this._state, ...change };
  }
}
