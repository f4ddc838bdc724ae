import type { TranslationBundle } from '@jupyterlab/translation';
import type { ReactElement } from 'react';
import { useEffect, useId, useRef, useState } from 'react';

import { TutorError } from '../api/client';
import type { Hint } from '../api/types';
import type { ExerciseSession } from '../model/session';
import { Action } from './action';

const LONGEST = 2000;

interface IProps {
  /** A hint that showed code. */
  hint: Hint;
  /** What the learner is asked, in their language, or "". */
  question: string;
  session: ExerciseSession;
  trans: TranslationBundle;
}

/** Why the code that was shown works, in the learner's words: asked for, kept, and theirs to change. */
export function Explanation(props: IProps): ReactElement {
  const { hint, trans } = props;
  const [editing, setEditing] = useState(false);
  const change = useRef<HTMLButtonElement>(null);
  const written = hint.explanation !== null && !editing;
  const wasWritten = useRef(written);
  useEffect(() => {
    if (written && !wasWritten.current) {
      change.current?.focus();
    }
    wasWritten.current = written;
  }, [written]);
  if (written) {
    return (
      <div className="jp-tutor-explanation">
        <p className="jp-tutor-quiet">{trans.__('Why it works, in your words')}</p>
        <blockquote>{hint.explanation?.text}</blockquote>
        <Action
          button={change}
          onClick={() => {
            setEditing(true);
          }}
        >
          {trans.__('Change')}
        </Action>
      </div>
    );
  }
  return (
    <Form
      {...props}
      saved={() => {
        setEditing(false);
      }}
    />
  );
}

function Form({ hint, question, session, trans, saved }: IProps & { saved: () => void }) {
  const [text, setText] = useState(hint.explanation?.text ?? '');
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState('');
  const field = useId();
  const empty = text.trim() === '';
  const save = async (): Promise<void> => {
    setBusy(true);
    setProblem('');
    try {
      await session.explain(hint.id, text);
      saved();
    } catch (error) {
      if (!(error instanceof TutorError)) {
        throw error;
      }
      setProblem(trans.__('This could not be saved: %1', error.message));
    } finally {
      setBusy(false);
    }
  };
  return (
    <form
      className="jp-tutor-explanation"
      onSubmit={event => {
        event.preventDefault();
        if (!busy && !empty) {
          void save();
        }
      }}
    >
      <label htmlFor={field}>
        <strong>{trans.__('Explain in your own words why this works')}</strong>
        {question ? <span>{question}</span> : null}
      </label>
      <textarea
        id={field}
        className="jp-tutor-input"
        rows={3}
        maxLength={LONGEST}
        value={text}
        onChange={event => {
          setText(event.target.value);
        }}
      />
      <button
        type="submit"
        className="jp-tutor-button jp-mod-styled jp-mod-accept"
        aria-disabled={busy || empty}
      >
        {trans.__('Save explanation')}
      </button>
      <span role="status">{problem}</span>
    </form>
  );
}
