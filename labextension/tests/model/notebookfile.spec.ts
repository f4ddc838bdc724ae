import { Signal } from '@lumino/signaling';
import { describe, expect, it, vi } from 'vitest';

import { NotebookFile } from '../../src/model/notebookfile';
import type { Context } from '../../src/model/saving';

const notebook = (source: string | string[] = 'x = 1') => ({
  cells: [{ id: 'a', cell_type: 'code', source, metadata: { tags: [] } }],
  metadata: { jupyter_tutor: { course: 'python' } }
});

interface IFacts {
  hash?: string;
  last_modified: string;
}

const KNOWN: IFacts = { hash: '1', last_modified: '2026-01-01T10:00:00.000Z' };
const LATER: IFacts = { hash: '2', last_modified: '2026-01-01T10:00:05.000Z' };

function begin(known: IFacts | null = KNOWN, now: IFacts = LATER) {
  const listeners: ((event: { data: unknown }) => void)[] = [];
  const channel = {
    postMessage: vi.fn(),
    addEventListener: (_type: string, listener: (event: { data: unknown }) => void) =>
      listeners.push(listener)
  };
  const context = {
    path: 'python/loops.ipynb',
    known,
    // As JupyterLab does: another object each time.
    get contentsModel() {
      return this.known && { ...this.known };
    },
    isDisposed: false,
    ready: Promise.resolve(),
    text: 'x = 1',
    model: { dirty: false, collaborative: false, toJSON: () => notebook(context.text) },
    saveState: new Signal<object, string>({}),
    fileChanged: new Signal<object, void>({}),
    revert: vi.fn().mockResolvedValue(undefined)
  };
  const contents = {
    get: vi.fn((_path: string, options: { content?: boolean }) =>
      Promise.resolve({ ...now, content: options.content ? notebook() : null })
    ),
    save: vi.fn().mockResolvedValue({})
  };
  const file = new NotebookFile(context as unknown as Context, contents as never, channel as never);
  const changed = vi.fn();
  file.changed.connect(changed);
  const tell = (data: unknown): void => {
    listeners.forEach(listener => {
      listener({ data });
    });
  };
  return { context, contents, channel, file, changed, tell };
}

const settle = (): Promise<void> => new Promise(done => setTimeout(done, 0));

const missing = Object.assign(new Error('Not found'), { response: { status: 404 } });

describe('the file of a notebook', () => {
  it.each([
    ['has another hash', KNOWN, LATER, true],
    ['has the same hash, whatever its time', KNOWN, { ...LATER, hash: '1' }, false],
    ['is later, where nothing is hashed', { ...KNOWN, hash: '' }, LATER, true],
    [
      'is hardly later',
      { ...KNOWN, hash: '' },
      { hash: '2', last_modified: '2026-01-01T10:00:00.400Z' },
      false
    ]
  ])('is noticed when it %s', async (_what, known, now, noticed) => {
    const { file, changed } = begin(known, now);
    await file.look();
    expect(file.left !== null).toBe(noticed);
    expect(changed).toHaveBeenCalledTimes(noticed ? 1 : 0);
  });

  it('is read once for one change, and told with its cells', async () => {
    const { file, contents, changed } = begin();
    await file.look();
    await file.look();
    expect(contents.get.mock.calls.filter(([, { content }]) => content)).toHaveLength(1);
    expect(changed).toHaveBeenCalledTimes(1);
    expect(file.left).toEqual({
      cells: [{ cell: 'a', type: 'code', source: 'x = 1', metadata: { tags: [] } }],
      metadata: { jupyter_tutor: { course: 'python' } }
    });
    contents.get.mockResolvedValue({
      ...LATER,
      hash: '3',
      content: notebook(['x\n', 'y'])
    });
    await file.look();
    expect(file.left?.cells[0]?.source).toBe('x\ny');
  });

  it('is looked at when another tab has saved it, which is told of here too', async () => {
    const { file, tell, context, channel } = begin();
    tell('python/other.ipynb');
    tell(null);
    await settle();
    expect(file.left).toBeNull();
    tell('python/loops.ipynb');
    await settle();
    expect(file.left).not.toBeNull();
    context.saveState.emit('started');
    expect(channel.postMessage).not.toHaveBeenCalled();
    context.saveState.emit('completed');
    expect(channel.postMessage.mock.calls).toEqual([['python/loops.ipynb']]);
  });

  it('is as this page knows it once it is saved or read again here', async () => {
    const { file, context } = begin();
    await file.look();
    context.fileChanged.emit();
    expect(file.left).toBeNull();
    await file.look();
    expect(file.left).not.toBeNull();
    context.known = LATER;
    await file.look();
    expect(file.left).toBeNull();
  });

  it('is not looked at where it is shared live, not read yet, being saved, or closed', async () => {
    const { file, context, contents } = begin();
    context.model.collaborative = true;
    await file.look();
    context.model.collaborative = false;
    context.saveState.emit('started');
    await file.look();
    context.saveState.emit('failed');
    context.known = null;
    await file.look();
    context.known = KNOWN;
    file.dispose();
    await file.look();
    expect(contents.get).not.toHaveBeenCalled();
  });

  it('is left alone when it was saved here while it was looked at, or cannot be read', async () => {
    const { file, context, contents } = begin();
    const looking = file.look();
    context.known = LATER;
    await looking;
    expect(file.left).toBeNull();
    context.known = KNOWN;
    contents.get.mockRejectedValueOnce(missing);
    await file.look();
    expect(file.left).toBeNull();
  });

  it('is read again without a copy where everything is saved', async () => {
    const { file, context, contents } = begin();
    await file.look();
    await file.reload('sum-up');
    expect(contents.save).not.toHaveBeenCalled();
    expect(context.revert).toHaveBeenCalledTimes(1);
    expect([file.left, file.copy]).toEqual([null, null]);
  });

  it('holds all that was written while nothing but its metadata is not saved', async () => {
    const { file, context } = begin();
    await settle();
    context.model.dirty = true;
    expect(file.unsaved).toBe(false);
    context.text = 'x = 2';
    expect(file.unsaved).toBe(true);
    context.saveState.emit('started');
    context.text = 'x = 3';
    context.fileChanged.emit();
    context.saveState.emit('completed');
    expect(file.unsaved).toBe(true);
    context.text = 'x = 2';
    expect(file.unsaved).toBe(false);
    // As when JupyterLab itself reads it again.
    context.text = 'x = 4';
    context.model.dirty = false;
    context.fileChanged.emit();
    context.model.dirty = true;
    expect(file.unsaved).toBe(false);
  });

  it('is read again with a copy beside it of what is not saved', async () => {
    const { file, context, contents } = begin();
    await settle();
    context.text = 'x = 2';
    context.model.dirty = true;
    contents.get.mockResolvedValueOnce({ ...KNOWN, content: null }).mockRejectedValueOnce(missing);
    await file.reload('sum-up');
    const [[path, options]] = contents.save.mock.calls as [[string, object]];
    expect(path).toBe('python/loops-mine-2.ipynb');
    expect(options).toEqual({ type: 'notebook', format: 'json', content: notebook('x = 2') });
    expect(file.copy).toEqual({ path, exercise: 'sum-up' });
    expect(context.revert).toHaveBeenCalledTimes(1);
  });

  it('stays as it is shown where no copy can be kept', async () => {
    const { file, context, contents } = begin();
    await settle();
    context.text = 'x = 2';
    context.model.dirty = true;
    contents.get.mockRejectedValueOnce(missing);
    contents.save.mockRejectedValueOnce(new Error('There is no room.'));
    await expect(file.reload('sum-up')).rejects.toThrow('There is no room.');
    expect(context.revert).not.toHaveBeenCalled();
    expect(file.copy).toBeNull();
  });
});
