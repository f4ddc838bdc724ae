import type { TranslationBundle } from '@jupyterlab/translation';
import type { ReactElement, RefObject } from 'react';
import { useEffect, useLayoutEffect, useRef } from 'react';

import type { ExerciseSession } from '../model/session';
import type { IExerciseState } from '../model/state';
import { Action } from './action';
import { useElapsed, useLate, useRemaining } from './timing';
import { hintLabel } from './words';

/** Milliseconds that a request may take before there is a sign of it: shorter ones would flash. */
export const UNSEEN = 300;

/** Seconds after which it is said how long it may take. */
const LONG = 4;

interface IProps {
  session: ExerciseSession;
  state: IExerciseState;
  trans: TranslationBundle;
}

/** The button that asks for the next hint, and, while one is looked for, the one that takes it back. */
export function Ask(
  props: IProps & {
    onAsk: () => void;
    /** Id of what says why there is none now. */
    reason: string;
    /** Whether the answer is right, so that the reason is not in sight. */
    passed: boolean;
  }
): ReactElement {
  const { session, state, trans, reason, passed } = props;
  const ladder = state.facts?.ladder ?? null;
  const waits = ladder !== null && ladder.next_level === null;
  const opened = useRemaining(waits ? ladder : null, state.ladderSince) === 0;
  useEffect(() => {
    if (opened) {
      // Only the server knows which rung it is, and what it costs.
      void session.synchronise();
    }
  }, [opened, session]);
  const late = useLate(state.activity === 'hinting', UNSEEN);
  const button = useRef<HTMLButtonElement>(null);
  const closed = waits && !opened;
  return (
    <>
      <Action
        button={button}
        className="jp-tutor-ask"
        onClick={props.onAsk}
        disabled={ladder === null || state.activity !== null || closed}
        describedBy={closed && !passed ? reason : undefined}
        title={closed && passed ? ladder.reason : undefined}
      >
        {hintLabel(ladder, trans)}
      </Action>
      {late ? <Cancel session={session} asker={button} trans={trans} /> : null}
    </>
  );
}

function Cancel(
  props: Omit<IProps, 'state'> & { asker: RefObject<HTMLButtonElement> }
): ReactElement {
  const { session, asker, trans } = props;
  const button = useRef<HTMLButtonElement>(null);
  useLayoutEffect(() => {
    const [own, back] = [button.current, asker.current];
    return () => {
      // Who pressed it, or was about to, goes on where they came from.
      if (own !== null && own === document.activeElement) {
        back?.focus();
      }
    };
  }, [asker]);
  return (
    <Action
      button={button}
      onClick={() => {
        session.cancelHint();
      }}
    >
      {trans.__('Cancel')}
    </Action>
  );
}

/** Where the hint will be: a sign that it is on its way. */
export function Underway({ state, trans }: Omit<IProps, 'session'>): ReactElement | null {
  const late = useLate(state.activity === 'hinting', UNSEEN);
  const elapsed = useElapsed(state.since, late);
  return late ? (
    <div className="jp-tutor-underway" aria-hidden="true">
      <div className="jp-tutor-underway-bar" />
      {elapsed >= LONG ? (
        <p className="jp-tutor-quiet">{trans.__('This can take up to half a minute.')}</p>
      ) : null}
    </div>
  ) : null;
}
