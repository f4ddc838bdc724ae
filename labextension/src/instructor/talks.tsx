import type { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import type { TranslationBundle } from '@jupyterlab/translation';
import { UseSignal } from '@jupyterlab/ui-components';
import type { ReactElement } from 'react';

import type { Conversations } from '../api/types';
import { Markdown } from '../widgets/markdown';
import { moment, sourceTag } from '../widgets/words';
import { Choice } from './choice';
import type { Loaded } from './loaded';
import { Loading } from './loading';
import type { Names } from './names';

type Message = Conversations['conversations'][number]['messages'][number];

interface IProps {
  /** Of the learner it asks for by key; "" before one is chosen. */
  talks: Loaded<Conversations | null, string>;
  names: Names;
  rendermime: IRenderMimeRegistry;
  trans: TranslationBundle;
}

/** What one learner and the tutor said to each other, where the course lets instructors read it. */
export function TalksView({ talks, names, rendermime, trans }: IProps): ReactElement {
  return (
    <>
      <p className="jp-tutor-quiet">
        {trans.__(
          'Conversations are the learners’ own, unless the settings of help say for the whole course that instructors read them: then you see what is said from that time on. Each look is noted.'
        )}
      </p>
      <UseSignal signal={talks.changed}>
        {() => (
          <Choice
            label={trans.__('Learner')}
            value={talks.query}
            options={[
              { value: '', label: trans.__('Choose a learner…') },
              ...names.people.map(({ id, name }) => ({ value: id, label: name }))
            ]}
            choose={learner => void talks.ask(learner)}
          />
        )}
      </UseSignal>
      <UseSignal signal={talks.changed}>
        {() =>
          talks.query === '' ? null : (
            <Loading of={talks} trans={trans}>
              {value =>
                value === null || talks.problem !== '' || talks.loading ? null : (
                  <Talks
                    conversations={value.conversations}
                    names={names}
                    rendermime={rendermime}
                    trans={trans}
                  />
                )
              }
            </Loading>
          )
        }
      </UseSignal>
    </>
  );
}

function Talks(props: {
  conversations: Conversations['conversations'];
  names: Names;
  rendermime: IRenderMimeRegistry;
  trans: TranslationBundle;
}): ReactElement {
  const { conversations, names, rendermime, trans } = props;
  if (conversations.length === 0) {
    return (
      <p className="jp-tutor-empty">
        {trans.__('There is no conversation that you may read, or no longer.')}
      </p>
    );
  }
  return (
    <>
      {conversations.map(({ exercise, messages }) => (
        <details key={exercise} className="jp-tutor-earlier" open={conversations.length === 1}>
          <summary>
            {names.exercise(exercise)}{' '}
            <span className="jp-tutor-count">
              {trans._n('%1 message', '%1 messages', messages.length)}
            </span>
          </summary>
          <ol className="jp-tutor-talk">
            {messages.map(message => (
              <Said key={message.id} message={message} rendermime={rendermime} trans={trans} />
            ))}
          </ol>
        </details>
      ))}
    </>
  );
}

function Said(props: {
  message: Message;
  rendermime: IRenderMimeRegistry;
  trans: TranslationBundle;
}): ReactElement {
  const { message, rendermime, trans } = props;
  const { source } = message;
  return (
    <li className={`jp-tutor-mod-${message.speaker}`}>
      <p className="jp-tutor-quiet">
        <strong>{source === null ? trans.__('Learner') : trans.__('Tutor')}</strong>{' '}
        {source === null ? null : <span className="jp-tutor-tag">{sourceTag(source, trans)}</span>}{' '}
        {moment(message.created_at)}
      </p>
      <Markdown text={message.text} rendermime={rendermime} />
    </li>
  );
}
