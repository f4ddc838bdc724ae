import { TutorError } from '../api/client';
import { Observed } from '../model/observed';

/** Something read from the server by a query; what was read stays until the next answer is there. */
export class Loaded<T, Q = null> extends Observed {
  constructor(
    private readonly read: (query: Q) => Promise<T>,
    private _query: Q
  ) {
    super();
  }

  /** What was asked for last. */
  get query(): Q {
    return this._query;
  }

  /** What was answered last, or null before the first answer. */
  get value(): T | null {
    return this._value;
  }

  /** Why there is no newer answer, or "". */
  get problem(): string {
    return this._problem;
  }

  get loading(): boolean {
    return this._loading;
  }

  /** Reads for the first time, however many ask. */
  begin(): void {
    if (!this._begun) {
      void this.refresh();
    }
  }

  /** Reads by another query. */
  async ask(query: Q): Promise<void> {
    this._query = query;
    await this.refresh();
  }

  /** Reads anew. */
  async refresh(): Promise<void> {
    this._begun = true;
    const turn = ++this._turn;
    this._loading = true;
    this.emit();
    try {
      const value = await this.read(this._query);
      if (turn === this._turn) {
        this.take(value);
      }
    } catch (error) {
      if (turn === this._turn) {
        this._loading = false;
        this._problem = error instanceof TutorError ? error.message : '';
        this.emit();
      }
      if (!(error instanceof TutorError)) {
        throw error;
      }
    }
  }

  /** Takes an answer that came otherwise, as that to a write does. */
  take(value: T): void {
    ++this._turn;
    this._value = value;
    this._loading = false;
    this._problem = '';
    this.emit();
  }

  private _value: T | null = null;
  private _problem = '';
  private _loading = false;
  private _begun = false;
  private _turn = 0;
}
