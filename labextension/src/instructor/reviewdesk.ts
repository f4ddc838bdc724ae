import { newKey, TutorError } from '../api/client';
import type { IReviewFilter, TeachingClient } from '../api/teaching';
import type { Readings, Review, Reviews } from '../api/types';
import { Observed } from '../model/observed';
import type { IDecisions } from './decisions';
import { beginning, toRelease } from './decisions';
import { Loaded } from './loaded';

/** Milliseconds between two looks at answers that are being read, at first and at most. */
const PAUSE = 3000;
const LONGEST_PAUSE = 30_000;

/** What became of the last release. */
export interface IReleasing {
  state: '' | 'releasing' | 'released' | 'failed';
  problem: string;
  /** The criterion that is meant, or "". */
  criterion: string;
  /** Whether somebody else released it meanwhile. */
  outdated: boolean;
}

const QUIET: IReleasing = { state: '', problem: '', criterion: '', outdated: false };

/** What was done for a whole exercise, to be told. */
export type Done =
  | { kind: 'read'; readings: Readings }
  | { kind: 'released'; released: number; left: number }
  | { kind: 'collected'; collected: number; running: number }
  | { kind: 'unreleased'; learner: string; problem: string }
  | { kind: 'failed'; problem: string };

/** The review queue and the review that is open; what was decided stays until it is released. */
export class ReviewDesk extends Observed {
  constructor(private readonly client: TeachingClient) {
    super();
    this.queue = new Loaded<Reviews, IReviewFilter>(filter => client.reviews(filter), {
      exercise: '',
      status: ''
    });
    this.review = new Loaded<Review | null, string>(
      id => (id === '' ? Promise.resolve(null) : client.review(id)),
      ''
    );
    this.queue.changed.connect(this._watch, this);
    this.review.changed.connect(this.emit, this);
  }

  readonly queue: Loaded<Reviews, IReviewFilter>;
  /** The review that is open, by its key; "" for none. */
  readonly review: Loaded<Review | null, string>;

  /** What was done last for a whole exercise, or null. */
  get done(): Done | null {
    return this._done;
  }

  /** Whether something for a whole exercise is under way. */
  get busy(): boolean {
    return this._busy;
  }

  get releasing(): IReleasing {
    return this._releasing;
  }

  /** Looks no more at what is being read. */
  override dispose(): void {
    super.dispose();
    clearTimeout(this._timer);
  }

  /** Opens a review. */
  async open(id: string): Promise<void> {
    this._releasing = this._underway.has(id) ? { ...QUIET, state: 'releasing' } : QUIET;
    await this.review.ask(id);
  }

  /** Goes back to the queue. */
  async close(): Promise<void> {
    await this.open('');
    void this.queue.refresh();
  }

  /** What is decided so far of a review. */
  decisions(review: Review): IDecisions {
    return this._decisions.get(review.review.id) ?? beginning(review);
  }

  decide(review: Review, change: Partial<IDecisions>): void {
    this._decisions.set(review.review.id, { ...this.decisions(review), ...change });
    this._releasing = QUIET;
    this.emit();
  }

  /** Releases what is decided; nothing is lost when that fails. */
  async release(review: Review): Promise<void> {
    const { id } = review.review;
    if (this._underway.has(id)) {
      return;
    }
    this._underway.add(id);
    this._settle(id, { ...QUIET, state: 'releasing' });
    try {
      const body = toRelease(review, this.decisions(review));
      const released = await this.client.release(id, body, newKey());
      this._decisions.delete(id);
      if (this.review.query === id) {
        this.review.take(released);
      }
      this._settle(id, { ...QUIET, state: 'released' });
    } catch (error) {
      if (!(error instanceof TutorError)) {
        this._settle(id, QUIET);
        throw error;
      }
      this._refused(review, error);
    } finally {
      this._underway.delete(id);
      void this.queue.refresh();
    }
  }

  /** Tells why nothing was released: on the page of the review, or in the queue once that is left. */
  private _refused(review: Review, error: TutorError): void {
    const { id, learner_name } = review.review;
    const { criterion } = error.details;
    if (this.review.query !== id) {
      this._done = { kind: 'unreleased', learner: learner_name, problem: error.message };
    }
    this._settle(id, {
      state: 'failed',
      problem: error.message,
      criterion: typeof criterion === 'string' ? criterion : '',
      outdated: error.status === 409
    });
  }

  /** Loads the review anew after it became another one; what is decided here stays. */
  async reload(review: Review): Promise<void> {
    this._decisions.set(review.review.id, this.decisions(review));
    this._releasing = QUIET;
    await this.review.refresh();
  }

  /** Has the waiting answers to an exercise read. */
  async read(exercise: string, mode: Readings['mode']): Promise<void> {
    await this._do(async () => ({
      kind: 'read',
      readings: await this.client.read(exercise, mode)
    }));
  }

  /** Releases those of some drafts of an exercise that nothing is in doubt about. */
  async releaseUndoubted(exercise: string, submissions: readonly string[]): Promise<void> {
    await this._do(async () => ({
      kind: 'released',
      ...(await this.client.releaseUndoubted(exercise, submissions))
    }));
  }

  /** Asks now for what batches have brought. */
  async collect(): Promise<void> {
    await this._do(async () => ({ kind: 'collected', ...(await this.client.collect()) }));
  }

  private async _do(act: () => Promise<Done>): Promise<void> {
    if (this._busy) {
      return;
    }
    this._busy = true;
    this.emit();
    try {
      this._done = await act();
    } catch (error) {
      if (!(error instanceof TutorError)) {
        throw error;
      }
      this._done = { kind: 'failed', problem: error.message };
    } finally {
      this._busy = false;
      this.emit();
    }
    await this.queue.refresh();
  }

  /**
   * Looks again while something is being read that comes by itself: ever more seldom while nothing
   * comes, since whoever reads may be gone.
   */
  private _watch(): void {
    if (!this.queue.loading && !this.isDisposed) {
      const comes = (this.queue.value?.reviews ?? [])
        .filter(({ status, batch }) => status === 'reading' && !batch)
        .map(({ id }) => id)
        .join(' ');
      if (comes !== this._awaited) {
        this._awaited = comes;
        this._pause = PAUSE;
      }
      if (comes !== '' && this._timer === undefined) {
        this._timer = setTimeout(() => {
          this._timer = undefined;
          void this.queue.refresh();
        }, this._pause);
        this._pause = Math.min(this._pause * 1.5, LONGEST_PAUSE);
      }
    }
    this.emit();
  }

  /** Says where the release of a review stands, as long as that is the one that is open. */
  private _settle(id: string, releasing: IReleasing): void {
    if (this.review.query === id) {
      this._releasing = releasing;
    }
    this.emit();
  }

  private readonly _decisions = new Map<string, IDecisions>();
  private _releasing: IReleasing = QUIET;
  private _done: Done | null = null;
  private _busy = false;
  /** The reviews whose release is under way. */
  private readonly _underway = new Set<string>();
  /** What is being read, as of the last look. */
  private _awaited = '';
  private _pause = PAUSE;
  private _timer: ReturnType<typeof setTimeout> | undefined;
}
