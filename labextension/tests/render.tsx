import type { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import { nullTranslator } from '@jupyterlab/translation';
import { Widget } from '@lumino/widgets';
import type { ReactElement } from 'react';
import { act } from 'react';
import { createRoot } from 'react-dom/client';
import { onTestFinished, vi } from 'vitest';

vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true);

export const trans = nullTranslator.load('jupyter_tutor');

/** Renders any text as it is. */
export const rendermime = {
  createRenderer: () => {
    const renderer = new Widget();
    return Object.assign(renderer, {
      renderModel: (model: { data: Record<string, string> }) => {
        renderer.node.textContent = Object.values(model.data).join('');
        return Promise.resolve();
      }
    });
  }
} as unknown as IRenderMimeRegistry;

/** Shows an element in the page, until the test is over. */
export async function show(element: ReactElement) {
  const host = document.createElement('div');
  document.body.append(host);
  const root = createRoot(host);
  const again = (next: ReactElement): Promise<void> =>
    act(async () => {
      root.render(next);
      await Promise.resolve();
    });
  await again(element);
  onTestFinished(async () => {
    await act(async () => {
      root.unmount();
      await Promise.resolve();
    });
    host.remove();
  });
  return { host, again };
}

/** Finds the one element, and fails when there is none. */
export function one(host: ParentNode, selector: string): HTMLElement {
  const found = host.querySelector<HTMLElement>(selector);
  if (found === null) {
    throw new Error(`There is no ${selector}.`);
  }
  return found;
}

/** Finds a button by its words. */
export function button(host: ParentNode, words: string): HTMLButtonElement {
  const found = [...host.querySelectorAll('button')].find(each => each.textContent === words);
  if (found === undefined) {
    throw new Error(`There is no button “${words}”.`);
  }
  return found;
}

/** Clicks as a person does, and lets everything that follows from it happen. */
export function click(element: HTMLElement): Promise<void> {
  return act(async () => {
    element.focus();
    element.click();
    await Promise.resolve();
  });
}

/** Finds the one field to type or pick in. */
export function field(host: ParentNode): HTMLInputElement {
  const found = one(host, 'input');
  if (!(found instanceof HTMLInputElement)) {
    throw new Error('This is no field.');
  }
  return found;
}

/** Types into a field as a person does: React hears of it by the setter of the browser. */
export function type(field: HTMLInputElement, text: string): Promise<void> {
  return act(async () => {
    Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')?.set?.call(field, text);
    field.dispatchEvent(new InputEvent('input', { bubbles: true }));
    await Promise.resolve();
  });
}

/** Writes into a field of several lines. */
export function write(field: HTMLElement, text: string): Promise<void> {
  return act(async () => {
    const { set } = Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, 'value') ?? {};
    set?.call(field, text);
    field.dispatchEvent(new InputEvent('input', { bubbles: true }));
    await Promise.resolve();
  });
}
