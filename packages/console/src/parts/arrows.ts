const STEPS: Readonly<Partial<Record<string, number>>> = {
  ArrowDown: 1,
  ArrowRight: 1,
  ArrowUp: -1,
  ArrowLeft: -1,
};

/**
 * A handler of keys that moves between the elements that a selector finds in the element that it is given to: the arrows
 * to the next and the one before, Home and End to the first and the last.
 */
export function moveByArrows(selector: string) {
  return (event: KeyboardEvent): void => {
    const { key, target, currentTarget } = event;
    const all = [...(currentTarget as HTMLElement).querySelectorAll<HTMLElement>(selector)];
    const at = all.indexOf(target as HTMLElement);
    if (at < 0) return;
    const step = STEPS[key];
    const next = key === 'Home' ? all[0] : key === 'End' ? all.at(-1) : step === undefined ? undefined : all[at + step];
    if (next === undefined) return;
    event.preventDefault();
    next.focus();
  };
}
