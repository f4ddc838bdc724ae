import type { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import type { TranslationBundle } from '@jupyterlab/translation';
import { UseSignal } from '@jupyterlab/ui-components';
import type { ReactElement } from 'react';
import { useId } from 'react';

import type { Chats } from '../model/chats';
import type { Conversation, IChatState } from '../model/conversation';
import type { ExerciseSession } from '../model/session';
import { Action } from '../widgets/action';
import { Consent } from '../widgets/consent';
import { ChatStatus } from './chatstatus';
import { Composer } from './composer';
import { Log } from './log';

/** What the chat needs besides what is said in it. */
export interface IChatHost {
  chats: Chats;
  rendermime: IRenderMimeRegistry;
  /** Asks whether to delete what cannot be brought back. */
  confirm: (question: string) => Promise<boolean>;
}

interface IProps {
  host: IChatHost;
  trans: TranslationBundle;
}

/** The part of the side panel in which the learner and the tutor talk about the exercise at hand. */
export function Chat({ host, trans }: IProps): ReactElement {
  const { chats } = host;
  return <UseSignal signal={chats.changed}>{() => <Part host={host} trans={trans} />}</UseSignal>;
}

function Part({ host, trans }: IProps): ReactElement {
  const { chats } = host;
  const { session, isOpen } = chats;
  const [heading, body] = [useId(), useId()];
  return (
    <section
      className={`jp-tutor-chat ${isOpen ? 'jp-tutor-mod-open' : ''}`}
      aria-labelledby={heading}
    >
      <div className="jp-tutor-chat-head">
        <h3 id={heading}>
          <button
            type="button"
            className="jp-tutor-chat-toggle"
            aria-expanded={isOpen}
            aria-controls={body}
            onClick={() => {
              chats.show(!isOpen);
            }}
          >
            {trans.__('Chat')}
          </button>
        </h3>
        {isOpen && session ? <Title session={session} /> : null}
      </div>
      <div id={body} className="jp-tutor-chat-body" hidden={!isOpen}>
        {!isOpen ? null : session ? (
          <About key={keyOf(session)} {...{ host, session, trans }} />
        ) : (
          <p className="jp-tutor-note">
            {trans.__('Open a lesson and go to an exercise: the chat is about the one you are at.')}
          </p>
        )}
      </div>
    </section>
  );
}

/** The conversation about one exercise. */
function About({ host, session, trans }: IProps & { session: ExerciseSession }): ReactElement {
  const { conversation } = host.chats;
  return (
    <UseSignal signal={session.changed}>
      {() => {
        const title = titleOf(session);
        return conversation ? (
          <UseSignal signal={conversation.changed}>
            {() => <Talk {...{ host, conversation, title, trans }} state={conversation.state} />}
          </UseSignal>
        ) : null;
      }}
    </UseSignal>
  );
}

/** Which exercise it is about. */
function Title({ session }: { session: ExerciseSession }): ReactElement {
  return (
    <UseSignal key={keyOf(session)} signal={session.changed}>
      {() => (
        <p className="jp-tutor-chat-title" title={titleOf(session)}>
          {titleOf(session)}
        </p>
      )}
    </UseSignal>
  );
}

function titleOf({ state, exercise }: ExerciseSession): string {
  return state.facts?.title ?? exercise;
}

function keyOf({ course, exercise }: ExerciseSession): string {
  return `${course}/${exercise}`;
}

interface ITalkProps extends IProps {
  conversation: Conversation;
  state: IChatState;
  title: string;
}

function Talk(props: ITalkProps): ReactElement {
  const { host, conversation, state, title, trans } = props;
  const { chat, told } = state;
  const { consent } = host.chats;
  return (
    <>
      <Log
        state={state}
        title={title}
        askAgain={() => void conversation.askAgain()}
        rendermime={host.rendermime}
        trans={trans}
      />
      <ChatStatus state={state} trans={trans} />
      {state.problem !== null && chat === null ? (
        <Action onClick={() => void conversation.load()}>{trans.__('Try again')}</Action>
      ) : null}
      {chat?.message ? <p className="jp-tutor-note jp-tutor-aside">{chat.message}</p> : null}
      {chat !== null && chat.closed === null ? (
        <Composer
          chats={host.chats}
          conversation={conversation}
          state={state}
          title={title}
          trans={trans}
        />
      ) : null}
      {consent && chat !== null ? (
        <Consent consent={consent} wanted={chat.closed === 'not_asked'} trans={trans} />
      ) : null}
      {told ? (
        <p className="jp-tutor-quiet">
          {chat?.closed ? '' : `${trans.__('AI may be wrong: try out what it says.')} `}
          {told}
        </p>
      ) : null}
      {chat === null ? null : <Delete {...props} />}
    </>
  );
}

/** The ways to have the server forget what was said. */
function Delete({ host, conversation, state, title, trans }: ITalkProps): ReactElement {
  const idle = state.activity === null;
  const ask = async (question: string, deleting: () => Promise<void>): Promise<void> => {
    if (await host.confirm(question)) {
      await deleting();
    }
  };
  return (
    <details className="jp-tutor-chat-delete">
      <summary>{trans.__('Delete conversations…')}</summary>
      <div className="jp-tutor-buttons">
        <Action
          disabled={!idle || state.messages.length === 0}
          onClick={() =>
            void ask(
              trans.__(
                'Delete what you and the tutor said about “%1”? It cannot be brought back.',
                title
              ),
              () => conversation.delete()
            )
          }
        >
          {trans.__('Delete this one')}
        </Action>
        <Action
          disabled={!idle}
          onClick={() =>
            void ask(
              trans.__(
                'Delete what you and the tutor said about all exercises of this course? It cannot be brought back.'
              ),
              () => host.chats.deleteAll()
            )
          }
        >
          {trans.__('Delete all of this course')}
        </Action>
      </div>
    </details>
  );
}
