import type { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';

import type { Consents } from '../model/consents';
import type { LessonOpener } from '../model/lessons';
import type { ITutorCards, ITutorSessions } from '../tokens';
import { NotebookCards } from './cards';
import type { CardWidget, ICardServices } from './cardwidget';

/** The cards of all notebooks that are open. */
export class TrackedCards implements ITutorCards {
  constructor(
    private readonly tracker: INotebookTracker,
    private readonly sessions: ITutorSessions,
    readonly opener: LessonOpener,
    private readonly services: ICardServices
  ) {
    tracker.forEach(panel => {
      this._add(panel);
    });
    tracker.widgetAdded.connect((_tracker, panel) => {
      this._add(panel);
    });
    tracker.currentChanged.connect(this._emit, this);
    tracker.activeCellChanged.connect(this._emit, this);
  }

  get changed(): ISignal<ITutorCards, void> {
    return this._changed;
  }

  get consents(): Consents {
    return this.services.consents;
  }

  active(): CardWidget | null {
    return this._current()?.active() ?? null;
  }

  inLesson(): boolean {
    return this.course() !== null;
  }

  course(): string | null {
    return this._current()?.course ?? null;
  }

  at(node: HTMLElement, exercise: string, course: string): CardWidget | 'shown' | null {
    for (const [panel, cards] of this._shown) {
      const cell = panel.content.widgets.find(widget => widget.node.contains(node));
      if (cell !== undefined) {
        return cards.has(cell, exercise) ? 'shown' : cards.make(cell, exercise, course);
      }
    }
    return null;
  }

  /** Looks whether somebody else changed the notebooks that are open. */
  look(): void {
    for (const cards of this._shown.values()) {
      cards.look();
    }
  }

  private _current(): NotebookCards | undefined {
    const panel = this.tracker.currentWidget;
    return panel === null ? undefined : this._shown.get(panel);
  }

  private _add(panel: NotebookPanel): void {
    const cards = new NotebookCards(panel, this.sessions, this.services);
    this._shown.set(panel, cards);
    cards.changed.connect(this._emit, this);
    panel.disposed.connect(() => {
      this._shown.delete(panel);
      this._emit();
    });
  }

  private _emit(): void {
    this._changed.emit();
  }

  private readonly _shown = new Map<NotebookPanel, NotebookCards>();
  private readonly _changed = new Signal<ITutorCards, void>(this);
}
