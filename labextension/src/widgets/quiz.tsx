import type { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { ReactElement } from 'react';

import type { Question, Responses } from '../api/types';
import { readNumber } from '../model/responses';
import { Markdown } from './markdown';

type Response = Responses[string];

interface IProps {
  /** Makes the names of the controls unique in the page. */
  name: string;
  questions: readonly Question[];
  responses: Responses;
  disabled: boolean;
  rendermime: IRenderMimeRegistry;
  trans: TranslationBundle;
  onChange: (responses: Responses) => void;
}

/** The questions of a quiz as form controls. */
export function Quiz(props: IProps): ReactElement {
  const { questions, responses } = props;
  const answer = (id: string, response: Response | null): void => {
    const others = Object.entries(responses).filter(([other]) => other !== id);
    props.onChange(Object.fromEntries(response === null ? others : [...others, [id, response]]));
  };
  return (
    <ol className={questions.length > 1 ? 'jp-tutor-quiz' : 'jp-tutor-quiz jp-tutor-mod-single'}>
      {questions.map(question => (
        <li key={question.id}>
          <OneQuestion
            {...props}
            question={question}
            response={responses[question.id]}
            answer={response => {
              answer(question.id, response);
            }}
          />
        </li>
      ))}
    </ol>
  );
}

interface IQuestionProps extends IProps {
  question: Question;
  response: Response | undefined;
  answer: (response: Response | null) => void;
}

function OneQuestion(props: IQuestionProps): ReactElement {
  const { name, question, disabled, rendermime, trans } = props;
  const label = `${name}-${question.id}-text`;
  const hint = question.type === 'multiple' ? trans.__('Several can be right.') : '';
  return (
    <fieldset disabled={disabled} aria-labelledby={label}>
      <div id={label}>
        <Markdown text={question.text} rendermime={rendermime} />
        {hint ? <p className="jp-tutor-quiet">{hint}</p> : null}
      </div>
      {question.type === 'number' || question.type === 'text' ? (
        <Typed {...props} label={label} />
      ) : (
        <Choices {...props} />
      )}
    </fieldset>
  );
}

function Choices({ name, question, response, answer, rendermime }: IQuestionProps): ReactElement {
  return (
    <div className="jp-tutor-choices">
      {question.choices.map(choice => (
        <label key={choice.id} className="jp-tutor-choice">
          <input
            type={question.type === 'multiple' ? 'checkbox' : 'radio'}
            name={`${name}-${question.id}`}
            checked={chosen(response).includes(choice.id)}
            onChange={event => {
              answer(choose(question, response, choice.id, event.target.checked));
            }}
          />
          <Markdown text={choice.text} rendermime={rendermime} inline />
        </label>
      ))}
    </div>
  );
}

function Typed(props: IQuestionProps & { label: string }): ReactElement {
  const { question, response, answer, label, trans } = props;
  const number = question.type === 'number';
  const typed = Array.isArray(response) ? '' : String(response ?? '');
  const unreadable = number && typed.trim() !== '' && readNumber(typed) === null;
  const note = `${label}-note`;
  return (
    <>
      <input
        className="jp-tutor-input"
        type="text"
        inputMode={number ? 'decimal' : 'text'}
        autoComplete="off"
        spellCheck={false}
        aria-labelledby={label}
        aria-invalid={unreadable}
        aria-describedby={unreadable ? note : undefined}
        placeholder={number ? trans.__('A number') : trans.__('Your answer')}
        value={typed}
        onChange={event => {
          answer(event.target.value === '' ? null : event.target.value);
        }}
      />
      {unreadable ? (
        <p id={note} className="jp-tutor-note">
          {trans.__('This is not a number yet. Write it as 3 or 3.14.')}
        </p>
      ) : null}
    </>
  );
}

function chosen(response: Response | undefined): readonly string[] {
  return Array.isArray(response) ? response : response === undefined ? [] : [String(response)];
}

function choose(
  question: Question,
  response: Response | undefined,
  id: string,
  checked: boolean
): Response | null {
  if (question.type === 'single') {
    return id;
  }
  const picked = new Set(chosen(response));
  if (checked) {
    picked.add(id);
  } else {
    picked.delete(id);
  }
  const inOrder = question.choices.map(choice => choice.id).filter(each => picked.has(each));
  return inOrder.length > 0 ? inOrder : null;
}
