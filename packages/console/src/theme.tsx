import { useState } from 'preact/hooks';

/** How the console looks: as the system does, unless the user chose. */
type Theme = 'system' | 'light' | 'dark';

const CHOICE = 'connector-console-theme';

function chosenTheme(): Theme {
  const choice = localStorage.getItem(CHOICE);
  return choice === 'light' || choice === 'dark' ? choice : 'system';
}

/** Keeps a choice, and applies it. */
function chooseTheme(theme: Theme): void {
  if (theme === 'system') localStorage.removeItem(CHOICE);
  else localStorage.setItem(CHOICE, theme);
  applyTheme();
}

/** The style sheet reads it from `data-theme`. */
export function applyTheme(): void {
  document.documentElement.dataset.theme = chosenTheme();
}

const THEMES: readonly (readonly [Theme, string])[] = [
  ['system', 'As the system'],
  ['light', 'Light'],
  ['dark', 'Dark'],
];

/** Lets the user choose the colors. */
export function ThemeChoice() {
  const [theme, setTheme] = useState(chosenTheme);
  return (
    <label class="theme">
      <span class="hidden">Colors</span>
      <select
        value={theme}
        onChange={({ currentTarget }) => {
          chooseTheme(currentTarget.value as Theme);
          setTheme(chosenTheme());
        }}
      >
        {THEMES.map(([value, label]) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </select>
    </label>
  );
}
