import type { CopySyncOptions, PathLike, RmOptions } from 'node:fs';
import * as posix from 'node:path/posix';
import * as win32 from 'node:path/win32';
import { fileURLToPath } from 'node:url';

/*
 * A disk of Windows in a folder of this machine. Source: Microsoft, "Naming Files, Paths, and Namespaces", and what Node
 * answers there.
 */

/** What Windows takes for a device, whatever follows a dot. */
const DEVICE = /^(con|prn|aux|nul|com[0-9]|lpt[0-9])$/i;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is forbidden
const FORBIDDEN = /[<>:"|?*\u0000-\u001f]/;

type FileSystem = typeof import('node:fs');

/** Paths of Windows that stand for folders of this machine: `C:\x` is `<folder>/C/x`, `\\server\share` is `<folder>/server/share`. */
export interface WindowsDisk {
  /** `node:fs`, as a program on Windows has it. Paths without a drive are this machine's own: what the program is read from. */
  readonly fs: FileSystem;
  /** The file of this machine that a path stands for. */
  place(path: string): string;
  /**
   * From now on a program such as a virus scanner holds what is there: so many attempts to rename a file, and to make one
   * that only one may make, are refused.
   */
  hold(times: number): void;
  /** Calls that were refused because another program held the file. */
  refused(): number;
}

/**
 * @param fs what this machine has
 * @param folder where the drives lie, of this machine
 */
export function windowsDisk(fs: FileSystem, folder: string): WindowsDisk {
  let [held, refused] = [0, 0];
  const waits = new Map<string, number>();

  function place(path: string): string {
    const text = win32.normalize(path).replaceAll('\\', '/');
    const [, drive, share, rest = ''] = /^(?:([A-Za-z]):\/|\/\/([^/]+\/[^/]+)\/?)(.*)$/s.exec(text) ?? [];
    const top = drive?.toUpperCase() ?? share;
    // Without a drive it is the program's own: its templates lie where it was installed.
    if (top === undefined) return text;
    let at = posix.join(folder, top.toLowerCase());
    fs.mkdirSync(at, { recursive: true });
    for (const part of rest.split('/').filter(Boolean)) at = `${at}/${nameIn(at, part, path)}`;
    return at;
  }

  /** What a name leads to in a folder: case does not count, nor do dots and spaces at its end. */
  function nameIn(at: string, part: string, path: string): string {
    const name = part === '.' || part === '..' ? part : part.replace(/[. ]+$/, '');
    if (FORBIDDEN.test(name)) throw systemError('ENOENT', path);
    if (DEVICE.test(name.split('.')[0]?.trimEnd() ?? '')) throw systemError('EINVAL', path);
    const known = fs.existsSync(at) && fs.statSync(at).isDirectory() ? fs.readdirSync(at) : [];
    return known.find((each) => each.toLowerCase() === name.toLowerCase()) ?? name;
  }

  /** Refuses what would take a file away that somebody holds. */
  function free(path: string): string {
    const at = place(path);
    const left = waits.get(at) ?? held;
    waits.set(at, left - 1);
    if (left <= 0) return at;
    refused++;
    throw systemError('EPERM', path);
  }

  const at = <Args extends unknown[], Value>(call: (path: string, ...args: Args) => Value) => {
    return (path: PathLike | number, ...args: Args): Value =>
      call((typeof path === 'number' ? path : place(textOf(path))) as string, ...args);
  };
  const windows = {
    ...fs,
    constants: { ...fs.constants, O_NOFOLLOW: undefined, O_NONBLOCK: undefined },
    // There are no rights of Unix: what is asked for is not what it has.
    chmodSync: at(() => undefined),
    cpSync: (source: string, target: string, { filter = () => true, ...options }: CopySyncOptions) => {
      const copied = (from: string, to: string) => {
        if (!filter(from, to)) return;
        if (!fs.statSync(place(from)).isDirectory()) fs.cpSync(place(from), place(to), options);
        else {
          fs.mkdirSync(place(to), { recursive: true });
          for (const name of fs.readdirSync(place(from))) copied(`${from}\\${name}`, `${to}\\${name}`);
        }
      };
      copied(source, target);
    },
    existsSync: (path: string) => {
      try {
        return fs.existsSync(place(path));
      } catch {
        return false;
      }
    },
    linkSync: (from: string, to: string) => fs.linkSync(place(from), place(to)),
    lstatSync: at(fs.lstatSync),
    mkdirSync: at(fs.mkdirSync),
    openSync: at(fs.openSync),
    readdirSync: at((path: string, options: { recursive?: boolean } = {}) => {
      const found = fs.readdirSync(path, options as object) as unknown[];
      return options.recursive ? found.map((name) => String(name).replaceAll('/', '\\')) : found;
    }),
    readFileSync: at(fs.readFileSync),
    // It finds the way through links, and leaves the rest as it was written.
    realpathSync: (path: string) => {
      const real = place(path);
      return fs.realpathSync(real) === real ? path : systemError('ENOENT', path);
    },
    renameSync: (from: string, to: string) => {
      const [source, target] = [free(from), place(to)];
      if (fs.existsSync(target) && source !== target && fs.statSync(target).isDirectory())
        throw systemError('EPERM', to);
      // The same name in another case: that is what it has then.
      const own = posix.join(posix.dirname(target), to.replaceAll('\\', '/').split('/').at(-1) ?? '');
      fs.renameSync(source, source === target ? own : target);
    },
    rmSync: (path: string, options?: RmOptions) => fs.rmSync(place(path), options),
    rmdirSync: at(fs.rmdirSync),
    statSync: at(fs.statSync),
    writeFileSync: (path: PathLike | number, data: string, options: { flag?: string } = {}) => {
      if (typeof path !== 'number' && options.flag === 'wx' && /\.lock$/.test(textOf(path))) free(textOf(path));
      at(fs.writeFileSync)(path, data, options as object);
    },
  };
  return {
    fs: windows as unknown as FileSystem,
    place,
    hold: (times) => {
      [held, refused] = [times, 0];
      waits.clear();
    },
    refused: () => refused,
  };
}

function textOf(path: PathLike): string {
  return path instanceof URL ? fileURLToPath(path) : String(path);
}

function systemError(code: string, path: string): Error {
  return Object.assign(new Error(`${code}: ${path}`), { code });
}
