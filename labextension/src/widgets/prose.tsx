import type { ReactElement } from 'react';
import { Fragment } from 'react';

/** A sentence of the tutor's, in which what stands between backticks is code. */
export function Prose({ text }: { text: string }): ReactElement {
  const parts = text.split(/`([^`\n]+)`/);
  return (
    <>
      {parts.map((part, index) =>
        index % 2 === 1 ? <code key={index}>{part}</code> : <Fragment key={index}>{part}</Fragment>
      )}
    </>
  );
}
