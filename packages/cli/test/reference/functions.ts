import { FUNCTIONS, type IMLFunction, signatureOf, typeWords } from '@connectorkit/sdk/iml';
import { code, type Page, prose, table } from './markdown.ts';

/** Every built-in function of IML, with an example that is tested. */
export function functionsPage(): Page {
  const all = [...FUNCTIONS.values()].sort((a, b) => (a.name.toLowerCase() < b.name.toLowerCase() ? -1 : 1));
  return {
    title: 'IML functions',
    blocks: [
      `IML is the language of the expressions in double braces, such as ${code('{{parameters.apiKey}}')}. It has ${all.length} functions and constants. Arguments are separated by a comma or a semicolon, and what is in brackets in a signature may be left out. \`connector iml "{{upper('a')}}"\` evaluates an expression, and shows its type and problems. Names are case-sensitive. How expressions are written: [Expressions](expressions.md).`,
      table(
        ['function', 'what it does'],
        all.map((each) => [`[${code(each.name)}](#${anchorOf(each.name)})`, prose(each.summary)]),
      ),
      ...all.flatMap(functionBlocks),
    ],
  };
}

const anchorOf = (name: string) => name.toLowerCase().replaceAll(/[^\w-]/g, '');

function functionBlocks({ name, parameters, returns, summary, example, documented }: IMLFunction): string[] {
  const { template, scope, result } = example;
  const types = parameters.map((each) => `${code(each.name)} is ${typeWords(each.type)}`);
  return [
    `## ${code(name)}`,
    prose(summary),
    `${code(signatureOf(name, parameters))} gives ${typeWords(returns)}${types.length === 0 ? '' : `; ${types.join(', ')}`}.`,
    table(
      ['example', 'with', 'gives'],
      [[code(template), scope === undefined ? '' : code(shown(scope)), code(shown(result))]],
    ),
    documented === false ? 'Make does not document it; `connector validate` says so.' : '',
  ];
}

/** A value in a line. */
export function shown(value: unknown): string {
  if (value === undefined) return 'undefined';
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return `bytes ${Buffer.from(value).toString('hex')}`;
  if (typeof value === 'number') return String(value);
  return JSON.stringify(value, (_, each) => (each instanceof Uint8Array ? shown(each) : each)) ?? String(value);
}
