import type { JupyterFrontEnd } from '@jupyterlab/application';

import type { Keep } from '../model/kept';
import { keptIn, namesIn } from '../model/kept';

/** Forgets all that was kept for one server in this browser. */
export function forgetKept(app: JupyterFrontEnd): void {
  const { baseUrl } = app.serviceManager.serverSettings;
  for (const storage of [() => localStorage, () => sessionStorage]) {
    for (const key of namesIn(storage)) {
      if (key.startsWith('jupyter-tutor:') && key.endsWith(`:${baseUrl}`)) {
        keptIn(storage, key).set('');
      }
    }
  }
}

/**
 * Returns what keeps texts for one server: on a Hub, the pages of several people's servers may have
 * one origin.
 *
 * @param storage - Returns where: `sessionStorage` is for this tab, `localStorage` for all.
 */
export function keeping(app: JupyterFrontEnd, storage: () => Storage): Keep {
  const { baseUrl } = app.serviceManager.serverSettings;
  return name => keptIn(storage, `jupyter-tutor:${name}:${baseUrl}`);
}
