import type { ICellModel } from '@jupyterlab/cells';
import type { INotebookModel } from '@jupyterlab/notebook';

import type { Responses } from '../api/types';
import type { ICell } from './exercise';
import { KEY } from './exercise';

/** Returns the live cells of a notebook, unsaved edits included. */
export function cellsOf(model: INotebookModel): ICell[] {
  const cells: ICell[] = [];
  for (const cell of model.cells) {
    cells.push({
      cell: cell.id,
      type: cell.type,
      source: cell.sharedModel.getSource(),
      metadata: cell.metadata
    });
  }
  return cells;
}

/** Returns the responses to a quiz that are kept in the metadata of its card. */
export function responsesOf(card: ICellModel): Responses {
  const facts = card.getMetadata(KEY) as { responses?: unknown } | undefined;
  const kept = facts?.responses;
  return typeof kept === 'object' && kept !== null ? (kept as Responses) : {};
}

/** Keeps responses in the metadata of the card, so that they are saved with the notebook. */
export function keepResponses(card: ICellModel, responses: Responses): void {
  const facts = (card.getMetadata(KEY) ?? {}) as Record<string, unknown>;
  card.setMetadata(KEY, { ...facts, responses });
}
