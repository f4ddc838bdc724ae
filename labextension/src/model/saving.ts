import type { IDocumentManager } from '@jupyterlab/docmanager';

/** A document that is open: what stands in it, and its file. */
export type Context = NonNullable<ReturnType<IDocumentManager['contextForWidget']>>;

const underWay = new WeakMap<Context, Promise<boolean>>();

/**
 * Saves a document, and says whether all that stands in it is in its file now. One save waits for the
 * other: two at once look to JupyterLab like a change of the file by somebody else.
 */
export async function save(context: Context): Promise<boolean> {
  const before = underWay.get(context) ?? Promise.resolve(true);
  const saving = before.then(() => saveOnce(context));
  underWay.set(context, saving);
  return saving;
}

async function saveOnce(context: Context): Promise<boolean> {
  if (context.isDisposed) {
    return false;
  }
  if (context.model.dirty) {
    try {
      await context.save();
    } catch {
      // JupyterLab has said why; what matters here is that the file lacks something.
      return false;
    }
  }
  return !context.model.dirty;
}
