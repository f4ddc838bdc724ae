import type { TranslationBundle } from '@jupyterlab/translation';
import type { ReactElement } from 'react';

import type { Criterion, Review } from '../api/types';
import type { IPiece } from './marks';
import { markedLines } from './marks';

/** An answer with its lines numbered; what a draft quotes is marked with the criterion's number. */
export function Source({
  review,
  trans
}: {
  review: Review;
  trans: TranslationBundle;
}): ReactElement {
  const { cells, draft, rubric } = review;
  const written = cells.map(({ source }) => source).join('\n');
  if (draft === null) {
    return (
      <>
        {cells.map(({ id, source }) => (
          <Lines
            key={id}
            pieces={markedLines(source.trimEnd(), [])}
            rubric={rubric}
            trans={trans}
          />
        ))}
      </>
    );
  }
  return (
    <>
      <Lines
        pieces={markedLines(draft.read_source.trimEnd(), draft.criteria)}
        rubric={rubric}
        trans={trans}
      />
      {draft.read_source.trim() === written.trim() ? null : (
        <details className="jp-tutor-earlier">
          <summary>{trans.__('The answer as it was handed in')}</summary>
          <p className="jp-tutor-quiet">
            {trans.__('Above is what the model read: names, addresses and keys are hidden in it.')}
          </p>
          <Lines pieces={markedLines(written.trimEnd(), [])} rubric={rubric} trans={trans} />
        </details>
      )}
    </>
  );
}

function Lines(props: {
  pieces: readonly (readonly IPiece[])[];
  rubric: readonly Criterion[];
  trans: TranslationBundle;
}): ReactElement {
  const { pieces, rubric, trans } = props;
  return (
    <ol className="jp-tutor-source">
      {pieces.map((line, index) => (
        <li key={index}>
          <code>
            {line.map((piece, at) => (
              <Piece key={at} piece={piece} rubric={rubric} trans={trans} />
            ))}
          </code>
        </li>
      ))}
    </ol>
  );
}

function Piece(props: {
  piece: IPiece;
  rubric: readonly Criterion[];
  trans: TranslationBundle;
}): ReactElement {
  const { piece, rubric, trans } = props;
  const found = rubric.flatMap(({ slug, title }, index) =>
    piece.criteria.includes(slug) ? [{ number: index + 1, title }] : []
  );
  if (found.length === 0) {
    return <>{piece.text}</>;
  }
  const titles = found.map(({ title }) => title).join(', ');
  return (
    <mark className="jp-tutor-evidence" title={trans.__('Evidence for: %1', titles)}>
      {piece.text}
      <sup aria-hidden="true">{found.map(({ number }) => number).join(',')}</sup>
      <span className="jp-tutor-hidden"> ({trans.__('evidence for: %1', titles)})</span>
    </mark>
  );
}
