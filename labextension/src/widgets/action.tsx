import type { ReactElement, Ref } from 'react';

/** A button that is only marked as disabled: it keeps the keyboard's focus while it is busy. */
export function Action(props: {
  onClick: () => void;
  disabled?: boolean;
  className?: string;
  describedBy?: string | undefined;
  /** Said at the pointer, where it is told nowhere else. */
  title?: string | undefined;
  /** Whether it is the one chosen, where it is one of several marks. */
  pressed?: boolean;
  button?: Ref<HTMLButtonElement>;
  children: string;
}): ReactElement {
  const {
    onClick,
    disabled = false,
    className = '',
    describedBy,
    title,
    pressed,
    button,
    children
  } = props;
  return (
    <button
      type="button"
      ref={button}
      className={`jp-tutor-button jp-mod-styled ${className}`}
      aria-disabled={disabled}
      aria-describedby={describedBy}
      aria-pressed={pressed}
      title={title}
      onClick={() => {
        if (!disabled) {
          onClick();
        }
      }}
    >
      {children}
    </button>
  );
}
