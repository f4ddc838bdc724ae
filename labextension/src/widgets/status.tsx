import type { TranslationBundle } from '@jupyterlab/translation';
import type { ReactElement } from 'react';

import type { Submission } from '../api/types';
import type { IExerciseState, IProblem } from '../model/session';
import { Prose } from './prose';
import { useElapsed } from './timing';

type Verdict = Submission['evaluations'][number]['verdict'];

/**
 * The one live region of a card: what is under way, what came of it, or what went wrong. It is always
 * there, since a region that comes together with its text is not read out.
 */
export function Status(props: {
  state: IExerciseState;
  trouble: string;
  trans: TranslationBundle;
}): ReactElement {
  const { state, trouble, trans } = props;
  const elapsed = useElapsed(state.since, state.activity !== null);
  const problem = trouble || (state.problem ? problemText(state.problem, trans) : '');
  return (
    <div className={problem ? 'jp-tutor-status jp-tutor-mod-problem' : 'jp-tutor-status'}>
      <span role="status" aria-live="polite" aria-atomic="true">
        <Prose text={problem || statusText(state, trans)} />
      </span>
      {elapsed >= 2 ? (
        <span className="jp-tutor-elapsed" aria-hidden="true">
          {trans.__('%1 s', elapsed)}
        </span>
      ) : null}
    </div>
  );
}

/** The verdict on a submission that counts: the newest. */
export function lastVerdict(submission: Submission | null): Verdict {
  return submission?.evaluations.at(-1)?.verdict ?? null;
}

function problemText(problem: IProblem, trans: TranslationBundle): string {
  const message =
    problem.code === 'network' ? trans.__('The tutor cannot be reached.') : problem.message;
  return problem.waiting
    ? `${message} ${trans.__('Nothing is lost: it is tried again until the tutor answers.')}`
    : message;
}

function statusText(state: IExerciseState, trans: TranslationBundle): string {
  switch (state.activity) {
    case 'loading':
      return trans.__('Loading…');
    case 'checking':
      return trans.__('Running the tests…');
    case 'submitting':
      return trans.__('Submitting and grading…');
    case 'hinting':
      return trans.__('Looking for a hint…');
    case null:
      return outcomeText(state, trans);
  }
}

function outcomeText(state: IExerciseState, trans: TranslationBundle): string {
  const { help, submission, attempt } = state;
  if (help !== null) {
    return help.hint ? trans.__('A new hint is below.') : help.ladder.reason;
  }
  if (state.shown === 'submission' && submission) {
    return lastVerdict(submission)?.summary ?? submission.message;
  }
  if (state.shown === 'attempt' && attempt) {
    return attempt.verdict?.summary ?? attempt.message;
  }
  return '';
}
