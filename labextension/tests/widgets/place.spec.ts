import type { INotebookTracker } from '@jupyterlab/notebook';
import { Signal } from '@lumino/signaling';
import { describe, expect, it, vi } from 'vitest';

import { Place } from '../../src/widgets/place';
import { fakeKeep } from '../fakes';

const COPY = { jupyter_tutor: { version: 1, course: 'python', lesson: 'loops' } };

/** A page with the notebooks that are open in it. */
function page(kept: ReturnType<typeof fakeKeep>, reloaded = true) {
  const tracker = {
    currentWidget: null as unknown,
    get activeCell() {
      const panel = this.currentWidget as ReturnType<typeof open> | null;
      return panel?.content.widgets[panel.content.activeCellIndex] ?? null;
    },
    forEach: vi.fn(),
    widgetAdded: new Signal<object, unknown>({}),
    activeCellChanged: new Signal<object, void>({}),
    currentChanged: new Signal<object, void>({})
  };
  new Place(tracker as unknown as INotebookTracker, kept.keep('place'), reloaded);
  const open = (path = 'loops.ipynb', metadata: object = COPY) => {
    const panel = {
      context: { path, ready: Promise.resolve() },
      revealed: Promise.resolve(),
      content: {
        activeCellIndex: 0,
        model: { metadata },
        widgets: ['a', 'b', 'c'].map(id => ({ model: { id } })),
        scrollToItem: vi.fn().mockResolvedValue(undefined)
      }
    };
    tracker.currentWidget = panel;
    tracker.widgetAdded.emit(panel);
    tracker.activeCellChanged.emit();
    return panel;
  };
  const go = (panel: ReturnType<typeof open>, index: number): void => {
    panel.content.activeCellIndex = index;
    tracker.activeCellChanged.emit();
  };
  return { open, go };
}

const settle = (): Promise<void> => new Promise(done => setTimeout(done, 0));

describe('the place of the learner', () => {
  it('is the same after a reload, and after the next', async () => {
    const kept = fakeKeep();
    const before = page(kept, false);
    before.go(before.open(), 2);
    for (let reload = 0; reload < 2; reload++) {
      const { content } = page(kept).open();
      await settle();
      expect(content.activeCellIndex).toBe(2);
      expect(content.scrollToItem.mock.calls).toEqual([[2, 'center']]);
    }
  });

  it('is the beginning in a page that was not reloaded, and in other notebooks', async () => {
    const kept = fakeKeep();
    const before = page(kept, false);
    before.go(before.open(), 2);
    const reloaded = page(kept);
    const other = reloaded.open('other.ipynb');
    await settle();
    expect(other.content.activeCellIndex).toBe(0);
    // That is what was seen last now.
    const again = page(kept).open('loops.ipynb');
    await settle();
    expect(again.content.activeCellIndex).toBe(0);
    const later = page(kept, false).open();
    await settle();
    expect(later.content.activeCellIndex).toBe(0);
  });

  it('is left alone once the learner went elsewhere, and where the cell is gone', async () => {
    const kept = fakeKeep();
    const before = page(kept, false);
    before.go(before.open(), 2);
    const { open, go } = page(kept);
    const panel = open();
    go(panel, 1);
    await settle();
    expect(panel.content.activeCellIndex).toBe(1);
    const less = page(kept).open();
    less.content.widgets.splice(1);
    await settle();
    expect(less.content.activeCellIndex).toBe(0);
  });

  it('is kept of lessons alone', () => {
    const kept = fakeKeep();
    const { open, go } = page(kept, false);
    go(open('notes.ipynb', {}), 2);
    expect(kept.texts.get('place')).toBe('');
  });
});
