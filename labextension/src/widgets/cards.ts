import type { Cell } from '@jupyterlab/cells';
import type { NotebookPanel } from '@jupyterlab/notebook';
import type { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { IDisposable } from '@lumino/disposable';
import type { PanelLayout } from '@lumino/widgets';

import { courseOf, exerciseAt, factsOf } from '../model/exercise';
import { cellsOf } from '../model/notebook';
import type { ITutorSessions } from '../tokens';
import type { UpdateLesson } from './cardwidget';
import { CardWidget } from './cardwidget';

/** What the cards of a notebook need. */
export interface ICardsOptions {
  sessions: ITutorSessions;
  rendermime: IRenderMimeRegistry;
  trans: TranslationBundle;
  update: UpdateLesson;
}

/**
 * Shows the card below each card cell of a notebook, as soon as it is open: no kernel has to run and
 * no cell has to be executed.
 */
export class NotebookCards implements IDisposable {
  constructor(
    private readonly panel: NotebookPanel,
    private readonly options: ICardsOptions
  ) {
    void panel.context.ready.then(() => {
      if (!this._disposed) {
        panel.content.modelContentChanged.connect(this._refresh, this);
        this._refresh();
      }
    });
    panel.disposed.connect(this.dispose, this);
  }

  get isDisposed(): boolean {
    return this._disposed;
  }

  dispose(): void {
    if (this._disposed) {
      return;
    }
    this._disposed = true;
    this.panel.content.modelContentChanged.disconnect(this._refresh, this);
    this._cards.forEach(card => {
      card.dispose();
    });
    this._cards.clear();
  }

  /** Returns the card of the exercise that the active cell belongs to, or null. */
  active(): CardWidget | null {
    const { model, activeCellIndex } = this.panel.content;
    if (model === null || activeCellIndex < 0) {
      return null;
    }
    const exercise = exerciseAt(cellsOf(model), activeCellIndex);
    for (const card of this._cards.values()) {
      if (card.session.exercise === exercise) {
        return card;
      }
    }
    return null;
  }

  private _refresh(): void {
    const { model, widgets } = this.panel.content;
    if (model === null) {
      return;
    }
    const course = courseOf(model.metadata);
    const present = new Set<Cell>(widgets);
    for (const [cell, card] of this._cards) {
      if (!present.has(cell) || factsOf(cell.model)?.exercise !== card.session.exercise) {
        card.dispose();
        this._cards.delete(cell);
      }
    }
    for (const cell of widgets) {
      const facts = factsOf(cell.model);
      if (course === null || facts?.role !== 'card' || !facts.exercise || this._cards.has(cell)) {
        continue;
      }
      const card = new CardWidget({
        ...this.options,
        session: this.options.sessions.get(course, facts.exercise),
        panel: this.panel,
        cell
      });
      (cell.layout as PanelLayout).addWidget(card);
      this._cards.set(cell, card);
    }
  }

  private readonly _cards = new Map<Cell, CardWidget>();
  private _disposed = false;
}
