import { TutorError } from '../api/client';
import type { IScope, TeachingClient } from '../api/teaching';
import type { AllSettings } from '../api/types';
import { Observed } from '../model/observed';
import type { IDraft } from './drafts';
import { NOTHING, same, toDraft, toSettings } from './drafts';
import { saidFor } from './inherited';
import { Loaded } from './loaded';

/** What became of the last attempt to save. */
export interface IOutcome {
  /** "" where nothing was saved since the last change. */
  state: '' | 'saving' | 'saved' | 'failed';
  /** What the server refused, in its words. */
  problem: string;
  /** The field that is meant, such as "most_hints" or "costs.nudge", or "". */
  field: string;
}

const QUIET: IOutcome = { state: '', problem: '', field: '' };

/**
 * The settings of help as they are being changed. What was typed stays until it is saved, whatever
 * else is looked at meanwhile.
 */
export class SettingsDesk extends Observed {
  constructor(private readonly client: TeachingClient) {
    super();
    this.stored = new Loaded(() => client.settings(), null);
    this.stored.changed.connect(this.emit, this);
  }

  /** All that is said in the course. */
  readonly stored: Loaded<AllSettings>;

  /** Whom the form is for. */
  get scope(): IScope {
    return this._scope;
  }

  choose(scope: IScope): void {
    this._scope = scope;
    this.emit();
  }

  /** What the form says. */
  get draft(): IDraft {
    return this._drafts.get(keyOf(this._scope)) ?? this._said();
  }

  get outcome(): IOutcome {
    return this._outcomes.get(keyOf(this._scope)) ?? QUIET;
  }

  /** Whether the form says something that is not stored. */
  get dirty(): boolean {
    return !same(this.draft, this._said());
  }

  change(change: Partial<IDraft>): void {
    const key = keyOf(this._scope);
    this._drafts.set(key, { ...this.draft, ...change });
    this._outcomes.delete(key);
    this.emit();
  }

  /** Takes back what was typed and not saved. */
  revert(): void {
    const key = keyOf(this._scope);
    this._drafts.delete(key);
    this._outcomes.delete(key);
    this.emit();
  }

  /** Has the form say nothing, which leaves everything to the more general; it is to be saved yet. */
  clear(): void {
    this.change(toDraft(NOTHING));
  }

  async save(): Promise<void> {
    const [scope, draft] = [this._scope, this.draft];
    const key = keyOf(scope);
    if (this.outcome.state === 'saving') {
      return;
    }
    this._settle(key, { ...QUIET, state: 'saving' });
    try {
      const stored = await this.client.saveSettings(scope, toSettings(draft));
      // What was typed meanwhile is not saved yet.
      const untouched = (this._drafts.get(key) ?? draft) === draft;
      if (untouched) {
        this._drafts.delete(key);
      }
      this.stored.take(stored);
      this._settle(key, untouched ? { ...QUIET, state: 'saved' } : QUIET);
    } catch (error) {
      if (!(error instanceof TutorError)) {
        throw error;
      }
      const field = fieldOf(error);
      // It stands beside its field, which people know by another name.
      const problem = field ? error.message.replace(`${field}: `, '') : error.message;
      this._settle(key, { state: 'failed', problem, field });
    }
  }

  private _said(): IDraft {
    return toDraft(saidFor(this.stored.value?.settings ?? [], this._scope));
  }

  private _settle(key: string, outcome: IOutcome): void {
    this._outcomes.set(key, outcome);
    this.emit();
  }

  private readonly _drafts = new Map<string, IDraft>();
  private readonly _outcomes = new Map<string, IOutcome>();
  private _scope: IScope = {};
}

/** The field that a refusal is about: told apart from its words, or before the colon. */
export function fieldOf(error: TutorError): string {
  const { field } = error.details;
  return typeof field === 'string' ? field : (/^([a-z_.]+): /.exec(error.message)?.[1] ?? '');
}

function keyOf(scope: IScope): string {
  return JSON.stringify([scope.exercise ?? null, scope.learner ?? null]);
}
