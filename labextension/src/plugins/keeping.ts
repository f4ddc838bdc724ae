import type { JupyterFrontEnd } from '@jupyterlab/application';

import type { Keep } from '../model/kept';
import { keptIn } from '../model/kept';

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
