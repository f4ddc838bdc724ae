import type { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import type { TranslationBundle } from '@jupyterlab/translation';
import { UseSignal } from '@jupyterlab/ui-components';
import type { ReactElement } from 'react';
import { useId } from 'react';

import type { Exercise, Hint, Responses, Submission } from '../api/types';
import type { ExerciseSession, IExerciseState } from '../model/session';
import { Markdown } from './markdown';
import { Quiz } from './quiz';
import type { Reveal } from './results';
import { format, Results } from './results';
import { useElapsed } from './timing';

/** What the card asks of the notebook it stands in. */
export interface ICardHost {
  run: () => void;
  submit: () => void;
  hint: () => void;
  reveal: Reveal;
  /** Brings a newer version of the lesson into the notebook. */
  updateLesson: () => void;
  responses: Responses;
  setResponses: (responses: Responses) => void;
  /** Why the answer cannot be found in the notebook, or "". */
  trouble: string;
}

interface IProps {
  session: ExerciseSession;
  host: ICardHost;
  rendermime: IRenderMimeRegistry;
  trans: TranslationBundle;
}

/** The card of an exercise: facts, buttons, results, hints and the grade. */
export function Card(props: IProps): ReactElement {
  return (
    <UseSignal signal={props.session.changed}>
      {() => <Contents {...props} state={props.session.state} />}
    </UseSignal>
  );
}

function Contents(props: IProps & { state: IExerciseState }): ReactElement {
  const { state, host, trans, rendermime, session } = props;
  const { facts, activity } = state;
  const name = useId();
  const elapsed = useElapsed(state.since, activity !== null);
  const title = facts?.title ?? session.exercise;
  const shown =
    state.shown === 'submission' ? lastVerdict(state.submission) : state.attempt?.verdict;
  const busy = activity !== null;
  return (
    <section
      className="jp-tutor-card"
      aria-label={trans.__('Exercise: %1', title)}
      aria-busy={busy}
      data-exercise={session.exercise}
    >
      <header className="jp-tutor-card-header">
        <h3>{title}</h3>
        {facts ? <Facts facts={facts} trans={trans} /> : null}
      </header>
      {facts && facts.questions.length > 0 ? (
        <Quiz
          name={name}
          questions={facts.questions}
          responses={host.responses}
          disabled={activity === 'submitting'}
          rendermime={rendermime}
          trans={trans}
          onChange={host.setResponses}
        />
      ) : null}
      <div className="jp-tutor-actions" role="group" aria-label={trans.__('Actions')}>
        <Action onClick={host.run} disabled={busy || !facts} kind="accept">
          {trans.__('Run tests')}
        </Action>
        <Action onClick={host.hint} disabled={busy || !facts}>
          {trans.__('Hint')}
        </Action>
        <Action onClick={host.submit} disabled={busy || facts?.closed !== ''}>
          {trans.__('Submit')}
        </Action>
        <span className="jp-tutor-status" role="status" aria-live="polite">
          {statusText(state, trans)}
        </span>
        {busy && elapsed >= 2 ? (
          <span className="jp-tutor-elapsed" aria-hidden="true">
            {trans.__('%1 s', elapsed)}
          </span>
        ) : null}
      </div>
      <Problem {...props} />
      {host.trouble ? (
        <p className="jp-tutor-problem" role="alert">
          {host.trouble}
        </p>
      ) : null}
      {facts?.closed ? <p className="jp-tutor-note">{facts.closed}</p> : null}
      {state.submission && state.shown === 'submission' ? (
        <Grade submission={state.submission} trans={trans} />
      ) : null}
      {shown ? <Results verdict={shown} trans={trans} reveal={host.reveal} /> : null}
      {facts ? <Hints facts={facts} trans={trans} rendermime={rendermime} /> : null}
    </section>
  );
}

function Facts({ facts, trans }: { facts: Exercise; trans: TranslationBundle }): ReactElement {
  const tries = facts.max_submissions
    ? trans.__('%1 of %2 submissions used', facts.submissions, facts.max_submissions)
    : trans._n('%1 submission', '%1 submissions', facts.submissions);
  return (
    <ul className="jp-tutor-facts" aria-label={trans.__('About this exercise')}>
      <li>{kindWord(facts.kind, trans)}</li>
      <li>{trans._n('%1 point', '%1 points', facts.points)}</li>
      <li>{trans._n('%1 test', '%1 tests', facts.public_tests + facts.secret_tests)}</li>
      <li>{tries}</li>
      {facts.due_at ? <li>{trans.__('Due %1', new Date(facts.due_at).toLocaleString())}</li> : null}
      {facts.best_score === null ? null : (
        <li className="jp-tutor-best">{trans.__('Best: %1%', percent(facts.best_score))}</li>
      )}
    </ul>
  );
}

function Action(props: {
  onClick: () => void;
  disabled: boolean;
  kind?: 'accept';
  children: string;
}): ReactElement {
  // A button that is only marked as disabled keeps the keyboard's focus while it is busy.
  return (
    <button
      type="button"
      className={`jp-tutor-button jp-mod-styled ${props.kind ? 'jp-mod-accept' : ''}`}
      aria-disabled={props.disabled}
      onClick={() => {
        if (!props.disabled) {
          props.onClick();
        }
      }}
    >
      {props.children}
    </button>
  );
}

function Problem({ state, host, trans }: IProps & { state: IExerciseState }): ReactElement | null {
  const { problem } = state;
  if (problem === null) {
    return null;
  }
  return (
    <div className="jp-tutor-problem" role="alert">
      <p>{problem.message}</p>
      {problem.waiting ? (
        <p>{trans.__('Nothing is lost: it is tried again by itself until the tutor answers.')}</p>
      ) : null}
      {problem.code === 'revision_changed' ? (
        <button type="button" className="jp-tutor-button jp-mod-styled" onClick={host.updateLesson}>
          {trans.__('Update lesson')}
        </button>
      ) : null}
    </div>
  );
}

function Grade(props: { submission: Submission; trans: TranslationBundle }): ReactElement | null {
  const { submission, trans } = props;
  if (submission.score === null) {
    return submission.message ? <p className="jp-tutor-note">{submission.message}</p> : null;
  }
  return (
    <p className="jp-tutor-grade">
      <strong>
        {trans.__(
          '%1 of %2 points',
          format(submission.points_earned ?? 0),
          format(submission.points_possible)
        )}
      </strong>{' '}
      {trans.__(
        'Submission %1, %2',
        submission.number,
        new Date(submission.submitted_at).toLocaleString()
      )}
    </p>
  );
}

function Hints(props: {
  facts: Exercise;
  trans: TranslationBundle;
  rendermime: IRenderMimeRegistry;
}): ReactElement | null {
  const { facts, trans, rendermime } = props;
  if (facts.hints.length === 0) {
    return null;
  }
  return (
    <section className="jp-tutor-hints" aria-label={trans.__('Hints')}>
      <h4>{trans.__('Hints')}</h4>
      <ol>
        {facts.hints.map(hint => (
          <li key={hint.id}>
            <span className="jp-tutor-tag">{levelWord(hint, trans)}</span>{' '}
            <span className="jp-tutor-source">{sourceWord(hint, trans)}</span>
            <Markdown text={hint.text} rendermime={rendermime} />
          </li>
        ))}
      </ol>
      {facts.ladder.reason ? <p className="jp-tutor-note">{facts.ladder.reason}</p> : null}
    </section>
  );
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
      break;
  }
  if (state.shown === 'submission' && state.submission) {
    return lastVerdict(state.submission)?.summary ?? state.submission.message;
  }
  if (state.shown === 'attempt' && state.attempt) {
    return state.attempt.verdict?.summary ?? state.attempt.message;
  }
  return '';
}

function lastVerdict(submission: Submission | null): Submission['evaluations'][number]['verdict'] {
  return submission?.evaluations.at(-1)?.verdict ?? null;
}

function percent(score: number): number {
  return Math.floor(score * 100);
}

function kindWord(kind: Exercise['kind'], trans: TranslationBundle): string {
  switch (kind) {
    case 'coding':
      return trans.__('Coding');
    case 'debugging':
      return trans.__('Debugging');
    case 'quiz':
      return trans.__('Quiz');
    case 'project':
      return trans.__('Project');
    case 'review':
      return trans.__('Review');
  }
}

function levelWord(hint: Hint, trans: TranslationBundle): string {
  switch (hint.level_name) {
    case 'result':
      return trans.__('Result');
    case 'nudge':
      return trans.__('Nudge');
    case 'concept':
      return trans.__('Concept');
    case 'pointer':
      return trans.__('Pointer');
    case 'steps':
      return trans.__('Steps');
    case 'bottom-out':
      return trans.__('Bottom-out');
  }
}

function sourceWord(hint: Hint, trans: TranslationBundle): string {
  switch (hint.source) {
    case 'author':
      return trans.__('from the author');
    case 'rules':
      return trans.__('by rules');
    case 'model':
      return trans.__('by AI: may be wrong');
  }
}
