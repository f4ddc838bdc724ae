import type { IDocumentManager } from '@jupyterlab/docmanager';
import type { NotebookPanel } from '@jupyterlab/notebook';
import { Dialog, showDialog } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';

import type { TutorClient } from '../api/client';
import { newKey } from '../api/client';
import type { OpenedLesson } from '../api/types';
import type { Context } from './saving';
import { save } from './saving';

/** Opens lessons, and brings newer versions into notebooks, without ever losing work. */
export class LessonOpener {
  constructor(
    private readonly client: TutorClient,
    private readonly documents: IDocumentManager,
    private readonly trans: TranslationBundle
  ) {}

  /** Puts the lesson into the learner's files, opens it and goes to the exercise. */
  async open(course: string, lesson: string, exercise: string | null): Promise<void> {
    const key = newKey();
    let opened = await this.client.openLesson(course, lesson, exercise, 'keep', key);
    if (opened.state === 'outdated' && (await this._wantsUpdate(opened))) {
      opened = await this._merge(course, lesson, exercise, opened.path);
    }
    const widget = this.documents.openOrReveal(opened.path) as NotebookPanel | undefined;
    if (widget !== undefined && opened.anchor !== null) {
      await this._goTo(widget, opened.anchor);
    }
  }

  /** Brings the newest version of the lesson into an open notebook. */
  async update(panel: NotebookPanel, course: string, lesson: string): Promise<void> {
    await this._save(panel.context);
    const found = await this.client.openLesson(course, lesson, null, 'keep', newKey());
    const opened = await this._merge(course, lesson, null, found.path);
    if (opened.path !== panel.context.path) {
      // This notebook was renamed or copied; the lesson's own place has the newest version.
      this.documents.openOrReveal(opened.path);
    }
  }

  /** Brings the newest version into the file of a lesson, and from there into what shows it. */
  private async _merge(
    course: string,
    lesson: string,
    exercise: string | null,
    path: string
  ): Promise<OpenedLesson> {
    const shown = this._context(path);
    if (shown !== undefined) {
      await this._save(shown);
    }
    const opened = await this.client.openLesson(course, lesson, exercise, 'merge', newKey());
    const context = this._context(opened.path);
    if (context?.model.dirty) {
      throw new Error(
        this.trans.__(
          'The lesson was updated in its file while you went on writing here. Save the notebook; JupyterLab asks which of both you want to keep.'
        )
      );
    }
    await context?.revert();
    return opened;
  }

  /** Asks once for each notebook: whoever said "not now" still has the button at the card. */
  private async _wantsUpdate(opened: OpenedLesson): Promise<boolean> {
    if (this._declined.has(opened.path)) {
      return false;
    }
    const { button } = await showDialog({
      title: this.trans.__('A newer version of this lesson'),
      body: opened.message,
      buttons: [
        Dialog.cancelButton({ label: this.trans.__('Not now') }),
        Dialog.okButton({ label: this.trans.__('Update lesson') })
      ]
    });
    if (!button.accept) {
      this._declined.add(opened.path);
    }
    return button.accept;
  }

  /** What is not in the file would be lost when the file is read again, so it has to be there. */
  private async _save(context: Context): Promise<void> {
    if (!(await save(context))) {
      throw new Error(this.trans.__('The notebook could not be saved, so it was left as it is.'));
    }
  }

  private _context(path: string): Context | undefined {
    const widget = this.documents.findWidget(path);
    return widget && this.documents.contextForWidget(widget);
  }

  private async _goTo(panel: NotebookPanel, anchor: string): Promise<void> {
    await panel.context.ready;
    await panel.revealed;
    const index = panel.content.widgets.findIndex(cell => cell.model.id === anchor);
    if (index >= 0) {
      panel.content.activeCellIndex = index;
      panel.content.deselectAll();
      await panel.content.scrollToItem(index, 'start');
      panel.content.activate();
    }
  }
  private readonly _declined = new Set<string>();
}
