import type { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { ReactElement } from 'react';
import { useId } from 'react';

import type { Exercise, Ladder } from '../api/types';
import type { CourseConsent } from '../model/consents';
import type { ExerciseSession } from '../model/session';
import type { IExerciseState } from '../model/state';
import { Action } from './action';
import { Underway } from './asking';
import { Consent } from './consent';
import { EarlierHint, OpenHint } from './hint';
import { Prose } from './prose';
import { counting, useRemaining } from './timing';
import { openNow } from './words';

/** The rung that names an idea. */
const CONCEPT = 2;

interface IProps {
  session: ExerciseSession;
  state: IExerciseState;
  facts: Exercise;
  /** What the learner said about the language model, or null where nobody asks. */
  consent: CourseConsent | null;
  /** Opens another exercise of the course. */
  openExercise: (exercise: string) => void;
  /** Id of what says why there is no further hint now. */
  reason: string;
  /** Whether that is told elsewhere already. */
  told: boolean;
  /** Whether the answer is right: then hints are there to look up, and no more. */
  passed: boolean;
  rendermime: IRenderMimeRegistry;
  trans: TranslationBundle;
}

/** The newest hint in full, the earlier ones folded away, and what the next request takes. */
export function Hints(props: IProps): ReactElement {
  const { facts, state, passed, told, trans } = props;
  const { hints, ladder } = facts;
  const latest = hints.find(hint => hint.id === ladder.to_explain) ?? hints.at(-1);
  const open = passed && latest?.id !== ladder.to_explain ? undefined : latest;
  const earlier = hints.filter(hint => hint !== open).reverse();
  const note = state.help?.note ?? '';
  return (
    <Region {...props}>
      <Underway state={state} trans={trans} />
      {open ? <OpenHint key={open.id} {...props} hint={open} ladder={ladder} /> : null}
      {open && open.level >= CONCEPT ? <Lesson {...props} /> : null}
      {note ? (
        <p className="jp-tutor-note jp-tutor-aside">
          <Prose text={note} />
        </p>
      ) : null}
      <Twin {...props} />
      {passed || told ? null : (
        <Wait ladder={ladder} since={state.ladderSince} id={props.reason} trans={trans} />
      )}
      {earlier.length > 0 ? (
        <ol className="jp-tutor-earlier-hints" aria-label={trans.__('Earlier hints')}>
          {earlier.map(hint => (
            <li key={hint.id}>
              <EarlierHint {...props} hint={hint} ladder={ladder} />
            </li>
          ))}
        </ol>
      ) : null}
      {props.consent ? (
        <Consent
          consent={props.consent}
          wanted={hints.length > 0 || state.help !== null}
          trans={trans}
        />
      ) : null}
    </Region>
  );
}

/** The part of the card that hints have; its name is in sight as soon as there is one. */
function Region(props: IProps & { children: React.ReactNode }): ReactElement {
  const { facts, trans } = props;
  const { ladder } = facts;
  const heading = useId();
  const left = ladder.hints_left;
  return (
    <section className="jp-tutor-hints" aria-labelledby={heading}>
      <div className={facts.hints.length === 0 && !ladder.exam ? 'jp-tutor-hidden' : ''}>
        <h4 id={heading}>{trans.__('Hints')}</h4>
        {ladder.exam ? <span className="jp-tutor-tag">{trans.__('Exam')}</span> : null}
        {left === null || ladder.exam ? null : (
          <span className="jp-tutor-quiet">{trans._n('%1 left', '%1 left', left)}</span>
        )}
      </div>
      {ladder.exam && ladder.waits_for !== 'nothing' ? (
        <p className="jp-tutor-note">
          {trans.__('This is an exam: the tutor explains what a run shows, and no more.')}
        </p>
      ) : null}
      {props.children}
    </section>
  );
}

/** What has to happen before the next hint, where something has. */
function Wait(props: {
  ladder: Ladder;
  since: number;
  id: string;
  trans: TranslationBundle;
}): ReactElement | null {
  const { ladder, since, id, trans } = props;
  const seconds = useRemaining(ladder, since);
  if (ladder.next_level !== null || !ladder.reason) {
    return null;
  }
  return (
    <p id={id} className="jp-tutor-note">
      {seconds === 0 ? openNow(trans) : counting(ladder.reason, seconds)}
    </p>
  );
}

/** Where the idea that a hint named can be read again. */
function Lesson({ facts, openExercise, trans }: IProps): ReactElement | null {
  const { lesson } = facts.ladder;
  if (lesson === null) {
    return null;
  }
  return (
    <p className="jp-tutor-lesson-link">
      <Action
        onClick={() => {
          openExercise(lesson.exercise);
        }}
      >
        {trans.__('Read again: “%1”', lesson.title)}
      </Action>
    </p>
  );
}

/** What to try alone after the steps were shown, once the learner has said why they work. */
function Twin({ facts, openExercise, trans }: IProps): ReactElement | null {
  const { twin, to_explain } = facts.ladder;
  if (twin === null || to_explain !== null) {
    return null;
  }
  return (
    <div className="jp-tutor-twin">
      <p>{twin.message}</p>
      <Action
        onClick={() => {
          openExercise(twin.exercise);
        }}
      >
        {trans.__('Open “%1”', twin.title)}
      </Action>
    </div>
  );
}
