import type { Contents } from '@jupyterlab/services';

import type { ICell } from './exercise';
import { RESPONSES_KEY } from './notebook';
import { Observed } from './observed';
import type { Context } from './saving';
import type { Channel } from './sessions';

/** What somebody else left in the file of a notebook. */
export interface ILeft {
  cells: readonly ICell[];
  metadata: Readonly<Record<string, unknown>>;
}

/** What was written here and not saved when the file was read again. */
export interface ICopy {
  path: string;
  /** Where it was asked for. */
  exercise: string;
}

/** A notebook as it is saved. */
interface INotebook {
  cells: { cell_type: string; source: unknown; outputs?: unknown }[];
  metadata: Record<string, unknown>;
}

/** Milliseconds by which clocks of file systems may be apart. */
const MARGIN = 500;

/**
 * The file of a notebook that is open: it notices when somebody else changed it since it was read or
 * saved here, in another tab for instance. Where a notebook is shared live there is nothing to notice.
 */
export class NotebookFile extends Observed {
  constructor(
    private readonly context: Context,
    private readonly contents: Pick<Contents.IManager, 'get' | 'save'>,
    private readonly channel: Channel | null = null
  ) {
    super();
    context.saveState.connect(this._onSave, this);
    context.fileChanged.connect(this._onFile, this);
    void context.ready.then(() => {
      this._known = this._written();
    });
    channel?.addEventListener('message', event => {
      if (event.data === context.path) {
        void this.look();
      }
    });
  }

  /** What somebody else left there, or null while the file is as this page knows it. */
  get left(): ILeft | null {
    return this._left;
  }

  /**
   * Whether something that was written or run here is not in the file. JupyterLab also takes a notebook
   * for changed when a kernel has told its version; that is nothing to keep.
   */
  get unsaved(): boolean {
    return this.context.model.dirty && this._written() !== this._known;
  }

  /** What was kept beside it when it was read again, or null. */
  get copy(): ICopy | null {
    return this._copy;
  }

  override dispose(): void {
    super.dispose();
    this.context.saveState.disconnect(this._onSave, this);
    this.context.fileChanged.disconnect(this._onFile, this);
  }

  /** Looks whether somebody else changed it; silently, whatever comes of it. */
  async look(): Promise<void> {
    const { contentsModel: known } = this.context;
    if (known === null || this._saving || this._gone || this.context.model.collaborative) {
      return;
    }
    const { path } = this.context;
    try {
      const now = await this.contents.get(path, { content: false, hash: true });
      if (!differs(known, now)) {
        this._find(known, null, '');
      } else if (stamp(now) !== this._stamp) {
        const file = await this.contents.get(path, { type: 'notebook', content: true });
        this._find(known, leftIn(file.content), stamp(now));
      }
    } catch {
      // Nobody asked for this; saving the notebook tells what is wrong.
    }
  }

  /**
   * Reads the file again. What was written here and not saved is kept beside it before.
   *
   * @param exercise - Where it was asked for.
   */
  async reload(exercise: string): Promise<void> {
    if (this.unsaved) {
      const path = await this._freePath();
      const content: unknown = this.context.model.toJSON();
      await this.contents.save(path, { type: 'notebook', format: 'json', content });
      this._copy = { path, exercise };
    }
    await this.context.revert();
    this._known = this._written();
    this._forget();
  }

  private get _gone(): boolean {
    return this.isDisposed || this.context.isDisposed;
  }

  private async _freePath(): Promise<string> {
    const start = this.context.path.replace(/\.ipynb$/, '');
    for (let number = 1; ; number++) {
      const path = `${start}-mine${number === 1 ? '' : `-${number}`}.ipynb`;
      try {
        await this.contents.get(path, { content: false });
      } catch (error) {
        if ((error as { response?: Response }).response?.status === 404) {
          return path;
        }
        throw error;
      }
    }
  }

  /** Takes over what was found, unless it was read or saved here meanwhile. */
  private _find(known: Facts, left: ILeft | null, at: string): void {
    const { contentsModel: facts } = this.context;
    const same = facts !== null && stamp(facts) === stamp(known);
    if (!this._gone && same && this._stamp !== at) {
      this._left = left;
      this._stamp = at;
      this.emit();
    }
  }

  private _forget(): void {
    this._left = null;
    this._stamp = '';
    this.emit();
  }

  private _onFile(): void {
    this._forget();
    if (!this._saving && !this.context.model.dirty) {
      this._known = this._written();
    }
  }

  /** What stands in the cells, and in quizzes. */
  private _written(): string {
    const { cells, metadata } = this.context.model.toJSON() as unknown as INotebook;
    const contents = cells.map(({ cell_type, source, outputs }) => [cell_type, source, outputs]);
    return JSON.stringify([contents, metadata[RESPONSES_KEY]]);
  }

  private _onSave(_context: unknown, state: string): void {
    this._saving = state === 'started';
    if (this._saving) {
      this._sent = this._written();
    }
    if (state === 'completed') {
      this._known = this._sent;
      this.channel?.postMessage(this.context.path);
    }
  }

  private _left: ILeft | null = null;
  /** Which file that was found in, or "". */
  private _stamp = '';
  private _copy: ICopy | null = null;
  private _saving = false;
  /** What was written when it was read or saved here, and when it was last begun to be saved. */
  private _known = '';
  private _sent = '';
}

type Facts = NonNullable<Context['contentsModel']>;

function stamp({ hash, last_modified }: Facts): string {
  return hash ?? last_modified;
}

/** Whether a file is another one than that which is known; what a hash says goes before times. */
function differs(known: Facts, now: Facts): boolean {
  if (known.hash && now.hash) {
    return known.hash !== now.hash;
  }
  return Date.parse(now.last_modified) - Date.parse(known.last_modified) > MARGIN;
}

function leftIn(content: unknown): ILeft | null {
  const { cells, metadata } = (content ?? {}) as Partial<ILeft> & { cells?: unknown[] };
  if (!Array.isArray(cells)) {
    return null;
  }
  return { cells: cells.map(cellOf), metadata: metadata ?? {} };
}

function cellOf(cell: unknown): ICell {
  const { id, cell_type, source, metadata } = cell as Record<string, unknown>;
  const lines = Array.isArray(source) ? source.join('') : source;
  return {
    cell: typeof id === 'string' ? id : '',
    type: String(cell_type),
    source: typeof lines === 'string' ? lines : '',
    metadata: (metadata ?? {}) as Record<string, unknown>
  };
}
