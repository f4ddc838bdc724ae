import type { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import { MimeModel } from '@jupyterlab/rendermime';
import { Widget } from '@lumino/widgets';
import type { ReactElement } from 'react';
import { useLayoutEffect, useRef } from 'react';

const MARKDOWN = 'text/markdown';

/** Markdown from authors and the tutor, through JupyterLab's sanitising renderer. */
export function Markdown(props: {
  text: string;
  rendermime: IRenderMimeRegistry;
  inline?: boolean;
}): ReactElement {
  const { text, rendermime, inline } = props;
  const host = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const node = host.current;
    if (node === null) {
      return;
    }
    const renderer = rendermime.createRenderer(MARKDOWN);
    if (node.isConnected) {
      Widget.attach(renderer, node);
    } else {
      node.append(renderer.node);
    }
    void renderer.renderModel(new MimeModel({ data: { [MARKDOWN]: text }, trusted: false }));
    return () => {
      if (renderer.isAttached && !renderer.node.isConnected) {
        // Whoever took the node out of the page did not tell Lumino, which would not let go of it.
        renderer.clearFlag(Widget.Flag.IsAttached);
      }
      renderer.dispose();
    };
  }, [text, rendermime]);
  return <div ref={host} className={inline ? 'jp-tutor-md jp-tutor-mod-inline' : 'jp-tutor-md'} />;
}
