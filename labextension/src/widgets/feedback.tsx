import type { TranslationBundle } from '@jupyterlab/translation';
import type { ReactElement } from 'react';
import { useId, useState } from 'react';

import { TutorError } from '../api/client';
import type { FeedbackMark, Hint } from '../api/types';
import type { ExerciseSession } from '../model/session';
import { Action } from './action';

/** Characters of a remark: a sentence or two. */
const LONGEST = 500;

/** What is pending when a mark is taken away. */
const NONE = 'none';

const MARKS: readonly FeedbackMark[] = ['helpful', 'not_helpful', 'wrong'];

interface IProps {
  hint: Hint;
  session: ExerciseSession;
  trans: TranslationBundle;
}

/** What the learner thinks of a hint: one of three marks, theirs to change and to take away again. */
export function Feedback({ hint, session, trans }: IProps): ReactElement {
  const [pending, setPending] = useState<FeedbackMark | typeof NONE | null>(null);
  const [said, setSaid] = useState('');
  const question = useId();
  const given = hint.feedback;
  const mark = pending ?? given?.mark ?? null;
  const save = async (next: FeedbackMark | null, text: string): Promise<void> => {
    setPending(next ?? NONE);
    setSaid('');
    try {
      if (next === null) {
        await session.unrate(hint.id);
        setSaid(trans.__('Taken back.'));
      } else {
        await session.rate(hint.id, next, text);
        setSaid(trans.__('Saved, thank you.'));
      }
    } catch (error) {
      if (!(error instanceof TutorError)) {
        throw error;
      }
      setSaid(trans.__('This could not be saved: %1', error.message));
    } finally {
      setPending(null);
    }
  };
  return (
    <div className="jp-tutor-opinion">
      <div className="jp-tutor-marks" role="group" aria-labelledby={question}>
        <span id={question} className="jp-tutor-quiet">
          {trans.__('Was this hint of use?')}
        </span>
        {MARKS.map(each => (
          <Action
            key={each}
            className="jp-tutor-mark"
            pressed={mark === each}
            disabled={pending !== null}
            onClick={() => {
              void save(each === given?.mark ? null : each, '');
            }}
          >
            {markWord(each, trans)}
          </Action>
        ))}
        <span role="status" className="jp-tutor-quiet">
          {said}
        </span>
      </div>
      {mark === 'wrong' && given?.mark === 'wrong' ? (
        <Remark
          before={given.text}
          busy={pending !== null}
          send={text => void save('wrong', text)}
          trans={trans}
        />
      ) : null}
    </div>
  );
}

function Remark(props: {
  before: string;
  busy: boolean;
  send: (text: string) => void;
  trans: TranslationBundle;
}): ReactElement {
  const { before, busy, send, trans } = props;
  const [text, setText] = useState(before);
  const field = useId();
  const same = text.trim() === before;
  return (
    <form
      className="jp-tutor-remark"
      onSubmit={event => {
        event.preventDefault();
        if (!busy && !same) {
          send(text.trim());
        }
      }}
    >
      <label htmlFor={field}>{trans.__('What is wrong with it? (optional)')}</label>
      <input
        id={field}
        className="jp-tutor-input"
        value={text}
        maxLength={LONGEST}
        autoComplete="off"
        onChange={event => {
          setText(event.target.value);
        }}
        onKeyDown={event => {
          // Within a notebook, Enter in a field sends no form by itself.
          if (event.key === 'Enter' && !event.nativeEvent.isComposing) {
            event.preventDefault();
            event.currentTarget.form?.requestSubmit();
          }
        }}
      />
      <button type="submit" className="jp-tutor-button jp-mod-styled" aria-disabled={busy || same}>
        {trans.__('Send')}
      </button>
    </form>
  );
}

function markWord(mark: FeedbackMark, trans: TranslationBundle): string {
  switch (mark) {
    case 'helpful':
      return trans.__('Helpful');
    case 'not_helpful':
      return trans.__('Not helpful');
    case 'wrong':
      return trans.__('Wrong');
  }
}
