import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import Module from 'node:module';
import { homedir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { Script } from 'node:vm';

/** Builds beside the own one that stay, the newest first. */
const KEPT = 3;

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Keeps what V8 made of the bundle's files, so that the next run of the same command need not compile them again:
 * `connectorkit/compiled` in the user's cache folder, which is `$XDG_CACHE_HOME`, on Windows `%LOCALAPPDATA%`,
 * otherwise `~/.cache`. A cache that cannot be read or written is done without; `NODE_DISABLE_COMPILE_CACHE=1` turns it
 * off. From Node 22.1 on it is Node's own `module.enableCompileCache`.
 *
 * @param build Names the content of the files: the cache tells texts apart by their length alone.
 * @param command The word that says what the run will need.
 * @param bundle The absolute path of the folder with the files.
 */
export function keepCompiled(build: string, command: string, bundle: string, environment: Environment): void {
  if (environment.NODE_DISABLE_COMPILE_CACHE) return;
  const builds = join(cacheFolder(environment), 'connectorkit', 'compiled');
  const own = join(builds, `${build}-${process.version}-${process.arch}`);
  if (!existsSync(own)) prune(builds);
  const folder = join(own, /^[a-z]+$/.test(command) ? command : 'other');
  const { enableCompileCache } = Module as { enableCompileCache?: (folder: string) => unknown };
  if (enableCompileCache === undefined) compileFrom(folder, bundle);
  else enableCompileCache(folder);
}

function cacheFolder({ XDG_CACHE_HOME, LOCALAPPDATA, HOME }: Environment): string {
  if (XDG_CACHE_HOME) return XDG_CACHE_HOME;
  if (process.platform === 'win32' && LOCALAPPDATA) return LOCALAPPDATA;
  return join(HOME || homedir(), '.cache');
}

/** A module as Node's loader of CommonJS sees it. */
interface Loaded {
  readonly exports: unknown;
  _compile(text: string, file: string): unknown;
}

/** Compiles the bundle's files from the cache, and fills it when the process ends. */
function compileFrom(folder: string, bundle: string): void {
  const prototype = Module.prototype as unknown as Loaded;
  const { _compile: compile } = prototype;
  const fresh: { readonly script: Script; readonly file: string }[] = [];
  prototype._compile = function (text, path) {
    if (dirname(path) !== bundle || text.startsWith('#!')) return compile.call(this, text, path);
    const file = join(folder, `${basename(path)}.bin`);
    const cachedData = read(file);
    const script = new Script(Module.wrap(text), {
      filename: path,
      ...(cachedData === undefined ? {} : { cachedData }),
    });
    if (cachedData === undefined || script.cachedDataRejected) fresh.push({ script, file });
    const run = script.runInThisContext();
    return run.call(this.exports, this.exports, Module.createRequire(path), this, path, bundle);
  };
  process.once('exit', (code) => {
    // A word that is no command would get a folder of its own.
    if (fresh.length === 0 || code === 2) return;
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      for (const { script, file } of fresh) write(file, script.createCachedData());
    } catch {
      // The next run compiles again.
    }
  });
}

/**
 * Twice, because V8 itself ends the process over data that was damaged on the disk: comparing the two takes no time,
 * and Node's checksums and hashes take longer to load than what they would save.
 */
function write(file: string, data: Buffer): void {
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, Buffer.concat([data, data]), { mode: 0o600 });
  renameSync(draft, file);
}

function read(file: string): Buffer | undefined {
  try {
    const written = readFileSync(file);
    const data = written.subarray(0, written.length / 2);
    return data.equals(written.subarray(data.length)) ? data : undefined;
  } catch {
    return undefined;
  }
}

/** Removes the folders of older builds. */
function prune(builds: string): void {
  try {
    const ages = readdirSync(builds)
      .map((name) => join(builds, name))
      .map((path) => ({ path, age: statSync(path).mtimeMs }))
      .sort((one, other) => other.age - one.age);
    for (const { path } of ages.slice(KEPT)) rmSync(path, { recursive: true, force: true });
  } catch {
    // There are none yet, or they are another's.
  }
}
