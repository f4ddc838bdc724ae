import { DOMWidgetModel, DOMWidgetView } from '@jupyter-widgets/base';
import type { TranslationBundle } from '@jupyterlab/translation';
import { PanelLayout } from '@lumino/widgets';

import type { ITutorCards } from '../tokens';
import { MODULE, VERSION } from '../version';

/** The front end's side of `jupyter_tutor.exercise(...)`. */
export class ExerciseCardModel extends DOMWidgetModel {
  override defaults(): Record<string, unknown> {
    return {
      ...super.defaults(),
      _model_name: 'ExerciseCardModel',
      _model_module: MODULE,
      _model_module_version: `^${VERSION}`,
      _view_name: 'ExerciseCardView',
      _view_module: MODULE,
      _view_module_version: `^${VERSION}`,
      exercise: '',
      course: ''
    };
  }
}

/** Returns the classes that the kernel's side names, at home in this application. */
export function widgetClasses(
  cards: ITutorCards,
  trans: TranslationBundle
): Record<string, typeof DOMWidgetModel | typeof DOMWidgetView> {
  /**
   * The view in a cell's output. In a card cell the card itself stands below the cell already, with
   * or without a kernel, so the view leaves the place to it; in any other cell it is the card.
   */
  class ExerciseCardView extends DOMWidgetView {
    override render(): void {
      super.render();
      this.el.classList.add('jp-tutor-view');
      void this.displayed.then(() => {
        this._show();
      });
    }

    private _show(): void {
      const exercise = String(this.model.get('exercise'));
      const card = cards.at(this.el, exercise, String(this.model.get('course')));
      if (card === 'shown') {
        return;
      }
      if (card === null) {
        this.el.textContent = trans.__(
          'The exercise “%1” has its card in its lesson. Open it from the Tutor panel.',
          exercise
        );
        return;
      }
      const layout = new PanelLayout();
      this.luminoWidget.layout = layout;
      layout.addWidget(card);
    }
  }
  return { ExerciseCardModel, ExerciseCardView };
}
