import type { TranslationBundle } from '@jupyterlab/translation';
import type { ReactElement } from 'react';

import type { Ladder, Submission } from '../api/types';
import type { IExerciseState, IProblem } from '../model/state';
import type { Elsewhere } from './card';
import { Prose } from './prose';
import { UNSEEN } from './asking';
import { counting, useElapsed, useLate, useRemaining } from './timing';
import { openNow } from './words';

type Verdict = Submission['evaluations'][number]['verdict'];

/**
 * The one live region of a card: what is under way, what came of it, or what went wrong. It is always
 * there, since a region that comes together with its text is not read out.
 */
export function Status(props: {
  state: IExerciseState;
  trouble: string;
  /** Whether the notebook could not be saved with what was sent. */
  unsaved: boolean;
  /** Whether somebody else left another answer in the notebook's file. */
  elsewhere: Elsewhere;
  trans: TranslationBundle;
}): ReactElement {
  const { state, trouble, unsaved, elsewhere, trans } = props;
  const elapsed = useElapsed(state.since, state.activity !== null);
  const late = useLate(state.activity === 'hinting', UNSEEN);
  const problem = trouble || (state.problem ? problemText(state.problem, trans) : '');
  const refusal = problem ? null : refusalOf(state);
  const seconds = useRemaining(refusal, state.ladderSince);
  const said = problem || (seconds === 0 ? openNow(trans) : statusText(state, late, trans));
  const warning = unsaved
    ? trans.__(
        'The notebook could not be saved: what you wrote is in this page, but not in its file yet.'
      )
    : '';
  return (
    <div className={problem ? 'jp-tutor-status jp-tutor-mod-problem' : 'jp-tutor-status'}>
      <span
        role="status"
        aria-live="polite"
        aria-atomic="true"
        className={seconds === null ? '' : 'jp-tutor-hidden'}
      >
        <Prose text={[said, warning, elsewhereText(elsewhere, trans)].filter(Boolean).join(' ')} />
      </span>
      {refusal && seconds !== null ? (
        // Who listens has heard it once, and not again with every second.
        <span aria-hidden="true">
          <Prose text={seconds === 0 ? openNow(trans) : counting(refusal.reason, seconds)} />
        </span>
      ) : null}
      {elapsed >= 2 ? (
        <span className="jp-tutor-elapsed" aria-hidden="true">
          {trans.__('%1 s', elapsed)}
        </span>
      ) : null}
    </div>
  );
}

/** The ladder that gave no hint to the latest request for one, or null. */
export function refusalOf({ activity, facts, help, problem }: IExerciseState): Ladder | null {
  const idle = activity === null && problem === null;
  return idle && help !== null && help.hint === null ? (facts?.ladder ?? help.ladder) : null;
}

/** The verdict on a submission that counts: the newest. */
export function lastVerdict(submission: Submission | null): Verdict {
  return submission?.evaluations.at(-1)?.verdict ?? null;
}

function elsewhereText(elsewhere: Elsewhere, trans: TranslationBundle): string {
  switch (elsewhere) {
    case '':
      return '';
    case 'newer':
      return trans.__(
        'This notebook was changed elsewhere, in another tab or on disk: its file has another answer than this page. Reload to see that one.'
      );
    case 'unsaved':
      return trans.__(
        'This notebook was changed elsewhere, in another tab or on disk: its file has another answer than this page, and what you wrote here is not saved. Reload to see that one: yours is kept in a copy.'
      );
  }
}

function problemText(problem: IProblem, trans: TranslationBundle): string {
  const message =
    problem.code === 'network' ? trans.__('The tutor cannot be reached.') : problem.message;
  if (problem.waiting) {
    return `${message} ${trans.__('Nothing is lost: it is tried again until the tutor answers.')}`;
  }
  return problem.unread
    ? trans.__('The exercise cannot be loaded now, try again. (%1)', message)
    : message;
}

function statusText(state: IExerciseState, late: boolean, trans: TranslationBundle): string {
  switch (state.activity) {
    case 'loading':
      return trans.__('Loading…');
    case 'checking':
      return state.queued || trans.__('Running the tests…');
    case 'submitting':
      return state.queued || trans.__('Submitting and grading…');
    case 'hinting':
      // A hint that is there at once has no time to be looked for.
      return late ? trans.__('Looking for a hint…') : outcomeText(state, trans);
    case null:
      return outcomeText(state, trans);
  }
}

function outcomeText(state: IExerciseState, trans: TranslationBundle): string {
  const { facts, help } = state;
  if (help?.hint) {
    return [resultText(state), trans.__('A new hint is below.')].filter(Boolean).join(' ');
  }
  if (help !== null) {
    const waited = help.ladder.next_level === null;
    const opened = facts !== null && facts.ladder.next_level !== null;
    return waited && opened ? openNow(trans) : (facts ?? help).ladder.reason;
  }
  return resultText(state);
}

function resultText({ shown, submission, attempt }: IExerciseState): string {
  if (shown === 'submission' && submission) {
    return lastVerdict(submission)?.summary ?? submission.message;
  }
  if (shown === 'attempt' && attempt) {
    return attempt.verdict?.summary ?? attempt.message;
  }
  return '';
}
