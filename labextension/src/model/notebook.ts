import type { INotebookModel } from '@jupyterlab/notebook';

import type { Responses } from '../api/types';
import type { ICell } from './exercise';

/**
 * The notebook's own key for what was picked or typed in quizzes, by exercise. It stands beside the
 * release's key, which a newer release replaces as a whole, and not in a card's cell, of which there
 * may be copies.
 */
export const RESPONSES_KEY = 'jupyter_tutor_responses';

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

/** Returns the responses to a quiz that are kept in a notebook. */
export function responsesOf(model: INotebookModel, exercise: string): Responses {
  return responsesIn(model.metadata, exercise);
}

/** Returns the responses to a quiz that are kept in the metadata of a notebook. */
export function responsesIn(
  metadata: Readonly<Record<string, unknown>>,
  exercise: string
): Responses {
  const kept = record(record(metadata[RESPONSES_KEY])[exercise]);
  return Object.fromEntries(Object.entries(kept).filter(isResponse));
}

/** Keeps the responses to a quiz in the notebook, so that they are saved with it. */
export function keepResponses(model: INotebookModel, exercise: string, responses: Responses): void {
  const kept = record(model.getMetadata(RESPONSES_KEY));
  model.setMetadata(RESPONSES_KEY, { ...kept, [exercise]: responses });
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {};
}

function isResponse(entry: [string, unknown]): entry is [string, Responses[string]] {
  const [, value] = entry;
  return (
    typeof value === 'string' ||
    (typeof value === 'number' && Number.isFinite(value)) ||
    (Array.isArray(value) && value.every(each => typeof each === 'string'))
  );
}
