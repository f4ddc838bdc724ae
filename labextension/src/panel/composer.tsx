import type { TranslationBundle } from '@jupyterlab/translation';
import type { KeyboardEvent, ReactElement, RefObject } from 'react';
import { useEffect, useId, useLayoutEffect, useRef } from 'react';

import type { Chats } from '../model/chats';
import type { Conversation, IChatState } from '../model/conversation';
import { Action } from '../widgets/action';
import { UNSEEN } from '../widgets/asking';
import { passOn } from '../widgets/keys';
import { useLate } from '../widgets/timing';

/** Characters of one message that the server takes. */
const LONGEST = 8000;

/** How high the field is, in lines, and how many characters are taken to fit in one. */
const [FEWEST_LINES, MOST_LINES, CHARACTERS] = [2, 8, 34];

interface IProps {
  chats: Chats;
  conversation: Conversation;
  state: IChatState;
  title: string;
  trans: TranslationBundle;
}

/** Where a question is typed. */
export function Composer(props: IProps): ReactElement {
  const { chats, conversation, state, title, trans } = props;
  const [field, help] = [useId(), useId()];
  const input = useRef<HTMLTextAreaElement>(null);
  const asking = state.activity === 'asking';
  const late = useLate(asking, UNSEEN);
  useEffect(() => {
    if (chats.takeBeginning()) {
      input.current?.focus();
    }
  });
  const ask = (): void => {
    void conversation.ask();
    input.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>): void => {
    const { nativeEvent } = event;
    const outside = event.currentTarget.parentElement;
    if (event.key === 'Enter' && isPlain(nativeEvent)) {
      event.preventDefault();
      ask();
    } else if (event.key === 'Escape' && asking) {
      conversation.cancel();
    } else if (outside !== null) {
      passOn(nativeEvent, outside);
    }
  };
  return (
    <form
      className="jp-tutor-composer"
      onSubmit={event => {
        event.preventDefault();
        ask();
      }}
    >
      <label htmlFor={field} className="jp-tutor-hidden">
        {trans.__('Your question')}
      </label>
      <textarea
        ref={input}
        id={field}
        className="jp-tutor-input"
        rows={linesOf(state.draft)}
        maxLength={LONGEST}
        value={state.draft}
        placeholder={trans.__('Ask about “%1”', title)}
        aria-describedby={help}
        // At an element around it this would be too late for shortcuts that are bound to :focus.
        data-lm-suppress-shortcuts="true"
        onChange={event => {
          conversation.write(event.target.value);
        }}
        onKeyDown={onKeyDown}
      />
      <div className="jp-tutor-composer-row">
        <button
          type="submit"
          className="jp-tutor-button jp-mod-styled jp-mod-accept"
          aria-disabled={state.activity !== null || state.draft.trim() === ''}
        >
          {trans.__('Send')}
        </button>
        {late ? <Cancel conversation={conversation} input={input} trans={trans} /> : null}
        <span id={help} className="jp-tutor-quiet">
          {asking
            ? trans.__('Esc takes the question back.')
            : trans.__('Enter sends, Shift Enter begins a line.')}
        </span>
      </div>
    </form>
  );
}

function Cancel(props: {
  conversation: Conversation;
  input: RefObject<HTMLTextAreaElement>;
  trans: TranslationBundle;
}): ReactElement {
  const { conversation, input, trans } = props;
  const button = useRef<HTMLButtonElement>(null);
  useLayoutEffect(() => {
    const [own, back] = [button.current, input.current];
    return () => {
      // Who pressed it, or was about to, goes on where they came from.
      if (own !== null && own === document.activeElement) {
        back?.focus();
      }
    };
  }, [input]);
  return (
    <Action
      button={button}
      onClick={() => {
        conversation.cancel();
      }}
    >
      {trans.__('Cancel')}
    </Action>
  );
}

/** Whether a key is pressed alone, and not to choose a word that an input method proposes. */
function isPlain(event: globalThis.KeyboardEvent): boolean {
  const held = event.shiftKey || event.ctrlKey || event.altKey || event.metaKey;
  return !held && !event.isComposing;
}

/** How many lines a text takes in a narrow panel: the field grows with it up to a point. */
function linesOf(text: string): number {
  const lines = text.split('\n').map(line => Math.max(1, Math.ceil(line.length / CHARACTERS)));
  return Math.min(
    MOST_LINES,
    Math.max(
      FEWEST_LINES,
      lines.reduce((sum, each) => sum + each, 0)
    )
  );
}
