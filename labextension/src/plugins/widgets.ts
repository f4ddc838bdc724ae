import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { IJupyterWidgetRegistry } from '@jupyter-widgets/base';

import { ITutorCards } from '../tokens';
import { MODULE, VERSION } from '../version';

/** Registers the view of `jupyter_tutor.exercise(...)` where ipywidgets are supported. */
export const widgets: JupyterFrontEndPlugin<void> = {
  id: 'jupyter-tutor:widgets',
  description: 'The view of the exercise card as an ipywidget.',
  autoStart: true,
  requires: [ITutorCards],
  optional: [IJupyterWidgetRegistry, ITranslator],
  activate: (
    _app: JupyterFrontEnd,
    cards: ITutorCards,
    registry: IJupyterWidgetRegistry | null,
    translator: ITranslator | null
  ): void => {
    const trans = (translator ?? nullTranslator).load('jupyter_tutor');
    registry?.registerWidget({
      name: MODULE,
      version: VERSION,
      exports: async () => (await import('../widgets/exercisecard')).widgetClasses(cards, trans)
    });
  }
};
