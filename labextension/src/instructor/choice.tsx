import { HTMLSelect } from '@jupyterlab/ui-components';
import type { ReactElement } from 'react';
import { useId } from 'react';

/** An option of a list to choose from. */
export interface IOption {
  value: string;
  label: string;
}

/** A list to choose one of, with its label and what else there is to say of it. */
export function Choice(props: {
  label: string;
  value: string;
  options: readonly IOption[];
  choose: (value: string) => void;
  note?: string | undefined;
  problem?: string | undefined;
  disabled?: boolean;
}): ReactElement {
  const { label, value, options, choose, note = '', problem = '', disabled = false } = props;
  const id = useId();
  return (
    <div className="jp-tutor-field">
      <label htmlFor={id}>{label}</label>
      <HTMLSelect
        id={id}
        value={value}
        disabled={disabled}
        aria-describedby={describes(id, note, problem)}
        aria-invalid={problem !== ''}
        onChange={event => {
          choose(event.target.value);
        }}
        options={[...options]}
      />
      <Said id={id} note={note} problem={problem} />
    </div>
  );
}

/** Names what tells more of a field, for those who listen. */
export function describes(id: string, note: string, problem: string): string | undefined {
  const ids = [note && `${id}-note`, problem && `${id}-problem`].filter(each => each !== '');
  return ids.length > 0 ? ids.join(' ') : undefined;
}

/** What a field means, and what is wrong with it. */
export function Said(props: { id: string; note: string; problem: string }): ReactElement {
  const { id, note, problem } = props;
  return (
    <>
      {note ? (
        <p className="jp-tutor-quiet" id={`${id}-note`}>
          {note}
        </p>
      ) : null}
      {problem ? (
        <p className="jp-tutor-wrong" id={`${id}-problem`} role="alert">
          {problem}
        </p>
      ) : null}
    </>
  );
}
