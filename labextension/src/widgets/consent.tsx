import type { TranslationBundle } from '@jupyterlab/translation';
import { UseSignal } from '@jupyterlab/ui-components';
import type { ReactElement, RefObject } from 'react';
import { useEffect, useId, useRef, useState } from 'react';

import { TutorError } from '../api/client';
import type { Consent as ConsentState } from '../api/types';
import type { CourseConsent } from '../model/consents';
import { Action } from './action';

interface IProps {
  consent: CourseConsent;
  /** Whether the learner wants help here: before that nobody is asked anything. */
  wanted: boolean;
  trans: TranslationBundle;
}

/** Asks once per course whether a language model may read the learner's work; says it thereafter. */
export function Consent({ consent, wanted, trans }: IProps): ReactElement {
  useEffect(() => {
    void consent.load();
  }, [consent]);
  return (
    <UseSignal signal={consent.changed}>
      {() =>
        consent.state ? (
          <Known consent={consent} state={consent.state} wanted={wanted} trans={trans} />
        ) : null
      }
    </UseSignal>
  );
}

function Known(props: IProps & { state: ConsentState }): ReactElement | null {
  const { consent, state, wanted, trans } = props;
  const [opened, setOpened] = useState(false);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState('');
  const toggle = useRef<HTMLButtonElement>(null);
  const [answered, setAnswered] = useState(0);
  useEffect(() => {
    if (answered > 0) {
      toggle.current?.focus();
    }
  }, [answered]);
  const answer = async (given: boolean): Promise<void> => {
    setBusy(true);
    setProblem('');
    try {
      await consent.answer(given);
      setOpened(false);
      setAnswered(count => count + 1);
    } catch (error) {
      if (!(error instanceof TutorError)) {
        throw error;
      }
      setProblem(trans.__('This could not be saved: %1', error.message));
    } finally {
      setBusy(false);
    }
  };
  const asks = opened || (state.must_ask && wanted);
  if (!asks && (state.given === null || state.must_ask || !isOffered(state))) {
    return null;
  }
  return (
    <div className="jp-tutor-consent">
      {asks ? (
        <Question state={state} busy={busy} answer={given => void answer(given)} trans={trans} />
      ) : (
        <Switch
          state={state}
          busy={busy}
          button={toggle}
          turnOff={() => void answer(false)}
          turnOn={() => {
            setOpened(true);
          }}
          trans={trans}
        />
      )}
      <span role="status">{problem}</span>
    </div>
  );
}

/** Whether there is something to switch: a consent can always be taken back. */
function isOffered(state: ConsentState): boolean {
  return state.given === true || state.model || state.chat;
}

function Question(props: {
  state: ConsentState;
  busy: boolean;
  answer: (given: boolean) => void;
  trans: TranslationBundle;
}): ReactElement {
  const { state, busy, answer, trans } = props;
  const { text } = state;
  const name = useId();
  return (
    <section className="jp-tutor-consent-ask" aria-labelledby={name}>
      <h5 id={name}>{text.question}</h5>
      <ul>
        {[text.sent, text.recipient, text.never, text.revoke].map(each => (
          <li key={each}>{each}</li>
        ))}
        {state.chat ? <li>{text.conversations}</li> : null}
      </ul>
      <div className="jp-tutor-buttons">
        <Action
          disabled={busy}
          onClick={() => {
            answer(true);
          }}
        >
          {trans.__('I agree')}
        </Action>
        <Action
          disabled={busy}
          onClick={() => {
            answer(false);
          }}
        >
          {trans.__('Not now')}
        </Action>
      </div>
    </section>
  );
}

function Switch(props: {
  state: ConsentState;
  busy: boolean;
  button: RefObject<HTMLButtonElement>;
  turnOff: () => void;
  turnOn: () => void;
  trans: TranslationBundle;
}): ReactElement {
  const { state, busy, button, turnOff, turnOn, trans } = props;
  const isOn = state.given === true;
  return (
    <>
      <p className="jp-tutor-consent-switch">
        <span>{isOn ? trans.__('AI help: on') : trans.__('AI help: off')}</span>
        <Action button={button} disabled={busy} onClick={isOn ? turnOff : turnOn}>
          {isOn ? trans.__('Turn off') : trans.__('Turn on…')}
        </Action>
      </p>
      {isOn && state.quota_message ? <p className="jp-tutor-quiet">{state.quota_message}</p> : null}
    </>
  );
}
