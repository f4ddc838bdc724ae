import { Dialog, showDialog } from '@jupyterlab/apputils';
import type { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import type { TranslationBundle } from '@jupyterlab/translation';

import type { TutorClient } from '../api/client';
import { Chats } from '../model/chats';
import type { IChatHost } from '../panel/chat';
import type { ITutorCards, ITutorSessions } from '../tokens';

/** Returns the chat of the side panel: it is about the exercise at hand. */
export function makeChat(
  client: TutorClient,
  sessions: ITutorSessions,
  cards: ITutorCards,
  rendermime: IRenderMimeRegistry,
  trans: TranslationBundle
): IChatHost {
  const chats = new Chats(client, sessions, cards.consents);
  const follow = (): void => {
    chats.follow(cards.active()?.session ?? null);
  };
  follow();
  cards.changed.connect(follow);
  window.addEventListener('focus', () => {
    chats.hurry();
  });
  const confirm = async (body: string): Promise<boolean> => {
    const { button } = await showDialog({
      title: trans.__('Delete for good?'),
      body,
      defaultButton: 0,
      buttons: [Dialog.cancelButton(), Dialog.warnButton({ label: trans.__('Delete') })]
    });
    return button.accept;
  };
  return { chats, rendermime, confirm };
}
