import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';
import type { IDisposable } from '@lumino/disposable';

import type { TutorClient } from '../api/client';
import { newKey, TutorError } from '../api/client';
import type { AnswerBody, Attempt, Exercise, Submission } from '../api/types';

/** What is under way for an exercise. */
export type Activity = 'loading' | 'checking' | 'submitting' | 'hinting' | null;

/** Something went wrong; `waiting` says that it is tried again by itself. */
export interface IProblem {
  code: string;
  message: string;
  waiting: boolean;
}

/** Everything a view of an exercise shows. */
export interface IExerciseState {
  facts: Exercise | null;
  activity: Activity;
  /** When the activity began, in milliseconds since the epoch. */
  since: number;
  attempt: Attempt | null;
  submission: Submission | null;
  /** Which of the two the results table shows. */
  shown: 'attempt' | 'submission' | null;
  problem: IProblem | null;
}

const RETRY_SECONDS = [1, 2, 4, 8, 15, 30];

/** How a session sleeps; a test passes its own. */
export type Sleep = (seconds: number) => Promise<void>;

const sleep: Sleep = seconds => new Promise(done => setTimeout(done, seconds * 1000));

/**
 * The state of one exercise in this page. Every view of the exercise shares it, so that they stay in
 * step. What a person did is repeated with the same key until the server has answered: nothing they
 * handed in is lost or done twice.
 */
export class ExerciseSession implements IDisposable {
  constructor(
    readonly course: string,
    readonly exercise: string,
    private readonly client: TutorClient,
    private readonly pause: Sleep = sleep
  ) {}

  get state(): IExerciseState {
    return this._state;
  }

  /** Emits after each change of the state. */
  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** Emits when a run or a grade has settled, or a hint was given. */
  get settled(): ISignal<this, void> {
    return this._settled;
  }

  get isDisposed(): boolean {
    return this._disposed;
  }

  dispose(): void {
    this._disposed = true;
    this._abort.abort();
    Signal.clearData(this);
  }

  /** Reads the facts, and goes on waiting for what was under way before the page was loaded. */
  async load(): Promise<void> {
    if (this._state.activity !== null) {
      return;
    }
    await this.act('loading', async () => {
      const facts = await this.persist(() => this.client.exercise(this.course, this.exercise));
      const latest = newest(facts);
      this.set({
        facts,
        attempt: facts.last_attempt,
        submission: facts.last_submission,
        shown: this._state.shown ?? latest
      });
    });
    if (pending(this._state.submission)) {
      await this.resume('submitting');
    } else if (pending(this._state.attempt)) {
      await this.resume('checking');
    }
  }

  /** Runs the tests on an answer, without handing it in. */
  async check(answer: AnswerBody): Promise<void> {
    const key = newKey();
    await this.act('checking', async () => {
      const attempt = await this.persist(() =>
        this.client.check(this.course, this.exercise, answer, key)
      );
      this.set({ attempt, shown: 'attempt' });
      await this.awaitAttempt();
    });
  }

  /** Hands an answer in and waits for the grade. */
  async submit(answer: AnswerBody): Promise<void> {
    const key = newKey();
    await this.act('submitting', async () => {
      const submission = await this.persist(() =>
        this.client.submit(this.course, this.exercise, answer, key)
      );
      this.set({ submission, shown: 'submission' });
      await this.awaitSubmission();
    });
  }

  /** Asks for the next hint. */
  async hint(): Promise<void> {
    const key = newKey();
    await this.act('hinting', async () => {
      const help = await this.persist(() => this.client.hint(this.course, this.exercise, key));
      if (this._state.facts) {
        this.set({ facts: { ...this._state.facts, hints: help.hints, ladder: help.ladder } });
      }
      this._settled.emit();
    });
  }

  private async resume(activity: 'checking' | 'submitting'): Promise<void> {
    await this.act(activity, () =>
      activity === 'checking' ? this.awaitAttempt() : this.awaitSubmission()
    );
  }

  private async awaitAttempt(): Promise<void> {
    while (this._state.attempt && pending(this._state.attempt)) {
      const { id } = this._state.attempt;
      const attempt = await this.persist(() => this.client.awaitCheck(id, this._abort.signal));
      this.set({ attempt });
    }
    await this.refresh();
  }

  private async awaitSubmission(): Promise<void> {
    while (this._state.submission && pending(this._state.submission)) {
      const { id } = this._state.submission;
      const submission = await this.persist(() =>
        this.client.awaitSubmission(id, this._abort.signal)
      );
      this.set({ submission });
    }
    await this.refresh();
  }

  private async refresh(): Promise<void> {
    const facts = await this.persist(() => this.client.exercise(this.course, this.exercise));
    this.set({ facts });
    this._settled.emit();
  }

  /** Does one thing at a time; a refusal becomes the problem that the views show. */
  private async act(activity: Activity, work: () => Promise<void>): Promise<void> {
    if (this._state.activity !== null || this._disposed) {
      return;
    }
    this.set({ activity, since: Date.now(), problem: null });
    try {
      await work();
      this.set({ problem: null });
    } catch (error) {
      if (!(error instanceof TutorError)) {
        throw error;
      }
      this.set({ problem: { code: error.code, message: error.message, waiting: false } });
    } finally {
      this.set({ activity: null });
    }
  }

  /** Repeats a request while the server is away, with growing pauses, until it answers. */
  private async persist<T>(request: () => Promise<T>): Promise<T> {
    for (let tries = 0; ; tries++) {
      try {
        const answer = await request();
        if (this._state.problem !== null) {
          this.set({ problem: null });
        }
        return answer;
      } catch (error) {
        if (!(error instanceof TutorError) || !error.retriable || this._disposed) {
          throw error;
        }
        this.set({ problem: { code: error.code, message: error.message, waiting: true } });
        await this.pause(RETRY_SECONDS[Math.min(tries, RETRY_SECONDS.length - 1)] ?? 30);
      }
    }
  }

  private set(change: Partial<IExerciseState>): void {
    if (this._disposed) {
      return;
    }
    this._state = { ...this._state, ...change };
    this._changed.emit();
  }

  private _state: IExerciseState = {
    facts: null,
    activity: null,
    since: 0,
    attempt: null,
    submission: null,
    shown: null,
    problem: null
  };
  private readonly _changed = new Signal<this, void>(this);
  private readonly _settled = new Signal<this, void>(this);
  private readonly _abort = new AbortController();
  private _disposed = false;
}

function pending(row: { status: string } | null): boolean {
  return row !== null && (row.status === 'queued' || row.status === 'running');
}

function newest(facts: Exercise): 'attempt' | 'submission' | null {
  const { last_attempt: attempt, last_submission: submission } = facts;
  if (attempt === null || submission === null) {
    return attempt ? 'attempt' : submission ? 'submission' : null;
  }
  return attempt.created_at > submission.submitted_at ? 'attempt' : 'submission';
}
