/** What Lumino and JupyterLab expect of a browser at import and jsdom lacks. */
import { vi } from 'vitest';

class DragEventOfBrowser extends MouseEvent {
  readonly dataTransfer: DataTransfer | null = null;
}

class ObserverOfBrowser {
  observe(): void {
    // jsdom lays nothing out, so there is never anything to report.
  }
  unobserve(): void {
    // See observe.
  }
  disconnect(): void {
    // See observe.
  }
}

vi.stubGlobal('DragEvent', DragEventOfBrowser);
vi.stubGlobal('ResizeObserver', ObserverOfBrowser);
vi.stubGlobal('IntersectionObserver', ObserverOfBrowser);
vi.stubGlobal('matchMedia', (media: string) => ({
  media,
  matches: false,
  addEventListener: () => undefined,
  removeEventListener: () => undefined
}));
vi.stubGlobal('requestIdleCallback', (callback: () => void) => {
  queueMicrotask(callback);
  return 0;
});
