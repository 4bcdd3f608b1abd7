import { type Check, command, type Module } from '../command.ts';

/** The shells that there is a script for. */
export const SHELLS = ['bash', 'zsh', 'fish', 'powershell'] as const;

const checkShell: Check = (shell) => {
  if (SHELLS.some((each) => each === shell)) return undefined;
  const message = `There is no completion for ${JSON.stringify(shell)}.`;
  return { code: 'usage/arguments', message, hint: `Shells are ${SHELLS.join(', ')}.` };
};

export const completion = command({
  name: 'completion',
  summary: 'print a script that makes a shell complete this command when Tab is pressed',
  positionals: {
    shell: {
      describe: `Shell: ${SHELLS.join(', ')}`,
      example: 'bash',
      required: true,
      check: checkShell,
      values: SHELLS,
    },
    words: { describe: 'Used by the script: the words before the cursor', example: 'push', many: true },
  },
  options: {
    current: { type: 'string', value: 'word', bare: '', describe: 'Used by the script: the word at the cursor' },
    breaks: { type: 'string', value: 'characters', bare: '', describe: 'Used by the script: what ends a word in bash' },
  },
  examples: [
    ['connector completion bash', 'in ~/.bashrc: eval "$(connector completion bash)"'],
    ['connector completion zsh', 'in ~/.zshrc, after compinit: eval "$(connector completion zsh)"'],
    ['connector completion fish', 'once: connector completion fish > ~/.config/fish/completions/connector.fish'],
    [
      'connector completion powershell',
      'in $PROFILE: connector completion powershell | Out-String | Invoke-Expression',
    ],
  ],
  load: (): Promise<Module> => import('./completion.run.ts'),
});
