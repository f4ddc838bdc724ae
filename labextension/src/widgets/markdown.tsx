import type { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import { MimeModel } from '@jupyterlab/rendermime';
import { MessageLoop } from '@lumino/messaging';
import { Widget } from '@lumino/widgets';
import type { ReactElement } from 'react';
import { useEffect, useRef } from 'react';

const MARKDOWN = 'text/markdown';

/** Markdown from authors and the tutor, through JupyterLab's sanitising renderer. */
export function Markdown(props: {
  text: string;
  rendermime: IRenderMimeRegistry;
  inline?: boolean;
}): ReactElement {
  const { text, rendermime, inline } = props;
  const host = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const node = host.current;
    if (node === null) {
      return;
    }
    const renderer = rendermime.createRenderer(MARKDOWN);
    const model = new MimeModel({ data: { [MARKDOWN]: text }, trusted: false });
    let gone = false;
    void renderer.renderModel(model).then(() => {
      if (!gone) {
        node.replaceChildren(renderer.node);
        MessageLoop.sendMessage(renderer, Widget.Msg.AfterAttach);
      }
    });
    return () => {
      gone = true;
      renderer.dispose();
    };
  }, [text, rendermime]);
  return <div ref={host} className={inline ? 'jp-tutor-md jp-tutor-mod-inline' : 'jp-tutor-md'} />;
}
