import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import type { Environment } from '@connectorkit/sdk/project';
import type { Context } from './command.ts';

/** A program that takes a text for the clipboard on its stdin. */
interface Program {
  readonly command: string;
  readonly args: readonly string[];
  /** Checks if it could work here. */
  readonly fits: (environment: Environment, platform: NodeJS.Platform) => boolean;
}

/**
 * In the order in which they are tried. Packages for this bring binaries of their own for each system, which would take
 * more room than the command; these are there already.
 */
const PROGRAMS: readonly Program[] = [
  { command: 'pbcopy', args: [], fits: (_, platform) => platform === 'darwin' },
  { command: 'clip.exe', args: [], fits: ({ WSL_DISTRO_NAME }, platform) => platform === 'win32' || !!WSL_DISTRO_NAME },
  { command: 'wl-copy', args: [], fits: ({ WAYLAND_DISPLAY }) => !!WAYLAND_DISPLAY },
  { command: 'xclip', args: ['-selection', 'clipboard'], fits: ({ DISPLAY }) => !!DISPLAY },
  { command: 'xsel', args: ['--clipboard', '--input'], fits: ({ DISPLAY }) => !!DISPLAY },
];

/** Surroundings of a copy (default: those of the process). */
export interface ClipboardSurroundings {
  readonly platform?: NodeJS.Platform;
  /** Writes to the terminal itself, whatever stdout and stderr are. @throws Node's errors when there is none */
  readonly toTerminal?: (text: string) => void;
}

/**
 * Puts a text on the clipboard: by a program of the system, or else by asking the terminal (OSC 52), which reaches the
 * clipboard of the person in front of it over SSH, too. Many terminals allow it; none says if it did.
 * @returns how, as the end of a sentence; undefined when neither is there
 */
export async function copyText(
  text: string,
  { environment, terminal }: Pick<Context, 'environment' | 'terminal'>,
  { platform = process.platform, toTerminal = writeToTerminal }: ClipboardSurroundings = {},
): Promise<string | undefined> {
  // Over SSH a program would reach the clipboard of the other machine, unless X11 is forwarded.
  const remote = !!environment.SSH_CONNECTION && !environment.DISPLAY;
  for (const { command, args, fits } of remote ? [] : PROGRAMS) {
    if (fits(environment, platform) && (await feed(command, args, text, environment))) return `with ${command}`;
  }
  if (!terminal.stderr) return undefined;
  try {
    toTerminal(`\u001b]52;c;${Buffer.from(text).toString('base64')}\u0007`);
    return 'of the terminal, if it allows that';
  } catch {
    return undefined;
  }
}

function writeToTerminal(text: string): void {
  writeFileSync('/dev/tty', text);
}

/** Gives whether the program was there and took the text. */
function feed(command: string, args: readonly string[], text: string, environment: Environment): Promise<boolean> {
  return new Promise((done) => {
    const child = spawn(command, args, { env: environment, stdio: ['pipe', 'ignore', 'ignore'], windowsHide: true });
    child.once('error', () => done(false));
    // Those that keep the clipboard go on in the background, and the program that was started ends.
    child.once('exit', (code) => done(code === 0));
    child.stdin.once('error', () => {});
    child.stdin.end(text);
  });
}
