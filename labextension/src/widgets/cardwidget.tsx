import type { Cell } from '@jupyterlab/cells';
import type { NotebookPanel } from '@jupyterlab/notebook';
import { NotebookActions } from '@jupyterlab/notebook';
import type { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import type { TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget } from '@jupyterlab/ui-components';
import type { ReactElement } from 'react';

import type { AnswerBody, Responses } from '../api/types';
import type { Found } from '../model/exercise';
import { factsOf, findAnswers } from '../model/exercise';
import { cellsOf, keepResponses, responsesOf } from '../model/notebook';
import type { ExerciseSession } from '../model/session';
import type { ICardHost } from './card';
import { Card } from './card';

/** Brings a newer version of the lesson into an open notebook. */
export type UpdateLesson = (panel: NotebookPanel, course: string) => Promise<void>;

/** What a card needs besides its place. */
export interface ICardOptions {
  session: ExerciseSession;
  panel: NotebookPanel;
  cell: Cell;
  rendermime: IRenderMimeRegistry;
  trans: TranslationBundle;
  update: UpdateLesson;
}

/** The card of an exercise, at a cell of a notebook. */
export class CardWidget extends ReactWidget implements ICardHost {
  constructor(private readonly options: ICardOptions) {
    super();
    this.addClass('jp-tutor-attached');
    // The notebook's own keys must not act on what is typed into the card.
    this.node.dataset.lmSuppressShortcuts = 'true';
    options.cell.model.metadataChanged.connect(this._onMetadata, this);
  }

  get session(): ExerciseSession {
    return this.options.session;
  }

  trouble = '';

  get responses(): Responses {
    return responsesOf(this.options.cell.model);
  }

  readonly setResponses = (responses: Responses): void => {
    keepResponses(this.options.cell.model, responses);
  };

  readonly run = (): void => {
    const answer = this._answer();
    if (answer !== null) {
      void this.session.check(answer);
    }
  };

  readonly submit = (): void => {
    const answer = this._answer();
    if (answer !== null) {
      void this.session.submit(answer);
    }
  };

  readonly hint = (): void => {
    void this.session.hint();
  };

  readonly updateLesson = (): void => {
    void this.options.update(this.options.panel, this.session.course);
  };

  readonly reveal = (cellId: string, line: number): void => {
    const found = this._find();
    const index = found.ok ? found.cells.find(each => each.id === cellId)?.index : undefined;
    const { content } = this.options.panel;
    if (index === undefined) {
      return;
    }
    content.activeCellIndex = index;
    void content.scrollToItem(index).then(() => {
      const editor = content.widgets[index]?.editor;
      editor?.setCursorPosition({ line: Math.max(0, line - 1), column: 0 });
      editor?.focus();
    });
    NotebookActions.expandAllHeadings(content);
  };

  override dispose(): void {
    if (!this.isDisposed) {
      this.options.cell.model.metadataChanged.disconnect(this._onMetadata, this);
    }
    super.dispose();
  }

  protected override render(): ReactElement {
    const { session, rendermime, trans } = this.options;
    return <Card session={session} host={this} rendermime={rendermime} trans={trans} />;
  }

  private _onMetadata(): void {
    this.update();
  }

  private _find(): Found {
    const { panel, cell, session } = this.options;
    const model = panel.content.model;
    const ids = session.state.facts?.answer_cells ?? [];
    if (model === null) {
      return { ok: false, problem: 'missing', id: ids[0] ?? '' };
    }
    const card = panel.content.widgets.indexOf(cell);
    return findAnswers(cellsOf(model), session.exercise, ids, card);
  }

  private _answer(): AnswerBody | null {
    const { session, trans, cell } = this.options;
    const found = this._find();
    this.trouble = found.ok ? '' : troubleText(found, trans);
    this.update();
    if (!found.ok || session.state.facts === null) {
      return null;
    }
    return {
      revision: factsOf(cell.model)?.revision ?? null,
      cells: found.cells.map(({ id, source }) => ({ id, source })),
      responses: this.responses
    };
  }
}

function troubleText(found: Found & { ok: false }, trans: TranslationBundle): string {
  return found.problem === 'missing'
    ? trans.__(
        'The answer cell “%1” was not found. Undo its deletion, or write the answer between the task and this card.',
        found.id
      )
    : trans.__(
        'There are several cells that could be the answer “%1”. Delete the copies that you do not want to be run.',
        found.id
      );
}
