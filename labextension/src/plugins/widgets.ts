import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { IJupyterWidgetRegistry } from '@jupyter-widgets/base';

/** Registers the view of `jupyter_tutor.exercise(...)` where ipywidgets are supported. */
export const widgets: JupyterFrontEndPlugin<void> = {
  id: 'jupyter-tutor:widgets',
  description: 'The view of the exercise card as an ipywidget.',
  autoStart: true,
  optional: [IJupyterWidgetRegistry],
  activate: (_app: JupyterFrontEnd, registry: IJupyterWidgetRegistry | null): void => {
    registry?.registerWidget({
      name: 'jupyter-tutor',
      version: '0.1.0',
      exports: () => import('../widgets/exercisecard')
    });
  }
};
