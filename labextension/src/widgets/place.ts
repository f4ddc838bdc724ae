import type { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';

import { courseOf } from '../model/exercise';
import type { IKept } from '../model/kept';
import { keepJson, keptJson } from '../model/kept';

/** Milliseconds from the beginning of the page in which a notebook is opened for being there before. */
const LATEST = 60_000;

/**
 * Has a page that was reloaded show a lesson at the cell where the learner was, so that cards, panel
 * and chat are about the same exercise as before.
 */
export class Place {
  /**
   * Begins to keep it.
   *
   * @param tracker - The notebooks that are open.
   * @param kept - Where it outlives the page, in this tab.
   * @param reloaded - Whether this page was there before.
   */
  constructor(
    private readonly tracker: INotebookTracker,
    private readonly kept: IKept,
    reloaded: boolean
  ) {
    const { path, cell } = reloaded ? keptJson(kept) : {};
    if (typeof path === 'string' && typeof cell === 'string') {
      this._wanted = { path, cell };
    }
    tracker.forEach(panel => void this._restore(panel));
    tracker.widgetAdded.connect((_tracker, panel) => void this._restore(panel));
    tracker.activeCellChanged.connect(this._keep, this);
    tracker.currentChanged.connect(this._keep, this);
  }

  private async _restore(panel: NotebookPanel): Promise<void> {
    const { _wanted: wanted } = this;
    if (wanted?.path !== panel.context.path || performance.now() > LATEST) {
      return;
    }
    await panel.context.ready;
    await panel.revealed;
    this._wanted = null;
    const { content } = panel;
    const index = content.widgets.findIndex(cell => cell.model.id === wanted.cell);
    // Whoever has gone elsewhere meanwhile stays there.
    if (index > 0 && content.activeCellIndex <= 0) {
      content.activeCellIndex = index;
      await content.scrollToItem(index, 'center');
    }
    this._keep();
  }

  private _keep(): void {
    const panel = this.tracker.currentWidget;
    const cell = this.tracker.activeCell?.model.id;
    if (panel && cell !== undefined && panel.context.path !== this._wanted?.path) {
      const isLesson = courseOf(panel.content.model?.metadata ?? {}) !== null;
      keepJson(this.kept, isLesson ? { path: panel.context.path, cell } : null);
    }
  }

  /** Where to go, until it is there. */
  private _wanted: { path: string; cell: string } | null = null;
}

/** Whether the page was there before, in this tab. */
export function isReloaded(): boolean {
  const [navigation] = performance.getEntriesByType('navigation');
  return (navigation as PerformanceNavigationTiming | undefined)?.type === 'reload';
}
