import type { TranslationBundle } from '@jupyterlab/translation';
import { UseSignal } from '@jupyterlab/ui-components';
import type { ReactElement } from 'react';
import { useEffect, useId, useRef, useState } from 'react';

import type { MyData } from '../api/types';
import type { DataDesk, IDataState } from '../model/datadesk';
import { Action } from '../widgets/action';
import { passOn } from '../widgets/keys';
import { kindWords } from './datawords';

/** What the place for a learner's data asks of the application. */
export interface IDataHost {
  desk: DataDesk;
  /** Has the browser save a file. */
  save: (name: string, content: Blob) => void;
  /** Loads the page anew. */
  reload: () => void;
}

interface IProps {
  host: IDataHost;
  trans: TranslationBundle;
}

/** What is stored of the learner: how much, to take along, to delete. */
export function Data({ host, trans }: IProps): ReactElement {
  const { desk } = host;
  return (
    <details
      className="jp-tutor-data"
      onToggle={event => {
        if (event.currentTarget.open) {
          void desk.load();
        }
      }}
    >
      <summary>{trans.__('Your data')}</summary>
      <UseSignal signal={desk.changed}>
        {() => <Body host={host} state={desk.state} trans={trans} />}
      </UseSignal>
    </details>
  );
}

function Body({ host, state, trans }: IProps & { state: IDataState }): ReactElement {
  const [asks, setAsks] = useState(false);
  const { desk } = host;
  const { data, activity } = state;
  const opener = useRef<HTMLButtonElement>(null);
  const went = useRef(false);
  useEffect(() => {
    if (went.current && !asks) {
      opener.current?.focus();
    }
    went.current = asks;
  }, [asks]);
  return (
    <div className="jp-tutor-data-body">
      {data ? <Stored data={data} trans={trans} /> : null}
      <div className="jp-tutor-buttons">
        <Action disabled={activity !== null} onClick={() => void desk.export(host.save)}>
          {trans.__('Download everything')}
        </Action>
        {data && !asks ? (
          <Action
            button={opener}
            disabled={activity !== null}
            onClick={() => {
              setAsks(true);
            }}
          >
            {trans.__('Delete everything…')}
          </Action>
        ) : null}
      </div>
      {data && asks ? (
        <Erase
          {...{ desk, data, trans }}
          busy={activity !== null}
          cancel={() => {
            setAsks(false);
          }}
        />
      ) : null}
      <p className={state.problem ? 'jp-tutor-problem' : 'jp-tutor-quiet'} role="status">
        {statusText(state, trans)}
      </p>
    </div>
  );
}

function statusText({ activity, problem, exported }: IDataState, trans: TranslationBundle): string {
  switch (activity) {
    case 'loading':
      return trans.__('Loading…');
    case 'exporting':
      return trans.__('Making the archive…');
    case 'erasing':
      return trans.__('Deleting…');
    case null:
      return problem || (exported && trans.__('“%1” is in your downloads.', exported));
  }
}

/** How much there is of each kind. */
function Stored({ data, trans }: { data: MyData; trans: TranslationBundle }): ReactElement {
  return (
    <>
      <p>{trans.__('This is what the tutor has stored of %1:', data.display_name)}</p>
      <table>
        <tbody>
          {data.kinds
            .filter(({ count }) => count > 0)
            .map(({ kind, count }) => (
              <tr key={kind}>
                <th scope="row">{kindWords(kind, trans)}</th>
                <td>{count}</td>
              </tr>
            ))}
        </tbody>
      </table>
    </>
  );
}

interface IEraseProps {
  desk: DataDesk;
  data: MyData;
  busy: boolean;
  cancel: () => void;
  trans: TranslationBundle;
}

/** Asks for the learner's name before all of it is deleted, and says what goes and what stays. */
function Erase({ desk, data, busy, cancel, trans }: IEraseProps): ReactElement {
  const [typed, setTyped] = useState('');
  const [heading, field] = [useId(), useId()];
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    input.current?.focus();
  }, []);
  const isMeant = typed.trim() === data.confirm.trim();
  return (
    <form
      className="jp-tutor-erase"
      aria-labelledby={heading}
      onSubmit={event => {
        event.preventDefault();
        if (isMeant && !busy) {
          void desk.erase(typed);
        }
      }}
    >
      <h4 id={heading}>{trans.__('Delete everything for good?')}</h4>
      <ul>
        <li>
          {trans.__(
            'All of the above is deleted: your answers, grades, hints, conversations and what the tutor learned about you. It cannot be brought back.'
          )}
        </li>
        {data.released_grades > 0 ? (
          <li>
            {trans._n(
              '%1 grade that an instructor released is deleted too. The course keeps no copy.',
              '%1 grades that an instructor released are deleted too. The course keeps no copy.',
              data.released_grades
            )}
          </li>
        ) : null}
        <li>
          {trans.__(
            'What stays: the notebooks in your files, sums of money that name nobody, and backups until whoever runs the server deletes them.'
          )}
        </li>
      </ul>
      <label htmlFor={field}>{trans.__('Type “%1” to confirm', data.confirm)}</label>
      <input
        ref={input}
        id={field}
        className="jp-tutor-input"
        type="text"
        autoComplete="off"
        value={typed}
        data-lm-suppress-shortcuts="true"
        onChange={event => {
          setTyped(event.target.value);
        }}
        onKeyDown={event => {
          const outside = event.currentTarget.parentElement;
          if (event.key === 'Escape') {
            cancel();
          } else if (outside !== null) {
            passOn(event.nativeEvent, outside);
          }
        }}
      />
      <div className="jp-tutor-buttons">
        <button
          type="submit"
          className="jp-tutor-button jp-mod-styled jp-mod-warn"
          aria-disabled={!isMeant || busy}
        >
          {trans.__('Delete for good')}
        </button>
        <Action disabled={busy} onClick={cancel}>
          {trans.__('Cancel')}
        </Action>
      </div>
    </form>
  );
}

/** What is left to be said to somebody who was erased. */
export function Erased({ host, trans }: IProps): ReactElement {
  const text = useRef<HTMLParagraphElement>(null);
  useEffect(() => {
    text.current?.focus();
  }, []);
  return (
    <div className="jp-tutor-panel-body jp-tutor-erased">
      <p ref={text} tabIndex={-1} role="status">
        {trans.__(
          'Everything that the tutor had stored of you is deleted. Load the page again to begin anew, as somebody it has never seen.'
        )}
      </p>
      <Action onClick={host.reload}>{trans.__('Load the page again')}</Action>
    </div>
  );
}
