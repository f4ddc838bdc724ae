import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';

import type { TutorClient } from '../api/client';
import { TutorSessions } from '../model/sessions';
import { ITutorClient, ITutorSessions } from '../tokens';

/** Provides the exercises of this page. */
export const sessions: JupyterFrontEndPlugin<ITutorSessions> = {
  id: 'jupyter-tutor:sessions',
  description: 'The exercises of this page, one session each.',
  autoStart: true,
  provides: ITutorSessions,
  requires: [ITutorClient],
  activate: (_app: JupyterFrontEnd, client: TutorClient): ITutorSessions => {
    const all = new TutorSessions(client);
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState === 'visible') {
        all.synchronise();
      }
    });
    return all;
  }
};
