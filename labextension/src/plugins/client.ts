import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import { ITranslator } from '@jupyterlab/translation';

import { TutorClient } from '../api/client';
import { ITutorClient } from '../tokens';

const SETTINGS = 'jupyter-tutor:plugin';

/** Provides the client; the language of texts follows the setting, then the interface. */
export const client: JupyterFrontEndPlugin<TutorClient> = {
  id: SETTINGS,
  description: 'Talks to the routes of the tutor, in the language of the settings.',
  autoStart: true,
  provides: ITutorClient,
  optional: [ISettingRegistry, ITranslator],
  activate: (
    app: JupyterFrontEnd,
    settings: ISettingRegistry | null,
    translator: ITranslator | null
  ): TutorClient => {
    let chosen = 'auto';
    const tutor = new TutorClient(app.serviceManager.serverSettings, () =>
      chosen === 'auto' ? interfaceLanguage(translator) : chosen
    );
    void settings?.load(SETTINGS).then(loaded => {
      const read = (): void => {
        const before = chosen;
        chosen = loaded.get('language').composite as string;
        if (chosen !== before) {
          tutor.languageChanged.emit();
        }
      };
      read();
      loaded.changed.connect(read);
    });
    return tutor;
  }
};

/** Empty where the interface has no language of its own: the learner's profile then decides. */
function interfaceLanguage(translator: ITranslator | null): string {
  const code = translator?.languageCode ?? '';
  return code === 'en' ? '' : (code.split(/[-_]/)[0] ?? '');
}
