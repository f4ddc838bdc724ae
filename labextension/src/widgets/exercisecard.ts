import { DOMWidgetModel, DOMWidgetView } from '@jupyter-widgets/base';

const MODULE = 'jupyter-tutor';
const VERSION = '^0.1.0';

/** The front end's side of `jupyter_tutor.exercise(...)`. */
export class ExerciseCardModel extends DOMWidgetModel {
  override defaults(): Record<string, unknown> {
    return {
      ...super.defaults(),
      _model_name: 'ExerciseCardModel',
      _model_module: MODULE,
      _model_module_version: VERSION,
      _view_name: 'ExerciseCardView',
      _view_module: MODULE,
      _view_module_version: VERSION,
      exercise: '',
      course: ''
    };
  }
}

/**
 * The view in a cell's output. In a card cell the card itself stands below the cell already, with or
 * without a kernel, so the view leaves the place to it; elsewhere it says where the card is.
 */
export class ExerciseCardView extends DOMWidgetView {
  override render(): void {
    super.render();
    this.el.classList.add('jp-tutor-view');
    const exercise = String(this.model.get('exercise'));
    void this.displayed.then(() => {
      const card = this.el.closest('.jp-Cell')?.querySelector('.jp-tutor-attached') ?? null;
      this.el.textContent =
        card === null
          ? `The exercise “${exercise}” has its card in its lesson. Open it from the Tutor panel.`
          : '';
    });
  }
}
