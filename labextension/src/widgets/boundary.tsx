import type { TranslationBundle } from '@jupyterlab/translation';
import type { ReactNode } from 'react';
import { Component } from 'react';

interface IProps {
  trans: TranslationBundle;
  /** Reads anew what could not be shown. */
  again: () => void;
  children: ReactNode;
}

/**
 * Keeps a place in the page for what cannot be shown. React takes everything away that fails to draw:
 * an answer of the server that nobody foresaw would leave a notebook without a card and without a word.
 */
export class Boundary extends Component<IProps, { broken: boolean }> {
  static getDerivedStateFromError(): { broken: boolean } {
    return { broken: true };
  }

  override state = { broken: false };

  override render(): ReactNode {
    const { trans, again, children } = this.props;
    if (!this.state.broken) {
      return children;
    }
    return (
      <section className="jp-tutor-card" aria-label={trans.__('Exercise')}>
        <div className="jp-tutor-problem" role="alert">
          <p>{trans.__('This exercise cannot be shown now, try again.')}</p>
          <button
            type="button"
            className="jp-tutor-button jp-mod-styled"
            onClick={() => {
              this.setState({ broken: false });
              again();
            }}
          >
            {trans.__('Try again')}
          </button>
        </div>
      </section>
    );
  }
}
