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
  activate: (app: JupyterFrontEnd, client: TutorClient): ITutorSessions => {
    // On a Hub, the pages of several people's servers may have one origin.
    const { baseUrl } = app.serviceManager.serverSettings;
    const all = new TutorSessions(client, new BroadcastChannel(`jupyter-tutor:${baseUrl}`));
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState === 'visible') {
        all.hurry();
        all.synchronise();
      }
    });
    const hurry = (): void => {
      all.hurry();
    };
    window.addEventListener('focus', hurry);
    window.addEventListener('online', hurry);
    // After a restart of the server, the first answer that JupyterLab gets tells of other kernels.
    app.serviceManager.sessions.runningChanged.connect(hurry);
    return all;
  }
};
