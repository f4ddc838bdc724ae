import type { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { ReactElement } from 'react';
import { useEffect, useRef } from 'react';

import type { Message } from '../api/types';
import type { IChatState } from '../model/conversation';
import { Action } from '../widgets/action';
import { Markdown } from '../widgets/markdown';
import { Prose } from '../widgets/prose';
import { useElapsed } from '../widgets/timing';
import { moment, sourceTag, sourceWord } from '../widgets/words';

/** Seconds after which it is said how long an answer may take. */
const LONG = 4;

interface IProps {
  state: IChatState;
  title: string;
  askAgain: () => void;
  rendermime: IRenderMimeRegistry;
  trans: TranslationBundle;
}

/** What was said, oldest first; the newest is in view until the learner looks for something older. */
export function Log(props: IProps): ReactElement | null {
  const { state, title, askAgain, rendermime, trans } = props;
  const { messages, pending, note } = state;
  const log = useNewestInView(`${messages.at(-1)?.id ?? ''} ${pending}`);
  if (messages.length === 0 && pending === '') {
    return state.chat?.closed === null ? (
      <p className="jp-tutor-note">
        {trans.__(
          'Ask what a test wants, why your code fails, or what a word means. The tutor helps you to find the solution; it does not write it.'
        )}
      </p>
    ) : null;
  }
  const last = messages.at(-1);
  const open = state.activity === null && state.chat?.closed === null;
  return (
    <div
      ref={log}
      className="jp-tutor-log"
      role="group"
      aria-label={trans.__('Conversation about “%1”', title)}
      // Who has no mouse scrolls it with the arrows.
      // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
      tabIndex={0}
    >
      <ol>
        {messages.map(message => (
          <li key={message.id} className={`jp-tutor-turn jp-tutor-mod-${message.speaker}`}>
            <Head message={message} trans={trans} />
            <div className="jp-tutor-turn-text" lang={message.language}>
              {message.speaker === 'tutor' ? (
                <Markdown text={message.text} rendermime={rendermime} />
              ) : (
                // What was typed is the learner's own: no more of it is Markdown than code in a line.
                <Prose text={message.text} />
              )}
            </div>
            {message === last && message.source === 'rules' && open ? (
              <Action className="jp-tutor-again" onClick={askAgain}>
                {trans.__('Ask again')}
              </Action>
            ) : null}
          </li>
        ))}
        {pending ? <Pending state={state} trans={trans} /> : null}
      </ol>
      {note && pending === '' && state.chat?.closed === null && note !== state.chat.message ? (
        <p className="jp-tutor-note jp-tutor-aside">
          <Prose text={note} />
        </p>
      ) : null}
    </div>
  );
}

function Head({ message, trans }: { message: Message; trans: TranslationBundle }): ReactElement {
  const { source } = message;
  return (
    <p className="jp-tutor-turn-head" title={moment(message.created_at)}>
      <strong>{message.speaker === 'tutor' ? trans.__('Tutor') : trans.__('You')}</strong>
      {source ? (
        <>
          {' '}
          <span className="jp-tutor-tag" title={sourceWord(source, trans)}>
            {sourceTag(source, trans)}
          </span>
          <span className="jp-tutor-hidden">{sourceWord(source, trans)}</span>
        </>
      ) : null}
    </p>
  );
}

/** The question that is under way, and that an answer is to come. */
function Pending({ state, trans }: Pick<IProps, 'state' | 'trans'>): ReactElement {
  const elapsed = useElapsed(state.since, true);
  return (
    <>
      <li className="jp-tutor-turn jp-tutor-mod-learner">
        <p className="jp-tutor-turn-head">
          <strong>{trans.__('You')}</strong>
        </p>
        <div className="jp-tutor-turn-text">
          <Prose text={state.pending} />
        </div>
      </li>
      <li className="jp-tutor-turn jp-tutor-underway" aria-hidden="true">
        <div className="jp-tutor-underway-bar" />
        {elapsed >= LONG ? (
          <p className="jp-tutor-quiet">{trans.__('This can take up to half a minute.')}</p>
        ) : null}
      </li>
    </>
  );
}

/** Scrolls an element down to what is new, also when that grows, unless somebody scrolls it. */
function useNewestInView(newest: string): React.RefObject<HTMLDivElement> {
  const log = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const node = log.current;
    if (node === null) {
      return;
    }
    const reveal = (): void => {
      const last = node.querySelector<HTMLElement>('li:last-child');
      const isTall = last !== null && last.offsetHeight > node.clientHeight;
      node.scrollTop = isTall ? last.offsetTop : node.scrollHeight;
    };
    const watching = new ResizeObserver(reveal);
    const stop = (): void => {
      watching.disconnect();
    };
    watching.observe(node);
    Array.from(node.children).forEach(child => {
      watching.observe(child);
    });
    const moves = ['wheel', 'pointerdown', 'keydown'];
    moves.forEach(move => {
      node.addEventListener(move, stop, { passive: true });
    });
    reveal();
    return () => {
      stop();
      moves.forEach(move => {
        node.removeEventListener(move, stop);
      });
    };
  }, [newest]);
  return log;
}
