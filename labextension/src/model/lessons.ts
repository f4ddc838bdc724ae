import type { IDocumentManager } from '@jupyterlab/docmanager';
import type { NotebookPanel } from '@jupyterlab/notebook';
import { Dialog, showDialog } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';

import type { TutorClient } from '../api/client';
import { newKey } from '../api/client';
import type { OpenedLesson } from '../api/types';

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
      await this._save(opened.path);
      opened = await this.client.openLesson(course, lesson, exercise, 'merge', newKey());
      await this._revert(opened.path);
    }
    const widget = this.documents.openOrReveal(opened.path) as NotebookPanel | undefined;
    if (widget !== undefined && opened.anchor !== null) {
      await this._goTo(widget, opened.anchor);
    }
  }

  /** Brings the newest version of the lesson into an open notebook. */
  async update(panel: NotebookPanel, course: string, lesson: string): Promise<void> {
    await panel.context.save();
    if (panel.context.model.dirty) {
      throw new Error(this.trans.__('The notebook could not be saved, so it was left as it is.'));
    }
    const opened = await this.client.openLesson(course, lesson, null, 'merge', newKey());
    if (opened.path === panel.context.path) {
      await panel.context.revert();
    } else {
      // This notebook was renamed or copied; the lesson's own place has the newest version.
      await this._revert(opened.path);
      this.documents.openOrReveal(opened.path);
    }
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

  private async _save(path: string): Promise<void> {
    const widget = this.documents.findWidget(path);
    if (widget !== undefined) {
      await this.documents.contextForWidget(widget)?.save();
    }
  }

  private async _revert(path: string): Promise<void> {
    const widget = this.documents.findWidget(path);
    if (widget !== undefined) {
      await this.documents.contextForWidget(widget)?.revert();
    }
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
