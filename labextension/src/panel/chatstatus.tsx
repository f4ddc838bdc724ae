import type { TranslationBundle } from '@jupyterlab/translation';
import type { ReactElement } from 'react';

import type { IChatProblem, IChatState } from '../model/conversation';
import { UNSEEN } from '../widgets/asking';
import { useLate } from '../widgets/timing';

/**
 * The one live region of the chat: what is under way, what was answered, or what went wrong. It is
 * always there, since a region that comes together with its text is not read out.
 */
export function ChatStatus(props: { state: IChatState; trans: TranslationBundle }): ReactElement {
  const { state, trans } = props;
  const late = useLate(state.activity !== null, UNSEEN);
  const problem = state.problem ? problemText(state.problem, trans) : '';
  return (
    <div className={problem ? 'jp-tutor-status jp-tutor-mod-problem' : 'jp-tutor-hidden'}>
      <span role="status" aria-live="polite" aria-atomic="true">
        {problem || statusText(state, late, trans)}
      </span>
    </div>
  );
}

function problemText(problem: IChatProblem, trans: TranslationBundle): string {
  const message =
    problem.code === 'network' ? trans.__('The tutor cannot be reached.') : problem.message;
  return problem.waiting
    ? `${message} ${trans.__('Nothing is lost: it is tried again until the tutor answers.')}`
    : message;
}

function statusText(state: IChatState, late: boolean, trans: TranslationBundle): string {
  switch (state.activity) {
    case 'loading':
      return late ? trans.__('Loading…') : '';
    case 'asking':
      return late ? trans.__('The tutor is thinking…') : '';
    case 'deleting':
      return late ? trans.__('Deleting…') : '';
    case null:
      return state.reply ? trans.__('The tutor answered: %1', state.reply.text) : '';
  }
}
