import type { Cell } from '@jupyterlab/cells';
import type { NotebookPanel } from '@jupyterlab/notebook';
import type { IDisposable } from '@lumino/disposable';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';
import type { PanelLayout } from '@lumino/widgets';

import { courseOf, exerciseAt, factsOf, translationsOf } from '../model/exercise';
import { cellsOf } from '../model/notebook';
import type { NotebookFile } from '../model/notebookfile';
import type { ITutorSessions } from '../tokens';
import type { ICardServices } from './cardwidget';
import { CardWidget } from './cardwidget';

/**
 * Shows the card below each card cell of a notebook, as soon as it is open: no kernel has to run and
 * no cell has to be executed.
 */
export class NotebookCards implements IDisposable {
  constructor(
    private readonly panel: NotebookPanel,
    private readonly sessions: ITutorSessions,
    private readonly services: ICardServices
  ) {
    this._file = services.file(panel);
    void panel.context.ready.then(() => {
      if (!this._disposed) {
        panel.content.modelContentChanged.connect(this._onContent, this);
        this._refresh();
      }
    });
    panel.disposed.connect(this.dispose, this);
  }

  /** Emits when cards came or went. */
  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** The course of the lesson that the notebook is a copy of, or null for any other notebook. */
  get course(): string | null {
    return courseOf(this.panel.content.model?.metadata ?? {});
  }

  get isDisposed(): boolean {
    return this._disposed;
  }

  dispose(): void {
    if (this._disposed) {
      return;
    }
    this._disposed = true;
    this.panel.content.modelContentChanged.disconnect(this._onContent, this);
    this._file.dispose();
    clearTimeout(this._again);
    this._cards.forEach(card => {
      card.dispose();
    });
    this._cards.clear();
    Signal.clearData(this);
  }

  /** Looks whether somebody else changed the notebook, where it is a lesson. */
  look(): void {
    if (this._cards.size > 0) {
      void this._file.look();
    }
  }

  /** Returns the card of the exercise that the active cell belongs to, or null. */
  active(): CardWidget | null {
    const { model, widgets, activeCellIndex, activeCell } = this.panel.content;
    if (model === null || activeCellIndex < 0) {
      return null;
    }
    const own = activeCell === null ? undefined : this._cards.get(activeCell);
    if (own !== undefined) {
      return own;
    }
    const exercise = exerciseAt(cellsOf(model), activeCellIndex);
    let above: CardWidget | null = null;
    for (const [index, cell] of widgets.entries()) {
      const card = this._cards.get(cell);
      if (card?.session.exercise !== exercise) {
        continue;
      }
      if (index > activeCellIndex) {
        return card;
      }
      above = card;
    }
    return above;
  }

  /** Returns a new card at any cell of the notebook, or null when its course is not known. */
  make(cell: Cell, exercise: string, course: string): CardWidget | null {
    const of = course || this.course;
    return of === null
      ? null
      : new CardWidget(
          this.sessions.get(of, exercise),
          this.panel,
          cell,
          this._file,
          this.services
        );
  }

  /** Whether a cell shows the card of an exercise already. */
  has(cell: Cell, exercise: string): boolean {
    const facts = factsOf(cell.model);
    return this.course !== null && facts?.role === 'card' && facts.exercise === exercise;
  }

  /** The news of a new cell comes before its widget: look once more when that is there. */
  private _onContent(): void {
    this._refresh();
    clearTimeout(this._again);
    this._again = setTimeout(() => {
      this._refresh();
    }, 50);
  }

  private _refresh(): void {
    const { model, widgets } = this.panel.content;
    if (model === null) {
      return;
    }
    const went = this._removeGone(new Set(widgets));
    const came = this._add(widgets);
    this._cards.forEach(card => {
      card.notebookChanged();
    });
    this._foldTranslations();
    if (came || went) {
      this._changed.emit();
    }
  }

  /** Shows each prompt once, in the language of its card. */
  private _foldTranslations(): void {
    const { model, widgets } = this.panel.content;
    if (model === null) {
      return;
    }
    const cells = cellsOf(model);
    const folded = new Set<number>();
    for (const { session } of this._cards.values()) {
      const language = session.state.facts?.language;
      if (language !== undefined) {
        translationsOf(cells, session.exercise, language).forEach(index => folded.add(index));
      }
    }
    widgets.forEach((cell, index) => {
      cell.toggleClass('jp-tutor-translation', folded.has(index));
    });
  }

  private _removeGone(present: ReadonlySet<Cell>): boolean {
    let went = false;
    for (const [cell, card] of this._cards) {
      if (!present.has(cell) || !this.has(cell, card.session.exercise)) {
        card.dispose();
        this._cards.delete(cell);
        went = true;
      }
    }
    return went;
  }

  private _add(widgets: readonly Cell[]): boolean {
    let came = false;
    for (const cell of widgets) {
      const facts = factsOf(cell.model);
      if (facts?.role !== 'card' || facts.exercise === null || this._cards.has(cell)) {
        continue;
      }
      const card = this.make(cell, facts.exercise, '');
      if (card !== null) {
        this._cards.set(cell, card);
        came = true;
        card.session.changed.connect(this._foldTranslations, this);
        // A cell out of view has no parts yet, and would put them below the card.
        void cell.ready.then(() => {
          if (!cell.isDisposed && !card.isDisposed) {
            (cell.layout as PanelLayout).addWidget(card);
          }
        });
      }
    }
    return came;
  }

  private readonly _file: NotebookFile;
  private readonly _cards = new Map<Cell, CardWidget>();
  private readonly _changed = new Signal<this, void>(this);
  private _again: ReturnType<typeof setTimeout> | undefined;
  private _disposed = false;
}
