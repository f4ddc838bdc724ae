/**
 * Lets keys with Ctrl, Alt or Command through from a field that keeps the application's shortcuts
 * out: they type nothing, unless it is AltGr that is held.
 *
 * @param event - A key that was pressed in the field.
 * @param outside - An element around it where shortcuts are heard.
 */
export function passOn(event: KeyboardEvent, outside: HTMLElement): void {
  const typed = event.getModifierState('AltGraph');
  if (typed || !(event.ctrlKey || event.metaKey || event.altKey)) {
    return;
  }
  if (!outside.dispatchEvent(new KeyboardEvent(event.type, event))) {
    event.preventDefault();
  }
  event.stopPropagation();
}
