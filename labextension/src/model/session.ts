import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';

import type { TutorClient } from '../api/client';
import { newKey, TutorError } from '../api/client';
import type {
  AnswerBody,
  Attempt,
  Exercise,
  FeedbackMark,
  Hint,
  Ladder,
  Submission
} from '../api/types';
import { Stateful } from './observed';
import type { Sleep } from './patience';
import { Patience, sleep } from './patience';
import type { Activity, IExerciseState, IProblem } from './state';
import { adopted, BEGINNING, changed, pending, problemOf, withHint } from './state';

/** The server's code for an answer to a revision that is no longer the newest. */
const REVISION_CHANGED = 'revision_changed';

/** A server that does not wait is asked no more often than this. */
const PACE_SECONDS = 1;

/**
 * The state of one exercise in this page. Every view of the exercise shares it, so that they stay in
 * step. What a person did is repeated with the same key until the server has answered: nothing they
 * handed in is lost or done twice.
 */
export class ExerciseSession extends Stateful<IExerciseState> {
  constructor(
    readonly course: string,
    readonly exercise: string,
    private readonly client: TutorClient,
    private readonly pause: Sleep = sleep
  ) {
    super(BEGINNING);
    this._patience = new Patience(pause);
  }

  /** Emits when a run or a grade has settled, or a hint was given. */
  get settled(): ISignal<this, void> {
    return this._settled;
  }

  override dispose(): void {
    super.dispose();
    this._abort.abort();
    this._asking?.abort();
  }

  /** Asks again now what is waiting to be asked again, while the tutor is away. */
  hurry(): void {
    this._patience.hurry();
  }

  /** Reads the facts, and goes on waiting for what was under way before the page was loaded. */
  async load(): Promise<void> {
    await this._act('loading', async () => {
      const facts = await this._persist(() => this.client.exercise(this.course, this.exercise));
      this._adopt(facts);
    });
    if (this.state.shown !== null) {
      await this._learnIsolation();
    }
    await this._resume();
  }

  /** Takes over, without a sign of it, what was done elsewhere: in another tab, or by the kernel. */
  async synchronise(): Promise<void> {
    if (this.state.activity !== null || this.isDisposed) {
      this._behind = true;
      return;
    }
    if (this.state.facts === null) {
      await this.load();
      return;
    }
    const before = this.state;
    try {
      const facts = await this.client.exercise(this.course, this.exercise);
      if (this.state === before) {
        this._adopt(facts);
        this.set({ problem: null });
      }
    } catch (error) {
      if (!(error instanceof TutorError)) {
        throw error;
      }
      // Nobody asked for this, so nobody has to hear that it did not work.
    }
    await this._resume();
  }

  /**
   * Runs the tests on an answer, without handing it in.
   *
   * @param answer - What the learner wrote.
   * @param accepted - Called when the server has taken the answer, before there is a result.
   */
  async check(answer: AnswerBody, accepted?: () => void): Promise<void> {
    const key = newKey();
    await this._act('checking', async () => {
      const attempt = await this._persist(() =>
        this.client.check(this.course, this.exercise, answer, key)
      );
      accepted?.();
      await this._awaitAttempt(attempt);
    });
  }

  /** Hands an answer in and waits for the grade; `accepted` as in `check`. */
  async submit(answer: AnswerBody, accepted?: () => void): Promise<void> {
    const key = newKey();
    await this._act('submitting', async () => {
      const submission = await this._persist(() =>
        this.client.submit(this.course, this.exercise, answer, key)
      );
      accepted?.();
      await this._awaitSubmission(submission);
    });
  }

  /**
   * Asks for the next hint.
   *
   * @param accepted - The price in points that the learner was told and agreed to.
   */
  async hint(accepted = 0): Promise<void> {
    const key = newKey();
    const asking = new AbortController();
    const before = this.state;
    await this._act('hinting', async () => {
      this._asking = asking;
      try {
        const help = await this._persist(
          () => this.client.hint(this.course, this.exercise, accepted, key, asking.signal),
          asking.signal
        );
        this.set({ help, facts: this._helped(help.hints, help.ladder) });
        this._settled.emit();
      } catch (error) {
        if (!asking.signal.aborted) {
          throw error;
        }
      } finally {
        this._asking = null;
      }
    });
    if (asking.signal.aborted && this.state.help === null) {
      this.set({ help: before.help, problem: before.problem });
      // The server may have been quicker than the learner.
      await this._readFacts();
    }
  }

  /** Takes back the request for a hint that is under way; the server stops working on it. */
  cancelHint(): void {
    this._asking?.abort();
  }

  /** Stores what the learner thinks of a hint; a remark goes with it. Raises TutorError. */
  async rate(hint: string, mark: FeedbackMark, text: string): Promise<void> {
    const feedback = await this.client.rate(hint, mark, text, newKey());
    this._change(hint, { feedback });
  }

  /** Takes back what the learner said of a hint. Raises TutorError. */
  async unrate(hint: string): Promise<void> {
    await this.client.unrate(hint);
    this._change(hint, { feedback: null });
  }

  /** Stores why the code of a bottom-out works, in the learner's words. Raises TutorError. */
  async explain(hint: string, text: string): Promise<void> {
    const explanation = await this.client.explain(hint, text, newKey());
    this._change(hint, { explanation });
    const { facts } = this.state;
    if (facts?.ladder.to_explain === hint) {
      const ladder = { ...facts.ladder, to_explain: null, explain: '' };
      this.set({ facts: this._helped(facts.hints, ladder) });
    }
    this._settled.emit();
  }

  private _change(id: string, change: Partial<Hint>): void {
    this.set(withHint(this.state, id, change));
  }

  private _helped(hints: Hint[], ladder: Ladder): Exercise | null {
    const { facts } = this.state;
    return facts && { ...facts, hints, ladder };
  }

  /** Goes on waiting for a run or a grade that has not settled yet. */
  private async _resume(): Promise<void> {
    const { last_attempt: attempt, last_submission: submission } = this.state.facts ?? {};
    if (submission && pending(submission)) {
      await this._act('submitting', () => this._awaitSubmission(submission));
    } else if (attempt && pending(attempt)) {
      await this._act('checking', () => this._awaitAttempt(attempt));
    }
  }

  /** Learns how far answers are kept apart, which is told beside results; silently, if at all. */
  private async _learnIsolation(): Promise<void> {
    try {
      this.set({ limitsOnly: (await this.client.isolation()) === 'limits' });
    } catch (error) {
      if (!(error instanceof TutorError)) {
        throw error;
      }
    }
  }

  private async _awaitAttempt(begun: Attempt): Promise<void> {
    const attempt = await this._awaitSettled(begun, row =>
      this.client.awaitCheck(row.id, row.position, this._abort.signal)
    );
    this.set({ attempt, shown: 'attempt' });
    await this._refresh();
  }

  private async _awaitSubmission(begun: Submission): Promise<void> {
    const submission = await this._awaitSettled(begun, row =>
      this.client.awaitSubmission(row.id, row.position, this._abort.signal)
    );
    this.set({ submission, shown: 'submission' });
    await this._refresh();
  }

  private async _awaitSettled<T extends Attempt | Submission>(
    begun: T,
    ask: (row: T) => Promise<T>
  ): Promise<T> {
    let row = begun;
    while (pending(row) && !this.isDisposed) {
      const asked = Date.now();
      const before = row;
      this._tellPlace(before);
      row = await this._persist(() => ask(before));
      if (pending(row) && Date.now() - asked < PACE_SECONDS * 1000) {
        await this.pause(PACE_SECONDS, this._abort.signal);
      }
    }
    return row;
  }

  private _tellPlace(row: Attempt | Submission): void {
    const queued = row.position ? row.message : '';
    if (queued !== this.state.queued) {
      this.set({ queued });
    }
  }

  private async _refresh(): Promise<void> {
    if (this.isDisposed) {
      return;
    }
    const facts = await this._persist(() => this.client.exercise(this.course, this.exercise));
    this.set({ facts });
    this._settled.emit();
    await this._learnIsolation();
  }

  private _adopt(facts: Exercise): void {
    this.set(adopted(this.state, facts));
  }

  /** Does one thing at a time; a refusal becomes the problem that the views show. */
  private async _act(activity: NonNullable<Activity>, work: () => Promise<void>): Promise<void> {
    if (this.state.activity !== null || this.isDisposed) {
      return;
    }
    this.set({ activity, since: Date.now(), queued: '', problem: null, help: null });
    let problem: IProblem | null = null;
    try {
      await work();
    } catch (error) {
      if (!(error instanceof TutorError)) {
        throw error;
      }
      problem = problemOf(error, false);
      if (error.code === REVISION_CHANGED) {
        await this._readFacts();
      }
    } finally {
      this.set({ activity: null, problem });
    }
    if (this._behind) {
      this._behind = false;
      // What was said of this activity stays to be read, so nothing but the facts is taken over.
      await this._readFacts();
    }
  }

  /** Reads the facts anew without a word: what is told in the views stays, a refusal for instance. */
  private async _readFacts(): Promise<void> {
    try {
      this._adopt(await this.client.exercise(this.course, this.exercise));
    } catch (error) {
      if (!(error instanceof TutorError)) {
        throw error;
      }
      // Nobody asked for this; the next look at the exercise brings the facts.
    }
  }

  /** Repeats a request while the server is away, with growing pauses, until it answers. */
  private async _persist<T>(
    request: () => Promise<T>,
    signal: AbortSignal = this._abort.signal
  ): Promise<T> {
    const isOver = (): boolean => signal.aborted;
    for (let tries = 0; ; tries++) {
      try {
        const answer = await request();
        if (this.state.problem !== null) {
          this.set({ problem: null });
        }
        return answer;
      } catch (error) {
        if (!(error instanceof TutorError) || !error.retriable || isOver()) {
          throw error;
        }
        this.set({ problem: problemOf(error, true) });
        await this._patience.wait(tries, signal);
        if (isOver()) {
          throw error;
        }
      }
    }
  }

  protected override next(change: Partial<IExerciseState>): IExerciseState {
    return changed(this.state, change);
  }

  private readonly _settled = new Signal<this, void>(this);
  private readonly _abort = new AbortController();
  private readonly _patience: Patience;
  /** Ends the request for a hint that is under way. */
  private _asking: AbortController | null = null;
  /** Something was done elsewhere in the middle of what is done here. */
  private _behind = false;
}
