import { Dialog, showDialog } from '@jupyterlab/apputils';
import type { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import type { TranslationBundle } from '@jupyterlab/translation';

import type { TutorClient } from '../api/client';
import { Chats } from '../model/chats';
import type { Keep } from '../model/kept';
import type { IChatHost } from '../panel/chat';
import type { ITutorCards, ITutorSessions } from '../tokens';

/** What the chat needs besides the tutor. */
export interface IChatServices {
  rendermime: IRenderMimeRegistry;
  /** Keeps what is typed, and whether the chat is open, in this tab. */
  keep: Keep;
  trans: TranslationBundle;
}

/** Returns the chat of the side panel: it is about the exercise at hand. */
export function makeChat(
  client: TutorClient,
  sessions: ITutorSessions,
  cards: ITutorCards,
  { rendermime, keep, trans }: IChatServices
): IChatHost {
  const chats = new Chats(client, sessions, cards.consents, keep);
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
