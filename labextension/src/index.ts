import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ISettingRegistry } from '@jupyterlab/settingregistry';

/** Loads the settings of the extension, so that they show in the settings editor. */
const plugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyter-tutor:plugin',
  description: 'A private tutor inside every notebook.',
  autoStart: true,
  optional: [ISettingRegistry],
  activate: async (_app: JupyterFrontEnd, settings: ISettingRegistry | null) => {
    await settings?.load(plugin.id);
  }
};

export default [plugin];
