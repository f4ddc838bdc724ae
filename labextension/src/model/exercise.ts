/**
 * Which cells belong to which exercise: pure functions over a notebook's cells.
 *
 * Learners copy, delete, move and retype cells. An answer is found by its id in the cell's metadata
 * first, by its position second, and another exercise's code is never taken for it.
 */

/** The one namespaced key under which a cell says what it is. */
export const KEY = 'jupyter_tutor';

export type Role = 'prompt' | 'setup' | 'answer' | 'tests' | 'card' | 'text' | 'kept';

/** What a cell says of itself. */
export interface ICellFacts {
  role: Role;
  exercise: string | null;
  /** Id of an answer cell within its exercise. */
  id: string | null;
  /** Of a card: content hash of the revision that the copy was made from. */
  revision: string | null;
  /** Of a prompt: its language code. */
  language: string | null;
}

/** A cell as far as finding answers goes; `cell` is its nbformat id. */
export interface ICell {
  cell: string;
  type: string;
  source: string;
  metadata: Readonly<Record<string, unknown>>;
}

/** An exercise found in a notebook. */
export interface IExerciseRef {
  exercise: string;
  revision: string | null;
  /** Index of the card among the cells, or -1 when the card was deleted. */
  card: number;
}

/** The answer cells of an exercise, or why they cannot be told. */
export type Found =
  | { ok: true; cells: { id: string; source: string; index: number }[] }
  | { ok: false; problem: 'missing' | 'ambiguous'; id: string };

const ROLES: readonly string[] = ['prompt', 'setup', 'answer', 'tests', 'card', 'text', 'kept'];

function text(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

/** Returns what a cell says of itself, or null for a cell of the learner's own. */
export function factsOf(cell: Pick<ICell, 'metadata'>): ICellFacts | null {
  const facts = cell.metadata[KEY];
  if (typeof facts !== 'object' || facts === null) {
    return null;
  }
  const { role, exercise, id, revision, language } = facts as Record<string, unknown>;
  if (typeof role !== 'string' || !ROLES.includes(role)) {
    return null;
  }
  return {
    role: role as Role,
    exercise: text(exercise),
    id: text(id),
    revision: text(revision),
    language: text(language)
  };
}

/** Returns the course that a notebook's metadata names, or null for any other notebook. */
export function courseOf(metadata: Readonly<Record<string, unknown>>): string | null {
  return notebookFact(metadata, 'course');
}

/** Returns the lesson that a notebook's metadata names, or null for any other notebook. */
export function lessonOf(metadata: Readonly<Record<string, unknown>>): string | null {
  return notebookFact(metadata, 'lesson');
}

function notebookFact(
  metadata: Readonly<Record<string, unknown>>,
  name: 'course' | 'lesson'
): string | null {
  const facts = metadata[KEY];
  return typeof facts === 'object' && facts !== null
    ? text((facts as Record<string, unknown>)[name])
    : null;
}

/** Lists the exercises that have a card, in notebook order; a copied card counts once. */
export function exercisesOf(cells: readonly ICell[]): IExerciseRef[] {
  const found = new Map<string, IExerciseRef>();
  cells.forEach((cell, card) => {
    const facts = factsOf(cell);
    if (facts?.role === 'card' && facts.exercise && !found.has(facts.exercise)) {
      found.set(facts.exercise, { exercise: facts.exercise, revision: facts.revision, card });
    }
  });
  return [...found.values()];
}

/** Returns the exercise that the cell at an index belongs to: its own, or that of what is above. */
export function exerciseAt(cells: readonly ICell[], index: number): string | null {
  for (let at = Math.min(index, cells.length - 1); at >= 0; at--) {
    const exercise = factsAt(cells, at)?.exercise;
    if (exercise) {
      return exercise;
    }
  }
  return null;
}

/**
 * Lists the prompts of an exercise that say in another language what one says in the language
 * wanted. Where none is in that language, the learner reads them all.
 */
export function translationsOf(
  cells: readonly ICell[],
  exercise: string,
  language: string
): number[] {
  const prompts = cells.flatMap((cell, index) => {
    const facts = factsOf(cell);
    return facts?.role === 'prompt' && facts.exercise === exercise
      ? [{ index, language: facts.language }]
      : [];
  });
  return prompts.some(prompt => prompt.language === language)
    ? prompts.filter(prompt => prompt.language !== language).map(({ index }) => index)
    : [];
}

/**
 * Finds the answer cells of an exercise.
 *
 * @param cells - The live cells of the notebook, unsaved edits included.
 * @param exercise - Slug of the exercise.
 * @param ids - Ids of its answer cells, in order.
 * @param card - Index of the card that asks, or -1.
 */
export function findAnswers(
  cells: readonly ICell[],
  exercise: string,
  ids: readonly string[],
  card: number
): Found {
  const taken = new Set<number>();
  const answers: { id: string; source: string; index: number }[] = [];
  for (const id of ids) {
    const marked = byId(cells, exercise, id, card);
    const index = marked ?? byPosition(cells, exercise, ids, id, card, taken);
    if (typeof index !== 'number') {
      return { ok: false, problem: index ?? 'missing', id };
    }
    taken.add(index);
    answers.push({ id, source: sourceAt(cells, index), index });
  }
  return { ok: true, cells: answers };
}

/** A released answer cell has a readable id; a copy of it gets a random one from JupyterLab. */
function byId(
  cells: readonly ICell[],
  exercise: string,
  id: string,
  card: number
): number | 'ambiguous' | null {
  const marked = [...cells.keys()].filter(index => isMarked(cells[index], exercise, id));
  if (marked.length <= 1) {
    return marked[0] ?? null;
  }
  const originals = marked.filter(index => !isRandomId(cells[index]?.cell ?? ''));
  const [original] = originals;
  if (originals.length === 1 && original !== undefined) {
    return original;
  }
  if (new Set(marked.map(index => sourceAt(cells, index))).size === 1) {
    return marked[0] ?? null;
  }
  const [above, ...others] = marked.filter(index => card >= 0 && index < card);
  return above !== undefined && others.length === 0 ? above : 'ambiguous';
}

/** Whether a cell says that it is this answer, and can be one: a text cannot be run. */
function isMarked(cell: ICell | undefined, exercise: string, id: string): boolean {
  const facts = cell?.type === 'code' ? factsOf(cell) : null;
  return facts?.role === 'answer' && facts.exercise === exercise && (facts.id ?? 'answer') === id;
}

/** JupyterLab gives new and pasted cells a UUID, nbformat gives them eight hexadecimal digits. */
function isRandomId(id: string): boolean {
  return /^[0-9a-f]{8}$/.test(id) || /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-/.test(id);
}

/** Looks between the prompt of the exercise and its card for code cells that say nothing. */
function byPosition(
  cells: readonly ICell[],
  exercise: string,
  ids: readonly string[],
  id: string,
  card: number,
  taken: ReadonlySet<number>
): number | 'ambiguous' | null {
  const start = cells.findIndex(cell => {
    const facts = factsOf(cell);
    return facts?.role === 'prompt' && facts.exercise === exercise;
  });
  if (start < 0) {
    return null;
  }
  let end = card > start ? card : cells.length;
  for (let at = start + 1; at < end; at++) {
    const other = factsAt(cells, at)?.exercise;
    if (other && other !== exercise) {
      end = at;
    }
  }
  const free: number[] = [];
  for (let at = start + 1; at < end; at++) {
    const cell = cells[at];
    if (cell?.type === 'code' && !taken.has(at) && factsOf(cell) === null && cell.source.trim()) {
      free.push(at);
    }
  }
  const missing = ids.filter(other => !cells.some(cell => isMarked(cell, exercise, other)));
  const unplaced = missing.slice(missing.indexOf(id));
  if (free.length === 0) {
    return null;
  }
  return free.length === unplaced.length ? (free[0] ?? null) : 'ambiguous';
}

function factsAt(cells: readonly ICell[], index: number): ICellFacts | null {
  const cell = cells[index];
  return cell === undefined ? null : factsOf(cell);
}

function sourceAt(cells: readonly ICell[], index: number): string {
  return cells[index]?.source ?? '';
}
