import type { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import type { TranslationBundle } from '@jupyterlab/translation';
import { UseSignal } from '@jupyterlab/ui-components';
import type { ISignal } from '@lumino/signaling';
import type { ReactElement } from 'react';
import { useId } from 'react';

import type { Exercise, Responses, Submission } from '../api/types';
import type { ExerciseSession } from '../model/session';
import type { IExerciseState } from '../model/state';
import type { CourseConsent } from '../model/consents';
import { Action } from './action';
import { Ask } from './asking';
import { Boundary } from './boundary';
import { Hints } from './hints';
import { Prose } from './prose';
import { Quiz } from './quiz';
import type { Reveal } from './results';
import { Released } from './released';
import { Results } from './results';
import { lastVerdict, refusalOf, Status } from './status';
import { format, kindWord, moment, percent } from './words';

/** Whether the file has an answer that somebody else left, and whether what stands here is unsaved. */
export type Elsewhere = '' | 'newer' | 'unsaved';

/** What the card asks of the notebook it stands in. */
export interface ICardHost {
  /** Emits when what the notebook says has changed: responses, revision, trouble. */
  readonly changed: ISignal<unknown, void>;
  readonly run: () => void;
  readonly submit: () => void;
  readonly hint: () => void;
  /** Opens another exercise of the course. */
  readonly openExercise: (exercise: string) => void;
  /** What the learner said about the language model, or null where nobody asks. */
  readonly consent: CourseConsent | null;
  readonly reveal: Reveal;
  /** Reads the exercise anew after it could not be read. */
  readonly reload: () => void;
  /** Brings a newer version of the lesson into the notebook. */
  readonly updateLesson: () => void;
  readonly setResponses: (responses: Responses) => void;
  readonly responses: Responses;
  /** The revision the notebook was made from, where it says so. */
  readonly revision: string | null;
  /** Why the answer cannot be found in the notebook, or "". */
  readonly trouble: string;
  /** Whether the notebook could not be saved with what was sent. */
  readonly unsaved: boolean;
  readonly elsewhere: Elsewhere;
  /** Reads the notebook's file again; nothing that was written here is lost. */
  readonly reread: () => void;
  /** Where that was kept what was not saved then, or "". */
  readonly copy: string;
  readonly openCopy: () => void;
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
    <Boundary trans={props.trans} again={props.host.reload}>
      <UseSignal signal={props.session.changed}>
        {() => (
          <UseSignal signal={props.host.changed}>
            {() => <Contents {...props} state={props.session.state} />}
          </UseSignal>
        )}
      </UseSignal>
    </Boundary>
  );
}

function Contents(props: IProps & { state: IExerciseState }): ReactElement {
  const { state, host, trans, rendermime, session } = props;
  const { facts, activity } = state;
  const name = useId();
  const graded = state.shown === 'submission' ? state.submission : null;
  const verdict = graded ? lastVerdict(graded) : state.attempt?.verdict;
  const old = activity === 'checking' || activity === 'submitting' ? 'jp-tutor-mod-old' : '';
  return (
    <section
      className="jp-tutor-card"
      aria-labelledby={`${name}-title`}
      data-exercise={session.exercise}
    >
      <header className="jp-tutor-card-header">
        <h3 id={`${name}-title`}>{facts?.title ?? session.exercise}</h3>
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
      <Actions {...props} name={name} passed={verdict?.passed ?? false} />
      {facts?.closed ? (
        <p id={`${name}-closed`} className="jp-tutor-note">
          {facts.closed}
        </p>
      ) : null}
      <File host={host} trans={trans} />
      <Offers {...props} />
      {old && verdict ? (
        <p className="jp-tutor-note">{trans.__('Below are the results of the run before.')}</p>
      ) : null}
      {graded ? (
        <div className={old}>
          <Grade submission={graded} trans={trans} />
          {graded.review ? <Released review={graded.review} trans={trans} /> : null}
        </div>
      ) : null}
      {facts ? (
        <Hints
          session={session}
          state={state}
          facts={facts}
          consent={host.consent}
          openExercise={host.openExercise}
          reason={`${name}-reason`}
          told={host.trouble === '' && refusalOf(state) !== null}
          passed={verdict?.passed ?? false}
          trans={trans}
          rendermime={rendermime}
        />
      ) : null}
      {verdict ? (
        <div className={old}>
          <Results
            verdict={verdict}
            answers={facts?.answer_cells ?? []}
            questions={facts?.questions ?? []}
            rendermime={rendermime}
            reveal={host.reveal}
            trans={trans}
          />
        </div>
      ) : null}
      {verdict && state.limitsOnly ? (
        <p className="jp-tutor-note">
          {trans.__(
            'Weaker evidence: on this computer answers run with limits only, and nothing else keeps them apart from the tests.'
          )}
        </p>
      ) : null}
    </section>
  );
}

function Facts({ facts, trans }: { facts: Exercise; trans: TranslationBundle }): ReactElement {
  const tests = facts.public_tests + facts.secret_tests;
  return (
    <ul className="jp-tutor-facts" aria-label={trans.__('About this exercise')}>
      <li>{kindWord(facts.kind, trans)}</li>
      <li>{trans._n('%1 point', '%1 points', facts.points)}</li>
      {facts.kind === 'quiz' ? null : <li>{trans._n('%1 test', '%1 tests', tests)}</li>}
      <li>{tries(facts, trans)}</li>
      {facts.due_at ? (
        <li>
          <time dateTime={facts.due_at}>{trans.__('Due %1', moment(facts.due_at))}</time>
        </li>
      ) : null}
      {facts.best_score === null ? null : (
        <li className="jp-tutor-best">{trans.__('Best %1%', percent(facts.best_score))}</li>
      )}
    </ul>
  );
}

function tries(facts: Exercise, trans: TranslationBundle): string {
  if (facts.max_submissions !== null) {
    return trans.__('%1 of %2 submissions used', facts.submissions, facts.max_submissions);
  }
  return facts.submissions === 0
    ? trans.__('Not submitted yet')
    : trans._n('%1 submission', '%1 submissions', facts.submissions);
}

function Actions(
  props: IProps & { state: IExerciseState; name: string; passed: boolean }
): ReactElement {
  const { session, state, host, trans, name, passed } = props;
  const { facts } = state;
  const unready = state.activity !== null || facts === null;
  const closed = facts !== null && facts.closed !== '';
  return (
    <div className="jp-tutor-actions">
      <div className="jp-tutor-buttons" role="group" aria-label={trans.__('Actions')}>
        <Action onClick={host.run} disabled={unready} className="jp-mod-accept">
          {facts?.kind === 'quiz' ? trans.__('Check answers') : trans.__('Run tests')}
        </Action>
        <Action
          onClick={host.submit}
          disabled={unready || closed}
          describedBy={closed ? `${name}-closed` : undefined}
        >
          {trans.__('Submit')}
        </Action>
        <Ask
          session={session}
          state={state}
          onAsk={host.hint}
          reason={`${name}-reason`}
          passed={passed}
          trans={trans}
        />
      </div>
      <Status
        state={state}
        trouble={host.trouble}
        unsaved={host.unsaved}
        elsewhere={host.elsewhere}
        trans={trans}
      />
    </div>
  );
}

/** What the learner can do where somebody else changed the notebook; the status says that. */
function File({ host, trans }: Pick<IProps, 'host' | 'trans'>): ReactElement | null {
  if (host.elsewhere) {
    return (
      <p className="jp-tutor-offer">
        <Action onClick={host.reread}>
          {host.elsewhere === 'unsaved' ? trans.__('Keep a copy and reload') : trans.__('Reload')}
        </Action>
      </p>
    );
  }
  return host.copy ? (
    <p className="jp-tutor-offer">
      <span>{trans.__('What was written here before is in “%1”.', host.copy)}</span>
      <Action onClick={host.openCopy}>{trans.__('Open it')}</Action>
    </p>
  ) : null;
}

/** What the learner can do about a problem, or about a lesson that has been improved. */
function Offers(props: IProps & { state: IExerciseState }): ReactElement | null {
  const { state, host, trans, session } = props;
  const { facts, problem, activity } = state;
  if (problem?.waiting) {
    return (
      <p className="jp-tutor-offer">
        <Action
          onClick={() => {
            session.hurry();
          }}
          disabled={false}
        >
          {trans.__('Try now')}
        </Action>
      </p>
    );
  }
  if (problem !== null && activity === null && (facts === null || problem.unread)) {
    return (
      <p className="jp-tutor-offer">
        <Action onClick={host.reload} disabled={false}>
          {trans.__('Try again')}
        </Action>
      </p>
    );
  }
  if (facts === null || host.revision === null || host.revision === facts.revision) {
    return null;
  }
  return (
    <p className="jp-tutor-offer">
      <span>{trans.__('There is a newer version of this exercise. Your answers are kept.')}</span>
      <Action onClick={host.updateLesson} disabled={activity !== null}>
        {trans.__('Update lesson')}
      </Action>
    </p>
  );
}

function Grade(props: { submission: Submission; trans: TranslationBundle }): ReactElement {
  const { submission, trans } = props;
  const feedback = submission.evaluations.at(-1)?.feedback ?? '';
  return (
    <section className="jp-tutor-grade" aria-label={trans.__('Grade')}>
      {submission.score === null ? null : (
        <p className="jp-tutor-grade-points">
          {trans.__(
            '%1 of %2 points',
            format(submission.points_earned ?? 0),
            format(submission.points_possible)
          )}
        </p>
      )}
      <p className="jp-tutor-quiet">
        {trans.__('Submission %1, %2', submission.number, moment(submission.submitted_at))}
      </p>
      {feedback ? (
        <p className="jp-tutor-feedback">
          <Prose text={feedback} />
        </p>
      ) : null}
    </section>
  );
}
