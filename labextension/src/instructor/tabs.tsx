import type { KeyboardEvent, ReactElement } from 'react';
import { useId, useState } from 'react';

/** A tab and what it shows. */
export interface ITab {
  name: string;
  label: string;
  show: () => ReactElement;
}

const STEPS: Record<string, (place: number, count: number) => number> = {
  ArrowRight: (place, count) => (place + 1) % count,
  ArrowLeft: (place, count) => (place + count - 1) % count,
  Home: () => 0,
  End: (_place, count) => count - 1
};

/** Tabs as a keyboard expects them; what was opened once stays as it is behind the others. */
export function Tabs(props: {
  tabs: readonly ITab[];
  label: string;
  chosen: string;
  choose: (name: string) => void;
}): ReactElement {
  const { tabs, label, chosen, choose } = props;
  const id = useId();
  const [opened, setOpened] = useState<readonly string[]>([chosen]);
  const open = (name: string): void => {
    setOpened(before => (before.includes(name) ? before : [...before, name]));
    choose(name);
  };
  const move = (event: KeyboardEvent, place: number): void => {
    const next = tabs[STEPS[event.key]?.(place, tabs.length) ?? -1];
    if (next) {
      event.preventDefault();
      open(next.name);
      document.getElementById(`${id}-${next.name}`)?.focus();
    }
  };
  return (
    <>
      <div className="jp-tutor-tabs" role="tablist" aria-label={label}>
        {tabs.map((tab, place) => (
          <button
            key={tab.name}
            id={`${id}-${tab.name}`}
            type="button"
            role="tab"
            className="jp-tutor-tab"
            aria-selected={tab.name === chosen}
            aria-controls={`${id}-${tab.name}-panel`}
            tabIndex={tab.name === chosen ? 0 : -1}
            onClick={() => {
              open(tab.name);
            }}
            onKeyDown={event => {
              move(event, place);
            }}
          >
            {tab.label}
          </button>
        ))}
      </div>
      {tabs.map(tab => (
        <div
          key={tab.name}
          id={`${id}-${tab.name}-panel`}
          role="tabpanel"
          className="jp-tutor-tabpanel"
          aria-labelledby={`${id}-${tab.name}`}
          hidden={tab.name !== chosen}
        >
          {tab.name === chosen || opened.includes(tab.name) ? tab.show() : null}
        </div>
      ))}
    </>
  );
}
