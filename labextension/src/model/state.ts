import type { TutorError } from '../api/client';
import type { Attempt, Exercise, HelpGiven, Hint, Submission } from '../api/types';

/** What is under way for an exercise. */
export type Activity = 'loading' | 'checking' | 'submitting' | 'hinting' | null;

/**
 * Something went wrong; `waiting` says that it is tried again by itself, `unread` that the exercise
 * could not be found or read just now, so that it may help to ask for it again.
 */
export interface IProblem {
  code: string;
  message: string;
  waiting: boolean;
  unread: boolean;
}

/** Everything a view of an exercise shows. */
export interface IExerciseState {
  facts: Exercise | null;
  /** When the ladder of hints came from the server, in milliseconds since the epoch. */
  ladderSince: number;
  activity: Activity;
  /** When the activity began, in milliseconds since the epoch. */
  since: number;
  /** Where what is under way stands in the queue, in words; empty when nothing goes before it. */
  queued: string;
  /** The latest run that settled: what is shown stays until there is something newer to show. */
  attempt: Attempt | null;
  /** The latest submission that settled. */
  submission: Submission | null;
  /** Which of the two the results table shows. */
  shown: 'attempt' | 'submission' | null;
  /** Whether answers run with limits on what they take and nothing else to keep them apart. */
  limitsOnly: boolean;
  /** What the latest request for a hint gave, until something else is asked for. */
  help: HelpGiven | null;
  problem: IProblem | null;
}

/** What is known before anything was read. */
export const BEGINNING: IExerciseState = {
  facts: null,
  ladderSince: 0,
  activity: null,
  since: 0,
  queued: '',
  attempt: null,
  submission: null,
  shown: null,
  limitsOnly: false,
  help: null,
  problem: null
};

/** Changes a state; a ladder that is new is counted from now on. */
export function changed(state: IExerciseState, change: Partial<IExerciseState>): IExerciseState {
  const ladder = change.facts?.ladder;
  const ladderSince = ladder && ladder !== state.facts?.ladder ? Date.now() : state.ladderSince;
  return { ...state, ladderSince, ...change };
}

/** Takes over what the server says, and what settled since: that is shown then. */
export function adopted(state: IExerciseState, facts: Exercise): Partial<IExerciseState> {
  const attempt = settledOr(facts.last_attempt, state.attempt);
  const submission = settledOr(facts.last_submission, state.submission);
  const moved = attempt?.id !== state.attempt?.id || submission?.id !== state.submission?.id;
  return { facts, attempt, submission, shown: moved ? newest(attempt, submission) : state.shown };
}

/** Changes one hint. */
export function withHint(
  { facts }: IExerciseState,
  id: string,
  change: Partial<Hint>
): Partial<IExerciseState> {
  const hints = facts?.hints.map(hint => (hint.id === id ? { ...hint, ...change } : hint));
  return facts && hints ? { facts: { ...facts, hints } } : {};
}

/** What a view shows of something that went wrong. */
export function problemOf(error: TutorError, waiting: boolean): IProblem {
  const unread = error.status === 404 || error.status >= 500;
  return { code: error.code, message: error.message, waiting, unread };
}

/** Whether a run or a grade has not settled yet. */
export function pending(row: { status: string }): boolean {
  return row.status === 'queued' || row.status === 'running';
}

function settledOr<T extends { status: string }>(row: T | null, before: T | null): T | null {
  return row !== null && !pending(row) ? row : before;
}

function newest(
  attempt: Attempt | null,
  submission: Submission | null
): 'attempt' | 'submission' | null {
  if (attempt === null || submission === null) {
    return attempt ? 'attempt' : submission ? 'submission' : null;
  }
  return Date.parse(attempt.created_at) > Date.parse(submission.submitted_at)
    ? 'attempt'
    : 'submission';
}
